"""What was measured of a pair: whose measures they are, and which of them count."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.kit.builders import AT, BY, a_citation, a_collection, a_lens, an_actor
from tracker import log
from tracker.domain import events as e
from tracker.domain.claims import Magnitude, Occurred
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import Bloc, View
from tracker.domain.records import Party
from tracker.operations import actors, claims, lenses, links, sources
from tracker.queries import moment
from tracker.queries.scores.measures import DayRange, measures_of

pytestmark = pytest.mark.django_db
FELL = Magnitude(value=Decimal(-40), unit="%", change=True, baseline="2022-02")


@pytest.fixture
def measure(desk):
    """Put a measure between Russia and Kazakhstan on record; give its id."""

    def put(*ends, **given):
        given = {"code": None, "kind": "measure", "magnitude": FELL, **given}
        return desk.asserts(*ends, **given).stream

    return put


def found(span=None, *, pair="KAZ-RUS", lens="standing", as_of=None):
    listed = measures_of(
        pair, span or DayRange(), lens=lens, as_of=moment.at(as_of), reader=Reader.DESK
    ).measures
    return [one.sheet.filed.state.id for one in listed]


class TestAMeasure:
    def test_is_told_with_how_sure_it_is_and_against_what(self, desk, measure):
        claim = measure()

        answer = measures_of(
            "KAZ-RUS", DayRange(), lens="standing", reader=Reader.DESK, as_of=moment.now()
        )

        [one] = answer.measures
        assert one.sheet.claim.magnitude == FELL
        assert (one.baseline.earliest, one.baseline.latest) == (
            date(2022, 2, 1),
            date(2022, 2, 28),
        )
        assert one.p == 0.65
        assert one.sheet.filed.state.id == claim
        assert answer.as_of == log.head().position

    def test_is_of_both_directions_and_of_whatever_roles(self, desk, measure):
        other = measure("KAZ", "RUS")
        parties = tuple(
            Party(actor=desk.countries[code], role=role)
            for code, role in (("RUS", "about"), ("KAZ", "affected"))
        )
        third = measure(parties=parties)
        measure("RUS", "CHN")
        measure("RUS", None)
        desk.asserts()

        assert {*found()} == {other, third}

    def test_is_of_those_who_speak_for_the_countries_at_its_time(self, desk, measure):
        who = desk.speaker("RUS", "business", until=date(2022, 5, 12))
        both = tuple(desk.countries[code] for code in ("KAZ", "CHN"))
        inner = actors.describe_actor(an_actor(None, kind="group", members=both), at=AT, by=BY)
        outer = an_actor(None, kind="group", members=(inner.stream,))
        group = actors.describe_actor(outer, at=AT, by=BY).stream

        told = measure(who, group)
        measure(who, group, occurred=Occurred(edtf="2022-05-12"))

        assert found() == [told]
        # A group that stands for both is no measure between them.
        assert found(pair="CHN-KAZ") == []
        assert found(pair="CHN-RUS") == [told]

    def test_counts_as_a_claim_does(self, desk, measure):
        kept = measure()
        claims.retract_claim(measure(), reason="no", at=AT, by=BY)
        false = e.VerdictGiven(verdict="false", reason="no")
        claims.give_verdict(measure(), false, at=AT, by=BY)
        measure(polarity="denied")
        links.link("same_as", kept, measure(), at=AT, by=BY)
        links.link("supersedes", kept, measure(), at=AT, by=BY)
        feed = a_collection(name="feed", coding="machine", review=True)
        measure(collection=sources.describe_collection(feed, at=AT, by=BY).stream)

        assert found() == [kept]

    def test_is_seen_by_the_blocs_that_hear_its_roots(self, desk, measure):
        heard = measure(citations=(a_citation(desk.hears(country=desk.countries["CHN"])),))
        measure()
        bloc = Bloc(countries=(desk.countries["CHN"],))
        view = View(method="1", collections=(desk.collection,), bloc=bloc)
        lenses.define_lens(a_lens(name="chinese", view=view), at=AT, by=BY)

        assert found(lens="chinese") == [heard]


class TestASpan:
    @pytest.mark.parametrize(
        ("start", "end", "dates"),
        [
            (None, None, ["2022-05-11", "2022-03", None]),
            (date(2022, 3, 31), None, ["2022-05-11", "2022-03"]),
            (date(2022, 4, 1), None, ["2022-05-11"]),
            (None, date(2022, 3, 1), ["2022-03"]),
            (None, date(2022, 2, 28), []),
        ],
    )
    def test_holds_what_may_lie_in_it_the_latest_first(self, desk, measure, start, end, dates):
        for edtf in ("2022-03", None, "2022-05-11"):
            measure(occurred=Occurred(edtf=edtf) if edtf else None)

        listed = measures_of(
            "KAZ-RUS",
            DayRange(start=start, end=end),
            lens="standing",
            reader=Reader.DESK,
            as_of=moment.now(),
        ).measures

        told = [one.sheet.claim.occurred for one in listed]
        assert [one.edtf if one else None for one in told] == dates


class TestAPastMoment:
    def test_knows_who_spoke_for_whom_then(self, desk, measure):
        who = desk.speaker("RUS", "business")
        told = measure(who)
        then = log.head().position

        desk.speaker("CHN", "business", actor_id=who)

        assert (found(), found(as_of=then)) == ([], [told])
        assert (found(pair="CHN-KAZ"), found(pair="CHN-KAZ", as_of=then)) == ([told], [])


class TestAsking:
    def test_takes_no_more_questions_for_many(self, desk, measure):
        def asked():
            with CaptureQueriesContext(connection) as captured:
                found()
            return len(captured)

        measure()
        few = asked()
        for _ in range(5):
            measure()

        # Links are looked up claim by claim.
        assert asked() <= few + 5 * 3
