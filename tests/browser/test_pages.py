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
    @pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.long)])
    def test_leads_to_a_pair(self, open_page, scheme):
        page = open_page(color_scheme=scheme, viewport={"width": 1180, "height": 900})
        page.goto("/")
        expect(page.get_by_role("heading", name="Where relations stand")).to_be_visible()
        picture(page, f"overview-{scheme}")

        page.get_by_role("link", name="Kazakhstan and Russia").click()

        expect(
            page.get_by_role("heading", name="Kazakhstan and Russia", exact=True)
        ).to_be_visible()

    @pytest.mark.long
    def test_narrows_to_a_country(self, open_page):
        page = open_page(java_script_enabled=False)
        page.goto("/")

        page.get_by_label("Country").select_option("Hungary")
        page.get_by_role("button", name="Show on the map").click()

        assert page.locator(".pairs tbody tr").count() < 4
        expect(page.get_by_role("heading", name="How Hungary stands")).to_be_visible()
        expect(page.locator(".pairs")).to_contain_text("Hungary")

    @pytest.mark.long
    def test_leads_to_a_pair_by_its_map(self, open_page):
        page = open_page(viewport={"width": 1180, "height": 900})
        page.goto("/?country=KAZ")

        page.locator("svg.map a[aria-label^='Russia']").click()

        expect(page).to_have_url(re.compile("/pairs/KAZ-RUS/"))

    @pytest.mark.long
    def test_names_war_first(self, open_page):
        page = open_page(java_script_enabled=False)
        page.goto("/")

        wars = page.get_by_role("heading", name="At war").locator("xpath=..")
        first = wars.get_by_role("listitem").first
        expect(first).to_contain_text("Russia and Ukraine at war when last reported")


@pytest.mark.long
class TestThePageOfACountry:
    def test_shows_levels_or_movements(self, open_page):
        page = open_page(viewport={"width": 1180, "height": 900})
        page.goto("/actors/RUS/")
        expect(page.locator(".wide-only svg")).to_contain_text("confrontation")

        page.get_by_role("link", name="movement").click()

        expect(page.locator("figcaption")).to_contain_text("How far reported acts moved")
        page.locator(".wide-only .worse_marks a").first.click()
        expect(page).to_have_url(re.compile("/pairs/RUS-UKR/|/pairs/CHN-RUS/"))


class TestThePageOfAPair:
    @pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.long)])
    def test_opens_a_claim_by_its_mark(self, open_page, scheme):
        page = open_page(color_scheme=scheme, viewport={"width": 1180, "height": 900})
        page.goto("/pairs/KAZ-RUS/")
        picture(page, f"pair-{scheme}")

        page.locator(".plot .worse_marks a").first.click()

        expect(page).to_have_url(re.compile("/claims/"))
        picture(page, f"claim-{scheme}")

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

    @pytest.mark.parametrize("path", ["/", "/pairs/KAZ-RUS/"])
    @pytest.mark.long
    def test_fits_a_telephone(self, open_page, path):
        page = open_page(viewport={"width": 360, "height": 740})
        page.goto(path)

        assert page.evaluate("document.documentElement.scrollWidth") <= 360


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
