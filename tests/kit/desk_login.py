"""Logging in to the desk in a browser."""

import re
from typing import Any

from django.conf import settings
from playwright.sync_api import Page, expect

from tests.kit.sites import ADMINISTRATOR, PASSWORD

# The cookies of the last session of a name: with them the next page needs no form, and no check of
# a password, which takes long on purpose.
_COOKIES: dict[str, list[Any]] = {}


def log_in(page: Page, name: str = ADMINISTRATOR, *, anew: bool = False) -> None:
    """Go to the first page of the desk: in the last session of this name, or by the form if that
    is of another site, has ended, or is not wanted (`anew`)."""
    if not anew:
        page.context.add_cookies(_COOKIES.get(name, []))
    page.goto("/admin/")
    if page.get_by_label("Username").count():
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name=re.compile("log in", re.IGNORECASE)).click()
    expect(page.get_by_role("heading", name="My pairs")).to_be_visible()
    cookies = page.context.cookies()
    _COOKIES[name] = [one for one in cookies if one["name"] == settings.SESSION_COOKIE_NAME]


def be_logged_in(page: Page, name: str = ADMINISTRATOR) -> None:
    """Be logged in, and go to no page yet if the last session of this name still lasts."""
    page.context.add_cookies(_COOKIES.get(name, []))
    if page.context.request.get("/admin/jsi18n/", max_redirects=0).status != 200:
        log_in(page, name, anew=True)
