"""A spreadsheet with bad rows is brought at the desk, mended and brought again; an archive is
followed and cancelled; a wrong file is refused. In a real browser, by what it shows."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import picture
from tests.browser.test_files import bring, has_nothing_against_it
from tests.kit.desk_login import log_in
from tests.kit.imports import archive
from tests.kit.workbooks import a_book
from tracker.imports import writer
from tracker.imports.jobs import leases

pytestmark = [pytest.mark.browser, pytest.mark.long]
SAMPLES = Path(__file__).resolve().parents[2] / "fixtures" / "samples"
MAPPING = SAMPLES / "steppe.toml"
HEADER = (SAMPLES / "steppe.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
ROWS, EVERY = 80, 10
# Of an archive.
FEW = 20
GOOD = {
    "Date": "2022-07-05",
    "Who": "Russia",
    "To whom": "Kazakhstan",
    "Category": "pressure",
    "Strength": "partial",
    "Outlet": "Steppe Courier",
    "Title": "Oil and a court",
    "Published": "2022-07-07",
}
# What is wrong in every tenth row, one after the other: column, value, what it says.
BAD = [
    ("Date", "2022-07-32", "2022-07-32"),
    ("Who", "Rusia", "Russia"),
    ("Category", "presure", "matches no rule"),
    ("Published", "07.2022.05", "07.2022.05"),
]


def rows() -> list[dict[str, str]]:
    """A sheet's rows; every tenth is wrong."""
    made = []
    for number in range(1, ROWS + 1):
        row = GOOD | {"No": str(number), "What": f"A court stops the pipeline, case {number}."}
        if number % EVERY == 0:
            column, value, _ = BAD[number // EVERY % len(BAD)]
            row[column] = value
        made.append(row)
    return made


def mended(data: bytes) -> bytes:
    """The table of refused rows, each cell that is wrong typed anew; nothing else is touched."""
    table = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    found = list(table)
    assert len(found) == ROWS // EVERY
    out = io.StringIO()
    writer = csv.DictWriter(out, table.fieldnames)
    writer.writeheader()
    for row in found:
        assert row["refused because"]
        writer.writerow(row | {column: GOOD[column] for column, _, _ in BAD})
    return out.getvalue().encode()


@pytest.fixture
def page(open_page) -> Page:
    found = open_page(viewport={"width": 1280, "height": 900})
    log_in(found)
    return found


class TestASheet:
    def test_is_looked_at_loaded_mended_and_brought_again(self, page, site, tmp_path):
        sheet = tmp_path / "events.xlsx"
        sheet.write_bytes(a_book(HEADER, *[[row.get(one, "") for one in HEADER] for row in rows()]))
        status = page.get_by_role("status")

        bring(page, sheet, mapping=MAPPING)
        site.ingest()
        expect(status).to_have_text(
            "Nothing is written yet. 72 claims would be added; 8 rows are refused, for the"
            " reasons below."
        )
        self.names_what_is_refused(page)
        has_nothing_against_it(page)
        picture(page, "desk-sheet-looked-at")

        page.get_by_role("button", name="Load it").click()
        site.ingest()
        expect(status).to_have_text("Done: 72 claims added, 8 rows refused.")
        picture(page, "desk-sheet-loaded")

        self.brings_the_mended(page, site, tmp_path / "mended.csv")
        expect(status).to_have_text("Done: 8 claims added.")

        bring(page, sheet, mapping=MAPPING)
        site.ingest()
        expect(status).to_contain_text(
            "Nothing would be added: 72 rows are on record already; 8 rows are refused"
        )
        expect(page.get_by_role("button", name="Load it")).to_have_count(0)
        picture(page, "desk-sheet-again")

    @staticmethod
    def names_what_is_refused(page: Page) -> None:
        refused = page.get_by_role("table", name="Refused rows").locator("tbody tr")
        expect(refused).to_have_count(8)
        for place, row in enumerate(refused.all()):
            _, value, says = BAD[(place + 1) % len(BAD)]
            # The header is on the first line.
            expect(row).to_contain_text(str(EVERY * (place + 1) + 1))
            expect(row).to_contain_text(value)
            expect(row).to_contain_text(says)

    def brings_the_mended(self, page: Page, site: Any, again: Path) -> None:
        with page.expect_download() as given:
            page.get_by_role("link", name="Download them to fix").click()
        again.write_bytes(mended(Path(given.value.path()).read_bytes()))
        bring(page, again, before=self.offered(page))
        site.ingest()
        status = page.get_by_role("status")
        expect(status).to_have_text("Nothing is written yet. 8 claims would be added.")
        page.get_by_role("button", name="Load it").click()
        site.ingest()

    @staticmethod
    def offered(page: Page) -> str:
        """How the mapping of the file is offered."""
        page.goto("/admin/desk/job/add/")
        options = page.get_by_label("Or the mapping of an earlier file").locator("option")
        [found] = {one for one in options.all_text_contents() if "events.xlsx" in one}
        return found


@contextmanager
def held_open(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """An import writes two rows at a time, reports them, and waits for the event with the rest."""
    go_on, renew = Event(), leases.renew

    def wait_after(*lease: object, **columns: object) -> bool | None:
        cancelled = renew(*lease, **columns)
        assert not columns.get("done") or go_on.wait(60)
        return cancelled

    with monkeypatch.context() as patch:
        patch.setattr(leases, "renew", wait_after)
        patch.setattr(leases, "BEAT", timedelta(0))
        for name in ("FIRST_CHUNK", "LEAST_CHUNK", "MOST_CHUNK"):
            patch.setattr(writer, name, 2)
        try:
            yield go_on
        finally:
            go_on.set()


class TestAnArchive:
    # So many rows as a worker takes them, and a few between which it waits for the browser.
    @pytest.mark.parametrize("number", [FEW, pytest.param(30_000, marks=pytest.mark.long)])
    def test_is_followed_and_cancelled_in_the_middle(
        self, page, site, tmp_path, number, monkeypatch
    ):
        file = tmp_path / "20160729.export.CSV.zip"
        rows = [
            {"GLOBALEVENTID": str(n), "SOURCEURL": f"https://news.example/{n}"} | at(n)
            for n in range(number)
        ]
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("20160729.export.CSV", archive(*rows))
        bring(page, file)
        site.ingest()
        page.get_by_role("button", name="Load it").click()

        held = held_open(monkeypatch) if number == FEW else nullcontext(Event())
        with ThreadPoolExecutor() as pool, held as go_on:
            work = pool.submit(site.ingest)
            expect(page.get_by_role("progressbar", name="Rows done")).to_be_visible(timeout=60_000)
            expect(page.locator("#job")).to_contain_text(re.compile(rf"[1-9]\d* of {number} rows"))
            page.get_by_role("button", name="Cancel").click()
            expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
            picture(page, "desk-under-way")
            go_on.set()
            work.result()

        kept = (
            rf"It was cancelled after ([\d,]+) of {number:,} rows: \1 claims added\. This is kept"
        )
        expect(page.get_by_role("status").first).to_have_text(re.compile(kept))
        has_nothing_against_it(page)
        picture(page, "desk-cancelled")


def at(number: int) -> dict[str, str]:
    """Another day for each of so many rows, so that none repeats another."""
    year, day = 1900 + number // 336, number % 336
    month, day = day // 28 + 1, day % 28 + 1
    return {
        "SQLDATE": f"{year}{month:02}{day:02}",
        "MonthYear": f"{year}{month:02}",
        "Year": str(year),
    }


class TestAWrongFile:
    def test_is_refused_with_what_is_wrong(self, page, site, tmp_path):
        wrong = {
            "picture.CSV": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "the format of the file is unknown"),
            "wide.CSV": (archive({}).decode().encode("utf-16"), "it is saved as UTF-16: save it"),
            "half.CSV.zip": (b"PK\x03\x04 and no more", "the .zip cannot be unpacked"),
        }
        pages = {}
        for name, (data, says) in wrong.items():
            (tmp_path / name).write_bytes(data)
            bring(page, tmp_path / name)
            pages[page.url] = says
        site.ingest()

        for url, says in pages.items():
            page.goto(url)
            expect(page.get_by_role("status")).to_contain_text(f"Nothing was imported: {says}")
        has_nothing_against_it(page)
        picture(page, "desk-wrong")
