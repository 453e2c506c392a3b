"""The sentence above all pairs, on cases made by hand."""

from datetime import date

from tracker.pages.overview import Mover, headline, past_headline

DAY = date(2022, 6, 1)


def a_mover(called, amount, day, sd=0.1, **more):
    return Mover(name=called, amount=amount, sd=sd, since=date(2022, 5, day), **more)


class TestTheHeadline:
    def test_says_that_there_is_nothing(self):
        assert headline(None, [], None) == "Nothing is on record yet."
        assert headline(DAY, [], None) == "Nothing is on record yet."

    def test_names_the_largest_shifts_and_counts_the_others(self):
        shifted = [a_mover("A–B", 0.6, 28), a_mover("C–D", -1.2, 25), a_mover("E–F", 0.7, 29)]

        assert headline(DAY, shifted, None) == (
            "C–D moved −1.2, E–F moved +0.7 and one more shifted since 25 May 2022."
        )
        assert headline(DAY, shifted[:1], None) == "A–B moved +0.6 since 28 May 2022."

    def test_names_a_sure_move_before_a_larger_one_that_may_be_chance(self):
        """1.0 at 2.5 sd is sure by .988; 1.005 at a ratio of 1 sd by .683."""
        sure, unsure = a_mover("A–B", 1.0, 28, sd=0.4), a_mover("C–D", 1.005, 28, sd=1.005)

        assert headline(DAY, [unsure, sure], None).startswith("A–B moved +1.0 and C–D")

    def test_names_the_first_day_of_a_slow_move_with_it(self):
        slow, fast = a_mover("A–B", 0.9, 3, slow=True), a_mover("C–D", -0.6, 28)

        assert headline(DAY, [slow], None) == "A–B slowly moved +0.9 since 3 May 2022."
        assert headline(DAY, [slow, fast], None) == (
            "A–B slowly moved +0.9 since 3 May 2022 and C–D moved −0.6 since 28 May 2022."
        )

    def test_takes_a_pair_that_never_moved_before_for_sure(self):
        assert headline(DAY, [a_mover("A–B", 0.6, 28, sd=0)], None).startswith("A–B moved +0.6")

    def test_counts_no_others_where_only_a_part_was_read(self):
        shifted = [a_mover(f"{n:02}–X", 1.0, 28) for n in range(50)]

        assert headline(DAY, shifted, None, whole=False) == (
            "00–X moved +1.0, 01–X moved +1.0 and others shifted since 28 May 2022."
        )

    def test_says_how_new_the_record_is_where_nothing_shifted(self):
        assert headline(DAY, [], date(2022, 5, 24)) == (
            "No major change in the two weeks to 1 June 2022. The latest event on record dates from"
            " 24 May 2022."
        )


class TestThen:
    def test_says_how_new_the_record_was(self):
        assert past_headline(DAY, date(2022, 5, 24)) == (
            "As known on 1 June 2022, the latest event on record dated from 24 May 2022."
        )
        assert past_headline(DAY, None) == "Nothing was on record yet."
