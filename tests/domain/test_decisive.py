"""What a finding depends on, against a search of every set, and by hand."""

from datetime import date
from itertools import chain, combinations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit import pulls as kit
from tests.kit.laws import FEW
from tests.kit.pulls import assessed, still, war
from tracker.domain import decisive
from tracker.domain.decisive import SeriesOn, TooMuchWork, band_of, differs
from tracker.domain.scoring.evidence import Pull, Pulls, placed

DAY, SINCE = date(2022, 12, 31), date(2021, 12, 31)
STILL = still(conflict_in_deeds="-1")


def act(number: int, kind: str = "sanction", month: int | None = None, *, p: float = 0.97) -> Pull:
    """An act of its own root, and by default of a month of its own: a sanction is −1 from 0, an
    agreement +.3."""
    day = f"2022-{month or number:02}-05"
    return kit.act(number, kind, day, p=p, root=1000 + number)


def a_level(number: int, value: float, doubt: float = 1.0) -> Pull:
    return assessed(number, "2021-11-21", value, doubt, root=1000 + number)


def series(*pulls: Pull) -> SeriesOn:
    ordered = sorted(pulls, key=lambda pull: pull.claim.int)
    return SeriesOn(scorer=STILL, pulls=Pulls(ordered, pair="ASH-BIR"), day=DAY, since=SINCE)


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
    @pytest.mark.parametrize(("p", "is_certain"), [(0.81, True), (0.79, False)])
    def test_of_one_act_has_a_direction(self, p, is_certain):
        """It moves a level of 0 in the share p of the worlds; nobody assessed the level."""
        assert series(act(1, p=p)).finding() == (-1, is_certain, None, None)

    def test_of_an_assessed_level_has_a_side_and_a_band(self):
        """A level of 4 lies in good, which goes from 3 to 6 of the scale of −9 to 9."""
        assert series(a_level(1, 4.0)).finding() == (0, False, 1, "good")

    def test_without_the_first_act_knows_a_level_by_structure_only_before_the_second(self):
        """The table is of 2023: the level stands on the day before the first act that is left."""
        level = assessed(1, "2023-12-31", 5.0, 1.0)._replace(code="structural-1/defence-pact")
        pulls = Pulls(placed([level, act(2, month=1), act(3, month=4)]), pair="ASH-BIR")
        on = SeriesOn(scorer=STILL, pulls=pulls, day=date(2022, 2, 1), since=None)

        assert on.finding().band == "good"
        assert on.without([UUID(int=2)]).finding().band is None


class TestTheSearch:
    def test_finds_the_one_claim_that_carries_the_direction(self):
        """Two small acts of cooperation, and one sanction that outweighs them."""
        found = searched(series(act(1), act(2, "agree"), act(3, "agree")))

        direction = of(found, "direction")
        assert direction.claims == (UUID(int=1),)
        assert (direction.now.direction, direction.instead.direction) == (-1, 1)
        assert direction.exact

    def test_finds_two_where_no_one_does(self):
        """Either sanction outweighs the agreement by itself."""
        found = searched(series(act(1), act(2), act(3, "agree")))

        direction = of(found, "direction")
        assert set(direction.claims) == {UUID(int=1), UUID(int=2)}
        assert direction.exact

    def test_finds_the_two_of_one_month_that_confirm_one_another(self):
        """Without one of them, the other counts."""
        found = searched(series(act(1, month=4), act(2, month=4), act(3, "agree")))

        assert set(of(found, "direction").claims) == {UUID(int=1), UUID(int=2)}

    def test_finds_more_greedily_and_says_so(self):
        found = searched(series(*map(act, range(1, 5)), act(9, "agree")))

        direction = of(found, "direction")
        assert set(direction.claims) == {UUID(int=number) for number in range(1, 5)}
        assert not direction.exact

    def test_says_of_what_it_found_no_set(self, monkeypatch):
        monkeypatch.setattr(decisive, "MOST_MEMBERS", 3)

        found = searched(series(*map(act, range(1, 10))))

        assert "direction" in found.open
        assert (found.tried, found.paired, found.claims) == (9, 9, 9)

    def test_pairs_as_many_claims_as_its_folds_allow(self):
        """Of 45 folds nine tenths, 40, are for pairs: nine claims have 36, and ten have 45."""
        assert decisive._most_paired(60, 45) == 9
        assert decisive._most_paired(3, 45) == 3

    def test_is_refused_where_it_would_take_long(self, monkeypatch):
        monkeypatch.setattr(decisive, "MOST_WORK", 100)

        with pytest.raises(TooMuchWork):
            searched(series(*map(act, range(1, 10))))

    def test_does_not_believe_a_set_that_fails_in_full(self):
        """For example if another claim that says the same replaces the one left out."""
        on = series(act(1), act(2, "agree"))
        weights = {UUID(int=1): -0.6, UUID(int=2): 0.1}

        found = decisive.search(on, weights, holds=lambda _: on.finding())

        assert found.found == ()

    def test_leaves_out_of_a_set_what_the_change_does_not_need(self):
        """The sanction alone carries the direction; the agreement was only found beside it."""
        on = series(act(1), act(2, "agree"), act(3, "agree"))
        tried = decisive.Tried(on, lambda claims: on.without(claims).finding(), folds=9)
        both = [UUID(int=2), UUID(int=1)]

        assert decisive._pruned(tried, on.finding(), "direction", both) == (UUID(int=1),)

    def test_computes_nothing_in_full_when_its_folds_are_used_up(self):
        on = series(act(1))
        tried = decisive.Tried(on, lambda claims: on.without(claims).finding(), folds=1)

        assert tried.in_full([UUID(int=1)]) is not None
        assert tried.in_full([UUID(int=2)]) is None

    def test_counts_what_it_computes_in_full(self, monkeypatch):
        """Each pair with the sanction looks decisive, and none is in full."""
        on = series(act(1), *(act(number, "agree") for number in range(2, 13)))
        now, folds, whole = on.finding(), [], []
        finding = SeriesOn.finding
        monkeypatch.setattr(decisive, "folds_of", lambda _: 40)

        def counted(self):
            folds.append(1)
            return finding(self)

        monkeypatch.setattr(SeriesOn, "finding", counted)
        weights = {pull.claim: -1.0 / pull.claim.int for pull in on.pulls}

        def holds(claims):
            whole.append(frozenset(claims))
            return now

        assert decisive.search(on, weights, holds=holds).found == ()
        assert len(whole) == len(set(whole))
        # The first fold is that of the finding itself.
        assert len(folds) - 1 + len(whole) <= 40

    def test_names_one_of_two_that_is_enough_with_what_depends_on_it(self):
        """Either sanction outweighs the agreement; the second rests on the first."""
        on = series(act(1), act(2), act(3, "agree"))
        weights = {UUID(int=1): -0.6, UUID(int=2): -0.6, UUID(int=3): 0.1}

        def holds(claims):
            gone = {*claims} | ({UUID(int=2)} if UUID(int=1) in claims else set())
            return on.without(gone).finding()

        assert of(decisive.search(on, weights, holds=holds), "direction").claims == (UUID(int=1),)


@st.composite
def some_pulls(draw):
    some = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["war", *kit.CODES]),
                st.sampled_from([0.3, 0.65, 0.9, 0.97]),
                st.integers(1, 8),
            ),
            min_size=1,
            max_size=6,
        )
    )
    pulls = [
        war(number, f"2022-{month:02}-05", f"2022-{month + 1:02}-05", p=p, root=1000 + number)
        if kind == "war"
        else act(number, kind, month, p=p)
        for number, (kind, p, month) in enumerate(some, start=1)
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
    @given(some_pulls(), st.sampled_from([*kit.CODES]))
    def test_one_act_fewer_leaves_the_band(self, pulls, kind):
        on = series(*pulls, a_level(98, 1.0))
        pattern = act(97, kind, 12)

        found = decisive.acts_needed(on, pattern)

        if found.number is not None:
            bands = [
                band_of(on.with_acts(pattern, many).score())
                for many in (0, found.number - 1, found.number)
            ]
            assert bands[0] == bands[1] != bands[2] == found.band


def subsets(pulls, *, upto):
    claims = [pull.claim for pull in pulls]
    return chain.from_iterable(combinations(claims, number) for number in range(1, upto + 1))


class TestTheActsThatAreNeeded:
    def test_come_once_a_month(self):
        on = SeriesOn(scorer=STILL, pulls=[], day=date(2022, 1, 31), since=None)

        more = on.with_acts(act(97, month=12), 3)

        days = [date(2022, 1, 31), date(2022, 2, 28), date(2022, 3, 31)]
        assert sorted(pull.first for pull in more.pulls) == [day.toordinal() for day in days]
        assert len({pull.roots for pull in more.pulls}) == 3
        assert more.day == days[-1]

    def test_are_as_many_as_bring_the_next_band(self):
        """Each takes a ninth and 1: 2.5, 1.22, .09, −.92."""
        found = decisive.acts_needed(series(a_level(1, 2.5, 0.1)), act(97, month=12, p=1.0))

        assert found == ("plover-2.0/SANCTION", 3, "discord")

    def test_are_none_where_they_move_nothing(self):
        call = act(97, month=12)._replace(code="plover-2.0/CONSULT/phone")

        assert decisive.acts_needed(series(a_level(1, 2.5, 0.1)), call).number is None
