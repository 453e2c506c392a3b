"""Whatever bytes come in, a reader gives rows and refused rows, or refuses the file by name.

Files that are right are damaged at random, and what comes out is read. `make test` reads the same
files each time; `make test-long` reads others for three minutes, or for FUZZ_LONG_SECONDS.

Every reader of foreign bytes takes time in proportion to them, whatever they are. That is measured
against time in the same run, as CPU time of this process, so that a busy machine does not matter:
four times the input may take eight times as long, where a quadratic reader takes sixteen.
"""

import gc
import gzip
import io
import json
import os
import random
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.kit import archive_rows
from tests.kit.data_sets import FILES as DATA_SETS
from tests.kit.exported_claims import CLAIM
from tests.kit.hostile_files import HOSTILE, RECORD
from tests.kit.workbooks import a_book
from tracker.imports.formats import generic, mappings, rejected
from tracker.imports.formats.base import ImportFormat, InvalidRow
from tracker.imports.formats.drafts import DraftClaim
from tracker.imports.formats.office_holders import OfficeRow
from tracker.imports.formats.packed import BadFile, open_unpacked
from tracker.imports.formats.recognise import FORMATS, forced_format, format_of
from tracker.imports.formats.sections import BadMapping

SAMPLES = Path(__file__).resolve().parents[2] / "fixtures" / "samples"
MAPPING = (SAMPLES / "steppe.toml").read_text()
# The same table with the keys that the sample does without.
ALL_KEYS = (
    MAPPING.replace('split = ";"', 'split = ";", scheme = "name", languages = ["en", "ar"]')
    .replace('"To whom"', '"To whom", scheme = "cow"')
    .replace(
        "[[parties]]", 'formats = ["%d %B %Y"]\nor_words = true\nmonths = ["ru"]\n[[parties]]', 1
    )
    .replace('{Category = "visit"}', '{Category = {like = "v*", number = ["1..5", "<0"]}}')
)
# Of each format, in `make test`.
FILES = 10
LONG_SECONDS = float(os.environ.get("FUZZ_LONG_SECONDS") or 180)
AT_ONCE = 25
# What has broken readers before.
NASTY = (
    b"", b'"', b"'", b"\0", b"\xff", b"\xff\xfe", b"\xed\xa0\x80", b"\r", b"\n", b"\t", b",", b";",
    b"\\ud800", b"9" * 5_000, b"-1", b"1e999", b"NaN", b"Infinity", b"null", b"true", b"[" * 2_000,
    b"{", b"}", b"(", b")", b"<", b">", b"&", b"<!DOCTYPE a>", b"]]>", b"%", b"%Y", b"2022-02-30",
    b"0000-00-00", b"99999999", b"XFD1048576", b"A1:XFD1048576", b"B2:A1", b"sep=;",
    b"\xef\xbb\xbf", "Ⅷ٣".encode(), b" " * 3_000, b"." * 3_000,
)  # fmt: skip

type Read = Callable[[bytes], None]


def drained(form: ImportFormat, data: bytes) -> None:
    """Read a file as an import does, twice; what is refused can be written down."""
    file = io.BytesIO(data)
    form.count(file)
    for row in form.read(form.open(file)):
        assert isinstance(row, DraftClaim | OfficeRow | InvalidRow)
        if isinstance(row, InvalidRow):
            f"{row.column}{row.value}{row.reason}".encode()


def archive(name: str) -> Read:
    return lambda data: drained(forced_format(name, io.BytesIO(data)), data)


def unknown(data: bytes) -> None:
    format_of(open_unpacked(io.BytesIO(data)))


def table(data: bytes) -> None:
    mapping = mappings.read(MAPPING)
    drained(generic.format_for(mapping), data)
    rejected.write(data, mapping, dict.fromkeys(range(99), "so"), io.BytesIO())


def mapped(data: bytes) -> None:
    """A mapping, by which the sample is read."""
    form = generic.format_for(mappings.read(data.decode(errors="surrogateescape")))
    drained(form, (SAMPLES / "steppe.csv").read_bytes())


def _gdelt(names: list[str]) -> bytes:
    return archive_rows.tabbed(names, *[archive_rows.gdelt(names)] * 2)


def _rows(header: list[str], row: Mapping[str, str]) -> bytes:
    return archive_rows.tabbed(header, *[[row.get(name, "NA") for name in header]] * 2)


_LIST = archive_rows.tabbed(
    ["date", "subject", "relation", "object"],
    ["2018-08-29", "Police (Russia)", "Consult", "China"],
)
_CLAIMS = b"".join(
    json.dumps(one).encode() + b"\n" for one in (CLAIM, CLAIM | {"records": [RECORD]})
)
_OFFICES = (
    b"name,country,sector,from,to,aliases,wikidata\n"
    b"John Kerry,USA,government,2013-02-01,2017-01,Kerry|J. Kerry,Q22316\n"
)
_RESULT = {
    "personLabel": "John Kerry",
    "iso3": "USA",
    "officeLabel": "foreign minister",
    "from": "2013-02-01T00:00:00Z",
    "to": "2017-01-20T00:00:00Z",
    "toPrecision": "10",
}
_RESULTS = json.dumps([_RESULT, _RESULT | {"to": ""}]).encode()
_BOOK = a_book(["No", "Date", "Who", "=1+1"], ["1", "2022-05-11", "KAZ", 7])
READERS: Mapping[str, tuple[Read, tuple[bytes, ...]]] = {
    "gdelt-1": (archive("gdelt-1"), (_gdelt(archive_rows.GDELT_1),)),
    "gdelt-2": (archive("gdelt-2"), (_gdelt(archive_rows.GDELT_2),)),
    "icews": (archive("icews"), (_rows(archive_rows.ICEWS, archive_rows.CONSULT),)),
    "icews-list": (archive("icews-list"), (_LIST, _LIST.replace(b"\t", b","))),
    "polecat": (archive("polecat"), (_rows(archive_rows.POLECAT, archive_rows.EXPULSION),)),
    "claims": (archive("claims"), (_CLAIMS,)),
    "office-holders": (archive("office-holders"), (_OFFICES,)),
    "office-holders-wikidata": (archive("office-holders-wikidata"), (_RESULTS,)),
    **{name: (archive(name), (data,)) for name, data in DATA_SETS.items()},
    "packed": (archive("icews-list"), (gzip.compress(_LIST, mtime=0),)),
    "recognition": (unknown, (_LIST, _CLAIMS, gzip.compress(_LIST, mtime=0))),
    "table": (table, ((SAMPLES / "steppe.csv").read_bytes(),)),
    "workbook": (table, ((SAMPLES / "steppe.xlsx").read_bytes(), _BOOK)),
    "mapping": (mapped, (MAPPING.encode(), ALL_KEYS.encode())),
}


def damaged(data: bytes, dice: random.Random) -> bytes:
    """The bytes with a few pieces of them taken out, doubled, moved or put in place of others."""
    found = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 3, 8))):
        at = dice.randrange(len(found) + 1)
        end = min(len(found), at + dice.choice((0, 1, 1, 2, 4, 16, 200)))
        other = dice.randrange(len(found) + 1)
        found[at:end] = dice.choice(
            (
                lambda: dice.choice(NASTY),
                lambda: dice.randbytes(dice.randrange(1, 5)),
                lambda other=other: bytes(found[other : other + 30]),
                lambda at=at, end=end: bytes(found[at:end] * 3),
            )
        )()
    return bytes(found)


def damaged_inside(data: bytes, dice: random.Random) -> bytes:
    """A .zip with one of its parts damaged, and packed again."""
    made = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as packed, ZipFile(made, "w", ZIP_DEFLATED) as out:
        chosen = dice.choice(packed.namelist())
        for name in packed.namelist():
            part = packed.read(name)
            out.writestr(name, damaged(part, dice) if name == chosen else part)
    return made.getvalue()


def files(seeds: tuple[bytes, ...]) -> st.SearchStrategy[bytes]:
    def make(data: bytes, number: int, *, inside: bool) -> bytes:
        dice = random.Random(number)  # noqa: S311 # decides what to damage
        packed = inside and data.startswith(b"PK")
        return (damaged_inside if packed else damaged)(data, dice)

    return st.builds(make, st.sampled_from(seeds), st.integers(0, 2**32), inside=st.booleans())


def fuzz(name: str, *, number: int, most: int) -> None:
    """Read so many damaged files; the number decides how they are damaged."""
    read, seeds = READERS[name]

    @seed(number)
    @settings(
        max_examples=most,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(data=files(seeds))
    def holds(data: bytes) -> None:
        with suppress(BadFile, BadMapping):
            read(data)

    holds()


@pytest.mark.parametrize("name", READERS)
def test_any_damage_gives_rows_or_a_reason(name):
    fuzz(name, number=0, most=FILES)


@pytest.mark.long
@pytest.mark.timeout(0)
@pytest.mark.parametrize("name", READERS)
def test_any_damage_gives_rows_or_a_reason_however_long(name):
    end = time.monotonic() + LONG_SECONDS / len(READERS)
    for number in count(random.SystemRandom().randrange(2**32)):
        fuzz(name, number=number, most=AT_ONCE)
        if time.monotonic() > end:
            return


def test_every_format_is_fuzzed():
    assert FORMATS.keys() <= READERS.keys()


LEAST, MOST = 500, 128_000
# Below, a library's buffer of fixed size is what takes the time.
FROM = {"archive: many empty packings": 8_000}
ENOUGH_SECONDS = 0.02
ALLOWED = 8


def seconds(work: Callable[[], object], *, runs: int) -> float:
    """The CPU time of the fastest of some runs."""
    found = []
    gc.disable()
    try:
        for _ in range(runs):
            began = time.process_time()
            work()
            found.append(time.process_time() - began)
    finally:
        gc.enable()
    return min(found)


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.long
def test_four_times_the_input_takes_about_four_times_as_long(name):
    make, n = HOSTILE[name], FROM.get(name, LEAST)
    while (small := seconds(make(n), runs=2)) < ENOUGH_SECONDS and n < MOST:
        n *= 2

    large = seconds(make(4 * n), runs=2)

    assert large < ALLOWED * max(small, ENOUGH_SECONDS / 4)
