"""How the weight of an assault follows from the number of dead."""

from decimal import Decimal
from typing import NamedTuple

from tracker.domain.claims import Claim, Magnitude
from tracker.domain.codebooks import Code

UNITS = frozenset({"death", "deaths", "dead", "killed", "fatality", "fatalities"})


class Toll(NamedTuple):
    """The share of a code's full weight that a number of dead gives, and the number in words."""

    share: float
    says: str


# Each class lowers the value by about one: on the default scale a value of -10 moves a level by -6,
# -9 by -4, -8 by -1.5 and -7 by -.7.
_CLASSES: tuple[tuple[Decimal, Toll], ...] = (
    (Decimal(1000), Toll(1.0, "1,000 dead or more")),
    (Decimal(25), Toll(0.67, "25 to 999 dead")),
    (Decimal(1), Toll(0.25, "1 to 24 dead")),
    (Decimal(0), Toll(0.12, "nobody killed")),
)
_UNKNOWN = Toll(1.0, "number of dead not given")


def toll_of(claim: Claim, code: Code) -> Toll | None:
    """Return the share of its weight that an assault has by its number of dead; None for other
    acts.

    The number is the claim's magnitude, in `UNITS`. Without one the weight is the full one.
    """
    if not code.assault:
        return None
    dead = _dead(claim.magnitude)
    if dead is None:
        return _UNKNOWN
    return next(toll for least, toll in _CLASSES if dead >= least)


def _dead(magnitude: Magnitude | None) -> Decimal | None:
    """The number of dead; None if the claim measures something else, a change, or nothing."""
    if magnitude is None or magnitude.change or magnitude.value < 0:
        return None
    return magnitude.value if magnitude.unit.strip().casefold() in UNITS else None
