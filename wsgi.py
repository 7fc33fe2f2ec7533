"""Settings -> application. `flask` finds it by itself."""

from config.settings import Settings
from sos.cli.commands import register
from sos.cli.context import one_clear_error
from sos.factory import create_app

with one_clear_error():
    app = create_app(Settings.from_environ())
register(app)
