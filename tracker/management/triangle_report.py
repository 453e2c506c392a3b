"""Prints a triangle of countries: its sides, its balance, and the act that would flip it."""

import math
from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from tracker import wording
from tracker.domain import codebooks
from tracker.domain.codebooks import Choice
from tracker.domain.triads import Edge, Triad
from tracker.management.terminal_report import thousandths
from tracker.queries.evidence.explanation import step_of
from tracker.queries.scores.triads import DetailedTriad
from tracker.wording import day_in_words, listed, signed

SCHEME = "plover-2.0/"
_MEANS = {
    "balanced": "an even number of values is negative, so it is stable.",
    "unbalanced": "an odd number of values is negative, so it is under strain.",
}


def print_triangle(out: Console, triangle: DetailedTriad) -> None:
    out.print(Text(f"{_dashed(triangle.name)} on {day_in_words(triangle.day)}", style="bold"))
    out.print(f"lens {triangle.lens.label}, as known at position {triangle.position}")
    out.print()
    for line in _sides(triangle.triad):
        out.print(line)
    out.print()
    for line in (*_balance(triangle.triad), _strength(triangle.triad), *_nearest_flip(triangle)):
        for piece in Text(line).wrap(out, out.width):
            out.print(piece.plain.rstrip(), soft_wrap=True)


def _sides(triad: Triad) -> Iterator[str]:
    yield f"{'side':8} {'standing':>8}  {'90 % interval':14}  {'x':>7}  sign"
    for edge in triad.edges:
        interval = f"{signed(edge.low, 2)} to {signed(edge.high, 2)}"
        yield (
            f"{_dashed(edge.pair):8} {thousandths(edge.value):>8}  {interval:14}"
            f"  {signed(edge.x, 4):>7}  {wording.sign(edge)}"
        )


def _balance(triad: Triad) -> Iterator[str]:
    """What is more probable, and how the probability is made up."""
    meaning = _MEANS.get(triad.balance, "neither is more probable.")
    yield f"Balance: {wording.balance(triad)}; {meaning}"
    factors = " · ".join(f"({signed(2 * edge.positive - 1, 4)})" for edge in triad.edges)
    yield (
        f"P(balanced) = ½ · (1 + {factors}) = {triad.balanced:.4f}, with the three sides taken as"
        " independent; a factor is 2 · P(positive) − 1."
    )


def _strength(triad: Triad) -> str:
    product = " · ".join(f"{abs(edge.x):.4f}" for edge in triad.edges)
    return f"Strength: {triad.strength:.3f}, the cube root of {product}; the maximum is 1."


def _nearest_flip(triangle: DetailedTriad) -> Iterator[str]:
    """The side nearest to a change of sign, and the least act that would change it."""
    idle = [side.direction for side in triangle.sides if not side.score.claims]
    if idle:
        yield f"Nothing on record moves {listed([_dashed(pair) for pair in idle])}."
        return
    edge = triangle.triad.nearest_flip
    needed = flipping(edge)
    if not needed:
        yield f"Nearest to a change of sign: {_dashed(edge.pair)}, at 0: any act gives it a sign."
        return
    yield (
        f"Nearest to a change of sign: {_dashed(edge.pair)}, at {thousandths(edge.value)}. It would"
        f" take {thousandths(needed)} on one day, since a standing m comes to 0 by |I| = |m|/(1 +"
        f" |m|/{edge.top:g})."
    )
    yield f"For example {_example(triangle, needed)}."


def flipping(edge: Edge) -> float:
    """The impact that moves a standing to 0, against its sign: m·(1 − k) + I = 0, with
    k = |I|/N, gives |I| = |m|/(1 + |m|/N)."""
    size = abs(edge.value) / (1 + abs(edge.value) / edge.top)
    return -math.copysign(size, edge.value) if edge.value else 0.0


def _example(triangle: DetailedTriad, needed: float) -> str:
    """The code with the smallest sufficient step; else the largest, and how many of it."""
    steps = [
        (abs(step), choice)
        for choice in codebooks.choices()
        if choice.code.startswith(SCHEME) and choice.value is not None
        for step in [step_of(triangle.lens, choice.value)]
        if step * needed > 0
    ]
    enough = [item for item in steps if item[0] >= abs(needed)]
    size, choice = min(enough, key=_order) if enough else max(steps, key=_order)
    number = "one" if enough else f"at least {math.ceil(abs(needed) / size)}"
    step = thousandths(math.copysign(size, needed))
    code = choice.code.removeprefix(SCHEME)
    return f"{number} certain and full {code} of a government (step {step})"


def _order(step: tuple[float, Choice]) -> tuple[float, str]:
    return step[0], step[1].code


def _dashed(name: str) -> str:
    return name.replace("-", "–")
