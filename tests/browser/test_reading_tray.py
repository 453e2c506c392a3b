"""An article at the desk: its tray, the screen, and the text in the tab."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import picture
from tests.browser.test_every_page import complaints, overhang
from tests.kit.desk_login import log_in
from tests.kit.reading_page import bring, card, in_tray, marks, now

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("empty_trays"), pytest.mark.long]


@pytest.fixture
def page(article_page):
    return article_page


class TestATray:
    def test_survives_a_closed_tab(self, page, open_page):
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        page.keyboard.press("Space")
        now(page, 6)
        in_tray(page, 1)
        with page.expect_response(re.compile("/read/place/")):
            pass
        page.close()

        again = open_page(viewport={"width": 1440, "height": 900})
        log_in(again, anew=True)
        bring(again)

        now(again, 6)
        in_tray(again, 1)
        assert marks(again) == ["read", "read", "read", "taken", "read", "", ""]

    def test_without_an_answer_of_the_server_is_looked_up_again(self, page, expected_errors):
        expected_errors += ["ERR_FAILED", "htmx:"]
        page.keyboard.press("1")
        page.route("**/read/card/", lambda route: (route.fetch(), route.abort()))
        page.keyboard.press("Enter")
        expect(page.get_by_text("No answer came: it may have been done. Here")).to_be_visible()
        in_tray(page, 1)
        expect(card(page)).to_contain_text("in the tray")

        page.keyboard.type("wOther words")
        page.keyboard.press("Enter")
        expect(page.get_by_text("No answer came: it may have been done. Here")).to_be_visible()
        expect(page.get_by_label("Summary, in your own words")).to_have_value("Other words")


class TestTheScreen:
    def test_fits_and_has_nothing_that_axe_finds(self, page):
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        in_tray(page, 1)
        expect(page.locator("#tray [data-effect] table").first).to_be_visible()
        page.keyboard.press("ArrowUp")
        page.keyboard.press("d")
        known: set[str] = set()
        for width in (1440, 1024, 380):
            assert overhang(page, width) == 0
            assert complaints(page, known=known) == []
            assert complaints(page, "dark", known=known) == []
            picture(page, f"desk-reading-{width}")


class TestTheTextInTheTab:
    def kept(self, page):
        return page.evaluate(
            "Object.keys(sessionStorage).filter((key) => key.startsWith('article '))"
        )

    def test_goes_when_its_person_logs_out(self, page):
        assert len(self.kept(page)) > 1

        page.locator("#logout-form").evaluate("form => form.requestSubmit()")
        expect(page.get_by_text("logged out", exact=False).first).to_be_visible()

        assert self.kept(page) == []

    def test_goes_when_another_account_comes(self, page):
        page.evaluate("sessionStorage.setItem('article account', '0')")

        page.reload()

        expect(page.get_by_label("Paste the article, or drop a file")).to_have_value("")
        expect(page.locator("#stack")).to_have_count(0)

    def test_is_read_also_where_the_browser_has_no_room_for_it(self, page):
        page.evaluate(
            """() => {
              sessionStorage.clear();
              for (let size = 2 ** 23; size > 0; size >>= 1)
                try { sessionStorage.setItem(`x${size}`, "x".repeat(size)); } catch {}
            }"""
        )
        page.locator("details.reading-paste summary").click()
        page.get_by_role("button", name="Read it").click()

        expect(page.locator("[data-says]")).to_contain_text("no room to keep this text")
        expect(page.locator("#stack")).to_be_focused()
