"""A record whose scores are through, one with a war, one with shifts, and one of an archive."""

from collections.abc import Callable
from uuid import UUID

import pytest

from tests.kit.background_work import work_off
from tests.kit.builders import AT, BY, Desk, a_citation, a_collection, rate
from tests.kit.wars import SINCE, WAR
from tracker.domain.claims import Occurred
from tracker.domain.lenses import machine_lens
from tracker.operations import lenses, sources
from tracker.projections import shifts


@pytest.fixture
def scored() -> Callable[[], None]:
    """Do what the workers do."""
    return work_off


@pytest.fixture
def war(desk: Desk) -> UUID:
    """KAZ–RUS are at war since February 2022 by a source that is usually reliable; CHN–RUS had a
    visit. Both are scored."""
    rate(desk.source, "A")
    fought = desk.asserts(**WAR, occurred=SINCE).stream
    desk.asserts("CHN", "RUS", code="plover-2.0/CONSULT/visit")
    work_off()
    return fought


@pytest.fixture
def wire(desk: Desk) -> UUID:
    """The collection of an archive that machines coded, with the lens machine-wire."""
    archive = a_collection(name="wire", coding="machine")
    collection = sources.describe_collection(archive, at=AT, by=BY).stream
    lenses.define_lens(machine_lens(collection, name="wire"), at=AT, by=BY)
    return collection


@pytest.fixture
def shift(desk: Desk) -> Callable[..., None]:
    """Shift KAZ–RUS, or the pairs that are named: eight attacks on a day, after a year with one
    act. In each world the first that is true counts, so that each needs a source of its own."""

    def make(*pairs: tuple[str, str], before: str = "2021-02-01", day: str = "2022-03-10") -> None:
        for ends in pairs or (("RUS", "KAZ"),):
            desk.asserts(*ends, occurred=Occurred(edtf=before))
            for n in range(8):
                heard = a_citation(desk.hears(grade="D", name=f"Paper {n}", ends=day))
                desk.asserts(
                    *ends,
                    summary=f"Act {n}.",
                    code="plover-2.0/ASSAULT",
                    occurred=Occurred(edtf=day),
                    citations=(heard,),
                )
        work_off()
        shifts.find(today=AT.date())

    return make
