"""`flask sms sign FILE`: the signature header of a body for the `generic` gateway."""

import hashlib
import hmac
import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from sos.cli.context import house, refuse


@click.command("sign")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@with_appcontext
def sign(file: Path) -> None:
    """Print the X-Signature header for FILE ("-" reads standard input), ready for curl -H."""
    secret = house().settings.sms.get("generic", {}).get("secret", "")
    if not secret:
        refuse("SOS_SMS_GENERIC_SECRET is not set")
    try:
        body = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError:
        refuse(f"{file} cannot be read")
    click.echo(f"X-Signature: sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}")
