"""CAMEO's traps; the values are Goldstein's as the table has them."""

import pytest

from tests.kit.tables import each
from tracker.domain.codebooks import CODEBOOKS, UnknownCode, find

# where GDELT's column differs from ours, and ours
APART = [("016", -5.0), ("022", 3.4), ("1213", -4.0), ("164", -6.5), ("165", -7.0)]


class TestCameo:
    @each(("code", "value"), [*APART, ("0871", 9.0), ("09", -2.0), ("057", 8.0)])
    def test_has_goldstein_s_value_and_not_gdelt_s(self, code, value):
        assert find(f"cameo-1.1b3/{code}").value == value

    def test_codes_are_texts(self):
        assert find("cameo-1.1b3/010").label == "Make statement"
        assert find("cameo-1.1b3/10").label == "DEMAND"

    def test_163_is_sanctions_in_this_edition(self):
        assert find("cameo-1.1b3/163").label == "Impose embargo, boycott, or sanctions"
        assert find("cameo-1.1b3/164").label == "Halt negotiations"

    def test_protest_is_verbal_conflict(self):
        assert find("cameo-1.1b3/141").quad == "verbal_conflict"
        assert find("cameo-1.1b3/141").plover == "plover-2.0/PROTEST/demo"

    @each(
        ("code", "plover"),
        [
            ("163", "plover-2.0/COERCE/restrict"),
            ("0842", "plover-2.0/RETREAT"),
            ("036", "plover-2.0/AGREE"),
            ("012", ""),
            ("0871", "plover-2.0/CONCEDE"),
        ],
    )
    def test_gives_the_nearest_plover_code(self, code, plover):
        assert find(f"cameo-1.1b3/{code}").plover == plover

    def test_every_nearest_plover_code_exists(self):
        mapped = [code.plover for code in CODEBOOKS["cameo-1.1b3"].codes.values() if code.plover]

        assert len(mapped) > 200
        assert all(find(plover).code == plover for plover in mapped)

    @each(
        ("code", "speech", "assault", "needs_recipient"),
        [
            ("1312", True, False, False),
            ("112", True, False, False),
            ("0871", False, False, False),
            ("163", False, False, False),
            ("161", False, False, True),
            ("190", False, True, False),
            ("010", False, False, False),
        ],
    )
    def test_takes_speech_assault_and_recipient_from_plover(
        self, code, speech, assault, needs_recipient
    ):
        found = find(f"cameo-1.1b3/{code}")

        assert (found.speech, found.assault) == (speech, assault)
        assert found.requires_recipient == needs_recipient

    def test_suggests_the_contexts_that_there_are(self):
        assert find("cameo-1.1b3/091").contexts == ("crime", "corruption")
        assert find("cameo-1.1b3/073").contexts == ()

    @each(
        ("code", "why"),
        [
            ("1", "keep their leading zero, write 01"),
            ("871", "keep their leading zero, write 0871"),
            ("1639", "no code '1639'; nearest: .*163"),
            ("SANCTION", "no code 'SANCTION'; for example: 01, 02, 03$"),
            ("", "no code ''"),
            ("163/", "no code '163/'"),
        ],
    )
    def test_names_what_it_lacks_and_what_comes_nearest(self, code, why):
        with pytest.raises(UnknownCode, match=why):
            find(f"cameo-1.1b3/{code}")
