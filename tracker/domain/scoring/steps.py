"""How far each act moved a level over a window: the steps of the days, one after the other.

On its day an act moves the level from where it is, so its step has two parts: what it adds, and
what it takes of the level that it meets. With p, the impact I and k = |I|/N it is p·(I − k·M): M is
the level on the evening before, given that the act is true. Between acts a level stays where it is,
since time alone moves only its interval. So the steps of a window sum to its movement, and nothing
is left over.

`contributions` answer another question: what is left of each act in the level of today. An act of
long ago has lost some of that to the acts after it. These losses are part of their steps here.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from tracker.domain.scoring.contributions import Run


class Steps(NamedTuple):
    """The steps of each claim over a window, summed over its days, without those that moved
    nothing; and those of the usual acts of the pair, which a lens over an archive removes."""

    by_claim: Mapping[UUID, float]
    usual: float = 0.0


def of_runs(runs: Iterable[Run], begin: float, *, top: float) -> Steps:
    """Return the steps of some days, which begin at the level `begin`. They sum to the change of
    the mean within 1e-9.

    The acts of one day are symmetric: all of them meet the level of the evening before, as the
    model has it, and no order among them matters.
    """
    steps: dict[UUID, float] = {}
    usual = 0.0
    for run in runs:
        own, of_usual = _of_day(run, begin, top=top)
        after = run.state.mean
        if run.kept != 1:
            # At an end of the scale a level is scaled back: the steps of its day share that.
            part = (after - begin) / (sum(amount for _, amount in own) + of_usual)
            own, of_usual = [(claim, part * amount) for claim, amount in own], part * of_usual
        for claim, amount in own:
            steps[claim] = steps.get(claim, 0.0) + amount
        usual += of_usual
        begin = after
    return Steps({claim: step for claim, step in steps.items() if step}, usual)


def _of_day(run: Run, begin: float, *, top: float) -> tuple[list[tuple[UUID, float]], float]:
    """The steps of the claims of a day, and that of the usual act."""
    scale, met = run.effect.scale, run.effect.met
    own = []
    for one in run.of_day.given:
        level = begin if one.draw is None else begin + met.get(one.draw, 0.0)
        own.append((one.claim, scale * one.p * (one.impact - abs(one.impact) / top * level)))
    return own, -scale * (run.usual + abs(run.usual) / top * begin)
