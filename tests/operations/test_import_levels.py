"""Levels of pairs come in by mappings and from data sets."""

import gzip
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.kit.builders import AT, BY, a_desk, an_actor
from tests.kit.data_sets import FILES
from tests.kit.histories import undone
from tests.kit.imports import claims, counts, take_in
from tests.operations.test_follow_up_events import alike
from tests.operations.test_roundtrip import exported
from tracker.domain.claims import Level
from tracker.domain.records import Name
from tracker.imports import structural
from tracker.imports.files import ImportOptions
from tracker.imports.formats import mappings
from tracker.imports.formats.pair_levels import PairDay
from tracker.imports.runs import Author
from tracker.operations import actors

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).resolve().parents[2] / "fixtures" / "samples"
MAPPING = """
[collection]
name = "panel"

[claim]
kind = "level"
summary = {template = "{who} puts {one} and {other} at {level}."}
level = {column = "level"}
level_sd = {column = "sd"}
rung = {column = "rung"}

[occurred]
date = {column = "day"}

[[parties]]
role = "about"
name = {column = "one", scheme = "iso2"}

[[parties]]
role = "about"
name = {column = "other", scheme = "cow3"}

[document]
title = "The panel of May 2022"
publisher = {column = "who"}
"""
HEADER = b"who,one,other,level,sd,rung,day\n"


def panel(*rows: bytes):
    how = ImportOptions(mapping=mappings.read(MAPPING))
    return take_in(HEADER + b"".join(rows), how)


class TestByAMapping:
    def test_become_claims_of_kind_level(self):
        panel(b"Ann,KZ,RUS,4.5,1.5,,2022-05-24\n", b"Bo,KZ,CHN,,,structural-1/pact,2022-05-24\n")

        found = {one.claim.level for one in claims()}
        assert found == {
            Level(value=Decimal("4.5"), sd=Decimal("1.5")),
            Level(rung="structural-1/pact"),
        }

    @pytest.mark.parametrize(
        ("row", "column"),
        [
            (b"Ann,KZ,RUS,-2,2,structural-1/lesser-rivalry,2022-05-24\n", ""),
            (b"Ann,KZ,RUS,-3,2.5,structural-1/lesser-rivalry,2022-05-24\n", ""),
            (b"Ann,KZ,RUS,good,2.5,structural-1/lesser-rivalry,2022-05-24\n", "level"),
            (b"Ann,KZ,RUS,-2,2.5,structural-1/war,2022-05-24\n", "rung"),
            (b"Ann,KZ,RUS,10,1.5,,2022-05-24\n", "level"),
            (b"Ann,KZ,RUS,4.5,,,2022-05-24\n", "sd"),
            (b"Ann,KZ,RUS,,,structural-1/war,2022-05-24\n", "rung"),
            (b"Ann,KZ,KZK,4,1,,2022-05-24\n", "other"),
        ],
    )
    def test_are_refused_by_the_column_that_is_wrong(self, row, column):
        [refused] = panel(row).refused

        assert refused.column == column

    def test_are_about_countries_on_a_day(self):
        """Also where another value of the row is wrong."""
        person = an_actor(None, kind="person", names=(Name(text="Vladimir Putin"),))
        actors.describe_actor(person, at=AT, by=BY)
        mapping = mappings.read(MAPPING.replace(', scheme = "cow3"', ""))
        rows = (
            b"Ann,KZ,Vladimir Putin,4.5,1.5,,2022-05-24\n",
            b"Ann,KZ,Vladimir Putin,10,1.5,,2022-05-24\n",
            b"Ann,KZ,RUS,4.5,1.5,,2022-05-24/..\n",
        )

        first, second, third = take_in(
            HEADER + b"".join(rows), ImportOptions(mapping=mapping)
        ).refused

        assert [fault.column for fault in first.faults] == ["other"]
        assert first.reason.endswith("the kind of this party is person")
        assert {fault.column for fault in second.faults} == {"other", "level"}
        assert [fault.column for fault in third.faults] == ["day"]
        assert not claims()

    def test_of_the_sample_have_a_root_for_each_member(self):
        mapping = mappings.read((SAMPLES / "panel.toml").read_text())

        taken = take_in((SAMPLES / "panel.csv").read_bytes(), ImportOptions(mapping=mapping))

        assert counts(taken) == {"new": 7}
        levels = [one.claim.level for one in claims()]
        assert sum(level.rung is not None for level in levels) == 2
        assert {level.mean for level in levels} == {5, 4, 2.5, -5, -6}
        assert len({one.claim.citations[0].chain for one in claims()}) == 3


class TestOfALine:
    def test_come_back_as_they_were_exported(self):
        with undone():
            desk = a_desk()
            desk.gives_level("-1.50", "2")
            desk.gives_level(rung="structural-1/pact", day="2020")
            lines = exported()

        first = take_in(lines)
        second = take_in(exported())

        assert counts(first) == {"new": 2}
        assert counts(second) == {"known": 2}
        assert alike(exported(), "records") == alike(lines, "records")


class TestOfDataSets:
    def test_come_in_by_the_preset_that_is_named(self, tmp_path, capsys):
        file = tmp_path / "atop5_1dy.csv.gz"
        file.write_bytes(gzip.compress(FILES["atop"]))

        call_command("import", str(file), "--preset", "atop")

        assert "import: added 3 claims" in capsys.readouterr().out
        assert {one.claim.key for one in claims()} == {
            "structural-1 KAZ-RUS 2018-12-31",
            "structural-1 CHN-KAZ 2018-12-31",
            "structural-1 CHN-USA 2020-12-31",
        }

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("rivalries", {"new": 3, "repeated": 1, "refused": 1}),
            ("atop", {"new": 3, "repeated": 1, "refused": 1}),
            ("cow-disputes", {"new": 2}),
            ("gml-disputes", {"new": 1}),
            ("un-votes", {"new": 1, "repeated": 1, "refused": 1}),
            ("ucdp-dyads", {"new": 2, "refused": 1}),
            ("ucdp-events", {"new": 1}),
            ("structural", {"new": 2}),
        ],
    )
    def test_are_added_once(self, name, expected):
        first, second = take_in(FILES[name]), take_in(FILES[name])

        known = {("known" if key == "new" else key): n for key, n in expected.items()}
        assert (counts(first), counts(second)) == (expected, known)

    def test_of_a_newer_edition_correct_those_that_came_before_if_asked(self):
        """Both are of one day and pair: the edition is another document."""
        author = Author(now=lambda: AT, by=BY)
        structural.load([PairDay("KAZ-RUS")], author=author)

        asis = take_in(FILES["atop"])
        applied = take_in(FILES["atop"], ImportOptions(apply_changes=True))

        assert counts(asis)["changed"] == 1
        assert applied.report.corrections == 1
