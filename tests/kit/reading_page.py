"""The page of an article in a browser."""

from playwright.sync_api import Page, expect

ARTICLE = """Three days in spring

By Jane Doe

12 April 2022

Russia imposed sanctions on Kazakhstan on 3 March 2022. The weather was fine that day.

China signed an agreement with Kazakhstan on 5 March 2022.

Kazakhstan expelled Russian diplomats on 7 March 2022.
"""


def bring(page: Page, text: str = ARTICLE) -> None:
    """Bring the article; the first time its document is added."""
    page.goto("/admin/desk/read/")
    page.get_by_label("Address or text").fill(text)
    page.keyboard.press("Control+Enter")
    known = page.get_by_role("link", name="Three days in spring")
    line = page.get_by_label("Published by")
    expect(line).to_be_visible()
    if known.count():
        known.first.click()
    else:
        line.fill("The China-Russia Report")
        page.keyboard.press("Control+Enter")
    expect(page.locator("#stack")).to_be_focused()


def now(page: Page, number: int) -> None:
    """Wait for a sentence to be the current one."""
    expect(page.locator("[data-sentence][aria-current]")).to_have_attribute(
        "data-sentence", str(number)
    )


def card(page: Page):
    return page.locator(".reading-card.is-current")


def marks(page: Page) -> list[str]:
    rows = page.locator("[data-sentence]")
    return [row.get_attribute("data-mark") or "" for row in rows.all()]


def in_tray(page: Page, number: int) -> None:
    expect(page.locator("#tray")).to_have_attribute("data-count", str(number))
