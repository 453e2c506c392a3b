"""A pair's page under a pointer and by keyboard."""

import json
import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


class TestTheCrosshair:
    def test_goes_by_the_arrow_keys(self, open_page):
        page = open_page(viewport={"width": 1280, "height": 900})
        page.goto("/pairs/KAZ-RUS/")
        page.locator(".size-wide[tabindex]").first.focus()

        page.keyboard.press("ArrowLeft")

        expect(page.locator(".said").first).to_have_text(
            re.compile(
                r"^\d+ \w+ \d{4}: moved −\d\.\d since 30 March 2022,"
                r" 90 % interval −\d\.\d to \S+$"
            )
        )

    def test_says_the_value_of_a_flow_without_an_interval(self, open_page):
        page = open_page(viewport={"width": 1280, "height": 900})
        page.goto("/pairs/KAZ-RUS/?lens=tone")
        page.locator(".size-wide[tabindex]").first.focus()

        page.keyboard.press("ArrowLeft")

        expect(page.locator(".said").first).to_have_text(re.compile(r"^\d+ \w+ \d{4}: −\d\.\d$"))

    @pytest.mark.long
    def test_writes_numbers_as_the_page_does_and_is_announced_by_keyboard_only(self, open_page):
        page = open_page(viewport={"width": 1280, "height": 900})
        page.goto("/ru/pairs/KAZ-RUS/")
        said = page.locator(".said").first
        frame = page.locator(".size-wide .role-frame path.background").first.bounding_box()

        page.mouse.move(frame["x"] + 1, frame["y"] + 40)
        expect(said).to_have_attribute("aria-live", "off")
        page.locator(".size-wide[tabindex]").first.focus()
        page.keyboard.press("ArrowLeft")

        expect(said).to_have_attribute("aria-live", "polite")
        expect(said).to_have_text(re.compile(r"\d,\d"))
        expect(said).not_to_have_text(re.compile(r"\d\.\d"))

    @pytest.mark.long
    def test_goes_to_both_ends_and_says_the_movement_that_the_page_says(self, open_page):
        """The server writes the whole movement, so it is there without scripts."""
        page = open_page(viewport={"width": 1280, "height": 900})
        page.goto("/pairs/KAZ-RUS/")
        said = page.locator(".picture").first.locator(".said")
        written = said.inner_text()
        page.locator(".size-wide[tabindex]").first.focus()

        page.keyboard.press("Home")
        expect(said).to_have_text(re.compile("^25 March 2022: moved 0.0"))
        page.keyboard.press("End")

        assert written.startswith("In all: moved")
        expect(said).to_have_text(
            re.compile(r"^\d+ \w+ \d{4}" + written.removeprefix("In all").partition(",")[0])
        )

    @pytest.mark.long
    def test_follows_a_finger_that_taps(self, open_page):
        page = open_page(viewport={"width": 360, "height": 740}, has_touch=True)
        page.goto("/pairs/KAZ-RUS/")
        frame = page.locator(".size-narrow path.background").first
        frame.scroll_into_view_if_needed()
        box = frame.bounding_box()

        page.touchscreen.tap(box["x"] + 1, box["y"] + 40)

        expect(page.locator(".said").first).to_have_text(re.compile("^2[56] March 2022: moved"))


@pytest.mark.long
class TestTheKeyboard:
    def test_reaches_everything_in_order_and_shows_where_it_is(self, open_page):
        page = open_page(viewport={"width": 1280, "height": 900})
        page.goto("/pairs/KAZ-RUS/")
        met = []
        for _ in range(80):
            page.keyboard.press("Tab")
            met.append(json.loads(page.evaluate(SEEN)))
            if met[-1]["text"] == "How each number is computed":
                break

        words = [one["text"] for one in met]
        assert words[0] == "Skip to content"
        wanted = [
            "Pairs",
            "Kazakhstan",
            "Russia towards Kazakhstan",
            "Recent mood",
            "Table",
            "Download",
        ]
        places = [words.index(one) for one in wanted]
        assert places == sorted(places)
        assert words[-1] == "How each number is computed"
        assert all(one["outlined"] for one in met)

    def test_hears_the_day_to_which_the_slider_of_a_pair_goes(self, open_page):
        page = open_page()
        page.goto("/pairs/KAZ-RUS/")
        page.locator("#known summary").click()
        slider = page.get_by_label("Go back in the record")
        slider.focus()

        page.keyboard.press("ArrowLeft")

        day = re.compile(r"^\d+ \w+ \d{4}$")
        expect(page.locator("#known output")).to_have_text(day)
        expect(slider).to_have_attribute("aria-valuetext", day)


SEEN = """
(() => { const one = document.activeElement, style = getComputedStyle(one);
  return JSON.stringify({ text: one.textContent.trim(),
    outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 }); })()
"""
