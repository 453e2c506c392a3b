"""The public pages in a real browser: nothing blocked, nothing cut off, and marks that open."""

import re
from dataclasses import replace

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import picture
from tests.kit.builders import BY
from tracker.domain.records import Name
from tracker.operations import actors
from tracker.queries.records import states

pytestmark = pytest.mark.browser


class TestTheFirstPage:
    def test_leads_to_a_pair(self, open_page):
        page = open_page(viewport={"width": 1180, "height": 900})
        page.goto("/")
        expect(page.get_by_role("heading", name="Where relations stand")).to_be_visible()
        picture(page, "overview")

        page.get_by_role("link", name="Kazakhstan and Russia").click()

        expect(
            page.get_by_role("heading", name="Kazakhstan and Russia", exact=True)
        ).to_be_visible()


class TestThePageOfAPair:
    def test_opens_a_claim_by_its_mark(self, open_page):
        page = open_page(viewport={"width": 1180, "height": 900})
        page.goto("/pairs/KAZ-RUS/")
        picture(page, "pair")

        page.locator(".plot .worse_marks a").first.click()

        expect(page).to_have_url(re.compile("/claims/"))
        picture(page, "claim")

    @pytest.mark.long
    def test_keeps_its_words_inside_the_picture(self, open_page):
        page = open_page(viewport={"width": 1180, "height": 900})
        for pair in ("KAZ-RUS", "RUS-UKR", "CHN-RUS"):
            page.goto(f"/pairs/{pair}/")
            frame = page.locator(".size-wide svg.plot").bounding_box()
            assert frame is not None
            for word in page.locator(".size-wide svg.plot text").all():
                box = word.bounding_box()
                assert box is not None
                assert frame["x"] <= box["x"]
                assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 1


LONG = "Saint Vincent of the Grenadines and Dependencies Overseas"


@pytest.mark.long
class TestALongName:
    @pytest.mark.parametrize(
        "path", ["/", "/pairs/RUS-TJK/", "/actors/TJK/", "/actors/RUS/", "/triads/KAZ-RUS-TJK/"]
    )
    def test_fits_a_telephone_and_a_zoomed_window(self, open_page, site, path):
        with site.open():
            held = states.countries(["TJK"])["TJK"]
            named = replace(held.actor, names=(Name(text=LONG),))
            actors.describe_actor(named, at=timezone.now(), by=BY, actor_id=held.id)
        page = open_page()
        for width in (320, 360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(path)

            expect(page.locator("main")).to_contain_text(LONG)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
