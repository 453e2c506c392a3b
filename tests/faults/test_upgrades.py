"""An upgrade while people write and read: old processes go on beside new ones."""

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from django.utils import timezone

from config.embedded.servers import Servers, private_servers
from tests.kit.background_work import digests, rows, work_off
from tests.kit.databases import working_at
from tests.kit.processes import CHECKOUT, eventually, shell
from tests.kit.upgrades import Code, Crowd, NoHistory, a_long_reader, bodies, end, releases, unpack
from tracker.projections.audit import audit
from tracker.projections.rebuild import rebuild
from tracker.queries import guards

pytestmark = [pytest.mark.faults, pytest.mark.django_db, pytest.mark.long]
OLDEST, *_, LAST = releases()
WRITERS, READERS = 8, 2
NO_HISTORY = "this clone has no history: git fetch --unshallow"


@pytest.fixture
def servers() -> Iterator[Servers]:
    """A PostgreSQL and a broker of the test's own."""
    with private_servers(base={}, fast=True) as lent:
        yield lent


def environments(servers: Servers, folder: Path) -> dict[str, dict[str, str]]:
    """The environments of web and workers, and of the owner, outside of these tests."""
    base = shell(
        DJANGO_SETTINGS_MODULE="config.settings",
        RATE_LIMIT="0",
        SEAL_FOLDER=str(folder / "seal"),
        SPOOL_FOLDER=str(folder / "spool"),
    )
    return {"app": servers.app_environ(base), "owner": servers.owner_environ(base)}


def unpacked(commit: str, folder: Path) -> Path:
    """The code of a commit. Without it the test is skipped, and on CI it fails."""
    try:
        return unpack(commit, folder)
    except NoHistory as problem:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{NO_HISTORY} ({problem})")
        pytest.skip(f"{NO_HISTORY} ({problem})")


def upgrades(commit: str, folder: Path, servers: Servers, *, reader: float, beside: float) -> None:
    """Upgrade from a commit beside a reader who stays, and let old and new code work together."""
    assert servers.postgres
    url, given = servers.postgres.url, environments(servers, folder)
    old = Code(folder=unpacked(commit, folder / "old"), **given)
    new = Code(folder=CHECKOUT, **given)
    crowd = Crowd(token=old.prepare(), bodies=bodies(url), addresses=[])
    with old.serving(folder / "old.log") as (old_web, old_worker):
        crowd.addresses.append(old_web.url)
        with crowd.busy(writers=WRITERS, readers=READERS):
            eventually(lambda: len(crowd.acknowledged) > WRITERS, what="people write")
            with a_long_reader(url, seconds=reader):
                new.run("manage.py", "migrate", "--verbosity", "0")
            migrated = crowd.taken[old_web.url]
            with new.serving(folder / "new.log") as (new_web, _):
                crowd.addresses.append(new_web.url)
                time.sleep(beside)
                assert old_worker.alive
                crowd.addresses.remove(old_web.url)
                end(old_web)
                last = crowd.taken[new_web.url]
                eventually(lambda: crowd.taken[new_web.url] > last, what="people go on")
    said = (folder / "old.log").read_text() + (folder / "new.log").read_text()

    assert crowd.failures == []
    assert "Traceback" not in said, said[-5_000:]
    assert crowd.taken[old_web.url] > migrated
    with working_at(url):
        whole(crowd.acknowledged)


def whole(acknowledged: Sequence[tuple[int, str]]) -> None:
    """All that was acknowledged is there, and what follows from it is what a rebuild makes."""
    now = timezone.now()
    kept = {position: str(stream) for position, stream in rows("event", "position, stream")}
    assert [one for one in acknowledged if kept.get(one[0]) != one[1]] == []
    assert len(dict(acknowledged)) == len(acknowledged)
    work_off(at=now)
    assert audit(at=now, sample=None) == []
    assert guards.missing() == guards.invalid() == []
    before = digests()
    rebuild(today=now.date(), report=lambda *_: None)
    assert digests() == before


class TestAnUpgrade:
    def test_from_the_last_release(self, servers: Servers, tmp_path: Path) -> None:
        upgrades(LAST.commit, tmp_path, servers, reader=5, beside=4)

    @pytest.mark.timeout(900)
    @pytest.mark.parametrize("release", [OLDEST, LAST], ids=lambda release: release.tag)
    def test_beside_a_reader_of_half_a_minute(
        self, servers: Servers, tmp_path: Path, release
    ) -> None:
        upgrades(release.commit, tmp_path, servers, reader=30, beside=60)


class TestReleases:
    def test_have_tags_of_the_same_commits(self) -> None:
        for release in releases():
            if found := tagged(release.tag):
                assert found == release.commit

    def test_are_asked_for_if_this_clone_lacks_them(self, tmp_path: Path) -> None:
        with pytest.raises(NoHistory):
            unpack("0" * 40, tmp_path)


def tagged(tag: str) -> str:
    """The commit of a tag; empty if this clone has no such tag."""
    command = ["git", "rev-parse", "--quiet", "--verify", f"refs/tags/{tag}^{{commit}}"]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    return done.stdout.strip()
