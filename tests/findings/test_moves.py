"""Which move a finding is about, from acts made by hand."""

from datetime import date
from uuid import UUID

import pytest

from tests.kit.builders import a_lens
from tracker.domain.lenses import LensVersion, View
from tracker.domain.movements import over_window
from tracker.domain.scoring import MODELS
from tracker.domain.scoring.evidence import Pull
from tracker.findings import moves
from tracker.queries.scores.pairs import Series

ONE, OTHER = UUID(int=91), UUID(int=92)
DAY = date(2024, 12, 31)


# Acts are true with .95.
SANCTIONS, ATTACK = (0.95 * step for step in (0.6, 2.0))


def an_act(number, day, event="SANCTION", roots=(ONE,)):
    """An act that is almost surely true."""
    ordinal = date.fromisoformat(day).toordinal()
    return Pull(
        UUID(int=number), ordinal, ordinal, situation=False, fades=True, value=0.0, weight=1.0,
        p=0.95, roots=roots, state_roots=(), code=f"plover-2.0/{event}",
    )  # fmt: skip


def a_series(pulls):
    model = MODELS["standing"]
    lens = LensVersion(
        id=UUID(int=1),
        version=1,
        lens=a_lens(view=View(method="1"), model_version=model.version, parameters=model.defaults),
    )
    knots = lens.scorer.knots(pulls)
    return Series(pair="KAZ-RUS", direction="KAZ-RUS", lens=lens, as_of=1, position=1, knots=knots)


def found(*pulls, since=None, **given):
    series = a_series(pulls)
    whole = over_window(series.scorer, pulls, DAY, since=since)
    return moves.find(series, pulls, whole, chosen=since is not None, **given)


class TestTheMove:
    def test_is_that_of_the_month_that_moved_the_level_most(self):
        move = found(
            an_act(1, "2024-02-10", "ACCUSE"),
            an_act(2, "2024-05-10", roots=(OTHER,)),
            an_act(3, "2024-05-20", "ASSAULT"),
        )

        assert move.month
        assert (move.start, move.end) == (date(2024, 4, 30), date(2024, 5, 31))
        assert {part.claim.int for part in move.parts} == {2, 3}
        assert move.named

    def test_parts_sum_to_its_amount_with_what_they_take_of_older_acts(self):
        """The attack takes a ninth of itself from the level to which the sanctions brought it."""
        move = found(an_act(1, "2024-02-10"), an_act(2, "2024-05-10", "ASSAULT"))

        assert [part.claim.int for part in move.parts] == [2]
        assert move.parts[0].amount == pytest.approx(-ATTACK * (1 - SANCTIONS / 9), abs=0.2)
        assert move.amount == pytest.approx(move.parts[0].amount + move.unreported)

    def test_of_the_month_of_the_first_assessment_is_that_of_its_acts(self):
        """What the level was before is not known, so that the step to it is no move."""
        level = an_act(1, "2024-05-05")._replace(value=-2.0, sd=1.0, code="")

        move = found(an_act(2, "2024-02-10", "ACCUSE"), level, an_act(3, "2024-05-20", "ASSAULT"))

        assert (move.start, move.end) == (date(2024, 4, 30), date(2024, 5, 31))
        assert move.amount == pytest.approx(-ATTACK * (1 - 2 / 9), abs=0.2)

    def test_is_of_no_month_without_an_act(self):
        """Nobody reported anything in June, when a panel found the level lower."""
        levels = [
            an_act(number, day)._replace(value=value, sd=0.5, code="")
            for number, day, value in ((1, "2024-01-31", 5.0), (2, "2024-06-15", -5.0))
        ]

        move = found(*levels, an_act(3, "2024-05-20", "ASSAULT"))

        assert (move.start, move.end) == (date(2024, 4, 30), date(2024, 5, 31))

    def test_is_not_of_a_month_long_before_the_latest_act(self):
        """What a page of 2024 tells of is not the blow of 2012, however large."""
        move = found(
            an_act(1, "2012-09-10", "ASSAULT"),
            an_act(2, "2024-03-10", "AGREE"),
            an_act(3, "2024-06-10", "AGREE"),
        )

        assert not move.month
        assert move.start >= date(2023, 5, 31)

    def test_is_of_the_last_year_of_a_record_that_ended_long_ago(self):
        move = found(an_act(1, "2016-05-10", "ASSAULT"), an_act(2, "2016-05-20"))

        assert (move.start, move.end) == (date(2016, 4, 30), date(2016, 5, 31))

    def test_of_a_chosen_start_reaches_across_it_no_more(self):
        acts = an_act(1, "2024-05-10", "ASSAULT"), an_act(2, "2024-05-20", "ACCUSE")

        move = found(*acts, since=date(2024, 5, 15))

        assert move.start == date(2024, 5, 15)
        assert move.chosen
        assert not move.named

    def test_of_an_archive_is_the_whole(self):
        acts = an_act(1, "2023-05-10", "ASSAULT"), an_act(2, "2024-05-10", "ASSAULT")

        move = found(*acts, months=False)

        assert (move.start, move.end) == (date(2023, 5, 9), DAY)

    def test_knows_whether_one_source_reports_it(self):
        alone = found(an_act(1, "2024-05-10"), an_act(2, "2024-05-20"))
        together = found(an_act(1, "2024-05-10"), an_act(2, "2024-05-20", roots=(OTHER,)))

        assert alone.one_root
        assert not together.one_root

    def test_is_none_without_an_act(self):
        assert moves.find(a_series([]), [], None) is None
