"""Parquet, read back by a reader that has nothing in common with what wrote it."""

import io
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from operator import itemgetter
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import pytest

from tracker.exports import parquet
from tracker.exports.tables import Column, Table, TableFacts, Type

FACTS = TableFacts(log_id=UUID(int=1), incarnation=UUID(int=2), position=7, recorded_at=None)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "t.parquet"


def a_table(rows: Any, *columns: Column) -> Table[Any]:
    placed = tuple(replace(one, cell=itemgetter(place)) for place, one in enumerate(columns))
    return Table(name="t", title="", facts=FACTS, columns=placed, rows=rows, line=str)


def save(file: Path, rows: Any, *columns: Column) -> None:
    with file.open("wb") as out:
        parquet.write(a_table(rows, *columns), out)


def ask(file: Path, sql: str) -> list[tuple[Any, ...]]:
    return duckdb.sql(sql.replace("FILE", f"'{file}'")).fetchall()


# The type in DuckDB of each type of a column.
TYPES: dict[Type, str] = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "flag": "BOOLEAN",
    "day": "DATE",
    "moment": "TIMESTAMP WITH TIME ZONE",
    "texts": "VARCHAR[]",
    "numbers": "DOUBLE[]",
}


class TestValues:
    def test_of_each_type_read_back_as_they_were(self, file: Path) -> None:
        moment = datetime(2022, 5, 24, 12, 0, 0, 7, UTC)
        columns = [Column(name=f"c_{one}", type=one) for one in TYPES]
        full = ("Ә\n=1", 2**40, 0.1, True, date(2022, 5, 24), moment, ["a", ""], [0.1, -2.0])
        old: tuple[Any, ...] = (
            "",
            -1,
            -0.0,
            False,
            date(1, 1, 1),
            datetime(1, 1, 1, tzinfo=UTC),
            [],
            [],
        )
        none: tuple[Any, ...] = (None, None, None, None, None, None, [], [])

        save(file, [full, old, none], *columns)

        read = ask(file, "SELECT * REPLACE (epoch_us(c_moment) AS c_moment) FROM FILE")
        micros = [
            None if row[5] is None else (row[5] - EPOCH) // timedelta(microseconds=1)
            for row in (full, old, none)
        ]
        assert read == [
            (*row[:5], at, *row[6:]) for row, at in zip((full, old, none), micros, strict=True)
        ]
        described = ask(file, "DESCRIBE SELECT * FROM FILE")
        assert [row[1] for row in described] == [*TYPES.values()]

    def test_are_all_there_in_groups_of_rows(self, file: Path, monkeypatch) -> None:
        monkeypatch.setattr(parquet, "BATCH", 3)
        monkeypatch.setattr(parquet, "GROUP", 10)

        save(file, ((n,) for n in range(25)), Column(name="n", type="integer"))

        assert ask(file, "SELECT n FROM FILE") == [(n,) for n in range(25)]
        groups = "SELECT row_group_num_rows FROM parquet_metadata(FILE) ORDER BY row_group_id"
        assert ask(file, groups) == [(10,), (10,), (5,)]

    def test_may_be_none_at_all(self, file: Path) -> None:
        save(file, [], Column(name="n", type="integer"), Column(name="s"))

        assert ask(file, "SELECT n, s FROM FILE") == []

    def test_go_with_the_position_that_they_are_of(self, file: Path) -> None:
        save(file, [(1,)], Column(name="n", type="integer"))

        said = ask(file, "SELECT value FROM parquet_kv_metadata(FILE) WHERE key = 'entente'")
        assert said == [(f'{{"log": "{UUID(int=1)}", "as_of": 7}}'.encode(),)]


class Stopped(Exception):
    pass


class TestTrouble:
    @pytest.mark.parametrize("problem", [Stopped, KeyboardInterrupt])
    def test_with_the_rows_comes_out_as_what_it_is(self, file: Path, problem) -> None:
        def rows():
            yield (1,)
            raise problem("why")

        with pytest.raises(problem, match="why"):
            save(file, rows(), Column(name="n", type="integer"))

    @pytest.mark.parametrize("room", [0, 10_000])
    def test_with_the_file_comes_out_as_what_it_is(self, room: int, monkeypatch) -> None:
        monkeypatch.setattr(parquet, "BATCH", 100)
        monkeypatch.setattr(parquet, "GROUP", 100)
        pulled = 0

        def rows():
            nonlocal pulled
            for n in range(100_000):
                pulled += 1
                yield (n,)

        with pytest.raises(OSError, match="no space left"):
            parquet.write(a_table(rows(), Column(name="n", type="integer")), Full(room))
        assert pulled < 10_000


class Full(io.RawIOBase):
    """A disk with so many bytes left."""

    def __init__(self, room: int) -> None:
        self.room = room

    def write(self, data) -> int:
        self.room -= len(data)
        if self.room < 0:
            raise OSError(28, "no space left")
        return len(data)


class TestTheExtra:
    def test_is_not_loaded_by_other_formats(self) -> None:
        code = (
            "import sys, django; django.setup(); from tracker.exports import formats, requests;"
            "sys.exit('arro3' in str(sorted(sys.modules)))"
        )
        subprocess.run([sys.executable, "-c", code], check=True)
