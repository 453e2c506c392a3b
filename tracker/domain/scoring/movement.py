"""The change of a level over a window of days, with its interval and chances."""

from typing import NamedTuple


class Movement(NamedTuple):
    """The expected change in points, its 90 % interval, and the probabilities that the level fell
    and that it rose. They may not add up to 1: it may not have moved."""

    value: float
    low: float
    high: float
    fell: float
    rose: float
