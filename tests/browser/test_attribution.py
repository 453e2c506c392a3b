"""A party says what the claim says: the speaker is proposed, taken by a key, and recorded."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import picture
from tests.kit.sites import Site
from tracker import log

pytestmark = [pytest.mark.browser, pytest.mark.long]
SUMMARY = "Russia shut a third pipeline to Kazakh oil."
STATEMENT = f"Kazakhstan said: {SUMMARY}"
QUOTE = "The third pipeline was shut, Kazakhstan said."


def type_what_was_said(page: Page) -> None:
    page.get_by_label("Summary").fill(SUMMARY)
    page.get_by_label("Code").fill("plover-2.0/SANCTION/discontinue")
    page.get_by_label("Who", exact=True).nth(0).fill("Moscow")
    page.get_by_label("Who", exact=True).nth(1).fill("KZ")
    page.get_by_label("When", exact=True).fill("2022-05-03")
    page.get_by_label("Document").fill("The China-Russia-Kazakhstan triangle")
    page.get_by_label("Quote", exact=True).fill(QUOTE)
    page.keyboard.press("Tab")


def test_a_speaker_is_proposed_taken_with_alt_and_s_looked_at_and_recorded(
    form: Page, site: Site
) -> None:
    type_what_was_said(form)
    expect(form.get_by_role("button", name="Said by Kazakhstan")).to_be_visible()

    form.keyboard.press("Alt+s")

    box = form.get_by_label("Said by (a party)")
    expect(box).to_have_value("Kazakhstan")
    expect(box).to_be_focused()
    expect(form.get_by_role("button", name="Said by Kazakhstan")).to_have_count(0)
    expect(form.locator("#effect")).to_contain_text(STATEMENT)

    form.get_by_role("button", name="Preview the effect").click()

    expect(form.locator("#effect")).to_contain_text(STATEMENT)
    expect(box).to_have_value("Kazakhstan")
    picture(form, "desk-said-by")

    form.get_by_role("button", name="Save claim").click()

    expect(form.get_by_role("heading", name=SUMMARY)).to_be_visible()
    with site.open():
        head = log.head().position
        said, statement, link = [log.at(head - n).decoded() for n in (2, 1, 0)]
        ends = [log.at(head - n).stream for n in (1, 2)]
    assert said.claim.summary == SUMMARY
    assert said.claim.citations[-1].chain
    assert statement.claim.summary == STATEMENT
    assert statement.claim.code == "plover-2.0/ACCUSE/allege"
    assert (link.type, [link.from_, link.to]) == ("says", ends)
    links = form.locator("section", has=form.get_by_role("heading", name="Links"))
    links.get_by_role("link").click()
    expect(form.get_by_role("heading", name=STATEMENT)).to_be_visible()


@pytest.mark.parametrize("what", ["speaker", "foresee"])
def test_a_change_while_an_answer_is_on_its_way_breaks_nothing_off(form: Page, what: str) -> None:
    """A request that is broken off is an error in the console, and the server works on anyway."""
    asked: list[Route] = []

    def hold_the_first(route: Route) -> None:
        asked.append(route)
        if len(asked) > 1:
            route.continue_()

    address = re.compile(rf"/admin/desk/claim/{what}/")
    form.route(address, hold_the_first)
    with form.expect_request(address):
        form.get_by_label("Summary").fill("Something else was shut.")
        form.keyboard.press("Tab")
    type_what_was_said(form)
    form.wait_for_timeout(1_000)
    assert len(asked) == 1

    asked[0].continue_()

    expect(form.get_by_role("button", name="Said by Kazakhstan")).to_be_visible()
    expect(form.locator("#effect")).to_contain_text("RUS>KAZ")
