"""What an erasure leaves in the files of the database, also in space that is free."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from tests.kit.builders import Desk, a_desk
from tests.kit.databases import ROLES, a_clone, working_in
from tests.kit.erasures import MARKS, WORDS, a_retracted_claim, erased, prepare
from tests.kit.log_entries import ask, run
from tests.kit.processes import eventually
from tests.kit.storage import store_as_runs
from tracker.log import Recorded
from tracker.projections.rebuild import rebuild

pytestmark = pytest.mark.django_db
STATISTICS = "VACUUM (FULL) pg_statistic"


@pytest.fixture
def desk(template: str) -> Iterator[Desk]:
    with a_clone(template) as name, working_in(name):
        get_user_model().objects.create(username="ann")
        yield a_desk()


@pytest.fixture
def claim(desk: Desk) -> Recorded:
    """A claim among others, which the planner knows of."""
    others = [desk.asserts(summary="another", key=f"another-{number}") for number in range(9)]
    claim = a_retracted_claim(desk)
    desk.asserts(summary="a later one", key=f"after-{len(others)}")
    run("ANALYZE")
    return claim


def files_with(*texts: str) -> list[str]:
    """The tables and indexes whose files have one of some texts."""
    run("CHECKPOINT")
    [[folder]] = ask("SHOW data_directory")
    relations = ask("SELECT oid::regclass::text, pg_relation_filepath(oid) FROM pg_class")
    return sorted(
        name
        for name, path in relations
        if path and (file := Path(folder, path)).exists()
        if any(text.encode() in file.read_bytes() for text in texts)
    )


@pytest.mark.parametrize("as_runs", [False, True])
def test_is_nothing_once_derived_tables_are_rebuilt(claim: Recorded, *, as_runs: bool) -> None:
    prepare(claim)
    if as_runs:
        store_as_runs()
    # A plain VACUUM, of the database's own accord too, only marks the space as free.
    run("VACUUM (ANALYZE)")
    assert files_with(*WORDS)

    said = erased(claim)
    rebuild(today=timezone.now().date(), report=lambda *_: None)

    # What autovacuum was reading stays until the command is run once more.
    eventually(
        lambda: not files_with(*WORDS, *MARKS) or not erased(claim),
        what="no file has what the claim said",
    )
    assert STATISTICS not in said


def test_is_what_the_planner_knows_where_the_owner_may_not_rewrite_it(claim: Recorded) -> None:
    prepare(claim)
    run(f"SET ROLE {ROLES.owner}")

    assert STATISTICS in erased(claim)
