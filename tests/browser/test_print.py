"""Pages on paper: Chromium prints them, and an independent library reads what is on the sheets."""

import io
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page
from pypdf import PdfReader

from tests.browser.conftest import PICTURES
from tests.kit.builders import BY, a_document
from tracker.models.derived import StandingRecord
from tracker.operations import sources

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
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_has_its_finding_its_picture_its_claims_and_how_to_cite_it(self, open_page, scheme):
        page = open_page(color_scheme=scheme)

        sheets, words = printed(page, "/pairs/KAZ-RUS/", f"pair-{scheme}")

        assert sheets <= 3
        assert "Kazakhstan and Russia drew apart in March 2022" in words
        assert "How far events moved the relation since 30 March 2022" in words
        for said in ("closer", "further apart", "90 % interval", "Apr 2022", "−0.6"):
            assert said in words, said
        assert "Russia in effect sanctioned" in words
        assert re.search(
            r"Entente, Kazakhstan and Russia, Overall relationship, version 2, score of", words
        )
        assert "as known at position" in words
        assert re.search(r"/pairs/KAZ-RUS/\? ?lens=standing%402&as_of=\d+&day=", words)

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

        causes = page.locator(".causes").last.locator("a")
        claims = causes.evaluate_all("all => all.map(one => one.pathname)")
        assert len(claims) == 3
        for path in claims:
            assert path in words.replace("- ", "-").replace(" ", ""), path

    def test_tells_good_from_bad_without_colours(self, open_page):
        """By the sign, and by the mark's shape."""
        page = open_page()

        _, words = printed(page, "/pairs/KAZ-RUS/", "pair")

        assert re.search(r"−0\.\d Russia(n officials| in effect)", words), words
        assert re.search(r"\+0\.\d Russian state media", words)
        assert "▲ better, ▼ worse" in words
        shapes = page.locator(".size-wide .worse_marks path, .size-wide .better_marks path")
        assert len({*shapes.evaluate_all("all => all.map(one => one.getAttribute('d'))")}) == 2

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

    def test_has_its_last_columns(self, open_page):
        _, words = printed(open_page(), "/", "overview")

        assert "Claims Latest" in words
        assert "12 May 2022" in words


class TestADocument:
    def test_gives_the_addresses_outside(self, open_page, site):
        with site.open():
            report = StandingRecord.objects.get(noun="source", name="The China-Russia Report").id
            note = a_document(report, title="A note", url="https://example.org/a-note")
            sources.describe_document(note, at=timezone.now(), by=BY)
        page = open_page()
        page.goto("/pairs/KAZ-RUS/?show=sources")
        page.locator("main a[href^='/documents/']").first.click()
        page.locator("main a[href^='/sources/']").first.click()
        page.get_by_role("link", name="A note").click()

        _, words = printed(page, page.url, "document")

        assert "(https://example.org/a-note)" in words


class TestTheTriangle:
    def test_has_its_table_unfolded_and_how_to_cite_it(self, open_page):
        _, words = printed(open_page(), "/triads/KAZ-RUS-UKR/", "triad")

        assert re.search(r"Russia and Ukraine −8\.\d\d", words)
        assert "Kazakhstan and Russia Kazakhstan and Ukraine Russia and Ukraine Balance" in words
        assert "Entente, Kazakhstan, Russia and Ukraine, Overall relationship, version 2" in words
        assert "iframe" not in words
