"""Two people who correct one claim at once, each in a browser of their own."""

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Page, expect

from tests.browser.conftest import picture
from tests.kit.desk_login import log_in
from tests.kit.sites import PASSWORD

pytestmark = pytest.mark.browser
SUMMARY = "President Toqaev travelled to Turkey."
FIRST = "President Toqaev flew to Turkey."
SECOND_NOTE = "His plane landed in Ankara."
REASON = "The article says where."


def begin(page: Page) -> None:
    """Open the form that corrects the claim."""
    page.goto("/admin/desk/claim/?q=travelled")
    page.get_by_role("link", name=SUMMARY).click()
    page.get_by_role("link", name="Correct").click()
    expect(page.get_by_label("Summary")).to_have_value(SUMMARY)


def is_told(page):
    """What the first one did, and what was typed, which is still there."""
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The record was changed meanwhile.")
    expect(alert).to_contain_text("ann corrected it")
    expect(alert).to_contain_text("By air.")
    # What the first one changed would be undone: that is said as well.
    expect(alert.locator("table").last).to_contain_text(f"{FIRST} {SUMMARY}")
    expect(page.get_by_label("Note", exact=True)).to_have_value(SECOND_NOTE)
    expect(page.get_by_label("Reason")).to_have_value(REASON)
    expect(page.get_by_label("Summary")).to_have_value(SUMMARY)


class TestTwoCorrectors:
    def test_the_second_is_told_and_loses_nothing_of_what_was_typed(self, open_page, site):
        with site.open():
            get_user_model().objects.create_superuser("bob", password=PASSWORD)
        one = open_page(viewport={"width": 1280, "height": 900})
        other = open_page(viewport={"width": 1280, "height": 900})
        log_in(one)
        log_in(other, "bob")
        begin(one)
        begin(other)
        one.get_by_label("Summary").fill(FIRST)
        one.get_by_label("Reason").fill("By air.")
        one.get_by_role("button", name="Save correction").click()
        expect(one.get_by_role("heading", name=FIRST)).to_be_visible()
        other.get_by_label("Note", exact=True).fill(SECOND_NOTE)
        other.get_by_label("Reason").fill(REASON)

        other.get_by_role("button", name="Save correction").click()

        is_told(other)
        picture(other, "desk-faster")

        other.get_by_label("Summary").fill(FIRST)
        other.get_by_role("button", name="Save correction").click()

        expect(other.get_by_role("heading", name=FIRST)).to_be_visible()
        *_, second, third = other.locator("#history > ol > li").all()
        expect(second).to_contain_text("ann corrected it")
        expect(third).to_contain_text("bob corrected it")
        expect(third.locator("ins")).to_have_text(SECOND_NOTE)
        expect(third.locator("del")).to_have_text(
            "The article spells the same man Tokayev in claim 17."
        )
