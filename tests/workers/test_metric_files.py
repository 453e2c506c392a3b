"""What the processes of a host count, summed over those that run and those that ended."""

import os
import signal
import subprocess
import sys

import pytest

from tests.kit.processes import CHECKOUT

COUNTS = """
import os, pathlib
from django.conf import settings
settings.configure(METRICS_FOLDER=pathlib.Path(os.environ["METRICS_FOLDER"]))
from workers.metrics import counted
def count(number):
    for _ in range(number):
        counted.request(route="a", method="GET", status=200, seconds=0.02)
{does}
"""
SUMS = """
samples = [one for family in counted.sums() for one in family.samples]
found = {one.name: one.value for one in samples if one.labels.get("le", "0.05") == "0.05"}
print(found["entente_requests_total"], found["entente_request_seconds_bucket"])
"""


@pytest.fixture
def environ(tmp_path):
    settings = {"METRICS_FOLDER": str(tmp_path / "counts")}
    return {**os.environ, **settings, "DJANGO_SETTINGS_MODULE": "config.settings"}


def runs(does, environ):
    command = [sys.executable, "-c", COUNTS.format(does=does)]
    done = subprocess.run(
        command, cwd=CHECKOUT, env=environ, capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode, done.stdout.strip(), done.stderr


def test_counts_of_forks_and_of_the_dead_are_summed_and_never_fall(environ, tmp_path):
    forks = "\n".join(
        (
            "count(1)",
            "for _ in range(3):",
            "    if not os.fork():",
            "        count(2); os.kill(os.getpid(), 9)",
            "    os.wait()",
            SUMS,
        )
    )
    assert runs(forks, environ)[:2] == (0, "7.0 7.0")
    assert runs(f"count(1)\nos.kill(os.getpid(), {signal.SIGKILL})", environ)[0] == -signal.SIGKILL
    for total in (9, 10, 11):
        assert runs(f"count(1)\n{SUMS}", environ)[1] == f"{total}.0 {total}.0"

    # Two kinds for each process that ran at the same time: the parent and one child.
    assert len(list((tmp_path / "counts").glob("*.db"))) == 4


def test_a_command_that_counts_nothing_leaves_no_file(environ, tmp_path):
    assert runs("", environ)[0] == 0
    assert list((tmp_path / "counts").iterdir()) == []


def test_each_process_counts_for_itself_without_a_folder(environ):
    environ["METRICS_FOLDER"] = "/proc/nowhere"

    assert runs(f"count(2)\n{SUMS}", environ)[:2] == (0, "2.0 2.0")


def test_a_full_disk_fails_no_request(environ):
    """The size of files is limited instead: a write beyond it fails as on a full disk."""
    limited = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
    ignored = "import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"

    status, output, errors = runs(f"{limited}{ignored}count(2)\nprint('goes on')", environ)

    assert (status, output) == (0, "goes on"), errors


def test_files_of_before_this_boot_are_deleted_and_fail_no_request(environ, tmp_path):
    """A power cut may have torn them."""
    folder = tmp_path / "counts"
    folder.mkdir()
    torn = folder / "counter_7.db"
    torn.write_bytes(b"torn" * 1_000)
    os.utime(torn, (1, 1))

    assert runs(f"count(2)\n{SUMS}", environ)[:2] == (0, "2.0 2.0")
    assert not torn.exists()
