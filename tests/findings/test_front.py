"""The finding of the table of pairs, on shifts made by hand."""

from datetime import date
from types import SimpleNamespace

from tracker.domain.shifts import Shift
from tracker.findings.facts import Finding
from tracker.findings.front import FrontFacts, front_finding

DAY = date(2022, 6, 1)
NEWEST = date(2022, 5, 24)


def a_row(pair, amount, sd=0.1):
    shift = Shift(
        start=date(2022, 5, 20), seen=date(2022, 5, 28), peak=date(2022, 5, 28), amount=amount,
        sd=sd,
    )  # fmt: skip
    return SimpleNamespace(pair=pair, shift=shift)


def told(row):
    return Finding(lead=f"{row.pair} changed.", rest="Two events explain it.")


def found(*rows, change_of=told, **given):
    return front_finding(
        FrontFacts(**{"day": DAY, "newest": NEWEST, "shifted": rows, **given}), change_of
    )


class TestTheFinding:
    def test_of_a_quiet_time_says_how_new_the_record_is(self):
        assert found().lead == (
            "No major change in the past two weeks. The newest report on file is of 24 May 2022."
        )

    def test_of_a_day_that_is_over_says_nothing_of_now(self):
        assert found(then=True).lead == (
            "No major change in the two weeks up to 1 June 2022. The newest report up to that day"
            " is of 24 May 2022."
        )
        assert found(a_row("A-B", 0.6), a_row("C-D", 0.6), then=True).rest == (
            "One more pair may have changed in those two weeks. Two events explain it."
        )

    def test_is_that_of_the_largest_change_and_counts_the_others(self):
        both = found(a_row("A-B", 0.6), a_row("C-D", -1.2), a_row("E-F", 0.7))

        assert both.lead == "C-D changed."
        assert (
            both.rest
            == "Two more pairs may have changed in the past two weeks. Two events explain it."
        )
        assert found(a_row("A-B", 0.6)).rest == "Two events explain it."

    def test_takes_a_sure_change_before_a_larger_one_that_may_be_chance(self):
        """1.0 at 2.5 sd weighs .988; 1.005 at one sd .686."""
        sure, unsure = a_row("A-B", 1.0, sd=0.4), a_row("C-D", 1.005, sd=1.005)

        assert found(unsure, sure).lead == "A-B changed."

    def test_takes_a_pair_that_never_moved_before_for_sure(self):
        assert found(a_row("A-B", 0.6, sd=0), a_row("C-D", 0.61, sd=0.61)).lead == "A-B changed."

    def test_passes_over_what_may_not_be_named(self):
        """Its way is not clear, or it is under half a point: `change_of` gives none."""

        def change_of(row):
            return told(row) if row.pair == "A-B" else None

        assert found(a_row("C-D", -1.2), a_row("A-B", 0.6), change_of=change_of).lead == (
            "A-B changed."
        )
        quiet = found(a_row("C-D", -1.2), change_of=change_of)
        assert quiet.lead.startswith("No major change in the past two weeks.")

    def test_counts_no_others_where_only_a_part_was_read(self):
        rest = found(a_row("A-B", 0.6), a_row("C-D", 0.6), whole=False).rest

        assert rest == "Others may have changed too. Two events explain it."

    def test_of_an_empty_record_says_so(self):
        assert found(day=None).lead == "Nothing is on record yet."
        assert found(newest=None).lead == "Nothing is on record yet."
        assert found(newest=None, past=True).lead == "Nothing was on record yet."

    def test_of_the_past_says_how_new_the_record_was(self):
        assert found(past=True).lead == (
            "As known on 1 June 2022, the newest report on file was of 24 May 2022."
        )
