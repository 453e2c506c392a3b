"""The claim form under fast fingers: answers that come late, and boxes that are drawn again."""

import re
import time
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser
SUGGEST = re.compile(r"/admin/desk/claim/suggest/")
CITED = re.compile(r"/admin/desk/claim/cited/")
UNKNOWN = "https://www.example.org/news/nobody-has-entered-this"
# Longer than the pause after which a box asks, shorter than what Tab waits for.
LATE, TOO_LATE = 0.3, 3.0


def delay(page: Page, pattern: re.Pattern[str], seconds: float) -> list[str]:
    """Let real answers of the site come late; give the addresses that were asked."""
    asked: list[str] = []

    def late(route):
        asked.append(route.request.url)
        answer = route.fetch()
        time.sleep(seconds)
        route.fulfill(response=answer)

    page.route(pattern, late)
    return asked


def suggested(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Suggestions").get_by_role("option")


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.tagName"))


class TestAPastedAddress:
    """It is not on record, so that the form says so with a link: one more stop for Tab."""

    def paste(self, page: Page) -> None:
        document = page.get_by_label("Document")
        document.click()
        page.keyboard.insert_text(UNKNOWN)

    def test_leaves_the_keyboard_in_the_form(self, form):
        self.paste(form)
        expect(form.get_by_role("link", name="Add the document")).to_be_visible()
        with form.expect_response(CITED):
            form.keyboard.press("Tab")
        form.wait_for_timeout(400)

        assert focused(form) != "BODY"
        form.keyboard.press("Tab")
        expect(form.get_by_label("Chain")).to_be_focused()


class TestTabBeforeTheAnswer:
    def test_takes_what_can_only_be_meant(self, form):
        delay(form, SUGGEST, LATE)
        who = form.get_by_label("Who", exact=True).first
        who.click()
        form.keyboard.type("kazakhs")
        form.keyboard.press("Tab")

        expect(who).to_have_value("Kazakhstan")
        expect(form.get_by_label("Role", exact=True).first).to_be_focused()

    @pytest.mark.long
    def test_takes_what_was_marked_when_it_is_still_offered(self, form):
        form.get_by_label("Code").click()
        form.keyboard.type("rej")
        expect(suggested(form).first).to_contain_text("plover-2.0/REJECT")
        delay(form, SUGGEST, LATE)
        form.keyboard.type("e")
        form.keyboard.press("Tab")

        expect(form.get_by_label("Code")).to_have_value("plover-2.0/REJECT")

    @pytest.mark.long
    def test_leaves_what_may_be_several(self, form):
        asked = delay(form, SUGGEST, LATE)
        who = form.get_by_label("Who", exact=True).first
        who.click()
        form.keyboard.type("unit")
        form.keyboard.press("Tab")
        form.wait_for_timeout(1_500)

        assert asked
        expect(who).to_have_value("unit")
        expect(form.get_by_label("Role", exact=True).first).to_be_focused()
        expect(form.get_by_role("listbox", name="Suggestions")).to_have_count(0)

    @pytest.mark.long
    def test_goes_on_without_an_answer_that_does_not_come(self, form):
        delay(form, SUGGEST, TOO_LATE)
        who = form.get_by_label("Who", exact=True).first
        who.click()
        form.keyboard.type("kazakhs")
        form.keyboard.press("Tab")
        form.wait_for_timeout(4_000)

        expect(who).to_have_value("kazakhs")
        expect(form.get_by_label("Role", exact=True).first).to_be_focused()

    @pytest.mark.long
    def test_keeps_what_is_typed_meanwhile_where_it_belongs(self, form):
        delay(form, SUGGEST, LATE)
        code = form.get_by_label("Code")
        code.click()
        form.keyboard.type("SANCTION/disc")
        form.keyboard.press("Tab")
        form.keyboard.type("mos")

        expect(code).to_have_value("plover-2.0/SANCTION/discontinue")
        expect(form.get_by_label("Who", exact=True).first).to_have_value(re.compile("^mos"))

    @pytest.mark.long
    def test_is_waited_for_by_control_and_enter(self, form):
        delay(form, SUGGEST, LATE)
        form.get_by_label("Who", exact=True).first.click()
        form.keyboard.type("kazakhs")
        form.keyboard.press("Tab")
        form.keyboard.press("Control+Enter")

        expect(form.get_by_role("alert")).to_contain_text("Nothing is recorded yet.")
        expect(form.get_by_label("Who", exact=True).first).to_have_value("Kazakhstan")


@pytest.mark.long
class TestASearchForACode:
    def test_that_finds_nothing_says_so_and_leads_to_all_codes(self, form):
        form.get_by_label("Code").click()
        form.keyboard.type("xyz")

        nothing = form.locator(".desk-nothing:visible")
        expect(nothing).to_contain_text("No code found for “xyz”.")
        with form.context.expect_page() as opened:
            form.keyboard.press("ArrowDown")
            form.keyboard.press("Enter")
        expect(opened.value.get_by_role("heading", name="All codes")).to_be_visible()
        expect(opened.value.locator(".desk")).to_contain_text("stops or cuts trade")
        # What else holds of it is tested with every page of the desk.
        assert urlsplit(opened.value.url).path == "/admin/desk/claim/codes/"

    def test_that_finds_nothing_leaves_what_was_typed(self, form):
        code = form.get_by_label("Code")
        code.click()
        form.keyboard.type("xyz")
        expect(form.locator(".desk-nothing:visible")).to_be_visible()

        form.keyboard.press("Tab")

        expect(code).to_have_value("xyz")
        expect(form.get_by_label("Who", exact=True).first).to_be_focused()
        expect(form.locator(".desk-nothing:visible")).to_have_count(0)

    def test_chooses_nothing_where_the_opposite_fits_as_well(self, form):
        code = form.get_by_label("Code")
        code.click()
        form.keyboard.type("withdraw")
        expect(suggested(form).first).to_be_visible()

        expect(form.locator("[role=option][aria-selected=true]")).to_have_count(0)
        form.keyboard.press("Tab")

        expect(code).to_have_value("withdraw")
