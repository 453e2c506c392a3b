"""Citations are added to the rows of claims by the database: the rows are those of a fold."""

import pytest

from tests.kit.background_work import rows, work_off
from tests.kit.builders import AT, BY, Desk, a_citation, a_source
from tests.kit.histories import undone
from tracker import log
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.log import Draft
from tracker.operations import claims, sources
from tracker.projections import citations, standing
from tracker.projections.citations import Cited
from tracker.queries.sql import select

pytestmark = pytest.mark.django_db
GRAVE = "plover-2.0/ASSAULT"


def added(*drafts: Draft) -> dict[str, list[str]]:
    """The rows of all claims after some events, undone again."""
    with undone():
        log.append(drafts, at=AT, by=BY, project=standing.project)
        return {
            table: [text for (text,) in select(f"SELECT t::text FROM {table} t ORDER BY 1", [])]  # noqa: S608
            for table in ("standing_claim", "past_claim", "disclosed")
        }


@pytest.fixture
def folded(monkeypatch):
    """Let rows be folded, as after any other event."""
    return lambda: monkeypatch.setattr(citations, "lock", lambda _: Cited({}, ()))


@pytest.fixture
def events(desk: Desk) -> list[e.CitationAdded]:
    """Citations of two documents, with sources that are not in order, and with words."""
    chain = [sources.describe_source(a_source(), at=AT, by=BY).stream for _ in range(3)]
    heard = desk.hears()
    cited = [
        a_citation(heard, chain=tuple(reversed(chain)), quote='«Да», \\ "é"', locator="p. 7"),
        a_citation(desk.document, stance="denies", credibility=2, interest="self-serving"),
        a_citation(heard, chain=(chain[1],), note="again"),
    ]
    return [e.CitationAdded(citation=citation) for citation in cited]


class TestCitations:
    def test_give_the_rows_of_a_fold(self, desk: Desk, events, folded) -> None:
        once, thrice = desk.asserts().stream, desk.asserts("CHN", "KAZ", tags=("a",)).stream
        claims.give_verdict(once, e.VerdictGiven(verdict="disputed", reason="x"), at=AT, by=BY)
        drafts = [Draft(once, events[0]), *(Draft(thrice, event) for event in events)]

        fast = added(*drafts)

        folded()
        assert added(*drafts) == fast

    def test_withhold_a_grave_claim(self, desk: Desk, events, folded) -> None:
        desk.asserts()
        grave = desk.asserts(code=GRAVE).stream
        context = desk.asserts(contexts=("cyber",)).stream
        work_off()
        assert len(rows("disclosed")) == 3

        fast = added(Draft(grave, events[0]), Draft(context, events[0]))

        assert len(fast["disclosed"]) == 1
        folded()
        assert added(Draft(grave, events[0]), Draft(context, events[0])) == fast

    def test_may_stand_beside_other_events(self, desk: Desk, events, folded) -> None:
        one, other = desk.asserts().stream, desk.asserts("CHN", "KAZ").stream
        drafts = [
            Draft(one, events[0]),
            Draft(one, e.ClaimRetracted(reason="no")),
            Draft(other, events[1]),
        ]

        fast = added(*drafts)

        folded()
        assert added(*drafts) == fast

    def test_are_refused_for_a_retracted_claim(self, desk: Desk, events) -> None:
        claim = desk.asserts().stream
        claims.retract_claim(claim, reason="no", at=AT, by=BY)

        with pytest.raises(f.OutOfOrder, match="reinstate it first"):
            added(Draft(claim, events[0]))

    def test_are_refused_for_what_is_no_claim(self, desk: Desk, events) -> None:
        with pytest.raises(f.OutOfOrder, match="not of a claim"):
            added(Draft(desk.source, events[0]))

    def test_are_at_most_a_hundred(self, desk: Desk, events) -> None:
        cited = tuple(a_citation(desk.document, locator=f"p. {n}") for n in range(98))
        claim = desk.asserts(citations=cited).stream
        added(Draft(claim, events[0]), Draft(claim, events[1]))

        with pytest.raises(f.OutOfOrder, match="100 citations"):
            added(*(Draft(claim, event) for event in events))
