"""The text of an edition and its digest, against goldens worked by hand.

Tone, one certain act of value 5 on the day: A = 5, B = 1, so the tone is 5/(1 + 1) = 2.5. It has no
interval.
"""

import hashlib
from datetime import timedelta

import pytest

from tests.kit.builders import a_lens, an_id
from tests.kit.impacts import DAY, a_level, an_act, bare
from tests.kit.pulls import still_parameters
from tracker.domain import editions, robustness
from tracker.domain.editions import (
    HEADER,
    NO_SPREADS,
    KeptSpread,
    Spreads,
    different_series,
    last_knots,
    lines,
    spreads,
    spreads_text,
    summary,
    text,
)
from tracker.domain.lenses import LensVersion, directions

TONE = LensVersion(id=an_id(7), version=1, lens=a_lens("tone"))
LEVELS = LensVersion(
    id=an_id(8), version=1, lens=a_lens(model_version=1, parameters=still_parameters())
)
PAIR = "ASH-BIR"
NUMBERS = "2.5,,,,1,1,0,2022-03-01"
GOLDEN = (
    "pair,direction,value,sd,low,high,claims,roots,state_roots,last_claim_day\n"
    f"ASH-BIR,ASH-BIR,{NUMBERS}\n"
    f"ASH-BIR,ASH>BIR,{NUMBERS}\n"
)
# printf the three lines above | sha256sum
DIGEST = "b643267041fb0b3ed72647392cd1b0cd2c43160350a1e7b843b874ee87184f7b"


def rows_of(*impacts, day=DAY):
    return lines(TONE, PAIR, last_knots(TONE, PAIR, impacts, day), day)


class TestText:
    def test_is_worked_out_by_hand_on_a_tiny_history(self):
        assert text(rows_of(an_act())) == GOLDEN

    def test_leaves_out_the_direction_in_which_nothing_was_done(self):
        assert [row.split(",")[1] for row in rows_of(an_act())] == ["ASH-BIR", "ASH>BIR"]

    def test_has_the_directions_in_one_order(self):
        back = an_act(claim=an_id(2), initiator="BIR", recipient="ASH")

        assert [row.split(",")[1] for row in rows_of(an_act(), back)] == list(directions(PAIR))

    def test_knows_nothing_of_the_day_after(self):
        late = an_act(claim=an_id(2), first=DAY + timedelta(days=1))

        assert rows_of(an_act(), late) == rows_of(an_act())
        assert rows_of(late) == []

    def test_ages_what_it_has(self):
        # After a day A = 5λ, B = λ with λ = 0.98471475293443124: 4.92357376467 / 1.98471475293.
        row = rows_of(an_act(), day=DAY + timedelta(days=1))[0]

        assert row.startswith("ASH-BIR,ASH-BIR,2.4807")

    def test_has_no_day_for_a_series_without_an_act(self):
        knots = {PAIR: bare(DAY, (0.0, 0.0))}

        assert lines(TONE, PAIR, knots, DAY) == ["ASH-BIR,ASH-BIR,0.0,,,,0,0,0,"]

    def test_writes_numbers_that_read_back_as_the_same_bits(self):
        act = an_act(code="plover-2.0/SANCTION", p=1 / 3)
        knots = last_knots(LEVELS, PAIR, [act], DAY)
        row = lines(LEVELS, PAIR, knots, DAY)[0].split(",")
        score = LEVELS.scorer.at(knots[PAIR], DAY)

        numbers = (score.value, score.sd, score.low, score.high)
        assert [float(one).hex() for one in row[2:6]] == [one.hex() for one in numbers]


class TestSummed:
    def test_is_the_sha256_of_the_text_and_counts_pairs(self):
        found = summary(rows_of(an_act()))

        assert found == editions.Summary(digest=DIGEST, pairs=1)
        assert hashlib.sha256(GOLDEN.encode()).hexdigest() == DIGEST

    def test_of_nothing_is_that_of_the_header_alone(self):
        empty = hashlib.sha256(f"{HEADER}\n".encode()).hexdigest()

        assert summary([]) == editions.Summary(digest=empty, pairs=0)

    def test_moves_with_the_last_bit(self):
        rows = rows_of(an_act())
        moved = [rows[0].replace("2.5", "2.5000000000000004"), rows[1]]

        assert summary(moved).digest != summary(rows).digest


class TestUnlike:
    def test_names_the_series_that_differ_or_stand_on_one_side_only(self):
        rows = rows_of(an_act())
        changed = [rows[0].replace("2.5", "2.6")]

        assert different_series(rows, rows) == []
        assert different_series(changed, rows) == ["ASH-BIR", "ASH>BIR"]
        assert different_series(rows, changed) == ["ASH-BIR", "ASH>BIR"]


class TestTheSpreads:
    """Ash does something that is a step of −.6, with p 1/2: from twice that with p .62246, in 159
    of 256 worlds, to half of it with p .37754, in 97."""

    ACT = an_act(code="plover-2.0/SANCTION", p=0.5)

    def test_are_of_the_pairs_with_an_act_by_the_day(self):
        found = spreads(
            LEVELS,
            {
                PAIR: [self.ACT],
                "ASH-CED": [self.ACT._replace(first=DAY + timedelta(days=1))],
                "BIR-CED": [a_level(5.0, sd=2.0)],
            },
            DAY,
        )

        assert (found.kept, [*found.by_pair]) == ("settings-2", [PAIR])
        assert found.by_pair[PAIR].low == pytest.approx(-1.2 * 159 / 256)
        assert found.by_pair[PAIR].high == pytest.approx(-0.3 * 97 / 256)
        assert found.by_pair[PAIR].same_sign == 1.0

    def test_leave_out_a_pair_with_too_many_acts_alone(self, monkeypatch):
        """A month is 1, and an act 2."""
        for module in (editions, robustness):
            monkeypatch.setattr(module, "MOST_WORK", 3)
        both = [self.ACT, self.ACT._replace(claim=an_id(2))]

        found = spreads(LEVELS, {PAIR: [self.ACT], "ASH-CED": both}, DAY)

        assert [*found.by_pair] == [PAIR]

    def test_are_none_of_too_many_impacts(self, monkeypatch):
        monkeypatch.setattr(editions, "MOST_IMPACTS", 2)
        acts = [self.ACT._replace(claim=an_id(number)) for number in range(3)]

        assert spreads(LEVELS, {PAIR: acts[:2]}, DAY).kept == "settings-2"
        assert spreads(LEVELS, {PAIR: acts}, DAY) == Spreads(kept="too many", by_pair={})

    def test_are_none_of_too_much_work(self, monkeypatch):
        """A month is 1, and an act 2."""
        monkeypatch.setattr(editions, "MOST_WORK_OF_EDITION", 5)
        both = {PAIR: [self.ACT], "ASH-CED": [self.ACT]}

        assert spreads(LEVELS, both, DAY) == Spreads(kept="too many", by_pair={})

    def test_are_none_of_other_models(self):
        assert spreads(TONE, {PAIR: [self.ACT]}, DAY) == Spreads(kept="model", by_pair={})
        assert {"model", "too many"} == {*NO_SPREADS}

    def test_are_a_text_with_the_numbers_of_an_edition(self):
        found = {"BIR-CED": KeptSpread(0.0, 0.0, None), PAIR: KeptSpread(-0.5, 1 / 3, 0.75)}

        assert spreads_text(found) == (
            "pair,low,high,same_sign\nASH-BIR,-0.5,0.3333333333333333,0.75\nBIR-CED,0.0,0.0,\n"
        )
