"""With how many examples laws are tested. The profile holds for every one that names no other."""

from hypothesis import HealthCheck, settings

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
