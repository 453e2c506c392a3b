"""The public pages in a real browser: nothing blocked, nothing cut off, and what opens from a mark
or a quote."""

import re
from dataclasses import replace

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import picture
from tests.kit.builders import BY
from tests.kit.placed_quotes import a_selector
from tracker.domain.disclosure import Reader
from tracker.domain.records import Document, Name
from tracker.operations import actors, sources
from tracker.operations import claims as operations
from tracker.queries.claims import listing
from tracker.queries.claims.listing import Filters
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


# A sentence far down on a page of the site itself, with the words around it.
BEFORE = "English-language and official sources are over-represented. "
QUOTE = (
    "Do not use them for targeting, sanctions or border decisions, credit, trading, or judging a"
    " person or a nationality."
)
AFTER = " Persons are not scored, ranked or graphed."


@pytest.fixture(scope="module")
def claim(site):
    """A claim that quotes the page."""
    with site.open():
        by = {"at": timezone.now(), "by": "ann"}
        [first, *_] = listing.listing(Filters(), after=None, limit=1, reader=Reader.DESK)
        like = first.state.claim
        [paper] = states.records([like.citations[0].document], at=None).values()
        method = Document(
            source=paper.document.source, title="The method", url=f"{site.url}/method/"
        )
        document = sources.describe_document(method, **by).stream
        selector = a_selector(QUOTE, f"{BEFORE}{QUOTE}{AFTER}")
        cited = replace(like.citations[0], document=document, quote=QUOTE, selector=selector)
        made = operations.assert_claim(replace(like, key=None, citations=(cited,)), **by)
    site.catch_up()
    return made.stream


@pytest.mark.long
class TestAClaim:
    def test_opens_the_original_at_the_sentence(self, open_page, claim):
        page = open_page(viewport={"width": 1024, "height": 768})
        page.goto(f"/claims/{claim}/")

        page.get_by_role("link", name="the original").click()

        page.wait_for_url(lambda url: "/method/" in url)
        expect(page.get_by_text(QUOTE)).to_be_in_viewport()
