"""Settings of every web server; gunicorn reads them from its folder.

Command line options override them.
"""

from typing import Any

from config import logs, web_process

# Slow clients occupy no thread.
worker_class = "config.web.Worker"
workers = 2
threads = 4
graceful_timeout = 8
# Unused, so closed.
control_socket_disable = True


def on_starting(server: Any) -> None:
    """Write gunicorn's own lines in the format of all others."""
    for handler in server.log.error_log.handlers if logs.is_json() else ():
        handler.setFormatter(logs.json_formatter())


def post_worker_init(_worker: Any) -> None:
    """Prepare a process that serves requests until it ends."""
    web_process.prepare()
