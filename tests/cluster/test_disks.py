"""Small disks, which nobody sees but the cluster that has them."""

import threading
from pathlib import Path

import pytest

from cluster import disks
from cluster.hosts import NotHere

MOUNTS = Path("/proc/thread-self/ns/mnt")


@pytest.fixture(autouse=True)
def _may_mount() -> None:
    try:
        with disks.hidden_mounts():
            pass
    except NotHere as problem:
        pytest.skip(str(problem))


def test_mounts_are_hidden_until_the_end_and_no_longer(tmp_path: Path) -> None:
    before, folder, over = MOUNTS.readlink(), Path.cwd(), threading.Event()
    thread = threading.Thread(target=over.wait, args=(30,))
    disk = tmp_path / "disk"
    with disks.hidden_mounts():
        # It shares the current folder with this thread.
        thread.start()
        assert MOUNTS.readlink() != before
        disks.mount(disk, megabytes=1)
        (disk / "file").write_text("hidden")

    assert MOUNTS.readlink() == before
    assert Path.cwd() == folder
    assert list(disk.iterdir()) == []
    over.set()
    thread.join()


def test_a_failure_in_between_leaves_no_hidden_mounts() -> None:
    before = MOUNTS.readlink()
    with pytest.raises(ZeroDivisionError), disks.hidden_mounts():
        _ = 1 / 0

    assert MOUNTS.readlink() == before
