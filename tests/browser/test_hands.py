"""A pair's page under a pointer and by keyboard."""

import json
import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


class TestTheCrosshair:
    def test_says_the_score_of_the_day_under_the_pointer(self, open_page):
        """At the left edge nothing had happened: 0.0 on 1 March 2022."""
        page = open_page(viewport={"width": 1280, "height": 900})
        page.goto("/pairs/KAZ-RUS/")
        frame = page.locator(".wide-only .role-frame path.background").first.bounding_box()

        page.mouse.move(frame["x"] + 1, frame["y"] + 40)

        expect(page.locator(".said")).to_have_text("1 March 2022: 0.0")

    def test_goes_by_the_arrow_keys(self, open_page):
        page = open_page(viewport={"width": 1280, "height": 900})
        page.goto("/pairs/KAZ-RUS/")
        page.locator(".wide-only[tabindex]").focus()

        page.keyboard.press("ArrowLeft")

        expect(page.locator(".said")).to_have_text(re.compile(r"^\d+ \w+ \d{4}: [−+]?\d\.\d$"))


class TestTheKeyboard:
    def test_reaches_everything_in_order_and_shows_where_it_is(self, open_page):
        page = open_page(viewport={"width": 1280, "height": 900})
        page.goto("/pairs/KAZ-RUS/")
        met = []
        for _ in range(60):
            page.keyboard.press("Tab")
            met.append(json.loads(page.evaluate(SEEN)))
            if met[-1]["text"] == "How every number is made":
                break

        words = [one["text"] for one in met]
        assert words[0] == "To the content"
        wanted = ["Pairs", "Kazakhstan", "Russia towards Kazakhstan", "tone", "Table", "Download"]
        places = [words.index(one) for one in wanted]
        assert places == sorted(places)
        assert words[-1] == "How every number is made"
        assert all(one["outlined"] for one in met)

    def test_leaps_to_the_content(self, open_page):
        page = open_page()
        page.goto("/pairs/KAZ-RUS/")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")

        assert page.url.endswith("#main")


SEEN = """
(() => { const one = document.activeElement, style = getComputedStyle(one);
  return JSON.stringify({ text: one.textContent.trim(),
    outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 }); })()
"""
