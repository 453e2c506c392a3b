"""CSV that no spreadsheet takes for formulas, and that reads back as it was."""

import csv
import io
from datetime import UTC, date, datetime
from operator import itemgetter
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.formulas import guarded
from tracker.exports import formats
from tracker.exports.tables import Column, Table, TableFacts

FACTS = TableFacts(log_id=UUID(int=1), incarnation=UUID(int=2), position=1, recorded_at=None)
STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def written(*rows: tuple[object, ...], kinds: str = "text") -> str:
    columns = tuple(
        Column(name=f"c{n}", type=kind, cell=itemgetter(n)) for n, kind in enumerate(kinds.split())
    )
    table = Table(name="t", title="", facts=FACTS, columns=columns, rows=rows, line=str)
    return b"".join(formats.chunks(table)).decode()


def unguarded(cell: str) -> str:
    """What the note that goes with a file says: take one apostrophe from what begins so."""
    bare = cell.lstrip("'")
    return cell[1:] if bare.startswith(STARTS) and cell.startswith("'") else cell


class TestGuard:
    @pytest.mark.parametrize("start", STARTS)
    def test_stands_before_whatever_a_spreadsheet_would_run(self, start: str) -> None:
        assert guarded(f"{start}1+1") == f"'{start}1+1"

    @pytest.mark.parametrize("text", ["", "a=1", " =1", "'tis", "''", "5-3", "Ä"])
    def test_leaves_everything_else_alone(self, text: str) -> None:
        assert guarded(text) == text

    @given(st.text(alphabet=[*STARTS, "'", "a", " "], max_size=6))
    def test_can_be_taken_away_again(self, text: str) -> None:
        assert unguarded(guarded(text)) == text
        assert not guarded(text).startswith(STARTS)

    def test_is_in_the_file_for_texts_and_for_lists_of_them(self) -> None:
        assert written(("=A1", ["=A1", "b"]), kinds="text texts") == "c0,c1\n'=A1,'=A1; b\n"

    def test_is_not_before_numbers(self) -> None:
        assert written((-4, -0.5, [-1.0]), kinds="integer number numbers").endswith(
            "-4,-0.5,-1.0\n"
        )


class TestCells:
    def test_are_read_back_as_they_were(self) -> None:
        text = 'a "b", c;\nd'

        (_, (cell,)) = csv.reader(io.StringIO(written((text,)), newline=""))

        assert cell == text

    def test_are_empty_where_nothing_is_known(self) -> None:
        assert written((None, None), kinds="text day") == "c0,c1\n,\n"

    def test_say_days_times_and_flags_plainly(self) -> None:
        moment = datetime(2022, 5, 24, 12, 0, 0, 7, UTC)
        row = (date(2022, 5, 24), moment, True, False)

        assert written(row, kinds="day moment flag flag").splitlines()[1] == (
            "2022-05-24,2022-05-24T12:00:00.000007Z,true,false"
        )

    @given(st.floats(allow_nan=False, allow_infinity=False))
    def test_have_all_digits_of_a_number(self, number: float) -> None:
        assert float(written((number,), kinds="number").splitlines()[1]) == number

    def test_are_all_there_where_there_are_more_than_are_written_at_once(self) -> None:
        rows = [(str(n),) for n in range(2 * formats.ROWS + 1)]

        assert written(*rows).splitlines() == ["c0", *(row[0] for row in rows)]
