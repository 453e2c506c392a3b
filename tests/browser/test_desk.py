"""An analyst's way through the desk and the pages, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import picture
from tests.kit.desk_login import log_in
from tests.kit.sites import ADMINISTRATOR

pytestmark = pytest.mark.browser
SUMMARY = "Russia shut a second pipeline to Kazakh oil."


def score_of(page: Page) -> str:
    page.goto("/pairs/KAZ-RUS/")
    found = re.search(r"In all: moved (\S+) since", page.locator("main").inner_text())
    assert found is not None
    return found[1]


def type_a_claim(page: Page) -> None:
    page.goto("/admin/desk/claim/add/")
    page.get_by_label("Summary").fill(SUMMARY)
    page.get_by_label("Code").fill("plover-2.0/SANCTION/discontinue")
    page.get_by_label("Who", exact=True).nth(0).fill("Moscow")
    page.get_by_label("Who", exact=True).nth(1).fill("KZ")
    page.get_by_label("Document").fill("The China-Russia-Kazakhstan triangle")
    page.get_by_label("Chain").fill("Bloomberg")
    page.get_by_label("When", exact=True).press_sequentially("late April 2022")


def enter(page: Page) -> str:
    """Enter a claim, look at its page, and give its address."""
    type_a_claim(page)
    expect(page.get_by_text("one day in 21–30 April 2022")).to_be_visible()
    picture(page, "desk-entry")
    page.get_by_role("button", name="Save claim").click()
    expect(page.get_by_role("heading", name=SUMMARY)).to_be_visible()
    certainty = page.locator("#certainty")
    expect(certainty).to_contain_text("a citation supports: C ← B")
    expect(certainty).to_contain_text("0.6500")
    expect(certainty).to_contain_text("RUS → KAZ")
    picture(page, "desk-claim")
    return page.url


def correct(page: Page) -> None:
    page.get_by_role("link", name="Correct").click()
    page.get_by_label("Summary").fill(f"{SUMMARY[:-1]}, says Bloomberg.")
    page.get_by_label("Reason").fill("Say who says so.")
    page.get_by_role("button", name="Save correction").click()
    expect(page.get_by_role("heading", name="says Bloomberg")).to_be_visible()
    history = page.locator("#history")
    expect(history).to_contain_text(f"{ADMINISTRATOR} corrected it")
    expect(history).to_contain_text("Say who says so.")
    expect(history.locator("del")).to_have_text(SUMMARY)


def retract(page: Page) -> None:
    page.get_by_role("link", name="Retract").click()
    page.get_by_label("Reason").fill("It was the first one.")
    page.get_by_role("button", name="Retract").click()
    expect(page.get_by_role("heading", name="[retracted]")).to_be_visible()
    expect(page.locator("#history")).to_contain_text("It was the first one.")
    expect(page.locator("#certainty")).to_contain_text("It moves no score: it is retracted.")
    expect(page.get_by_role("link", name="Correct")).to_have_count(0)
    picture(page, "desk-claim-retracted")


class TestAnAnalyst:
    def test_enters_corrects_and_retracts_a_claim_and_sees_what_it_moves(self, open_page, site):
        page = open_page(viewport={"width": 1280, "height": 900})
        before = score_of(page)
        log_in(page)
        picture(page, "desk-first-page")

        claim = enter(page)
        site.catch_up()
        assert score_of(page) != before
        expect(page.locator("#moved")).to_contain_text(SUMMARY)
        picture(page, "pair-with-the-claim")

        page.goto(claim)
        correct(page)
        retract(page)
        site.catch_up()
        assert score_of(page) == before

    @pytest.mark.long
    def test_gets_along_without_javascript(self, open_page):
        page = open_page(java_script_enabled=False)
        log_in(page)
        type_a_claim(page)
        page.get_by_role("button", name="One more party").click()
        expect(page.get_by_label("Who", exact=True)).to_have_count(4)

        page.get_by_role("button", name="Save claim").click()
        expect(page.get_by_text("If this is right, save again.")).to_be_visible()
        page.get_by_role("button", name="Save claim").click()

        expect(page.get_by_role("heading", name=SUMMARY)).to_be_visible()
