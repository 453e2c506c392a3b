"""A program of the site's owner gets bytes and returns bytes, within limits."""

import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.kit.processes import processes
from tracker.operations import bounded_program
from tracker.operations.bounded_program import ProgramFailed, run


def program(code: str) -> list[str]:
    return [sys.executable, "-I", "-c", code]


def failure(command, sent=b"text"):
    with pytest.raises(ProgramFailed) as raised:
        run(command, sent)
    return str(raised.value)


@pytest.fixture
def short(monkeypatch):
    monkeypatch.setattr(bounded_program, "SECONDS", 1)
    monkeypatch.setattr(bounded_program, "_TOO_SLOW", "took more than 1 seconds and was ended")


class TestAProgram:
    def test_gets_bytes_and_returns_bytes(self):
        code = "import sys; sys.stdout.write(sys.stdin.read().upper())"

        assert run(program(code), b"text " * 100_000) == b"TEXT " * 100_000

    def test_may_answer_before_it_has_read_all(self):
        assert run(program("print(1)"), b"x" * 1_000_000) == b"1\n"

    def test_knows_nothing_of_this_process(self, monkeypatch):
        monkeypatch.setenv("DATABASE_URL", "postgres://secret")
        code = "import os; print(sorted(os.environ), os.getcwd(), os.listdir('/proc/self/fd'))"

        written = run(program(code), b"").decode()

        # Python itself may add LC_CTYPE. The fourth file is the folder that it lists.
        assert written.startswith(("[] /", "['LC_CTYPE'] /"))
        assert written.endswith("['0', '1', '2', '3']\n")

    def test_has_a_group_of_its_own(self):
        code = "import os; print(os.getpid() == os.getpgid(0) == os.getsid(0))"

        assert run(program(code), b"") == b"True\n"


class TestAFailure:
    def test_to_start_says_why(self):
        assert failure(["/no/such/program"]) == "does not start: No such file or directory"

    def test_has_the_status_and_none_of_what_it_wrote(self, capfd):
        code = "import sys; print('marker'); sys.exit('marker')"

        assert failure(program(code)) == "failed with status 1"
        assert "marker" not in "".join(capfd.readouterr())

    def test_by_a_signal_is_one_too(self):
        assert failure(program("import os; os.abort()")) == "failed with status 6"

    def test_by_an_endless_answer_is_ended(self, monkeypatch):
        monkeypatch.setattr(bounded_program, "MOST_BYTES", 1_000)
        code = "import sys\nwhile True: sys.stdout.write('x' * 100)"

        assert failure(program(code)) == "wrote more than 1,000 bytes and was ended"


@pytest.mark.usefixtures("short")
class TestASlowProgram:
    @pytest.mark.parametrize(
        "code",
        [
            "import time; time.sleep(600)",
            "import os, time; os.close(1); time.sleep(600)",
            "import sys, time\nwhile True: print(1, flush=True); time.sleep(.1)",
        ],
        ids=["silent", "after its answer", "with a long answer"],
    )
    def test_is_ended(self, code):
        begun = time.monotonic()

        assert failure(program(code), b"x" * 1_000_000) == "took more than 1 seconds and was ended"
        assert time.monotonic() - begun < 300

    def test_ends_with_all_that_it_started(self, tmp_path):
        note = tmp_path / "pid"
        child = "import time; time.sleep(600)"
        code = (
            "import subprocess, sys, time, pathlib\n"
            f"one = subprocess.Popen([sys.executable, '-I', '-c', {child!r}])\n"
            f"pathlib.Path({str(note)!r}).write_text(str(one.pid))\n"
            "time.sleep(600)"
        )

        failure(program(code))

        left = int(note.read_text())
        end = time.monotonic() + 60
        while any(one.pid == left for one in processes()) and time.monotonic() < end:
            with suppress(FileNotFoundError):
                if Path(f"/proc/{left}/stat").read_text().rpartition(") ")[2].startswith("Z"):
                    break
            time.sleep(0.05)
        assert time.monotonic() < end

    def test_is_gone_and_reaped(self, tmp_path):
        note = tmp_path / "pid"
        code = f"import os, pathlib, time; pathlib.Path({str(note)!r}).write_text(str(os.getpid()))"

        failure(program(f"{code}; time.sleep(600)"))

        assert not Path(f"/proc/{note.read_text()}").exists()

    def test_lets_no_second_one_wait_for_it(self):
        first = threading.Thread(target=failure, args=(program("import time; time.sleep(600)"),))
        first.start()
        time.sleep(0.3)

        assert failure(program("print(1)")) == "is reading another article: try again"
        first.join()
        assert run(program("print(1)"), b"") == b"1\n"
