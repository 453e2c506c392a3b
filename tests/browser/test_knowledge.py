"""Going back in the record: the page as it was known, by slider and by address."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import picture
from tests.kit.builders import BY
from tests.kit.sites import Site
from tracker.models.derived import StandingClaim
from tracker.operations import claims

pytestmark = pytest.mark.browser

PIPELINE = "Russia in effect sanctioned"


def retract(site: Site, summary: str, reason: str) -> None:
    with site.open():
        row = StandingClaim.objects.get(state__claim__summary__startswith=summary)
        claims.retract_claim(row.id, reason=reason, at=timezone.now(), by=BY)
    site.catch_up()


def main_part(page: Page) -> str:
    """What the page says, without the slider, which reaches to the end of the record."""
    return str(
        page.evaluate(
            "(() => { const main = document.querySelector('main').cloneNode(true);"
            " main.querySelectorAll('form, .said').forEach((one) => one.remove());"
            " return main.innerHTML; })()"
        )
    )


def drag(page: Page, position: int) -> None:
    """Set the slider as a hand does that lets go of it."""
    slider = page.get_by_label("Go back in the record")
    slider.evaluate(
        "(one, value) => { one.dispatchEvent(new Event('pointerdown')); one.value = value;"
        " one.dispatchEvent(new Event('input')); one.dispatchEvent(new Event('change')); }",
        str(position),
    )


def causes(page: Page) -> Locator:
    """All claims behind the movement, which stand below those of its last month."""
    return page.locator(".causes").last.locator("li")


class TestTheSlider:
    def test_goes_back_to_what_was_known_and_stays_there(self, open_page, site):
        page = open_page(viewport={"width": 1280, "height": 900})
        page.goto("/pairs/KAZ-RUS/")
        before = int(page.get_by_label("Go back in the record").get_attribute("value"))
        assert causes(page).count() == 3

        retract(site, PIPELINE, "The operator gave a storm as its reason.")
        page.goto("/pairs/KAZ-RUS/")

        expect(causes(page)).to_have_count(2)
        note = page.locator(".note")
        expect(note).to_contain_text(f"{PIPELINE} the Kazakh and Chinese oil")
        expect(note).to_contain_text("[retracted]")
        expect(page.locator("#known")).to_contain_text("The operator gave a storm as its reason.")
        picture(page, "pair-retracted")

        drag(page, before)
        page.wait_for_url(re.compile(rf"as_of={before}\b"))

        expect(causes(page)).to_have_count(3)
        expect(causes(page).filter(has_text=PIPELINE)).to_have_count(1)
        expect(page.locator("main")).not_to_contain_text("[retracted]")
        expect(page.locator(".note")).to_contain_text("As known on")
        picture(page, "pair-as-known-then")

        there, held = page.url, main_part(page)
        retract(site, "Russian officials and figures close", "Another slip.")
        page.goto(there)

        assert main_part(page) == held

    @pytest.mark.long
    def test_snaps_to_where_something_became_known(self, open_page):
        page = open_page()
        page.goto("/pairs/KAZ-RUS/")
        stops = page.locator("#stops option")
        oldest = min(int(stops.nth(n).get_attribute("value")) for n in range(stops.count()))

        drag(page, oldest + 1)

        page.wait_for_url(re.compile(rf"as_of={oldest}\b"))
