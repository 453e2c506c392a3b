"""The sentence above all pairs, on cases made by hand."""

from datetime import date

from tracker.pages.overviewwords import Latest, Mover, headline

DAY = date(2022, 6, 1)


class TestTheHeadline:
    def test_says_that_there_is_nothing(self):
        assert headline(None, [], None) == "Nothing is on record yet."
        assert headline(DAY, [], None) == "Nothing is on record yet."

    def test_names_the_largest_shifts_and_counts_the_others(self):
        shifted = [
            Mover(called="A–B", amount=0.6, since=date(2022, 5, 28)),
            Mover(called="C–D", amount=-1.2, since=date(2022, 5, 25)),
            Mover(called="E–F", amount=0.7, since=date(2022, 5, 29)),
        ]

        assert headline(DAY, shifted, None) == (
            "C–D moved −1.2, E–F moved +.7 and one more shifted since 25 May 2022."
        )
        assert headline(DAY, shifted[:1], None) == "A–B moved +.6 since 28 May 2022."

    def test_says_what_moved_last_where_nothing_shifted(self):
        one = Latest(called=["A–B"], day=date(2022, 5, 24))
        four = Latest(called=["A–B", "C–D", "E–F", "G–H"], day=date(2022, 5, 24))

        assert headline(DAY, [], one) == (
            "No relation shifted in the two weeks to 1 June 2022. The last to move was A–B, in May"
            " 2022."
        )
        assert headline(DAY, [], four).endswith(
            "The last to move were A–B, C–D and two more, in May 2022."
        )
