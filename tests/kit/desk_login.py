"""Logging in to the desk in a browser."""

import re

from playwright.sync_api import Page, expect

from tests.kit.sites import ADMINISTRATOR, PASSWORD


def log_in(page: Page, name: str = ADMINISTRATOR) -> None:
    page.goto("/admin/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name=re.compile("log in", re.IGNORECASE)).click()
    expect(page.get_by_role("heading", name="My pairs")).to_be_visible()
