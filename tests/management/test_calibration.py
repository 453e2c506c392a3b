"""`manage.py calibration` prints what was confirmed of claims of each certainty, and
`manage.py agreement` how far the codings of the same claims agree."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.kit.builders import AT, CODE, a_desk
from tests.kit.second_codings import a_sampled_claim
from tests.kit.verdicts import judge
from tracker import log
from tracker.domain.blind_review import Coding
from tracker.operations.blind_review import code_again

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(capsys):
    def calibration(*options: str) -> str:
        call_command("calibration", *options)
        return capsys.readouterr().out

    return calibration


class TestCalibration:
    def test_prints_the_record_up_to_a_position(self, desk, run):
        judge(desk.asserts().stream)
        position = log.head().position
        judge(desk.asserts().stream, "unverifiable")

        text = run("--as-of", str(position))

        assert text.startswith(f"standing@1, position {position}\n")
        assert "1 decided claim: too few, 19 more make a record" in text
        assert "reliability C        p 0.6500     1 of 1" in text
        # .35² = .1225; its one bin is as far from p, and the base rate is 1.
        assert "Brier 0.1225 = reliability 0.1225 − resolution 0.0000" in text
        assert "+ uncertainty 0.0000 + within bins 0.0000" in text
        assert "(0.50 to 1.00 with them)" in run()

    def test_refuses_a_position_that_is_not_there_and_a_lens_that_is_none(self, desk, run):
        with pytest.raises(CommandError, match="is not on record"):
            run("--as-of", "100000")
        with pytest.raises(CommandError, match="there is no lens 'none'"):
            run("--lens", "none")


def test_a_grade_that_is_wrong_gets_a_proposal(desk, run):
    for _ in range(40):
        judge(desk.asserts().stream, "false")

    text = run()

    assert text.count("Proposed for a new table") == 1
    assert "Proposed for a new table of certainties: reliability C" in text


def said():
    out = StringIO()
    call_command("agreement", stdout=out)
    return [line.split() for line in out.getvalue().splitlines()]


def test_agreement_has_a_line_for_each_field_and_names_the_low_ones():
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


def test_agreement_says_so_before_the_first_coding():
    [line] = said()

    assert " ".join(line) == "No claim was coded twice yet. Code claims under Second coding."
