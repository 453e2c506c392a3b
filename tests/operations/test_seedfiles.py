"""The seed's files are read without guessing, and every mistake names its place."""

import shutil
from uuid import uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.events import NAMESPACE
from tracker.operations import ids
from tracker.operations.seed import steps
from tracker.operations.seed_files import FOLDER, BadSeed, parse

# The file, what stands there, what somebody wrote in its place, what is said to that.
MISTAKES = [
    (
        "claims.yaml",
        "initiators: [TUR]",
        "initiators: [TURK]",
        "claims.yaml, entry 42, initiators: there is no actor 'TURK'; nearest: TUR",
    ),
    ("claims.yaml", 'value: "-98"', "value: -98", "entry 36, magnitude.value: must be a decimal"),
    ("claims.yaml", 'verdict: "false"', "verdict: false", "entry 32, verdict.verdict: must be one"),
    ("claims.yaml", "part_of: [16]", "part_of: 16", "entry 17, part_of: must be a list"),
    ("claims.yaml", "hedge: appear", "hedges: appear", "entry 1, hedges: Unknown field"),
    ("claims.yaml", "\n  2:\n", "\n  1:\n", "claims.yaml: duplicate key 1"),
    ("claims.yaml", "    about: [RUS, KAZ]", "\tabout: [RUS, KAZ]", "claims.yaml: while scanning"),
    ("actors.yaml", "members: [KAZ,", "members: [KAZA,", "entry central-asia, members.0: there is"),
    ("actors.yaml", "mail-ru:", "KAZ:", "actors.yaml, entry KAZ: is a country"),
    ("countries.yaml", "\nTUR:", "\nTRK:", "countries.yaml, entry TRK: is not in the list"),
    (
        "lenses.yaml",
        'method: "1"',
        'method: "1"\n    collections: [imported]',
        "entry standing, view.collections.0: there is no",
    ),
    ("lenses.yaml", "bloc: {", "bloc: x # {", "entry standing-ru-cn, view.bloc: must be a mapping"),
    (
        "memberships.csv",
        "eu,AUT,",
        "eur,AUT,",
        "memberships.csv, line 2: there is no organisation 'eur'; nearest: eu",
    ),
    (
        "memberships.csv",
        "organisation,",
        "organization,",
        "memberships.csv: the first line must be organisation,country,since,until,status,decided",
    ),
    ("memberships.csv", "eu,AUT,", "eu,AUS,1,\neu,AUX,", "memberships.csv, entry eu, AUS.since: "),
    (
        "memberships.csv",
        "suspended,1979-03-31",
        "suspended,1979-03-30",
        "memberships.csv, entry arab-league, EGY.decided: there is no document",
    ),
    (
        "organisations.yaml",
        "1979-03-31:",
        "1979-13-31:",
        "organisations.yaml, entry arab-league, decisions.1979-13-31: ",
    ),
]


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(FOLDER, tmp_path / "seed")


def rewrite(folder, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


class TestParse:
    def test_takes_what_looks_like_something_else_for_text(self, tmp_path):
        (tmp_path / "x.yaml").write_text(
            "NO: NO\nday: 2022-05-11\nhalf: 0.5\nsum: 1e3\ntime: 12:30\nold: 010\nbig: 1_000\n"
            "hex: 0x10\nnone: ~\nnull: null\n<<: {a: b}\n"
        )

        assert parse("x.yaml", folder=tmp_path) == {
            "NO": "NO",
            "day": "2022-05-11",
            "half": "0.5",
            "sum": "1e3",
            "time": "12:30",
            "old": "010",
            "big": "1_000",
            "hex": "0x10",
            "none": "~",
            "null": "null",
            "<<": {"a": "b"},
        }

    @pytest.mark.parametrize("text", ["", "- a\n- b\n", "just words"])
    def test_wants_entries_under_keys(self, tmp_path, text):
        (tmp_path / "x.yaml").write_text(text)

        with pytest.raises(BadSeed, match=r"x\.yaml: must be a mapping of keys"):
            parse("x.yaml", folder=tmp_path)

    def test_builds_no_objects(self, tmp_path):
        (tmp_path / "x.yaml").write_text("a: !!python/object/apply:os.getcwd []\n")

        with pytest.raises(BadSeed, match="could not determine a constructor"):
            parse("x.yaml", folder=tmp_path)


class TestAMistake:
    @pytest.mark.parametrize(("file", "old", "new", "says"), MISTAKES)
    def test_names_file_entry_and_field(self, folder, file, old, new, says):
        rewrite(folder, file, old, new)

        with pytest.raises(BadSeed) as problem:
            list(steps(folder))

        assert says in str(problem.value)

    def test_in_the_form_of_an_entry_names_it(self, folder):
        rewrite(folder, "actors.yaml", "the-west:\n  kind: group\n", "the-west: nobody\nx:\n")

        with pytest.raises(BadSeed, match=r"actors\.yaml, entry the-west: must be a mapping"):
            list(steps(folder))


NAMES = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)


class TestContentIds:
    @given(NAMES, NAMES)
    def test_are_those_of_rfc_9562_by_name(self, collection, key):
        assert ids.content_id(collection, key) == uuid5(NAMESPACE, f"{collection}:{key}")
