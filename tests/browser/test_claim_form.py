"""The claim form opens what a kind needs and folds the rest."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_every_page import complaints, overhang

pytestmark = [pytest.mark.browser, pytest.mark.long]


def opened(page: Page) -> set[str]:
    titles = page.locator(".desk-main details[open] > summary:visible").all_inner_texts()
    return {title.strip() for title in titles}


def line_of(box: Locator) -> float:
    """How far down the page a box begins."""
    place = box.bounding_box()
    assert place is not None
    return place["y"]


class TestTheParts:
    def test_open_for_the_kinds_that_need_them_and_close_again(self, form):
        assert opened(form) == {"Said by a party"}
        kind = form.get_by_label("Kind", exact=True)

        kind.select_option("forecast")
        expect(form.get_by_label("Forecast: resolves by")).to_be_visible()
        assert opened(form) == {"Said by a party", "How sure, how strong", "Forecast"}
        kind.select_option("measure")
        assert opened(form) == {"Said by a party", "Amounts"}
        kind.select_option("assessment")
        assert opened(form) == set()

    def test_stay_open_where_something_was_typed(self, form):
        form.get_by_label("Kind", exact=True).select_option("measure")
        form.get_by_label("Amount", exact=True).fill("3")
        form.get_by_label("Kind", exact=True).select_option("act")

        assert opened(form) == {"Said by a party", "Amounts"}

    def test_fold_for_a_code_of_speech(self, form):
        form.get_by_label("Code").fill("plover-2.0/ACCUSE/allege")
        form.get_by_label("Code").press("Tab")

        expect(form.get_by_label("Said by (a party)")).to_be_hidden()

    def test_open_for_the_keyboard(self, form):
        for _ in range(4):
            form.keyboard.press("Control+ArrowDown")

        expect(form.get_by_label("Contexts")).to_be_focused()


class TestAStatement:
    def test_takes_three_lines(self, form):
        form.set_viewport_size({"width": 1440, "height": 900})
        form.get_by_label("Kind", exact=True).select_option("assessment")
        box = form.get_by_label
        lines = [
            [box("Summary"), box("Kind", exact=True), box("Code")],
            [box("Who", exact=True).first, box("Role", exact=True).first, box("When", exact=True)],
            [box("Document"), box("Chain"), box("Quote")],
        ]

        for line in lines:
            tops = [line_of(one) for one in line]
            assert max(tops) - min(tops) < 8
        visible = form.locator(".desk-main :is(input, select, textarea):visible").count()
        assert visible == sum(map(len, lines))
        # All of it is seen at once, above the buttons.
        assert line_of(box("Document")) < line_of(form.get_by_role("button", name="Save claim"))
        assert complaints(form) == []


class TestAnAct:
    def test_has_two_parties_and_a_third_once_they_are_named(self, form):
        who = form.get_by_label("Who", exact=True)
        expect(who.nth(1)).to_be_visible()
        expect(who.nth(2)).to_be_hidden()

        who.nth(0).fill("Moscow")
        who.nth(1).fill("KZ")

        expect(who.nth(2)).to_be_visible()
        who.nth(1).focus()
        for name in ("parties-1-role", None, "more_parties"):
            form.keyboard.press("Tab")
            if name:
                expect(form.locator(":focus")).to_have_attribute("name", name)
        form.keyboard.press("Enter")
        expect(who.nth(2)).to_be_focused()
        form.keyboard.type("Beijing")
        form.keyboard.press("Tab")
        expect(form.locator(":focus")).to_have_attribute("name", "parties-2-role")
        form.get_by_role("button", name="One more party").click()
        expect(who.nth(3)).to_be_focused()


class TestThePreview:
    def test_stays_beside_the_form(self, form):
        for width in (1440, 1280, 1024):
            assert overhang(form, width) == 0
            effect = form.get_by_role("region", name="Effect").bounding_box()
            summary = form.get_by_label("Summary").bounding_box()
            assert effect["x"] > summary["x"] + summary["width"]
            assert effect["y"] < 300
