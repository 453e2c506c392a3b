"""A file is whole or not there, whoever is killed and whoever comes at once."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.processes import CHECKOUT
from tracker.exports import files
from tracker.exports.files import Busy, CountedStream, complete_file

WRITER = """
import sys, time
from pathlib import Path
from tracker.exports.files import complete_file
with complete_file(Path(sys.argv[1])) as out:
    out.write(b"half"); out.flush(); print("ready", flush=True); time.sleep(60)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "claims.csv"


def listed(path: Path) -> list[str]:
    return sorted(one.name for one in path.parent.iterdir())


class TestWhole:
    def test_has_its_name_only_at_the_end(self, path: Path) -> None:
        with complete_file(path) as out:
            out.write(b"all")
            assert not path.exists()

        assert (path.read_bytes(), listed(path)) == (b"all", ["claims.csv"])

    def test_leaves_what_was_there_where_it_fails(self, path: Path) -> None:
        path.write_bytes(b"old")

        with pytest.raises(ZeroDivisionError), complete_file(path) as out:
            out.write(b"%d" % (1 // 0))

        assert (path.read_bytes(), listed(path)) == (b"old", ["claims.csv"])

    def test_leaves_what_was_there_where_it_is_killed_and_is_made_the_next_time(
        self, path: Path
    ) -> None:
        path.write_bytes(b"old")
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)], cwd=CHECKOUT, stdout=subprocess.PIPE
        ) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            with pytest.raises(Busy, match="another process"), complete_file(path):
                pass
            writer.send_signal(signal.SIGKILL)
        assert path.read_bytes() == b"old"

        with complete_file(path) as out:
            out.write(b"new")

        assert (path.read_bytes(), listed(path)) == (b"new", ["claims.csv"])

    def test_is_never_what_another_has_just_finished(self, path: Path) -> None:
        """Somebody opened the part, and got the lock when it had its last name already."""
        part = path.with_name("claims.csv.part")
        late = part.open("ab")
        with complete_file(path) as out:
            out.write(b"first")

        assert not files._lock(late, part)
        late.close()
        assert path.read_bytes() == b"first"


class TestTally:
    def test_knows_the_size_and_the_digest_of_what_went_through(self, path: Path) -> None:
        with path.open("wb") as out:
            tally = CountedStream(out)
            tally.write(b"ab")
            tally.write(b"c")

        assert path.read_bytes() == b"abc"
        # SHA-256("abc"), FIPS 180-2, appendix B.1
        assert (tally.size, tally.digest) == (
            3,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        )
