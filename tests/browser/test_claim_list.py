"""The list of claims by keyboard: filters, the claim beside it, and bulk actions."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import picture
from tests.browser.test_every_page import complaints, overhang
from tests.kit.desk_login import be_logged_in

pytestmark = pytest.mark.browser
LIST = "/admin/desk/claim/"


@pytest.fixture
def claims(open_page) -> Page:
    page = open_page(viewport={"width": 1440, "height": 900})
    be_logged_in(page)
    page.goto(f"{LIST}?kind=act")
    return page


def links(page: Page):
    return page.locator("[data-rows] a")


class TestAClaim:
    @pytest.mark.parametrize("width", [1440, pytest.param(1024, marks=pytest.mark.long)])
    def test_opens_beside_the_list_by_keyboard(self, claims, width):
        claims.set_viewport_size({"width": width, "height": 900})
        second = links(claims).nth(1).inner_text()
        links(claims).first.focus()
        claims.keyboard.press("ArrowDown")
        expect(links(claims).nth(1)).to_be_focused()

        claims.keyboard.press("Enter")

        beside = claims.get_by_role("complementary", name="The chosen claim")
        expect(beside.get_by_role("heading", name=second)).to_be_visible()
        expect(links(claims).nth(1)).to_be_focused()
        expect(claims.locator("#opened")).to_have_text(f"Opened: {second}")
        for key in ("Enter", "ArrowRight"):
            claims.keyboard.press(key)
            expect(beside.locator("h2[tabindex]")).to_be_focused()
            claims.keyboard.press("Escape")
            expect(links(claims).nth(1)).to_be_focused()
        claims.keyboard.press("ArrowUp")
        expect(links(claims).first).to_be_focused()
        assert complaints(claims) == []
        assert overhang(claims, width) == 0
        claims.keyboard.press("/")
        expect(claims.get_by_label("Words or a code")).to_be_focused()
        picture(claims, "desk-claim-beside")

    @pytest.mark.long
    def test_is_above_the_foot_when_it_has_the_focus(self, claims):
        links(claims).first.focus()
        foot = claims.get_by_role("link", name="Show all")
        for _ in range(12):
            claims.keyboard.press("ArrowDown")
            row = claims.evaluate("document.activeElement.getBoundingClientRect().bottom")
            assert row <= foot.bounding_box()["y"]

    @pytest.mark.long
    def test_is_ticked_with_space(self, claims):
        ticked = claims.locator("[data-rows] tbody input:checked")
        links(claims).nth(2).focus()

        claims.keyboard.press("Space")
        expect(ticked).to_have_count(1)
        every = claims.locator("[data-all]")
        every.check()
        claims.keyboard.press("Tab")
        links(claims).nth(2).focus()
        claims.keyboard.press("Space")

        expect(every).not_to_be_checked()

    @pytest.mark.long
    def test_opens_as_a_page_where_there_is_no_room(self, claims):
        claims.set_viewport_size({"width": 900, "height": 900})
        first = links(claims).first.inner_text()

        links(claims).first.click()

        expect(claims).to_have_url(re.compile("/change/"))
        expect(claims.get_by_role("heading", name=first, level=1)).to_be_visible()
