"""The launcher that binds a process to the one that asked for it."""

import os
import signal
import sys
from pathlib import Path

import pytest

from config.embedded.processes import LAUNCHER
from tests.kit.processes import Terminal, shell

FORKS = """
import os, signal, time
signal.signal(signal.SIGHUP, signal.SIG_IGN)  # which the terminal sends when its leader ends
for _ in range(2):
    os.fork()
os.write(1, b"forked;")
time.sleep(100)
"""


def launch(folder: Path, *command: str, parent: int) -> Terminal:
    """Start a command through the launcher, killed with its parent."""
    bound = (str(parent), str(int(signal.SIGKILL)), "-1", "-1")
    return Terminal(
        [sys.executable, str(LAUNCHER), *bound, *command], folder=folder, environ=shell()
    )


class TestModule:
    def test_takes_the_processes_that_it_forks_with_it_however_busy(self, tmp_path: Path) -> None:
        (tmp_path / "forks.py").write_text(FORKS)
        terminal = launch(tmp_path, "module", "forks", parent=os.getpid())
        try:
            terminal.reads("forked;" * 4)
            os.kill(terminal.process.pid, signal.SIGKILL)

            assert terminal.survivors() == []
        finally:
            terminal.put_away()

    def test_is_found_in_the_folder_that_it_is_started_in(self, tmp_path: Path) -> None:
        (tmp_path / "words.py").write_text("import sys; print(sys.argv, __name__)")
        terminal = launch(tmp_path, "module", "words", "a b", parent=os.getpid())

        assert terminal.ends() == 0
        assert "'a b'] __main__" in terminal.text
        terminal.put_away()


class TestExec:
    def test_hands_on_arguments_and_status(self, tmp_path: Path) -> None:
        terminal = launch(
            tmp_path, "exec", "sh", "-c", 'echo "$1"; exit 3', "_", "é b", parent=os.getpid()
        )

        assert terminal.ends() == 3
        assert terminal.text == "é b\n"
        terminal.put_away()

    @pytest.mark.skipif(sys.platform != "linux", reason="only Linux binds processes")
    def test_does_not_start_once_its_parent_is_gone(self, tmp_path: Path) -> None:
        terminal = launch(tmp_path, "exec", "echo", "started", parent=1)

        assert terminal.ends() == 1
        assert terminal.text == ""
        terminal.put_away()
