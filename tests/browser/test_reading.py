"""An article is read in a browser: by keys, as fast as somebody types, its tray, and through a
closed tab."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import picture
from tests.browser.test_every_page import complaints, overhang
from tests.kit.desk_login import log_in
from tests.kit.reading_page import ARTICLE, bring, card, in_tray, marks, now
from tracker.models.derived import StandingClaim, StandingRecord
from tracker.models.trays import TrayCard

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("empty_trays")]


def held_down(page: Page, key: str) -> None:
    """Hold a key until it has repeated twice."""
    for _ in range(3):
        page.keyboard.down(key)
    page.keyboard.up(key)


@pytest.fixture
def page(article_page):
    return article_page


class TestTheKeys:
    def test_take_one_card_after_the_other_and_record_them(self, page, site):
        bring(page, ARTICLE.replace("weather", "water"))
        now(page, 4)
        expect(card(page)).to_contain_text("RUS → KAZ")
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        now(page, 5)
        expect(page.locator("[data-stack='5']")).to_contain_text("Nothing is proposed")
        page.keyboard.press("Space")
        now(page, 6)
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        now(page, 7)
        in_tray(page, 2)
        assert marks(page) == ["read", "read", "read", "taken", "read", "taken", ""]

        page.keyboard.press("Control+Enter")

        expect(page.get_by_text("2 cards recorded.")).to_be_visible()
        in_tray(page, 0)
        with site.open():
            found = StandingClaim.objects.filter(
                state__claim__occurred__edtf__startswith="2022-03-0"
            )
            assert found.count() == 2
        page.keyboard.press("ArrowUp")
        expect(card(page).get_by_role("link", name="on record")).to_be_visible()
        page.keyboard.press("x")
        expect(page.get_by_text("correct the claim on its own page")).to_be_visible()

    @pytest.mark.long
    def test_typed_at_once_are_carried_out_in_order(self, page, site):
        """Ten keys before the first answer: none is lost, and each lands on its card."""
        page.keyboard.type("1")
        for key in ("Enter", "Space"):
            page.keyboard.press(key)
        page.keyboard.type("1xd6 March 2022")
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")

        now(page, 7)
        in_tray(page, 2)
        with site.open():
            second = TrayCard.objects.get(sentence=6).draft["claim"]
            kazakhstan = StandingRecord.objects.get(noun="actor", name="KAZ").id
        assert second["occurred"]["edtf"] == "2022-03-06"
        assert second["parties"][0]["actor"] == str(kazakhstan)

    @pytest.mark.long
    def test_ctrl_enter_sends_what_is_typed_in_the_open_box(self, page, site):
        bring(page, ARTICLE.replace("weather", "rain"))
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        in_tray(page, 1)
        page.locator("[data-sentence='4']").click()
        page.keyboard.type("wCorrected words that differ.")
        page.keyboard.press("Control+Enter")

        expect(page.get_by_text("1 card recorded.")).to_be_visible()
        with site.open():
            assert StandingClaim.objects.filter(
                state__claim__summary="Corrected words that differ."
            ).exists()

    @pytest.mark.long
    def test_ctrl_enter_records_nothing_while_a_box_is_wrong_or_open(self, page):
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        in_tray(page, 1)
        page.locator("[data-sentence='6']").click()
        page.keyboard.type("dthe day of reckoning")
        page.keyboard.press("Control+Enter")
        expect(card(page).get_by_role("alert")).to_be_visible()
        expect(page.get_by_role("textbox", name="When")).to_have_value("the day of reckoning")
        page.keyboard.press("Escape")
        page.keyboard.press("l")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("Choose in the open box first")).to_be_visible()
        in_tray(page, 1)

    @pytest.mark.long
    def test_that_were_refused_drop_those_behind_them(self, page):
        page.keyboard.type("1dthe day of reckoning")
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")

        expect(card(page).get_by_role("alert")).to_be_visible()
        now(page, 4)
        in_tray(page, 0)

    @pytest.mark.long
    def test_held_down_act_once_but_for_the_arrows(self, page):
        held_down(page, " ")
        expect(page.locator("[data-now]")).to_have_text("5")

        held_down(page, "ArrowDown")
        expect(page.locator("[data-now]")).to_have_text("7")

    @pytest.mark.long
    def test_do_nothing_outside_the_list(self, page):
        page.locator("summary", has_text="Paste the text").click()
        page.get_by_label("Paste the article").press("End")
        page.keyboard.type("x 1")

        now(page, 4)
        in_tray(page, 0)

    @pytest.mark.long
    def test_are_all_buttons(self, page):
        """What a key does, a click does."""
        card(page).get_by_role("button", name="swap").click()
        expect(card(page)).to_contain_text("KAZ → RUS")
        expect(page.locator("#stack")).to_be_focused()
        page.get_by_role("button", name="nothing here").click()
        now(page, 5)
        page.locator("[data-sentence='6']").click()
        now(page, 6)

    @pytest.mark.long
    def test_pressed_on_a_button_press_the_button(self, page):
        card(page).get_by_role("button", name="swap").focus()
        page.keyboard.press("Enter")

        expect(card(page)).to_contain_text("KAZ → RUS")
        in_tray(page, 0)

    @pytest.mark.long
    def test_of_the_whole_form_lose_nothing_that_was_changed_before(self, page):
        """Neither on other cards, nor in the box that is open."""
        page.keyboard.press("x")
        expect(card(page)).to_contain_text("KAZ → RUS")
        page.locator("[data-sentence='6']").click()
        page.keyboard.type("1wMy own words.")
        card(page).get_by_role("button", name="whole form").click()
        expect(page.get_by_role("heading", name="Card of sentence 6")).to_be_visible()
        expect(page.get_by_label("Summary")).to_have_value("My own words.")
        page.keyboard.press("Control+Enter")

        now(page, 6)
        in_tray(page, 1)
        page.locator("[data-sentence='4']").click()
        expect(card(page)).to_contain_text("KAZ → RUS")


@pytest.mark.long
class TestBringing:
    def test_a_title_or_an_address_brings_no_text(self, page):
        page.goto("/admin/desk/read/")
        # The browser would show the text that it keeps of this article.
        page.evaluate("sessionStorage.clear()")
        page.get_by_label("Address or text").fill("Three days in spring")
        page.keyboard.press("Control+Enter")

        box = page.get_by_label("Paste the article")
        expect(box).to_be_visible()
        assert "Three days in spring" not in box.input_value().strip().split("\n")[1:]
        assert box.input_value().strip() != "Three days in spring"

    def test_more_than_can_be_sent_is_said_beside_the_box(self, page):
        """Each `<` is sent as three bytes: 700,000 are more than the 2,000,000 of a request."""
        page.locator("summary", has_text="Paste the text").click()
        for label in ("Paste the article", "Address or text"):
            box = page.get_by_label(label)
            box.evaluate("(box) => { box.value = '<'.repeat(700000); box.form.requestSubmit(); }")
            expect(page.get_by_text("This is more than can be sent.")).to_be_visible()
            assert len(box.input_value()) == 700_000
            page.goto("/admin/desk/read/")

    def test_a_text_that_is_not_read_is_said_beside_the_box(self, page, expected_errors):
        expected_errors += ["ERR_FAILED", "htmx:"]
        page.locator("summary", has_text="Paste the text").click()
        page.route("**/read/text/", lambda route: route.abort())
        page.get_by_role("button", name="Read it").click()

        expect(page.get_by_text("The server did not read the text.")).to_be_visible()


@pytest.mark.long
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


@pytest.mark.long
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


@pytest.mark.long
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
