"""The state of a level at the close of a day, as knots keep it."""

from typing import NamedTuple

# In place of the day of an assessment.
NOTHING_ASSESSED = 0.0


class LevelState[T](NamedTuple):
    """Numbers of one series, or a row of numbers of many.

    `mean` and `second`: m and E[x²] of the level from a known start. `start`: the variance from the
    unknown start and from drift. `conflict`: the decayed sum of p·I² of conflict. `assessed`: the
    ordinal of the day on which a level was last assessed. `total` and `number`: the sum and the
    number of the days' mean acts. `unknown`: how much of the start is still unknown. `measured`:
    as `assessed`, also by claims that are too doubtful to be an assessment.
    """

    mean: T
    second: T
    start: T
    conflict: T
    assessed: T
    total: T
    number: T
    unknown: T
    measured: T


# A level of 0 without a past, nothing of which is known.
NOTHING_KNOWN = LevelState(0.0, 0.0, 0.0, 0.0, NOTHING_ASSESSED, 0.0, 0.0, 1.0, NOTHING_ASSESSED)
# The place of the day on which a level last moved to a measurement.
LAST_MEASURED = LevelState._fields.index("measured")
