"""How the web process runs. Threads, not processes: the embedded database has one writer, and a quarter of the threads may wait for replies."""

import contextlib
import logging
import threading
from typing import Any

from config.settings import Settings
from sos import logs

_settings = Settings.from_environ()
bind = f"{_settings.bind}:{_settings.port}"
workers = 1
worker_class = "gthread"
threads = 16
timeout = 30
graceful_timeout = 10
keepalive = 5
reuse_port = True  # a master that was killed leaves its worker listening for a second: the new one must not be refused
accesslog = None  # request lines can hold texts and numbers
errorlog = "-"
loglevel = "warning"
limit_request_line = 8190
server_software = "web"
control_socket_disable = True
umask = 0o077


def on_starting(_: object) -> None:
    """Its own lines go through the allow-list too: what it says of a broken request holds the request's words and the sender's address."""
    logs.configure()
    for name in ("gunicorn.error", "gunicorn.access"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True


def post_worker_init(worker: Any) -> None:
    """Read the texts beside the first requests, so that nobody's first page waits for them."""
    threading.Thread(target=_warm, args=(worker.wsgi,), daemon=True).start()


def _warm(app: Any) -> None:
    with contextlib.suppress(Exception):  # the page says what is wrong, when somebody asks for it
        app.test_client().get("/chat")
