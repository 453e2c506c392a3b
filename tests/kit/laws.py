"""With how many examples laws are tested. The profile holds for every one that names no other."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

# A busy machine draws slowly, the more so under coverage.
settings.register_profile(
    "tests", max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("tests")

# Of whole events, which are slow to draw.
SOME = settings(max_examples=5)
# Of events of all shapes.
WIDE = settings(max_examples=60)
# Of histories, each of which is written into a database.
FEW = settings(max_examples=4)
# Of histories in `make test-long`.
MANY = settings(max_examples=250)

type Tried = Callable[[Callable[..., None]], None]


def law(few: Sequence[Any], many: Sequence[Any]) -> pytest.MarkDecorator:
    """Try a law, which gets what tries a check: in few short histories, and in `make test-long` in
    many long ones, drawn from the strategies given."""

    def trying(how: settings, drawn: Sequence[Any]) -> Tried:
        return lambda check: how(given(*drawn)(check))()

    long = (pytest.mark.long, pytest.mark.timeout(1200))
    cases = [
        pytest.param(trying(FEW, few), id="few"),
        pytest.param(trying(MANY, many), id="many", marks=long),
    ]
    return pytest.mark.parametrize("tried", cases)
