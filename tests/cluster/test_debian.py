"""Programs that are fetched from Debian, with programs in place of Debian's own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cluster import debian
from cluster.debian import NoProgram, Package
from tests.kit.processes import CHECKOUT

# What apt-get prints for each package.
NOISE = [f"Get:{number} http://deb.example hello" for number in range(20)]
APT = f"""#!/bin/sh
printf '%s\\n' {" ".join(f"'{line}'" for line in NOISE)}
echo 'W: Download is performed unsandboxed' >&2
echo "$3" >> wanted
[ "$2" != download ] || [ "$3" = broken ] || : > "$3_1.deb"
"""
UNPACK = """#!/bin/sh
mkdir -p usr/bin
printf '#!/bin/sh\\n[ "$1" = --version ]\\n' > usr/bin/entente-hello
chmod +x usr/bin/entente-hello
"""


@pytest.fixture(autouse=True)
def _debian(monkeypatch, tmp_path: Path) -> None:
    """A Debian with the package `hello`, and one that cannot be had."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name, text in {
        "apt-get": APT,
        "dpkg-deb": UNPACK,
        "apt-cache": "#!/bin/sh\n",
        "dpkg-query": "#!/bin/sh\n",
    }.items():
        (tools / name).write_text(text)
        (tools / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    monkeypatch.setattr(debian, "STATE", tmp_path)
    debian._update_lists.cache_clear()
    answers = debian._answers("--version")
    for name in ("hello", "broken"):
        package = Package(name, f"usr/bin/entente-{name}", answers, also=(f"{name}-data",))
        monkeypatch.setitem(debian.PROGRAMS, name, package)


def test_a_program_is_fetched_once_and_in_one_line(capfd) -> None:
    assert debian.fetch_missing("hello")
    assert capfd.readouterr() == ("entente | fetching Debian's hello\n", "")
    assert debian.program("hello").path == str(debian.STATE / "hello/usr/bin/entente-hello")
    assert (debian.STATE / "hello/wanted").read_text().split() == ["hello", "hello-data"]

    assert debian.fetch_missing("hello")
    assert capfd.readouterr() == ("", "")


def test_what_debian_prints_is_shown_if_a_program_is_not_there_then(capfd) -> None:
    assert not debian.fetch_missing("broken", "hello")

    lines = capfd.readouterr().out.splitlines()
    assert lines[0] == "entente | fetching Debian's broken"
    assert set(NOISE) <= set(lines)
    assert "W: Download is performed unsandboxed" in lines
    assert "entente | broken is not to be had: install Debian's package broken" in "\n".join(lines)
    assert lines[-1] == "entente | fetching Debian's hello"


def test_a_named_program_comes_first(monkeypatch, tmp_path: Path) -> None:
    debian.fetch_missing("hello")
    monkeypatch.setenv("ENTENTE_HELLO", "/bin/true")
    assert debian.program("hello").path == "/bin/true"

    monkeypatch.setenv("ENTENTE_BROKEN", str(tmp_path / "nowhere"))
    with pytest.raises(NoProgram, match="ENTENTE_BROKEN to the path of entente-broken"):
        debian.program("broken")


@pytest.mark.parametrize(
    ("names", "code", "says"), [(["--help"], 0, ""), (["nothing"], 2, "invalid choice")]
)
def test_the_command_takes_the_names_of_programs(names: list[str], code: int, says: str) -> None:
    command = [sys.executable, "-m", "cluster.debian", *names]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=CHECKOUT)

    assert done.returncode == code
    # Not even a warning of Python's.
    assert says in done.stderr
    assert bool(says) == bool(done.stderr)
