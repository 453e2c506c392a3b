"""Bringing a file at the desk, in a real browser: looked at, loaded, taken back."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import picture
from tests.browser.test_every_page import WCAG
from tests.kit.archive_rows import on
from tests.kit.desk_login import be_logged_in
from tests.kit.imports import archive, days

pytestmark = pytest.mark.browser


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "export.CSV"
    path.write_bytes(archive(*days(5), on("20160732")))
    return path


def bring(page: Page, file: Path) -> None:
    """Import a file from the desk's first page."""
    page.goto("/admin/")
    page.locator(".desk").get_by_role("link", name="Import a file").click()
    has_nothing_against_it(page)
    page.get_by_label("File", exact=True).set_input_files(file)
    picture(page, "desk-bring")
    page.get_by_role("button", name="Check it").click()


def has_nothing_against_it(page: Page) -> None:
    """The browser's script for people who cannot see: on what is ours of the page."""
    if page.evaluate("typeof Alpine") == "undefined":
        return
    options = {"runOnly": {"type": "tag", "values": WCAG}}
    found = Axe().run(page, context=".desk", options=options).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


class TestAnImporter:
    def test_looks_at_a_file_loads_it_and_takes_it_back(self, open_page, site, file):
        page = open_page(viewport={"width": 1280, "height": 900})
        be_logged_in(page)
        bring(page, file)
        status = page.get_by_role("status")
        expect(status).to_have_text("Waiting for a worker.")

        # The page asks by itself.
        site.ingest()
        expect(status).to_contain_text("5 claims would be added; 1 row is refused")
        expect(page.locator("#job")).to_contain_text("20160732")
        has_nothing_against_it(page)
        picture(page, "desk-looked-at")

        page.get_by_role("button", name="Load it").click()
        expect(page.get_by_role("heading", name="Import export.CSV")).to_be_visible()
        site.ingest()
        expect(status).to_have_text("Done: 5 claims added, 1 row refused.")
        picture(page, "desk-loaded")
        download = page.get_by_role("link", name="Download the refused rows")
        assert "20160732" in page.request.get(site.url + download.get_attribute("href")).text()

        page.get_by_role("link", name="Withdraw this import").click()
        page.get_by_label("Reason").fill("It was the wrong day's.")
        has_nothing_against_it(page)
        picture(page, "desk-withdraw")
        page.get_by_role("button", name="Withdraw").click()
        site.ingest()
        expect(status).to_have_text("Done: 5 claims retracted.")
        expect(page.get_by_text("Retracted", exact=True)).to_be_visible()
        page.get_by_role("link", name="Imports").click()
        expect(page.get_by_role("row", name=re.compile("export.CSV"))).to_contain_text("withdrawn")
        has_nothing_against_it(page)
        picture(page, "desk-imports")
