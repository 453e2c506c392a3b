"""Which rises and falls are flagged as shifts, fast and slow, in the series of a benchmark."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from tracker.domain.shifts import Shift, assessed, daily, shifts, unreported
from tracker.queries.scores.pairs import Series


def flagged(series: Series, *, until: date) -> list[Shift]:
    """Return the shifts of a level up to a day, fast and slow."""
    if not series.knots:
        return []
    values = daily(series.scorer, series.knots, until=until)
    return shifts(
        values,
        first=series.knots[0].day,
        slow=True,
        assessed=assessed(series.scorer, series.knots),
        unreported=unreported(series.scorer, series.knots),
    )


def notes(found: Mapping[str, Sequence[Shift]]) -> Iterator[str]:
    """Describe the shifts of pairs: the share of rises by kind, then the slow ones."""
    every = [shift for of_pair in found.values() for shift in of_pair]
    for kind in ("fast", "slow", "all"):
        some = [shift for shift in every if kind in (shift.kind, "all")]
        rises = sum(shift.amount > 0 for shift in some)
        share = f", {100 * rises / len(some):.0f} % rises" if some else ""
        yield f"shifts, {kind}: {rises} rises, {len(some) - rises} falls{share}"
    for pair, of_pair in found.items():
        slow = (shift for shift in of_pair if shift.kind == "slow")
        spans = [f"{shift.amount:+.1f} {shift.start:%Y-%m} to {shift.peak:%Y-%m}" for shift in slow]
        yield f"  {pair} slow: {', '.join(spans) or 'none'}"
