"""Programs that tests start, copies of this checkout to start them in, and patient waiting."""

import os
import pty
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from config.embedded.postgres import Postgres
from config.embedded.processes import Child, ProcessSpec, start, stop

CHECKOUT = Path(__file__).resolve().parents[2]
WRITING = "import django; django.setup(); from tests.kit.writers import main; main()"
# For a state. A worker took more than 90 s to begin beside 25 processes on two cores.
PATIENCE_SECONDS = 240
# All processes of the machine are read each time, which takes long.
LOOK_EVERY_SECONDS = 0.5
LEFT_OUT = (".git", ".venv", ".run", ".*_cache", ".coverage*", ".hypothesis")
# What a session of pytest has set and a person's shell has not.
OURS = (
    *("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "PORT", "DJANGO_SETTINGS_MODULE", "CI"),
    "SEAL_FOLDER",
)


def copy(to: Path) -> Path:
    """Copy what a clone would have, with the compiled modules, which take seconds to make."""
    shutil.copytree(CHECKOUT, to, ignore=shutil.ignore_patterns(*LEFT_OUT), symlinks=True)
    return to


def shell(**more: str) -> dict[str, str]:
    """Give the environment of a shell outside this session."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in OURS and not name.startswith(("PYTEST_", "COV", "MAKE", "MFLAGS"))
    }
    return kept | more


def free_port() -> int:
    """Give a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Process:
    """One process; the time of its start tells it from a later one with its number."""

    pid: int
    born: str
    # These change when its parent ends.
    parent: int = field(compare=False)
    session: int = field(compare=False)


class Terminal:
    """A program in a terminal of its own, as if a person had started it there."""

    def __init__(self, command: Sequence[str], *, folder: Path, environ: Mapping[str, str]) -> None:
        self.text = ""
        self._screen, far = pty.openpty()
        os.set_blocking(self._screen, False)
        self.process = subprocess.Popen(
            # Under nohup the hangup is ignored; in a person's terminal it is not.
            ["env", "--default-signal=HUP", "setsid", "--ctty", *command],
            cwd=folder,
            env=environ,
            stdin=far,
            stdout=far,
            stderr=far,
        )
        os.close(far)
        self._seen: dict[Process, str] = {}

    def reads(self, words: str, *, within: float = PATIENCE_SECONDS) -> str:
        """Wait for words on the screen and give all that stands there."""
        self._wait(lambda: words in self.text, seconds=within, what=f"says {words!r}")
        return self.text

    def ends(self, *, within: float = PATIENCE_SECONDS) -> int:
        """Wait for the program's end and give its status."""
        self._wait(lambda: self.process.poll() is not None, seconds=within, what="ends")
        return int(self.process.returncode)

    def press(self, keys: str) -> None:
        """Press keys; \x03 is Ctrl-C."""
        os.write(self._screen, keys.encode())

    def close(self) -> None:
        """Close the window."""
        self._look()
        os.close(self._screen)
        self._screen = -1

    def runs(self, words: str) -> set[int]:
        """Give the numbers of its processes that have these words in their command line."""
        self._look()
        alive = self._seen.keys() & set(processes())
        return {process.pid for process in alive if words in command_line(process.pid)}

    def survivors(self) -> list[str]:
        """Give the command lines of all that the program started and that do not end in time."""
        self._look()
        end = time.monotonic() + PATIENCE_SECONDS
        while (alive := self._seen.keys() & set(processes())) and time.monotonic() < end:
            time.sleep(0.1)
        return [self._seen[process] for process in alive]

    def put_away(self) -> None:
        """End whatever is left."""
        self._look()
        for process in self._seen.keys() & set(processes()):
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        self.process.wait()
        if self._screen >= 0:
            self.close()

    def _wait(self, done: Callable[[], bool], *, seconds: float, what: str) -> None:
        end = time.monotonic() + max(seconds, PATIENCE_SECONDS)
        self._look()
        looked = time.monotonic()
        while not done():
            ended = self.process.poll() is not None
            self._read()
            if time.monotonic() > looked + LOOK_EVERY_SECONDS:
                self._look()
                looked = time.monotonic()
            if time.monotonic() > end or (ended and not done()):
                pytest.fail(f"The program never {what}. It said:\n{self.text}")
            time.sleep(0.05)
        self._look()

    def _read(self) -> None:
        with suppress(OSError):
            while data := os.read(self._screen, 65536):
                self.text += data.decode(errors="replace").replace("\r\n", "\n")

    def _look(self) -> None:
        """Read the screen, and note the family as it is now."""
        self._read()
        known = {process.pid for process in self._seen} | {self.process.pid}
        for process in sorted(processes(), key=lambda process: int(process.born)):
            if process.parent in known or process.session == self.process.pid:
                known.add(process.pid)
                self._seen.setdefault(process, command_line(process.pid))


def processes() -> list[Process]:
    """Give all processes of this machine that have not ended."""
    numbers = [name for name in os.listdir("/proc") if name.isdecimal()]  # noqa: PTH208 # is faster
    return [process for number in numbers if (process := _process(number))]


def command_line(pid: int) -> str:
    """Give what `ps` would show."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


def _process(number: str) -> Process | None:
    try:
        with open(f"/proc/{number}/stat", encoding="utf-8", errors="replace") as stat:  # noqa: PTH123
            fields = stat.read().rpartition(")")[2].split()
    except OSError:
        return None
    if fields[0] in "ZX":
        return None
    return Process(pid=int(number), born=fields[19], parent=int(fields[1]), session=int(fields[3]))


def manage(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a management command of this checkout to its end."""
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=CHECKOUT,
        env=os.environ | environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def management(*words: str, environ: Mapping[str, str] = os.environ) -> ProcessSpec:
    """A management command of this checkout, to be started."""
    command = [sys.executable, "manage.py", *words]
    return ProcessSpec(name=words[0], command=command, folder=CHECKOUT, environ={**environ})


@contextmanager
def running(spec: ProcessSpec, *, output: Path, **environ: str) -> Iterator[Child]:
    """Start a program that writes into a file; it ends with the block, or with this process."""
    given = spec.environ or os.environ
    with output.open("ab") as out:
        child = start(replace(spec, environ={**given, **environ}), output=out)
    try:
        yield child
    finally:
        child.spec = replace(child.spec, stop_signals=(signal.SIGKILL,))
        stop([child])


def a_writer(*words: str) -> ProcessSpec:
    """One of the programs of `writers`."""
    settings = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", WRITING, *words]
    return ProcessSpec(name=words[0], command=command, folder=CHECKOUT, environ=settings)


def kill_postgres(postgres: Postgres) -> None:
    """End all processes of a server at once: what is only in their memory is lost."""
    main = postgres.child.process.pid
    for process in processes():
        if main in (process.pid, process.parent):
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
    postgres.child.process.wait()


def eventually(done: Callable[[], object], *, what: str) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not done():
        if time.monotonic() > end:
            pytest.fail(f"In {PATIENCE_SECONDS} s it never came about that {what}.")
        time.sleep(0.05)
