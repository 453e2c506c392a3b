"""Pages on paper: Chromium prints them, and an independent library reads what is on the sheets."""

import io
import re

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from tests.browser.conftest import PICTURES

pytestmark = [pytest.mark.browser, pytest.mark.long]
A4 = {"format": "A4", "print_background": False}
# Between the margins of a sheet, in points of the screen.
SHEET = {"width": 680, "height": 1000}
CONTROLS = (".top nav", ".crumbs", ".controls", ".tabs", ".slider", ".skip", "textarea")


def printed(page: Page, path: str, name: str) -> tuple[int, str]:
    """How many sheets a page takes, and all words on them with single spaces."""
    page.goto(path)
    pdf = page.pdf(path=PICTURES / f"print-{name}.pdf", **A4)
    sheets = PdfReader(io.BytesIO(pdf)).pages
    words = " ".join(sheet.extract_text() for sheet in sheets)
    return len(sheets), re.sub(r"\s+", " ", words.replace("ﬁ", "fi").replace("ﬀ", "ff"))


class TestAPair:
    def test_has_its_finding_its_picture_its_claims_and_how_to_cite_it(self, open_page):
        page = open_page(color_scheme="dark")

        sheets, words = printed(page, "/pairs/KAZ-RUS/", "pair")

        assert sheets <= 3
        assert "Kazakhstan and Russia: signals in both directions." in words
        assert "How far the relation moved since 30 March 2022" in words
        for said in ("closer", "further apart", "90 % interval", "Apr 2022"):
            assert said in words, said
        assert "Russia in effect sanctioned" in words
        assert re.search(
            r"Entente, Kazakhstan and Russia, Overall relationship, version 1, score of", words
        )
        assert "as known at position" in words
        assert re.search(r"/pairs/KAZ-RUS/\? ?lens=standing%401&as_of=\d+&day=", words)

    def test_has_no_navigation_and_no_controls(self, open_page):
        page = open_page()
        page.goto("/pairs/KAZ-RUS/")
        on_screen = page.locator(".tabs, .slider").evaluate_all(
            "all => all.map(one => one.offsetHeight)"
        )
        page.emulate_media(media="print")

        assert all(on_screen)
        for one in CONTROLS:
            shown = page.locator(one).evaluate_all(
                "all => all.filter(one => one.getClientRects().length).length"
            )
            assert shown == 0, one
        _, words = printed(page, "/pairs/KAZ-RUS/", "pair")
        for said in (
            "Editions",
            "All pairs",
            "both ways",
            "Compare what each side says",
            "Show what was known",
        ):
            assert said not in words, said

    def test_gives_the_address_of_each_claim(self, open_page):
        page = open_page()

        _, words = printed(page, "/pairs/KAZ-RUS/", "pair")

        causes = page.locator(".causes").last.locator("a[href^='/claims/']")
        claims = causes.evaluate_all("all => all.map(one => one.pathname)")
        assert len(claims) == 3
        for path in claims:
            assert path in words.replace("- ", "-").replace(" ", ""), path

    def test_is_black_on_white_from_a_dark_screen_too(self, open_page):
        page = open_page(color_scheme="dark")
        page.goto("/pairs/KAZ-RUS/")
        page.emulate_media(media="print", color_scheme="dark")

        looks = page.evaluate(
            "(({ color, backgroundColor }) => [color, backgroundColor])"
            "(getComputedStyle(document.body))"
        )

        assert looks == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]


class TestAWideTable:
    @pytest.mark.parametrize("path", ["/", "/pairs/KAZ-RUS/?show=table", "/actors/KAZ/"])
    def test_fits_the_sheet(self, open_page, path):
        page = open_page(viewport=SHEET)
        page.goto(path)
        page.emulate_media(media="print")

        assert page.evaluate("document.documentElement.scrollWidth") <= SHEET["width"]
        assert page.locator("main table").first.evaluate("one => one.offsetWidth") <= SHEET["width"]
