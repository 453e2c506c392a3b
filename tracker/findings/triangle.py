"""What is said of a triangle: which sides changed, what is not known, and how probable a balance
is."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.domain.scoring.evidence import Pull
from tracker.domain.triads import Triad
from tracker.findings import moves
from tracker.findings.facts import Finding
from tracker.findings.moves import Move
from tracker.lens_names import is_machine
from tracker.queries.scores.pairs import Series
from tracker.queries.scores.triads import DetailedTriad
from tracker.wording import Names, balance_sentence, capitalised, in_words, listed

SIDES = 3


def triangle_finding(reading: DetailedTriad, moved: Sequence[Move | None], named: Names) -> Finding:
    """Return the finding of a triangle. `moved` are those of its sides, in the order of its edges.

    A side soured or improved if its move may be named and no half of it pulled the other way; of
    others with an interval that contains 0 too little is known, and the rest did not change.
    """
    pairs = [edge.pair for edge in reading.triad.edges]
    clear = {pair: move for pair, move in zip(pairs, moved, strict=True) if move and move.clear}
    soured = [pair for pair, move in clear.items() if move.amount < 0]
    improved = [pair for pair, move in clear.items() if move.amount > 0]
    unknown = [edge.pair for edge in reading.triad.undetermined if edge.pair not in clear]
    steady = [pair for pair in pairs if pair not in clear and pair not in unknown]
    lead = _lead(soured, improved, steady, unknown)
    changed = _which(soured, improved, named)
    idle = [side.direction for side in reading.sides if not side.score.claims]
    nothing = ""
    if idle:
        between = _(", or between ").join(named.direction(pair, first=False) for pair in idle)
        nothing = _("No act is reported between %(pairs)s.") % {"pairs": between}
    rest = " ".join(filter(None, (changed, nothing, _balance(reading.triad, named))))
    claims = tuple(part.claim for move in clear.values() for part in move.parts if part.amount)
    return Finding(lead=lead, rest=rest, claims=claims)


def _balance(triad: Triad, named: Names) -> str:
    """How probable a balance is, and why; without a number where a sign is not known."""
    if triad.undetermined or triad.balance == "undetermined":
        return _("Whether the three are in balance is not known.")
    return balance_sentence(triad, named)


class Side(NamedTuple):
    """A side with its claims; None where they are too many to read."""

    series: Series
    pulls: Sequence[Pull] | None


def moves_of_sides(
    reading: DetailedTriad, sides: Iterable[Side], *, chosen: bool = False
) -> list[Move | None]:
    """Return the move of each side that a sentence may name, in the order of the edges, from the
    `sides` in any order: of a side whose claims are not read, the whole movement. `chosen`: the
    reader chose the start of the movements."""
    by_pair = {side.series.pair: side for side in sides}
    months = not is_machine(reading.lens.lens)
    found: list[Move | None] = []
    for side in reading.sides:
        series, pulls = by_pair[side.direction]
        moved = side.movement if side.score.claims else None
        if pulls is None:
            found.append(moves.whole(moved, chosen=chosen) if moved else None)
        else:
            found.append(moves.find(series, pulls, moved, chosen=chosen, months=months))
    return found


def _lead(
    soured: Sequence[str], improved: Sequence[str], steady: Sequence[str], unknown: Sequence[str]
) -> str:
    if len(unknown) == SIDES:
        return _("Too little is known of all three sides of the triangle.")
    if len(steady) == SIDES:
        return _("No side of the triangle has clearly changed.")
    clauses = [_soured(len(soured))] if soured else []
    if improved:
        clauses.append(_improved(len(improved), first=not clauses))
    if steady:
        clauses.append(_steady(len(steady), first=not clauses))
    if unknown:
        clauses.append(
            ngettext(
                "too little is known of the other",
                "too little is known of the other two",
                len(unknown),
            )
        )
    return capitalised(f"{'; '.join(clauses)}.")


def _soured(number: int) -> str:
    return ngettext(
        "%(number)s side of the triangle has soured",
        "%(number)s sides of the triangle have soured",
        number,
    ) % {"number": in_words(number)}


def _improved(number: int, *, first: bool) -> str:
    given = {"number": in_words(number)}
    if first:
        text = ngettext(
            "%(number)s side of the triangle has improved",
            "%(number)s sides of the triangle have improved",
            number,
        )
        return text % given
    return ngettext("%(number)s has improved", "%(number)s have improved", number) % given


def _steady(number: int, *, first: bool) -> str:
    given = {"number": in_words(number)}
    if first:
        text = ngettext(
            "%(number)s side of the triangle has not clearly changed",
            "%(number)s sides of the triangle have not clearly changed",
            number,
        )
        return text % given
    return (
        ngettext(
            "%(number)s has not clearly changed",
            "%(number)s have not clearly changed",
            number,
        )
        % given
    )


def _which(soured: Sequence[str], improved: Sequence[str], named: Names) -> str:
    """Which sides changed: "Soured: Kazakhstan–Russia."."""
    parts = []
    if soured:
        names = listed([named.joined(pair) for pair in soured])
        parts.append(_("Soured: %(pairs)s.") % {"pairs": names})
    if improved:
        names = listed([named.joined(pair) for pair in improved])
        parts.append(_("Improved: %(pairs)s.") % {"pairs": names})
    return " ".join(parts)
