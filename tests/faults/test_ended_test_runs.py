"""A run of tests that is ended by SIGTERM leaves no server behind."""

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.kit.processes import CHECKOUT, Terminal, eventually, shell

pytestmark = pytest.mark.faults
WAITS = """
import os, time
from pathlib import Path
from tests.kit import web_servers

def test_waits():
    environ = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    server = web_servers.start(environ)
    server.wait_for("/healthz")
    Path(os.environ["STARTED"]).write_text(f"{os.getpid()} {server.process.pid}")
    time.sleep(600)
"""


@pytest.mark.parametrize("who", ["run", "worker"])
def test_no_server_is_left(tmp_path: Path, who: str) -> None:
    started, file = tmp_path / "started", tmp_path / "test_waits.py"
    file.write_text(WAITS)
    words = [sys.executable, "-m", "pytest", "-n", "1", "--max-worker-restart", "0"]
    words += ["-p", "no:cacheprovider", "--rootdir", str(CHECKOUT), "-c", "pyproject.toml"]
    environ = shell(STARTED=str(started))
    terminal = Terminal([*words, str(file)], folder=CHECKOUT, environ=environ)
    try:
        eventually(lambda: started.exists() and started.read_text(), what="its server answers")
        worker, server = map(int, started.read_text().split())
        assert server in terminal.runs("gunicorn")
        os.kill(terminal.process.pid if who == "run" else worker, signal.SIGTERM)

        assert terminal.survivors() == []
    finally:
        terminal.put_away()
