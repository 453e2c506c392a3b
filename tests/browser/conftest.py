"""A browser on a site of its own. What the console says against a page fails the test."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from tests.kit import databases
from tests.kit.background_work import work_off
from tests.kit.builders import a_collection
from tests.kit.chromium import Launch
from tests.kit.databases import Template
from tests.kit.desk_login import be_logged_in
from tests.kit.processes import CHECKOUT
from tests.kit.reading_page import bring
from tests.kit.sites import Site, a_site
from tracker.domain.disclosure import Reader
from tracker.models.trays import Tray
from tracker.operations import claims, sources
from tracker.queries.claims import listing
from tracker.queries.claims.listing import Filters

PICTURES = CHECKOUT / "test-results"
# For how long a page may take to come to a state: the machine may be busy.
MOST_MILLISECONDS = 120_000


@pytest.fixture(scope="module")
def site(seed_template: Template) -> Iterator[Site]:
    with a_site(seed_template) as found:
        yield found


@pytest.fixture(scope="session")
def fed_template(seed_template: Template, django_db_blocker: Any) -> Template:
    """The seed, and a few rows of a feed that asks for review."""

    def make() -> dict[str, Any]:
        by = {"at": timezone.now(), "by": "feed"}
        wire = a_collection(name="wire-feed", coding="machine", review=True)
        kept = sources.describe_collection(wire, **by).stream
        for one in listing.listing(Filters(), after=None, limit=8, reader=Reader.DESK):
            claims.assert_claim(replace(one.state.claim, collection=kept, key=None), **by)
        work_off(at=timezone.now())
        return seed_template.facts

    with django_db_blocker.unblock():
        return databases.template("fed", base=seed_template.name, make=make)


@pytest.fixture(scope="module")
def fed(fed_template: Template) -> Iterator[Site]:
    """What a module overrides `site` with."""
    with a_site(fed_template) as found:
        yield found


@pytest.fixture(scope="session")
def browser(chromium: Launch) -> Iterator[Browser]:
    """One for all tests of this process."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # While Playwright runs, Django takes this thread for an async one.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        launched = playwright.chromium.launch(**chromium)
        expect.set_options(timeout=MOST_MILLISECONDS)
        yield launched
        launched.close()


@pytest.fixture(scope="module", autouse=True)
def _databases_are_open(django_db_blocker: Any) -> Iterator[None]:
    """A test works in the database of its site, and in no other."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def said() -> list[str]:
    """What the console said against the pages of a test."""
    return []


@pytest.fixture
def expected_errors() -> list[str]:
    """Words of the errors that a test causes on purpose. An error may come late, so they are
    taken out at the end only."""
    return []


@pytest.fixture
def open_page(
    browser: Browser, site: Site, said: list[str], expected_errors: list[str]
) -> Iterator[Callable[..., Page]]:
    """Open a page on the site; at the end nothing may have been blocked or broken in it."""
    contexts = []

    def open_it(**options: Any) -> Page:
        context = browser.new_context(base_url=site.url, **options)
        context.set_default_timeout(MOST_MILLISECONDS)
        contexts.append(context)
        page = context.new_page()
        listen(page, said)
        return page

    yield open_it
    for context in contexts:
        # An answer that a test delays may come after the page is closed.
        for page in context.pages:
            page.unroute_all(behavior="ignoreErrors")
        context.close()
    assert_quiet(said, expected_errors)


def listen(page: Page, said: list[str]) -> Callable[[], None]:
    """Note what the console says against a page, until the function is called that is returned."""
    listeners: dict[Any, Callable[..., Any]] = {
        "console": lambda one: said.append(one.text) if one.type == "error" else None,
        "pageerror": lambda one: said.append(str(one)),
        "requestfailed": lambda one: said.extend(_failed(one)),
    }
    for event, listener in listeners.items():
        page.on(event, listener)

    def end() -> None:
        for event, listener in listeners.items():
            page.remove_listener(event, listener)

    return end


def assert_quiet(said: list[str], expected_errors: list[str]) -> None:
    assert [one for one in said if not any(words in one for words in expected_errors)] == []


def _failed(request: Request) -> list[str]:
    """What was on its way when the page was left, or was asked for anew, is none."""
    left = request.failure == "net::ERR_ABORTED"
    return [] if left else [f"failed: {request.url}: {request.failure}"]


def picture(page: Page, name: str) -> None:
    """Keep what is seen, if the environment has `PICTURES=1`."""
    if os.environ.get("PICTURES"):
        page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


@pytest.fixture
def form(open_page: Callable[..., Page]) -> Page:
    """The form for a new claim, with the focus in its first box."""
    page = open_page(viewport={"width": 1280, "height": 900})
    be_logged_in(page)
    page.goto("/admin/desk/claim/add/")
    expect(page.get_by_label("Summary")).to_be_focused()
    return page


@pytest.fixture
def article_page(open_page: Callable[..., Page]) -> Page:
    """The page of an article, with the focus on the cards of its first sentence."""
    page = open_page(viewport={"width": 1440, "height": 900})
    be_logged_in(page)
    bring(page)
    return page


@pytest.fixture
def empty_trays(site: Site) -> Iterator[None]:
    """Empty all trays after the test."""
    yield
    with site.open():
        Tray.objects.all().delete()
