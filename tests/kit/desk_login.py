"""Logging in to the desk in a browser."""

import re
from typing import Any

from django.conf import settings
from playwright.sync_api import Page, expect

from tests.kit.sites import ADMINISTRATOR, PASSWORD

# The cookies of the last session: with them the next page needs no form, and no check of a
# password, which takes long on purpose.
_cookies: list[Any] = []


def log_in(page: Page, *, anew: bool = False) -> None:
    """Go to the first page of the desk: in the last session, or by the form if that is of another
    site, has ended, or is not wanted (`anew`)."""
    if not anew:
        page.context.add_cookies(_cookies)
    page.goto("/admin/")
    if page.get_by_label("Username").count():
        page.get_by_label("Username").fill(ADMINISTRATOR)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name=re.compile("log in", re.IGNORECASE)).click()
    expect(page.get_by_role("heading", name="My pairs")).to_be_visible()
    cookies = page.context.cookies()
    _cookies[:] = [one for one in cookies if one["name"] == settings.SESSION_COOKIE_NAME]


def be_logged_in(page: Page) -> None:
    """Be logged in, and go to no page yet if the last session still lasts."""
    page.context.add_cookies(_cookies)
    if page.context.request.get("/admin/jsi18n/", max_redirects=0).status != 200:
        log_in(page, anew=True)
