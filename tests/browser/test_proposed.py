"""The inbox with names from articles: it fits, axe finds nothing, and the keyboard settles them."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import picture
from tests.browser.test_desk_pages import NARROW, WIDE, complaints, show
from tests.browser.test_every_page import overhang
from tests.kit.builders import AT, an_account
from tests.kit.desk_login import log_in
from tests.kit.trays import a_draft, a_new_name, puts, records
from tracker.domain.disclosure import Reader
from tracker.domain.records import Party
from tracker.operations import trays
from tracker.queries.claims import listing
from tracker.queries.claims.listing import Filters

pytestmark = [pytest.mark.browser, pytest.mark.long]
INBOX = "/admin/desk/claim/inbox/"


@pytest.fixture
def waiting(site) -> None:
    """Claims of a tray wait for an actor, of which one like it is on record, and for a state."""
    with site.open():
        [one] = listing.listing(Filters(), after=None, limit=1, reader=Reader.DESK)
        claim = one.state.claim
        an_account("bea")
        tray = trays.open_tray(claim.citations[0].document, by="bea", at=AT)
        for name in ("Kazakhstann", "Niger"):
            new = a_new_name(name)
            parties = (Party(actor=new.id, role="initiator"), *claim.parties[1:])
            draft = a_draft(replace(claim, parties=parties, key=None), names=(new,))
            puts(tray.id, draft, by="bea")
        assert records(tray.id, by="bea").waiting == 2


def test_names_that_wait_are_settled_by_keyboard(open_page, waiting):
    page = open_page(viewport={"width": WIDE, "height": 900})
    log_in(page)
    for width in (WIDE, NARROW):
        show(page, INBOX, width)
        assert (complaints(page), complaints(page, "dark")) == ([], [])
        assert (overhang(page, 360), overhang(page, width)) == (0, 0)
        picture(page, f"proposed-{width}")
    expect(page.get_by_text("2 names from articles are not on record")).to_be_visible()

    page.get_by_role("link", name=re.compile("new actor.*Niger")).click()
    expect(page.get_by_label("Code", exact=True)).to_have_value("NER")
    page.go_back()
    niger = page.get_by_role("article", name="Niger")
    niger.get_by_label("Why it is refused").focus()
    page.keyboard.type("It is on record as a state.")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Niger is refused.")).to_be_visible()
    page.get_by_role("button", name=re.compile("It is Kazakhstan")).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Kazakhstann is accepted.")).to_be_visible()
    expect(page.get_by_text("No name from an article waits.")).to_be_visible()
