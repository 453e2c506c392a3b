"""The page of the calibration with figures, and a verdict at the desk without sight of p."""

from dataclasses import replace

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import picture
from tests.browser.test_every_page import complaints, overhang
from tests.kit.desk_login import be_logged_in
from tests.kit.verdicts import judge
from tracker.domain.disclosure import Reader
from tracker.operations import claims, draws
from tracker.queries.claims import listing
from tracker.queries.claims.listing import Filters

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.fixture(scope="module")
def judged(site):
    """Two of three claims are confirmed, as are those of the seed, and others wait for a check."""
    acts = Filters(kind="act")
    with site.open():
        assert draws.draw_due(at=timezone.now()) == 10
        [first, *_] = listing.listing(acts, after=None, limit=1, reader=Reader.DESK)
        for number in range(24):
            claim = replace(first.state.claim, key=None)
            new = claims.assert_claim(claim, at=timezone.now(), by="carl").stream
            judge(new, "confirmed" if number % 3 else "false")
    site.catch_up()
    return site


def test_the_page_with_figures_fits_and_has_nothing_that_axe_finds(judged, open_page):
    page = open_page(viewport={"width": 1100, "height": 900})
    page.goto("/method/calibration/")

    expect(page.locator("main")).to_contain_text(
        "27 claims have been checked: 67\N{NO-BREAK SPACE}% were confirmed"
    )
    expect(page.locator("svg.plot")).to_be_visible()
    picture(page, "calibration-figures")
    assert complaints(page) == complaints(page, "dark") == []
    assert [overhang(page, width) for width in (1280, 360, 320)] == [0, 0, 0]


def test_a_drawn_claim_is_judged_and_leaves_the_list(judged, open_page):
    page = open_page(viewport={"width": 1280, "height": 900})
    be_logged_in(page)
    page.goto("/admin/desk/claim/drawn/")

    card = page.locator("section").first
    title = card.locator("h2").inner_text()
    card.get_by_label("How you know").fill("Read in two agencies.")
    card.get_by_role("button", name="Confirmed").click()

    expect(page.get_by_text("The verdict is recorded.")).to_be_visible()
    expect(page.locator("section h2")).to_have_count(9)
    assert title not in page.locator("section h2").all_inner_texts()
