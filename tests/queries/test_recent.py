"""The last changed claims of a lens, whatever archives added to other collections meanwhile."""

import pytest

from tests.kit.builders import AT, BY
from tests.kit.imports import archive, counts, days, take_in
from tracker import log
from tracker.domain.disclosure import Reader
from tracker.operations import claims
from tracker.queries.claims import recent

pytestmark = pytest.mark.django_db


@pytest.fixture(
    params=[(1_000, 20_000), (3, 20_000), (3, 0)],
    ids=["end of the log", "collections", "whole log"],
)
def _search(request, monkeypatch):
    """Each way to find the claims."""
    events, few = request.param
    monkeypatch.setattr(recent, "EVENTS", events)
    monkeypatch.setattr(recent, "FEW_CLAIMS", few)


def an_archive(since):
    """Nine claims of a machine collection that no lens of the desk counts."""
    rows = [row | {"GLOBALEVENTID": row["SQLDATE"]} for row in days(9, since=since)]
    assert counts(take_in(archive(*rows), name="events.csv")) == {"new": 9}


def last(most=5):
    found = recent.recent_of_lens("standing", reader=Reader.DESK, most=most)
    return [entry.state.id for entry in found]


@pytest.mark.usefixtures("_search")
class TestTheClaimsOfALens:
    def test_are_found_between_archives(self, desk):
        an_archive(since=1)
        entered = [desk.asserts(summary=f"Claim {n}.").stream for n in range(3)]
        an_archive(since=11)

        assert last() == entered[::-1]

    def test_are_ordered_by_their_last_change(self, desk):
        entered = [desk.asserts(summary=f"Claim {n}.").stream for n in range(3)]
        claims.retract_claim(entered[0], reason="A slip.", at=AT, by=BY)
        an_archive(since=1)

        assert last() == [entered[0], entered[2], entered[1]]
        assert last(most=2) == [entered[0], entered[2]]

    def test_are_not_those_of_other_collections(self, desk):
        an_archive(since=1)

        assert last() == []
        assert log.head().position > 9
