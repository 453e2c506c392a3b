"""A panel's round in a browser: the kind of a claim decides what the form shows, and the grid works
by keyboard on every screen."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.test_every_page import complaints, overhang
from tests.kit.builders import a_source
from tests.kit.desk_login import be_logged_in
from tests.kit.sites import ADMINISTRATOR
from tracker.operations import sources

pytestmark = [pytest.mark.browser, pytest.mark.long]
ARTICLE = "The China-Russia-Kazakhstan triangle"


@pytest.fixture(scope="module")
def members(site):
    """Two members of a panel are on record."""
    with site.open():
        for name in ("Ann Lee", "Bo Berg"):
            member = a_source(kind="person", name=name)
            sources.describe_source(member, at=timezone.now(), by=ADMINISTRATOR)


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.getAttribute('aria-label')")


@pytest.mark.parametrize("width", [1280, 380])
def test_the_grid_works_by_keyboard_and_fits(open_page, members, width):
    page = open_page(viewport={"width": width, "height": 900})
    be_logged_in(page)
    page.goto("/admin/desk/claim/panel/")
    page.get_by_label("Document", exact=True).fill(ARTICLE)
    page.get_by_label("As of").fill(f"{width % 28 + 1} January 2022")
    page.get_by_label("Members").fill("Ann Lee\nBo Berg")
    page.get_by_label("Pairs").fill("KAZ-RUS\nCHN-KAZ")
    page.get_by_role("button", name="Show the grid").last.click()

    first = page.get_by_label("Kazakhstan–Russia, Ann Lee: level")
    expect(first).to_be_focused()
    page.keyboard.type("4")
    page.keyboard.press("Tab")
    assert focused(page) == "Kazakhstan–Russia, Ann Lee: ±"
    page.keyboard.press("Enter")
    assert focused(page) == "China–Kazakhstan, Ann Lee: ±"
    page.keyboard.press("ArrowDown")
    assert focused(page) == "China–Kazakhstan, Ann Lee: ±"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("Kazakhstan–Russia, Ann Lee, ±")
    expect(page.get_by_label("Kazakhstan–Russia, Ann Lee: ±")).to_be_focused()
    assert overhang(page, width) == 0
    assert complaints(page) == []
    page.keyboard.type("1.5")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("1 level recorded.")).to_be_visible()


def test_a_level_shows_its_own_fields_and_hides_those_of_acts(form):
    level, code = form.get_by_label("Level", exact=True), form.get_by_label("Code", exact=True)
    expect(code).to_be_visible()
    expect(level).to_be_hidden()

    form.get_by_label("Kind", exact=True).select_option("level")

    expect(level).to_be_visible()
    expect(code).to_be_hidden()
    expect(form.get_by_label("Role", exact=True).first).to_have_value("about")
    form.get_by_label("Level", exact=True).fill("12")
    form.get_by_label("Kind", exact=True).select_option("act")
    expect(level).to_be_hidden()
    form.get_by_role("button", name="Save claim").click()
    expect(level).to_be_visible()
    assert complaints(form) == []
