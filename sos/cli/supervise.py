"""`flask supervise` (what `make run` calls): prepare the instance, then hand over to supervisord, which keeps web, worker and watchdog alive."""

import os
import secrets
import socket
import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from config.settings import Settings
from sos.cli.context import one_clear_error, ready, refuse
from sos.cli.members import first_link

_SECRET_FILE = "demonstration.secret"  # noqa: S105 - a file's name
_PROGRAM = """
[program:{name}]
command={command}
directory={root}
autostart=true
autorestart=true
startsecs=1
startretries=1000000000
stopsignal=TERM
stopwaitsecs=15
stopasgroup=false
killasgroup=true
stdout_logfile=/dev/stdout
stdout_logfile_maxbytes=0
redirect_stderr=true
"""


@click.command("supervise")
@with_appcontext
def supervise() -> None:
    """Run one web, one worker and one watchdog process, restart what dies, until Ctrl-C."""
    house = ready()
    settings, root = house.settings, Path(__file__).parents[2]
    if not _is_free(settings.bind, settings.port):
        refuse(f"port {settings.port} is in use: another installation? Set PORT to a free one")
    environ = dict(os.environ)
    plays_phone = settings.demo and "url" not in settings.sms.get("generic", {})
    if plays_phone:
        environ |= _demonstration_phone(settings)
    conf = settings.instance / "supervisord.conf"
    with one_clear_error():
        conf.write_text(_configuration(root, settings))
    join = first_link(house)
    house.database.dispose()
    click.echo(_welcome(settings, plays_phone=plays_phone, join=join), err=True)
    supervisord = Path(sys.executable).with_name("supervisord")
    os.execve(supervisord, [str(supervisord), "-n", "-s", "-c", str(conf)], environ)  # noqa: S606 - our own command, no shell


def _configuration(root: Path, settings: Settings) -> str:
    binaries = _spelt(Path(sys.executable).parent)
    pid_file = str(settings.instance / "supervisord.pid").replace("%", "%%")
    head = f"[supervisord]\nnodaemon=true\nlogfile=/dev/null\nlogfile_maxbytes=0\npidfile={pid_file}\n"
    if os.geteuid() == 0:
        head += "user=root\n"
    programs = {
        "web": f"{binaries}/gunicorn -c python:config.gunicorn_conf wsgi:app",
        "worker": f"{binaries}/flask worker",
        "watchdog": f"{binaries}/flask watchdog",
    }
    directory = str(root).replace("%", "%%")
    return head + "".join(_PROGRAM.format(name=name, command=command, root=directory) for name, command in programs.items())


def _spelt(folder: Path) -> str:
    """A folder as supervisord's file must spell it: blanks escaped for its shell-like reading, percent signs doubled."""
    return str(folder).replace("\\", "\\\\").replace(" ", "\\ ").replace("%", "%%")


def _is_free(bind: str, port: int) -> bool:
    """Whether nobody listens there. The web process shares its port with its own successor, so it would not notice a stranger."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(bind, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError:
        return False
    return True


def _demonstration_phone(settings: Settings) -> dict[str, str]:
    """Without a gateway the replies go to a page of the web process itself, over the same signed HTTP as to a real one."""
    secret = settings.sms.get("generic", {}).get("secret") or _kept_secret(settings.instance / _SECRET_FILE)
    return {"SOS_SMS_GENERIC_SECRET": secret, "SOS_SMS_GENERIC_URL": f"http://127.0.0.1:{settings.port}/phone/outbound"}


def _kept_secret(file: Path) -> str:
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_hex(24))
    return file.read_text().strip()


def _welcome(settings: Settings, *, plays_phone: bool, join: str | None) -> str:
    base = f"http://127.0.0.1:{settings.port}"
    lines = ["", f"Web chat:        {base}/chat"]
    if plays_phone:
        lines += [
            f"Phone (demo):    {base}/phone   replies to every number appear here",
            'SMS with curl:   see README, "Try it"; the secret of this demonstration is in',
            f"                 {settings.instance / _SECRET_FILE}",
        ]
    else:
        lines.append(f"SMS:             POST {base}/sms/generic/inbound, signed as README says")
    lines.append(f"Staff:           {base}/staff")
    if join:
        lines += [
            "                 nobody has joined yet; the first administrator does so here, once, within 72 hours:",
            f"                 {join}",
        ]
    lines += ["Terminal:        .venv/bin/flask bot chat", f"Health:          {base}/health/chain", "Stop with Ctrl-C.", ""]
    return "\n".join(lines)
