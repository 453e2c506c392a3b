"""What a finding depends on, against a search of every set, and by hand."""

from dataclasses import replace
from datetime import date
from itertools import chain, combinations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.laws import FEW
from tracker.domain import decisive
from tracker.domain.decisive import SeriesOn, TooMuchWork, differs
from tracker.domain.scoring import MODELS
from tracker.domain.scoring.evidence import Pull

DAY, SINCE = date(2022, 12, 31), date(2021, 12, 31)
FIRST = date(2022, 3, 1).toordinal()
STANDING = MODELS["standing"].read(MODELS["standing"].defaults)


def an_act(number, value=-6.0, *, p=0.97, day=0, situation=0):
    return Pull(
        claim=UUID(int=number),
        first=FIRST + day,
        last=FIRST + day + situation,
        situation=situation > 0,
        fades=True,
        value=value,
        weight=1.0,
        p=p,
        roots=(UUID(int=1000 + number),),
        state_roots=(),
    )


def a_level(number, value, sd=1.0):
    own = an_act(number, value, day=-100)
    return own._replace(sd=sd)


def series(*pulls):
    ordered = sorted(pulls, key=lambda pull: pull.claim.int)
    return SeriesOn(scorer=STANDING, pulls=ordered, day=DAY, since=SINCE)


def searched(on):
    """The search, with the contributions as weights and nothing linked."""
    parts = on.scorer.contributions(on.pulls, on.day).parts
    return decisive.search(
        on,
        {part.claim: part.amount for part in parts},
        holds=lambda claims: on.without(claims).finding(),
    )


def of(found, question):
    return next((one for one in found.found if one.question == question), None)


class TestAFinding:
    def test_of_one_certain_act_is_by_hand(self):
        """A step of −.6 at a level of 0, true with .97; nobody assessed the level."""
        found = series(an_act(1)).finding()

        assert (found.direction, found.certainty) == (-1, True)
        assert (found.sign, found.band) == (None, None)

    def test_of_an_assessed_level_has_a_side_and_a_band(self):
        """A level of 4 lies in good, which goes from 3 to 6 of the scale of −9 to 9."""
        found = series(a_level(1, 4.0)).finding()

        assert (found.sign, found.band) == (1, "good")
        assert (found.direction, found.certainty) == (None, None) or found.direction == 0


class TestTheSearch:
    def test_finds_the_one_claim_that_carries_the_direction(self):
        """Two small acts of cooperation, and one sanction that outweighs them."""
        found = searched(series(an_act(1), an_act(2, 2.0), an_act(3, 2.0, day=9)))

        direction = of(found, "direction")
        assert direction.claims == (UUID(int=1),)
        assert (direction.now.direction, direction.instead.direction) == (-1, 1)
        assert direction.exact

    def test_finds_two_where_no_one_does(self):
        """Either sanction outweighs the visit, of a step of .12, by itself."""
        found = searched(series(an_act(1), an_act(2, day=40), an_act(3, 2.0)))

        direction = of(found, "direction")
        assert set(direction.claims) == {UUID(int=1), UUID(int=2)}
        assert direction.exact

    def test_finds_more_greedily_and_says_so(self):
        pulls = [an_act(number, day=number) for number in range(1, 5)]
        found = searched(series(*pulls, an_act(9, 2.0)))

        direction = of(found, "direction")
        assert set(direction.claims) == {UUID(int=number) for number in range(1, 5)}
        assert not direction.exact

    def test_says_of_what_it_found_no_set(self, monkeypatch):
        monkeypatch.setattr(decisive, "MOST_MEMBERS", 3)
        pulls = [an_act(number, day=number) for number in range(1, 10)]

        found = searched(series(*pulls))

        assert "direction" in found.open
        assert (found.tried, found.paired, found.claims) == (9, 9, 9)

    def test_pairs_as_many_claims_as_its_folds_allow(self):
        """Of 45 folds nine tenths, 40, are for pairs: nine claims have 36, and ten have 45."""
        assert decisive._most_paired(60, 45) == 9
        assert decisive._most_paired(3, 45) == 3

    def test_is_refused_where_it_would_take_long(self, monkeypatch):
        monkeypatch.setattr(decisive, "MOST_WORK", 100)

        with pytest.raises(TooMuchWork):
            searched(series(*(an_act(number, day=number) for number in range(9))))

    def test_does_not_believe_a_set_that_fails_in_full(self):
        """For example if another claim that says the same replaces the one left out."""
        on = series(an_act(1), an_act(2, 2.0))
        weights = {UUID(int=1): -0.6, UUID(int=2): 0.1}

        found = decisive.search(on, weights, holds=lambda _: on.finding())

        assert found.found == ()

    def test_leaves_out_of_a_set_what_the_change_does_not_need(self):
        """The sanction alone carries the direction; the visit was only found beside it."""
        on = series(an_act(1), an_act(2, 2.0), an_act(3, 2.0, day=9))
        tried = decisive.Tried(on, lambda claims: on.without(claims).finding(), folds=9)
        both = [UUID(int=2), UUID(int=1)]

        assert decisive._pruned(tried, on.finding(), "direction", both) == (UUID(int=1),)

    def test_computes_nothing_in_full_when_its_folds_are_used_up(self):
        on = series(an_act(1))
        tried = decisive.Tried(on, lambda claims: on.without(claims).finding(), folds=1)

        assert tried.in_full([UUID(int=1)]) is not None
        assert tried.in_full([UUID(int=2)]) is None

    def test_counts_what_it_computes_in_full(self, monkeypatch):
        """Each pair with the sanction looks decisive, and none is in full."""
        on = series(an_act(1), *(an_act(number, 2.0) for number in range(2, 13)))
        now, folds, whole = on.finding(), [], []
        finding = SeriesOn.finding
        monkeypatch.setattr(decisive, "folds_of", lambda _: 40)

        def counted(self):
            folds.append(1)
            return finding(self)

        monkeypatch.setattr(SeriesOn, "finding", counted)
        weights = {pull.claim: -pull.value for pull in on.pulls}

        def holds(claims):
            whole.append(frozenset(claims))
            return now

        assert decisive.search(on, weights, holds=holds).found == ()
        assert len(whole) == len(set(whole))
        # The first fold is that of the finding itself.
        assert len(folds) - 1 + len(whole) <= 40

    def test_names_one_of_two_that_is_enough_with_what_depends_on_it(self):
        """Either sanction outweighs the visit; the second rests on the first."""
        on = series(an_act(1), an_act(2, day=40), an_act(3, 2.0))
        weights = {UUID(int=1): -0.6, UUID(int=2): -0.6, UUID(int=3): 0.1}

        def holds(claims):
            gone = {*claims} | ({UUID(int=2)} if UUID(int=1) in claims else set())
            return on.without(gone).finding()

        assert of(decisive.search(on, weights, holds=holds), "direction").claims == (UUID(int=1),)


@st.composite
def some_pulls(draw):
    acts = draw(
        st.lists(
            st.tuples(
                st.sampled_from([-9.0, -6.0, -3.0, 2.0, 5.0, 9.0]),
                st.sampled_from([0.3, 0.65, 0.9, 0.97]),
                st.integers(0, 200),
                st.sampled_from([0, 0, 30]),
            ),
            min_size=1,
            max_size=6,
        )
    )
    pulls = [
        an_act(number, value, p=p, day=day, situation=lasting)
        for number, (value, p, day, lasting) in enumerate(acts, start=1)
    ]
    if draw(st.booleans()):
        pulls.append(a_level(99, draw(st.sampled_from([-4.0, 1.0, 6.0]))))
    return pulls


class TestLaws:
    @FEW
    @given(some_pulls())
    def test_leaving_a_set_out_changes_the_answer_and_no_smaller_set_does(self, pulls):
        on = series(*pulls)
        now, found = on.finding(), searched(on)

        for one in found.found:
            assert differs(now, on.without(one.claims).finding(), one.question)
            if one.exact:
                smaller = subsets(pulls, upto=len(one.claims) - 1)
            else:
                smaller = ([claim for claim in one.claims if claim != left] for left in one.claims)
            for claims in smaller:
                assert not claims or not differs(now, on.without(claims).finding(), one.question)

    @FEW
    @given(some_pulls())
    def test_no_set_of_the_searched_size_answers_an_open_question(self, pulls):
        on = series(*pulls)
        now, found = on.finding(), searched(on)

        for question in found.open:
            assert found.paired == len(pulls)
            for claims in subsets(pulls, upto=2):
                assert not differs(now, on.without(claims).finding(), question)

    @FEW
    @given(some_pulls(), st.sampled_from([-9.0, -6.0, 3.0, 9.0]))
    def test_the_number_of_acts_is_the_smallest_that_changes_the_band(self, pulls, value):
        on = series(*pulls, a_level(98, 1.0))
        pattern = an_act(97, value, day=on.day.toordinal() - FIRST)

        found = decisive.acts_needed(on, pattern)

        if found.number is not None:
            assert band(on, pattern, found.number) == found.band != on.finding().band
            assert band(on, pattern, found.number - 1) == on.finding().band


def band(on, pattern, number):
    """The band with some more acts, each with its own root."""
    more = [
        pattern._replace(claim=UUID(int=10**9 - each), roots=(UUID(int=10**9 - each),))
        for each in range(number)
    ]
    return series(*on.pulls, *more).finding().band


def subsets(pulls, *, upto):
    claims = [pull.claim for pull in pulls]
    return chain.from_iterable(combinations(claims, number) for number in range(1, upto + 1))


class TestTheBands:
    def test_are_not_named_by_a_lens_over_an_archive(self):
        """Such a lens has no level until somebody assesses one."""
        archive = replace(STANDING, against_usual=True)
        on = SeriesOn(scorer=archive, pulls=[an_act(1)], day=DAY, since=SINCE)

        assert on.finding().band is None
        assert decisive.acts_needed(on, an_act(97)).number is None

    def test_are_not_left_where_acts_move_too_little(self):
        """Habituation: forty visits of a year are worth about four."""
        on = series(a_level(1, 3.5, sd=0.1))
        visit = an_act(97, 1.0)._replace(code="plover-2.0/CONSULT/visit")

        assert decisive.acts_needed(on, visit).number is None
