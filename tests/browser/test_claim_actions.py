"""What is done to a claim on its page, each with a reason, and how its history tells it."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import picture
from tests.kit.desk_login import be_logged_in
from tests.kit.form_filler import link
from tests.kit.sites import ADMINISTRATOR

pytestmark = [pytest.mark.browser, pytest.mark.long]
SUMMARY = "China is buying up cheap Russian oil."
NEW = "China buys up cheap Russian oil."
OTHER = "The sale of crude oil would run against the goals of the United States."
TITLE = "The China-Russia-Kazakhstan triangle"


def last(page: Page) -> Locator:
    """The last entry of the claim's history."""
    return page.locator("#history > ol > li").last


def begin(page: Page, claim: str, deed: str) -> None:
    page.goto(claim)
    page.get_by_role("link", name=deed, exact=True).click()


def finish(page: Page, deed: str) -> None:
    """Do it; without a reason nothing was done before."""
    page.get_by_role("button", name=deed, exact=True).click()
    page.get_by_role("heading", name="History").wait_for()


def refused(page: Page, deed: str, field: str) -> None:
    """Without a reason it is not done, and the field says so."""
    page.get_by_role("button", name=deed, exact=True).click()
    expect(page.locator(".desk-errors").last).to_contain_text("say why; the reason is recorded")
    expect(page.get_by_label(field, exact=True)).to_have_value("")


def correct(page: Page, claim: str) -> None:
    begin(page, claim, "Correct")
    page.get_by_label("Summary").fill(NEW)
    refused(page, "Save correction", "Reason")
    page.get_by_label("Reason").fill("Plainer.")
    finish(page, "Save correction")
    expect(last(page)).to_contain_text(f"{ADMINISTRATOR} corrected it")
    expect(last(page)).to_contain_text("“Plainer.”")
    expect(last(page).locator("del")).to_have_text(SUMMARY)
    expect(last(page).locator("ins")).to_have_text(NEW)


def cite(page: Page, claim: str) -> None:
    begin(page, claim, "Add citation")
    page.get_by_label("Document").fill(TITLE)
    page.get_by_label("Chain").fill("Bloomberg")
    page.get_by_label("Note on the citation").fill("Of the same deal.")
    finish(page, "Add citation")
    expect(last(page)).to_contain_text(f"{ADMINISTRATOR} added a citation")
    added = last(page).get_by_role("row", name="citation 2").locator("ins")
    expect(added).to_contain_text("chain: Bloomberg")
    expect(added).to_contain_text("note: Of the same deal.")


def judge(page: Page, claim: str) -> None:
    begin(page, claim, "Give verdict")
    page.get_by_label("Verdict").select_option("disputed")
    refused(page, "Give verdict", "Why")
    page.get_by_label("Why", exact=True).fill("No figures are given.")
    finish(page, "Give verdict")
    expect(last(page)).to_contain_text(f"{ADMINISTRATOR} judged it disputed")
    expect(last(page)).to_contain_text("“No figures are given.”")
    expect(page.get_by_role("heading", name=f"{NEW} [")).to_contain_text("disputed")


def join_and_part(page: Page, claim: str) -> None:
    begin(page, claim, "Link")
    refused(page, "Link", "Why")
    how = "this one causes the other"
    link(page, claim, how=how, other=OTHER, why="The sale is meant.")
    expect(last(page)).to_contain_text(f"{ADMINISTRATOR} linked it (causes) to: {OTHER}")
    expect(last(page)).to_contain_text("“The sale is meant.”")

    begin(page, claim, "Undo a link")
    refused(page, "Undo a link", "Reason")
    page.get_by_label("Reason").fill("Another sale.")
    finish(page, "Undo a link")
    expect(last(page)).to_contain_text(f"{ADMINISTRATOR} unlinked it (causes) to: {OTHER}")
    expect(last(page)).to_contain_text("“Another sale.”")


def withdraw_and_restore(page: Page, claim: str) -> None:
    for deed, done in (("Retract", "retracted it"), ("Reinstate", "reinstated it")):
        begin(page, claim, deed)
        refused(page, deed, "Reason")
        page.get_by_label("Reason").fill(f"Why {done}.")
        finish(page, deed)
        expect(last(page)).to_contain_text(f"{ADMINISTRATOR} {done}")
        expect(last(page)).to_contain_text(f"“Why {done}.”")
        offered = {one.inner_text() for one in page.locator("nav.desk-bar a").all()}
        assert ("Reinstate" in offered) is (deed == "Retract")
        assert ({"Correct", "Add citation", "Retract"} <= offered) is (deed == "Reinstate")


class TestAClaimsPage:
    def test_does_each_deed_with_a_reason_and_tells_it(self, open_page):
        page = open_page(viewport={"width": 1280, "height": 900})
        be_logged_in(page)
        page.goto("/admin/desk/claim/?q=cheap")
        claim = page.get_by_role("link", name=SUMMARY).get_attribute("href") or ""

        for does in (correct, cite, judge, join_and_part, withdraw_and_restore):
            does(page, claim)

        picture(page, "desk-claim-after-all-deeds")
