"""Rows that report a claim again are imported as texts: all is as by the long way."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.kit.archive_rows import GDELT_2, code, gdelt, on, tabbed
from tests.kit.builders import AT, BY, a_document, a_source, withhold_text
from tests.kit.histories import undone
from tests.kit.imports import counts, take_in
from tests.operations.test_plain_rows import record_of, the_long_way
from tracker import log
from tracker.domain import events as e
from tracker.domain.claims import Citation
from tracker.imports.formats.recognise import FORMATS
from tracker.imports.plain_rows import PlainRows
from tracker.log import Recorded
from tracker.operations import claims, sources
from tracker.operations.ids import content_id

pytestmark = pytest.mark.django_db
NAME = "day.CSV"
USUAL = {"DATEADDED": "20160729001500"}
# A grave act and two others.
CODES = ("190", "042", "040")
DAYS = ("20160727", "20160728")
# When a row was added, which dates its document.
ADDED = ("20160729", "20160730", "20160731")
ADDRESSES = [f"https://{host}.example/{n}" for host in "abc" for n in "12"]
# What a row may have instead. Most of these take the long way, or are invalid.
ODD: list[dict[str, str]] = [
    {"SOURCEURL": "https://example.org/a b"},
    {"SOURCEURL": "BBC Monitoring"},
    {"ActionGeo_FullName": "Astana"},
    {"ActionGeo_FullName": "Astana\u00a0City"},
    {"Actor1CountryCode": "XXX", "Actor1Code": "XXX"},
    {"GLOBALEVENTID": ""},
]


def a_row(number: int, **cells: str) -> list[str]:
    return gdelt(GDELT_2, **{"GLOBALEVENTID": str(number), **USUAL, **cells})


def an_act(event: str) -> dict[str, str]:
    quad, goldstein = ("4", "-10.0") if event == "190" else ("1", "1.9")
    return {**code(event), "QuadClass": quad, "GoldsteinScale": goldstein}


def some_rows(seed: int, number: int) -> bytes:
    """Rows of few claims, with few numbers and addresses; some of them are invalid."""
    drawn = random.Random(seed)  # noqa: S311 # nothing to guess
    rows = []
    for _ in range(number):
        act = an_act(drawn.choice(CODES)) | on(drawn.choice(DAYS))
        odd = drawn.choice(ODD) if drawn.randrange(8) == 0 else {}
        added = {"DATEADDED": f"{drawn.choice(ADDED)}001500"}
        cells = act | added | {"SOURCEURL": drawn.choice(ADDRESSES)} | odd
        rows.append(a_row(drawn.randrange(1, 20), **cells))
    return tabbed(*rows)


@pytest.fixture(autouse=True)
def collection() -> None:
    """The collection of the format; the first rows of all would describe it."""
    described = FORMATS["gdelt-2"].collection
    stream = content_id("collection", described.name)
    sources.describe_collection(described, at=AT, by=BY, collection_id=stream)


@pytest.fixture
def is_as_by_the_long_way(monkeypatch, chunks):
    """Whether a file leaves the same record by either way, in chunks of some size."""

    def check(data: bytes, chunk: int = 500) -> None:
        chunks(chunk)
        fast = record_of(data)
        with monkeypatch.context() as patch:
            patch.setattr(PlainRows, "resolve", the_long_way)
            assert record_of(data) == fast

    return check


def the_claim() -> Recorded:
    """The first claim on record."""
    return next(one for one in log.read(after=0, limit=1_000) if one.kind == "ClaimAsserted")


def correct() -> None:
    first = the_claim()
    revised = replace(first.decoded().claim, code="cameo-1.1b3/043")
    version = len(log.history([first.stream]))
    claims.correct_claim(first.stream, revised, reason="typo", expected=version, at=AT, by=BY)


def retract() -> None:
    claims.retract_claim(the_claim().stream, reason="no", at=AT, by=BY)


def judge() -> None:
    verdict = e.VerdictGiven(verdict="disputed", reason="seen")
    claims.give_verdict(the_claim().stream, verdict, at=AT, by=BY)


def cite_with_words() -> None:
    source = sources.describe_source(a_source(name="Another"), at=AT, by=BY).stream
    document = sources.describe_document(a_document(source, date=None), at=AT, by=BY).stream
    cited = Citation(document=document, chain=(), quote="«Да»")
    claims.cite(the_claim().stream, cited, at=AT, by=BY)


def describe_an_address() -> None:
    """An address of the file is on record, under another source."""
    source = sources.describe_source(a_source(name="A mirror"), at=AT, by=BY).stream
    for url in ADDRESSES[:2]:
        document = a_document(source, url=url, date=None)
        sources.describe_document(document, at=AT, by=BY)


def withhold() -> None:
    """The words of all claims are withheld."""
    for one in log.read(after=0, limit=1_000):
        if one.kind == "ClaimAsserted":
            withhold_text(one.position, reason="a name", authority="a court", at=AT, by=BY)


CHANGES = [correct, retract, judge, cite_with_words, describe_an_address, withhold]


class TestAFileWithManyReports:
    @pytest.mark.parametrize("seed", range(6))
    def test_leaves_the_same_record(self, seed, resolved, is_as_by_the_long_way) -> None:
        is_as_by_the_long_way(some_rows(seed, 60), chunk=[500, 7, 1][seed % 3])

        assert len(resolved) > 40

    @pytest.mark.parametrize("seed", range(3))
    def test_leaves_the_same_record_when_it_comes_again(
        self, seed, resolved, is_as_by_the_long_way
    ) -> None:
        with undone():
            take_in(some_rows(seed, 40), name=NAME)
            is_as_by_the_long_way(some_rows(seed + 100, 20) + some_rows(seed, 40), chunk=13)

        assert len(resolved) > 40

    @pytest.mark.parametrize("change", CHANGES)
    def test_leaves_the_same_record_after_changes(
        self, change: Callable[[], None], resolved, is_as_by_the_long_way
    ) -> None:
        with undone():
            if change is not describe_an_address:
                take_in(some_rows(1, 40), name=NAME)
            change()
            is_as_by_the_long_way(some_rows(1, 20) + some_rows(2, 20), chunk=13)

        assert len(resolved) > 20

    def test_is_refused_where_its_claim_would_be_something_else(
        self, is_as_by_the_long_way
    ) -> None:
        row = tabbed(a_row(1, **an_act("042")))
        with undone():
            take_in(row, name=NAME)
            stream = the_claim().stream
        sources.describe_source(a_source(), at=AT, by=BY, source_id=stream)
        is_as_by_the_long_way(row)

        assert counts(take_in(row, name=NAME)) == {"refused": 1}

    def test_is_known_if_only_its_words_were_withheld(self) -> None:
        row = tabbed(a_row(1, **an_act("042")))
        take_in(row, name=NAME)
        withhold()

        assert counts(take_in(row, name=NAME)) == {"known": 1}
