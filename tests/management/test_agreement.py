"""The command that computes how far the coders of a table agree."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.kit.builders import AT, CODE, a_desk
from tests.kit.second_codings import a_sampled_claim
from tests.kit.workbooks import a_book
from tracker.domain.second_coding import Coding
from tracker.operations import second_coding

TABLE = """row,code_a,code_b,form_a,form_b,between_pair,first,second
1,AGREE,AGREE,act,situation,yes,x,x
2,VISIT,VISIT,situation,act,yes,x,y
3,VISIT,,act,,no,y,y
"""


@pytest.fixture
def agreement(tmp_path):
    """Run the command on a table."""

    def run(content, *options):
        file, out = tmp_path / "coded.csv", StringIO()
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        call_command("agreement", str(file), *options, stdout=out)
        return [line.split() for line in out.getvalue().splitlines()]

    return run


class TestAgreement:
    def test_is_computed_for_columns_that_differ_in_the_letter_of_a_coder(self, agreement):
        """Both agree on the codes; the forms of the first two rows are opposite: alpha −.5."""
        _, code, form, warning = agreement(TABLE)

        assert code == ["code", "2", "2", "1.000"]
        assert form == ["form", "2", "0", "-0.500"]
        assert " ".join(warning).startswith("Below 0.67: form. Do not rely on this coding")

    def test_is_computed_for_named_columns(self, agreement):
        """x x, x y, y y: two ordered couples differ, of 3 x and 3 y: 1 − 5 · 2/18 = .444."""
        [_, found, _] = agreement(TABLE, "--field", "kind=first, second")

        assert found == ["kind", "3", "2", "0.444"]

    def test_is_computed_for_a_workbook(self, agreement):
        rows = [line.split(",") for line in TABLE.splitlines()]

        assert agreement(a_book(*rows))[1] == ["code", "2", "2", "1.000"]

    def test_says_so_where_no_values_differ(self, agreement):
        _, found, note = agreement("x_a,x_b\nyes,yes\n")

        assert found == ["x", "1", "1", "–"]
        assert "no two values" in " ".join(note)

    @pytest.mark.parametrize(
        ("content", "options", "says"),
        [
            ("row,code\n1,x\n", [], "no columns of two coders, such as code_a and code_b"),
            (TABLE, ["--field", "code=code_a"], "not a field with its columns: code=FIRST,SECOND"),
            (TABLE, ["--field", "code=code_a,code_c"], "there is no column 'code_c'; nearest"),
            ("x_a,x_b\n1\n", [], "line 2: the row has 1 cells, the header 2"),
            ("", [], "there is no header on line 1"),
        ],
    )
    def test_names_what_is_wrong(self, agreement, content, options, says):
        with pytest.raises(CommandError, match=says):
            agreement(content, *options)

    def test_needs_a_file(self, tmp_path):
        with pytest.raises(CommandError, match="nowhere"):
            call_command("agreement", str(tmp_path / "nowhere.csv"))


@pytest.mark.django_db
class TestCollections:
    def test_are_those_of_which_claims_were_coded_twice(self):
        claim = a_sampled_claim(a_desk())
        coding = Coding(CODE, "act", "full")
        second_coding.code_again(claim, coding, expected=1, at=AT, by="bea")

        assert said()[:3] == [
            "curated: 1 claim coded twice",
            f"{'field':20}{'rows':>7}{'the same':>10}{'alpha':>9}",
            f"{'code':20}{1:7}{1:10}{'–':>9}",
        ]

    def test_are_none_before_the_first_coding(self):
        assert said() == [
            "No claim was coded twice yet. Name a table, or code claims under Second coding."
        ]


def said():
    out = StringIO()
    call_command("agreement", stdout=out)
    return out.getvalue().splitlines()
