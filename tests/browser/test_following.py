"""A reader follows a pair with a browser and a mailbox, and stops following it."""

import re

import pytest
from django.core import mail
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import picture
from tests.browser.test_every_page import complaints, overhang
from tracker.mail import links, sending
from tracker.models.mail import MailReader

pytestmark = pytest.mark.browser

IN_MEMORY = "django.core.mail.backends.locmem.EmailBackend"


def link_of_last_message(site):
    """Send what is due. Returns the link in the last message."""
    with site.open(), override_settings(EMAIL_BACKEND=IN_MEMORY):
        mail.outbox = []
        sending.send_due(now=timezone.now)
        return re.search(r"http://\S+/follow/mail/\S+", mail.outbox[-1].body)[0]


def looks_right(page, name):
    """Nothing is cut off and axe finds nothing, wide and narrow, light and dark."""
    for width in (1280, 360, 320):
        assert overhang(page, width) == 0
    assert complaints(page) == []
    assert complaints(page, "dark") == []
    picture(page, name)


@pytest.mark.parametrize("scripts", [True, pytest.param(False, marks=pytest.mark.long)])
def test_a_reader_asks_confirms_and_ends(open_page, site, scripts):
    address = f"ann{scripts}@example.org".lower()
    page = open_page(java_script_enabled=scripts)
    page.goto("/pairs/KAZ-RUS/")
    page.get_by_label("Mail me when this relation changes").fill(address)
    page.get_by_role("button", name="Send me a link to confirm").click()
    expect(page.locator("h1")).to_have_text("Check your mail")

    page.goto(link_of_last_message(site))
    expect(page.get_by_label("Kazakhstan and Russia")).to_be_checked()
    if scripts:
        looks_right(page, "mail-confirm")
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator("main")).to_contain_text("Confirmed.")

    with site.open():
        reader = MailReader.objects.get(address=address)
    page.goto(links.stop_address(reader.id, site=site.url))
    expect(page.locator("main")).to_contain_text("once a week, for changes of at least 0.5 points")
    if scripts:
        looks_right(page, "mail-stop")
    page.get_by_role("button", name="End all, and delete my address").click()
    expect(page.locator("main")).to_contain_text("The address was deleted.")
    with site.open():
        assert not MailReader.objects.filter(address=address).exists()
    assert page.context.cookies() == []
