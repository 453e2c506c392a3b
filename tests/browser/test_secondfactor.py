"""The second factor, as a person meets it in a browser: set up, asked for, and replaced by a
recovery code when the phone is lost."""

import re
import time
from base64 import b32decode

import pytest
from django.contrib.auth.models import Group, User
from django_otp.oath import TOTP
from playwright.sync_api import Page, expect

from tests.browser.conftest import picture
from tests.browser.test_every_page import complaints, overhang

pytestmark = pytest.mark.browser
PASSWORD = "long and right 1"


def password(page: Page) -> None:
    page.goto("/admin/login/?next=/admin/desk/claim/")
    page.get_by_label("Username").fill("sam")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name=re.compile("log in", re.IGNORECASE)).click()


def code_of(secret: str, *, later: int = 0) -> str:
    """What the person's app shows, or will show a step of 30 seconds later."""
    totp = TOTP(b32decode(secret.replace(" ", "")))
    totp.time = time.time() + 30 * later
    return f"{totp.token():06}"


def look_at(page: Page, name: str) -> None:
    page.wait_for_function("!document.documentElement.hasAttribute('x-cloak')")
    assert complaints(page) == []
    assert overhang(page, 360) == 0
    page.set_viewport_size({"width": 1280, "height": 900})
    picture(page, f"desk-{name}")


def set_up(page):
    """Set up a second factor, and give its secret and the recovery codes."""
    page.goto("/admin/second-factor/")
    look_at(page, "second-factor-none")
    page.get_by_role("button", name="Set up a second factor").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    look_at(page, "second-factor-begun")
    secret = page.locator("main code, .desk code").first.inner_text()
    page.get_by_label("Six digits").fill(code_of(secret))
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    look_at(page, "second-factor-codes")
    codes = page.locator(".desk-codes code").all_inner_texts()
    assert len(codes) == 10
    return secret, codes


def gives_a_wrong_code_and_then(page, right):
    expect(page.get_by_role("heading", name="Enter your code")).to_be_visible()
    look_at(page, "second-factor-asked")
    page.get_by_label("The six digits").fill("000000")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_contain_text("That code is wrong")
    look_at(page, "second-factor-wrong")
    page.wait_for_timeout(1_100)
    page.get_by_label("The six digits").fill(right)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/admin/desk/claim/$"))


class TestTheSecondFactor:
    def test_is_set_up_asked_for_and_recovered(self, open_page, site):
        with site.open():
            sam = User.objects.create_user("sam", password=PASSWORD, is_staff=True)
            sam.groups.add(Group.objects.get(name="analyst"))
        page = open_page()
        password(page)

        secret, codes = set_up(page)
        other = open_page()
        password(other)
        gives_a_wrong_code_and_then(other, code_of(secret, later=1))

        lost = open_page()
        password(lost)
        lost.get_by_label("The six digits").fill(codes[0])
        lost.keyboard.press("Enter")
        expect(lost).to_have_url(re.compile(r"/admin/desk/claim/$"))
        lost.goto("/admin/second-factor/")
        expect(lost.get_by_text("9 recovery codes left")).to_be_visible()
        look_at(lost, "second-factor-set")
