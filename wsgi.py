"""Settings -> application. `flask` finds it by itself."""

from config.settings import Settings
from sos.cli.commands import register
from sos.factory import create_app

app = create_app(Settings.from_environ())
register(app)
