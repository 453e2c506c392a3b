"""The finding of a triangle, on sides made by hand."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from uuid import UUID

import pytest

from tracker.domain.scoring.moments import Part
from tracker.domain.triads import Edge, triad
from tracker.findings.moves import Move
from tracker.findings.triangle import triangle_finding
from tracker.wording import Names

NAMED = Names(by_code={"CHN": "China", "KAZ": "Kazakhstan", "RUS": "Russia"})
PAIRS = ("CHN-KAZ", "CHN-RUS", "KAZ-RUS")


def an_edge(pair, *, known):
    """Above 0 with 99 %, or with a sign that is completely open."""
    low, high, positive = (1.0, 7.0, 0.99) if known else (-4.0, 4.0, 0.5)
    return Edge(pair=pair, value=4.0 if known else 0.0, low=low, high=high, positive=positive)


def a_move(amount):
    if not amount:
        return None
    ends = sorted((amount / 2, amount * 1.5))
    return Move(
        start=date(2022, 2, 28), end=date(2022, 3, 31), amount=amount, low=ends[0], high=ends[1],
        fell=float(amount < 0), rose=float(amount > 0), parts=(Part(UUID(int=7), amount),),
    )  # fmt: skip


def a_reading(edges, silent=()):
    """The sides that are not silent have one act each."""
    sides = [
        SimpleNamespace(direction=edge.pair, score=SimpleNamespace(claims=edge.pair not in silent))
        for edge in edges
    ]
    return SimpleNamespace(triad=triad(edges), sides=sides)


def found(amounts, known=(False, False, False), silent=()):
    edges = [an_edge(pair, known=is_known) for pair, is_known in zip(PAIRS, known, strict=True)]
    return triangle_finding(a_reading(edges, silent), [a_move(amount) for amount in amounts], NAMED)


class TestTheLead:
    @pytest.mark.parametrize(
        ("amounts", "known", "says"),
        [
            (
                (0, 0, -0.8),
                (False, False, False),
                "One side of the triangle has soured; too little is known of the other two.",
            ),
            (
                (0, -0.6, -0.8),
                (False, False, False),
                "Two sides of the triangle have soured; too little is known of the other.",
            ),
            (
                (0.6, 0, -0.8),
                (False, True, False),
                (
                    "One side of the triangle has soured; one has improved; one has not clearly"
                    " changed."
                ),
            ),
            (
                (0.6, 0, 0),
                (False, False, True),
                (
                    "One side of the triangle has improved; one has not clearly changed; too"
                    " little is known of the other."
                ),
            ),
            (
                (0, 0, 0),
                (False, False, False),
                "Too little is known of all three sides of the triangle.",
            ),
            ((0, 0, 0), (True, True, True), "No side of the triangle has clearly changed."),
            # Half a point is the smallest change that is named.
            ((0, 0, -0.49), (True, True, True), "No side of the triangle has clearly changed."),
        ],
    )
    def test_says_what_changed_and_what_is_not_known(self, amounts, known, says):
        assert found(amounts, known).lead == says


class TestTheRest:
    def test_names_the_sides_and_that_the_balance_is_not_known(self):
        assert found((0, 0, -0.8), silent=["CHN-KAZ"]).rest == (
            "Soured: Kazakhstan–Russia. No act is reported between China and Kazakhstan. Whether"
            " the three are in balance is not known."
        )

    def test_names_each_side_without_an_act(self):
        assert "No act is reported between China and Kazakhstan, or between China and Russia." in (
            found((0, 0, -0.8), silent=["CHN-KAZ", "CHN-RUS"]).rest
        )

    def test_gives_the_probability_where_the_signs_are_known(self):
        """½·(1 + .98³) = .97, which is about 95 %."""
        rest = found((0, 0, 0), (True, True, True)).rest

        assert "are in balance, with a probability of about 95" in rest
        assert "Nearest" not in rest

    def test_gives_no_number_for_a_balance_where_a_sign_is_not_known(self):
        sure, open_ = an_edge("CHN-KAZ", known=True), an_edge("KAZ-RUS", known=False)
        edges = [sure, an_edge("CHN-RUS", known=True), replace(open_, positive=0.9)]
        reading = a_reading(edges)

        rest = triangle_finding(reading, [None] * 3, NAMED).rest

        assert rest == "Whether the three are in balance is not known."

    def test_does_not_call_a_side_soured_if_half_of_the_change_was_for_the_better(self):
        move = replace(a_move(-0.8), parts=(Part(UUID(int=7), -1.6), Part(UUID(int=8), 0.8)))
        reading = a_reading([an_edge(pair, known=False) for pair in PAIRS])

        lead = triangle_finding(reading, [move, None, None], NAMED).lead

        assert lead == "Too little is known of all three sides of the triangle."

    def test_rests_on_the_claims_of_the_sides_that_changed(self):
        assert found((0, 0, -0.8)).claims == (UUID(int=7),)
        assert found((0, 0, -0.4)).claims == ()
