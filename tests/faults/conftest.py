"""What tests of faults share: a database of their own, and an archive that takes a while."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.utils import timezone

from tests.kit.databases import a_clone, working_in
from tests.kit.imports import claims, said
from tests.kit.slow_archive import write_archive
from tracker import log
from tracker.imports import files, queries
from tracker.imports.files import ImportOptions
from tracker.imports.runs import Author
from tracker.log.integrity import gaps
from tracker.models.derived import StandingClaim


@pytest.fixture
def database(template: str, db: None) -> Iterator[str]:
    """Work in a database of the test's own; give its address for web and workers."""
    with a_clone(template) as name, working_in(name) as url:
        yield url


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Where the processes write what they say."""
    return tmp_path / "said"


@dataclass(frozen=True, slots=True)
class Archive:
    """A file, and what its import makes and counts if nobody disturbs it."""

    file: Path
    made: list[tuple[object, ...]]
    counts: dict[str, int]

    @property
    def claims(self) -> int:
        return self.counts["new"]

    def is_whole(self) -> None:
        """The log is what it would be undisturbed, and what stands follows from it."""
        [run] = queries.runs(limit=9)
        assert (run.state, run.counts) == ("done", self.counts)
        assert said() == self.made
        assert [*gaps()] == []
        assert log.damage(after=0, limit=100_000) == (len(self.made), [])
        assert StandingClaim.objects.count() == len(claims())


@pytest.fixture(scope="session")
def archive(template: str, tmp_path_factory, django_db_blocker) -> Archive:
    """A chunk has at most 2,000 claims, and of two rows one is a claim: two chunks are not all."""
    file = write_archive(tmp_path_factory.mktemp("archive") / "export.CSV", number=6_000)
    author = Author(now=timezone.now, by="ann")
    with django_db_blocker.unblock(), a_clone(template) as name, working_in(name):
        with file.open("rb") as opened:
            report = files.import_file(
                opened, name=file.name, author=author, options=ImportOptions()
            )
        made = Archive(file, said(), dict(report.counts))
    assert made.claims == 3_000
    return made
