"""A score told claim by claim, so that it sums and multiplies."""

from datetime import date
from decimal import Decimal
from itertools import chain

import pytest
from django.db import transaction

from tests.kit.background_work import work_off
from tests.kit.builders import AT, BY, a_citation, a_desk, a_source
from tests.kit.levels import share
from tests.kit.pulls import still_parameters
from tests.kit.seeded import put_seed_on_record
from tracker.domain.absence import NOTHING
from tracker.domain.claims import Magnitude, Occurred, Strength
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import directions
from tracker.domain.records import Party
from tracker.operations import sources
from tracker.queries import moment
from tracker.queries.evidence import what_if
from tracker.queries.evidence.explanation import ScoreExplanation, explain
from tracker.queries.scores import pairs

pytestmark = pytest.mark.django_db
MAY = date(2022, 5, 24)


@pytest.fixture
def desk(db):
    """A level that starts at 0, and that nothing moves but acts."""
    return a_desk(level=still_parameters())


def read(
    pair="KAZ-RUS", *, lens="standing", direction=None, absence=NOTHING, most=99
) -> ScoreExplanation:
    work_off()
    series = what_if.series(
        pair,
        direction=direction or pair,
        lens=lens,
        as_of=moment.now(),
        absence=absence,
        reader=Reader.DESK,
    )
    return explain(series, MAY, most=most, reader=Reader.DESK)


class TestAnAccount:
    def test_says_what_an_amount_is_made_of(self, desk):
        firm = desk.speaker("RUS", "state business", kind="company")
        desk.asserts(firm, strength=Strength(grade="partial", reason="so"))

        (told,) = read().claims

        assert told.code.value == -6.0
        assert told.step == pytest.approx(-0.6)
        (part,) = told.parts
        assert (part.direction, part.strength, part.sector, part.share) == (
            "RUS>KAZ",
            "partial",
            "state business",
            1,
        )
        assert told.weight == part.weight == pytest.approx(0.3)
        assert told.impact == pytest.approx(-0.18)
        assert told.amount == pytest.approx(share(0.65) * -0.18)
        # All of it, but that p is rounded to a number of worlds.
        assert told.left == pytest.approx(1, abs=0.01)

    def test_of_the_undirected_pair_tells_both_ways_of_a_claim(self, desk):
        people = desk.speaker("RUS", "society", kind="group")
        both = (people, desk.countries["KAZ"])
        desk.asserts(parties=tuple(Party(actor=one, role="initiator") for one in both))

        (told,) = read().claims
        (one_way,) = read(direction="RUS>KAZ").claims

        assert [(one.direction, one.weight) for one in told.parts] == [
            ("KAZ>RUS", 1),
            ("RUS>KAZ", 0.3),
        ]
        assert told.weight == pytest.approx(0.65)
        assert [one.sector for one in one_way.parts] == ["society"]

    def test_tells_the_share_by_the_dead_of_an_assault(self, desk):
        magnitude = Magnitude(value=Decimal(3), unit="killed")
        both = [Party(actor=one, role="initiator") for one in desk.countries.values()]
        strength = Strength(grade="partial", reason="so")
        desk.asserts(
            code="plover-2.0/ASSAULT/firearms",
            magnitude=magnitude,
            parties=tuple(both),
            strength=strength,
        )

        (told,) = read().claims

        assert {part.toll.says for part in told.parts} == {"1 to 24 dead"}
        # three countries meet, so each pair has a half; .6 · .25 · .5
        assert [part.share for part in told.parts] == [0.5, 0.5]
        assert told.weight == pytest.approx(0.075)
        assert [part.weight for part in told.parts] == pytest.approx([0.075, 0.075])

    def test_takes_a_situation_as_an_act_on_its_first_day(self, desk):
        desk.asserts(kind="situation", occurred=Occurred(edtf="2022-05-23/.."))

        (told,) = read().claims

        assert not told.war
        assert told.step == pytest.approx(-0.6)
        assert told.amount == pytest.approx(-0.6 * share(0.65))

    def test_counts_the_days_of_a_war(self, desk):
        code = "plover-2.0/ASSAULT/heavy-weapons"
        desk.asserts(kind="situation", code=code, occurred=Occurred(edtf="2022-05-23/.."))

        (told,) = read().claims

        # A blow of −2, and a quarter of the way to −9 a month, of which two of the 31 days have
        # passed. Both meet a level of 0.
        assert (told.war, told.left) == (True, None)
        assert (told.step, told.monthly) == pytest.approx((-2, -2.25))
        moved = told.step + told.monthly * 2 / 31
        assert told.amount == pytest.approx(moved * told.weight * share(told.p))

    def test_names_the_chain_and_the_steps_of_p(self, desk):
        heard = sources.describe_source(a_source(name="The witness"), at=AT, by=BY).stream
        desk.asserts(citations=(a_citation(desk.document, chain=(heard,)),))

        (told,) = read().claims

        assert told.chains == (("The Gazette", "The witness"),)
        assert [step.says for step in told.steps] == [
            "a citation supports: C ← no grade, credibility not given",
            "1 independent root",
            "ungraded: neither reliability nor credibility is known",
            "an act that is attributed or covert: prior odds 1 to 1",
        ]
        assert told.p == told.steps[-1].p == 0.5

    def test_tells_the_largest_and_sums_the_others(self, desk):
        for month in (3, 4, 5):
            desk.asserts(occurred=Occurred(edtf=f"2022-{month:02}-10"))

        whole, cut = read(), read(most=1)

        assert cut.claims == whole.claims[:1]
        assert cut.others == 2
        assert cut.others_amount == pytest.approx(sum(one.amount for one in whole.claims[1:]))
        assert cut.total == pytest.approx(whole.total, abs=1e-12)


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """Every pair, direction and lens of the seed on 24 May 2022, told once for all tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        put_seed_on_record(scored=True)
        found = [
            read(pair, lens=lens, direction=direction)
            for lens in ("standing", "tone", "cooperation")
            for pair in (row.pair for row in pairs.table(lens=lens))
            for direction in directions(pair)
        ]
        transaction.set_rollback(True)
    return found


class TestTheSeed:
    def test_is_told_so_that_it_sums_and_multiplies(self, seeded):
        told = list(chain.from_iterable(one.claims for one in seeded))
        assert len(told) > 100
        for one in seeded:
            assert one.total == pytest.approx(one.reading.score.value, abs=1e-9)
        for one in told:
            if one.left is None:
                assert one.war or one.level or one.amount == 0
            else:
                assert one.p * one.impact * one.left == pytest.approx(one.amount, abs=1e-12)
