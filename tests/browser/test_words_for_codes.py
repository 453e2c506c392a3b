"""The words for codes: a curator adds and removes one by keyboard, and axe finds nothing."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import picture
from tests.browser.test_desk_pages import NARROW, WIDE, complaints, show
from tests.browser.test_every_page import overhang, theme
from tests.kit.desk_login import be_logged_in
from tests.kit.sites import Site

pytestmark = [pytest.mark.browser, pytest.mark.long]
PAGE = "/admin/desk/claim/codes/words/"


@pytest.fixture(scope="module")
def site(fed: Site) -> Site:
    """With rows of a feed."""
    return fed


def test_are_added_and_removed_by_keyboard(open_page):
    page = open_page(viewport={"width": WIDE, "height": 900})
    be_logged_in(page)
    show(page, PAGE, WIDE)

    page.get_by_label("Word or phrase").focus()
    for text in ("embargo", "treaty"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.type("reject")
    expect(page.get_by_role("option").first).to_contain_text("REJECT")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("A embargoes the treaty with B")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Added: “embargo treaty” means plover-2.0/REJECT.")).to_be_visible()

    for width in (WIDE, NARROW):
        show(page, PAGE, width)
        assert (complaints(page), complaints(page, "dark")) == ([], [])
        assert (overhang(page, 360), overhang(page, width)) == (0, 0)
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            theme(page, scheme)
            picture(page, f"words-{width}-{scheme}")
        theme(page, "light")

    page.get_by_role("button", name="Remove embargo treaty").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Removed: “embargo treaty”.")).to_be_visible()
    expect(page.get_by_text("None yet.")).to_be_visible()
