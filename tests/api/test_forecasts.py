"""A source's record over the API: what became of its forecasts."""

from dataclasses import replace
from datetime import date

import pytest

from tests.kit.builders import AT, BY, a_citation, a_collection
from tracker import log
from tracker.domain import events as e
from tracker.operations import claims, links, sources
from tracker.queries.records import states

pytestmark = pytest.mark.django_db

NOBODY = "331823dd-0988-470a-9d45-e95f3ddfd0cc"
EMPTY = {
    "counted": 0,
    "happened": 0,
    "open": 0,
    "void": 0,
    "unjudged": 0,
    "missing": 20,
    "brier": None,
    "reference": None,
}


@pytest.fixture
def foretold(desk):
    """Put a forecast of the desk's source on record, and how it turned out unless it is open."""

    def tell(outcome=None, likelihood="likely", **given):
        asked = {
            "kind": "forecast",
            "code": None,
            "likelihood": likelihood,
            "resolves_by": "2023",
            "criterion": "a treaty is signed",
            **given,
        }
        claim = desk.asserts(**asked).stream
        if outcome:
            resolved = e.ForecastResolved(
                outcome=outcome, resolved_on=date(2023, 4, 4), reason="seen"
            )
            claims.resolve_forecast(claim, resolved, at=AT, by=BY)
        return claim

    return tell


@pytest.fixture
def record(api, desk):
    def read(source=desk.source):
        found = api.get(f"sources/{source}/record/")
        return {name: found[name] for name in EMPTY}

    return read


class TestARecord:
    def test_is_shown_from_twenty_on(self, record, foretold):
        """f is .675 for likely and .325 for unlikely, so a forecast gets .105625 where it leaned
        the right way and .455625 where not: 14 and 6 of them, 4.2125/20 = .210625. Eleven
        happened: .55 · .45 = .2475."""
        for likelihood, outcome, number in (
            ("likely", "happened", 10),
            ("likely", "did not happen", 5),
            ("unlikely", "happened", 1),
            ("unlikely", "did not happen", 3),
        ):
            for _ in range(number):
                foretold(outcome, likelihood)
        first = record()
        foretold("did not happen", "unlikely")

        assert first == {**EMPTY, "counted": 19, "happened": 11, "missing": 1}
        full = {**EMPTY, "counted": 20, "happened": 11, "missing": 0}
        assert record() == {
            **full,
            "brier": pytest.approx(0.210625),
            "reference": pytest.approx(0.2475),
        }

    def test_names_what_does_not_count(self, record, foretold):
        foretold()
        foretold("void")
        foretold("happened", None)
        foretold("happened")

        counts = {"open": 1, "void": 1, "unjudged": 1, "counted": 1, "happened": 1, "missing": 19}
        assert record() == {**EMPTY, **counts}

    def test_is_the_root_s_and_nobody_else_s(self, api, desk, record, foretold):
        far = desk.hears(name="Far Herald")
        root = states.records([far], at=None)[far].document.source
        foretold("happened", citations=(a_citation(desk.document, chain=(root,)),))
        foretold(
            "happened", citations=(a_citation(desk.document), a_citation(far, stance="denies"))
        )

        assert (record()["counted"], record(root)["counted"]) == (1, 1)

    @pytest.mark.parametrize("change", ["retract", "reject", "supersede"])
    def test_leaves_out_what_no_longer_counts(self, desk, record, foretold, change):
        claim, newer = foretold("happened"), foretold()
        if change == "retract":
            claims.retract_claim(claim, reason="no", at=AT, by=BY)
        elif change == "reject":
            claims.review_claim(claim, e.ClaimReviewed(outcome="rejected"), at=AT, by=BY)
        else:
            links.link("supersedes", newer, claim, at=AT, by=BY)

        assert record() == {**EMPTY, "open": 1}

    def test_counts_those_that_are_the_same_once_and_a_resolved_one_first(
        self, desk, record, foretold
    ):
        one, two, three = foretold(), foretold("happened"), foretold("happened")
        links.link("same_as", one, two, at=AT, by=BY)
        links.link("same_as", three, one, at=AT, by=BY)

        assert record() == {**EMPTY, "counted": 1, "happened": 1, "missing": 19}

    def test_waits_for_a_review_where_the_collection_asks_for_it(self, desk, record, foretold):
        feed = a_collection(name="feed", review=True)
        kept = sources.describe_collection(feed, at=AT, by=BY).stream
        claim = foretold("happened", collection=kept)
        before = record()

        claims.review_claim(claim, e.ClaimReviewed(outcome="accepted"), at=AT, by=BY)

        assert (before["counted"], record()["counted"]) == (0, 1)

    def test_as_of_a_position_or_a_time_is_what_was_known_then(self, api, desk, foretold):
        """Of each forecast something is done to later that would change the record."""
        kept, gone, cited, older, plain = (foretold("happened") for _ in range(5))
        there = f"sources/{desk.source}/record/"
        then = log.head()
        before = api.get(there, as_of=then.position)
        claims.retract_claim(gone, reason="no", at=AT, by=BY)
        other = (a_citation(desk.hears()),)
        later = {"reason": "typo", "expected": 2, "at": AT, "by": BY}
        body = states.claims([cited], at=None)[cited].claim
        claims.correct_claim(cited, replace(body, citations=other), **later)
        claims.correct_claim(plain, desk.claim(), **later)
        newer = foretold("did not happen")
        links.link("supersedes", newer, older, at=AT, by=BY)
        links.link("same_as", newer, kept, at=AT, by=BY)

        assert before == api.get(there, as_of=then.position)
        assert before == api.get(there, as_of=then.recorded_at.isoformat())
        assert (before["as_of"], before["counted"], before["happened"]) == (then.position, 5, 5)
        now = api.get(there)
        assert (now["as_of"], now["counted"]) == (log.head().position, 1)
        assert now == api.get(there, as_of=now["as_of"])
        assert api.get(there, expect=400, as_of=99_999)["errors"][0]["pointer"] == "/as_of"

    def test_counts_again_what_a_retracted_claim_superseded(self, desk, record, foretold):
        claim, newer = foretold("happened"), foretold()
        links.link("supersedes", newer, claim, at=AT, by=BY)
        claims.retract_claim(newer, reason="no", at=AT, by=BY)

        assert record()["counted"] == 1


class TestAResolvedClaim:
    def test_has_no_score_where_it_is_void(self, api, foretold):
        claim = foretold("void")

        assert api.get(f"claims/{claim}/")["resolution"]["brier"] is None

    def test_has_no_resolution_before_that(self, api, foretold):
        assert api.get(f"claims/{foretold()}/")["resolution"] is None
