"""Which claims say that somebody speaks, by their code."""

from dataclasses import replace

import pytest

from tests.kit.domain_builders import a_claim_state
from tracker.domain.evidence import is_speech

CLAIM = a_claim_state().claim


@pytest.mark.parametrize(
    ("code", "speaks"),
    [
        ("plover-2.0/ACCUSE", True),
        ("plover-2.0/COERCE", False),
        ("plover-2.0/NOTHING", False),
        (None, False),
    ],
)
def test_a_claim_says_that_somebody_speaks(code, speaks):
    assert is_speech(replace(CLAIM, code=code)) is speaks
