"""The command that computes how far the codings of the same claims agree."""

from io import StringIO

import pytest
from django.core.management import call_command

from tests.kit.builders import AT, CODE, a_desk
from tests.kit.second_codings import a_sampled_claim
from tracker.domain.blind_review import Coding
from tracker.operations.blind_review import code_again

pytestmark = pytest.mark.django_db


def said():
    out = StringIO()
    call_command("agreement", stdout=out)
    return [line.split() for line in out.getvalue().splitlines()]


def test_has_a_line_for_each_field_and_names_the_low_ones():
    """Codes and strengths are all one value; the forms are opposite: alpha −.5."""
    desk = a_desk()
    for first, second in (("act", "situation"), ("situation", "act")):
        claim = a_sampled_claim(desk, kind=first)
        code_again(claim, Coding(CODE, second, "full"), expected=1, at=AT, by="bea")

    head, _, code, form, _, note, warning = said()

    assert head == ["curated:", "2", "claims", "coded", "twice"]
    assert code == ["code", "2", "2", "–"]
    assert form == ["form", "2", "0", "-0.500"]
    assert "no two values" in " ".join(note)
    assert " ".join(warning).startswith("Below 0.67: form. Do not rely on this coding")


def test_says_so_before_the_first_coding():
    [line] = said()

    assert " ".join(line) == "No claim was coded twice yet. Code claims under Second coding."
