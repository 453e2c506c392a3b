"""The names of levels."""

from tests.kit.tables import each
from tracker.domain.scoring import bands


class TestBands:
    @each(
        ("value", "name"),
        [
            (-9.0, "confrontation"),
            (-6.01, "confrontation"),
            (-6.0, "tension"),
            (-3.01, "tension"),
            (-3.0, "discord"),
            (-1e-17, "discord"),
            (0.0, "normal"),
            (2.99, "normal"),
            (3.0, "good"),
            (6.0, "friendly"),
            (9.0, "friendly"),
        ],
    )
    def test_hold_their_lower_edge(self, value, name):
        found = dict(zip(bands.BANDS, bands.chances(value, sd=0, top=9), strict=True))

        assert found.pop(name) == 1
        assert not any(found.values())
