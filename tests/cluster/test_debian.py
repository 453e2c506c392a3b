"""Programs that are fetched from Debian, with programs in place of Debian's own."""

import os
from pathlib import Path

import pytest

from tests.kit import debian_programs as debian
from tests.kit.debian_programs import Package

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
