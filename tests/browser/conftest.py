"""A browser on a site of its own. What the console says against a page fails the test."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

from tests.browser.seeded import Seeded, a_seeded_database, a_site
from tests.chromium import Launch
from tests.clones import CHECKOUT

PICTURES = CHECKOUT / "test-results"


@pytest.fixture(scope="session")
def seeded(chromium: Launch) -> Iterator[str]:
    """The database that sites are cloned from."""
    with a_seeded_database() as name:
        yield name


@pytest.fixture(scope="module")
def site(seeded: str) -> Iterator[Seeded]:
    with a_site(seeded) as found:
        yield found


@pytest.fixture(scope="module")
def browser(chromium: Launch) -> Iterator[Browser]:
    """Ends with the module: while Playwright runs, Django takes each thread for an async one."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(**chromium)
        yield launched
        launched.close()


@pytest.fixture
def said() -> list[str]:
    """What the console said against the pages of a test; a test may take out what it asked for."""
    return []


@pytest.fixture
def open_page(browser: Browser, site: Seeded, said: list[str]) -> Iterator[Callable[..., Page]]:
    """Open a page on the site; at the end nothing may have been blocked or broken in it."""
    contexts = []

    def open_it(**options: Any) -> Page:
        context = browser.new_context(base_url=site.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
        page.on("pageerror", lambda one: said.append(str(one)))
        page.on("requestfailed", lambda one: said.extend(_failed(one)))
        return page

    yield open_it
    for context in contexts:
        # An answer that a test delays may come after the page is closed.
        for page in context.pages:
            page.unroute_all(behavior="ignoreErrors")
        context.close()
    assert said == []


def _failed(request: Request) -> list[str]:
    """What was on its way when the page was left, or was asked for anew, is none."""
    left = request.failure == "net::ERR_ABORTED"
    return [] if left else [f"failed: {request.url}: {request.failure}"]


def picture(page: Page, name: str) -> Path:
    """Keep what is seen, for whoever looks."""
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path, full_page=True)
    return path
