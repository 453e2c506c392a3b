"""Enters the claims of an article on the reading page in Chromium, on a site with the seed's actors
and sources and a few thousand others."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Page, sync_playwright

from benchmarks import record_names, templates, web
from benchmarks.figures import note, stage
from benchmarks.reading_driver import ReadingDriver
from benchmarks.reading_screen import Wanted
from tests.kit import chromium
from tracker.domain.records import Actor, Name
from tracker.operations import actors, seed
from tracker.operations.seed_files import FOLDER
from tracker.queries.records import names

NAMES = 5_000
BY = "benchmark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """The claims of the seed by their summaries, the document, what is typed for a party, and the
    names of countries and organisations by code."""

    claims: Mapping[str, Any]
    document: Mapping[str, Any]
    typed: Mapping[str, str]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A text with the line that describes it, and the claims to enter from it."""

    text: str
    line: Mapping[str, str]
    wanted: Sequence[Wanted]


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A site: the port of its server, and the session of a person."""

    port: int
    cookie: str


def known() -> Seed:
    """Return what the seed has, from a database of its own."""
    with stage("load the seed"), templates.clone(_tables()):
        seed.load_seed(at=datetime.now(UTC))
        claims = {one["summary"]: one for one in record_names.named()}
        [document] = (one for one in record_names.documents() if one.get("authors"))
        on_record = [*names.directory("actor")]
    codes = {code: one.name for one in on_record for code in one.also[:1] if code.isupper()}
    typed = {name: code for code, name in codes.items()}
    return Seed(claims=claims, document=document, typed=typed, names=codes)


@contextmanager
def site() -> Iterator[Served]:
    """Serve a site with names and no claims."""
    with templates.clone(_named()) as url:
        with stage("load the seed's records"), tempfile.TemporaryDirectory() as folder:
            seed.load_seed(at=datetime.now(UTC), folder=_without_claims(Path(folder)))
        client = Client()
        client.force_login(get_user_model().objects.create_superuser(BY))
        with web.server(url, cached=True) as port:
            yield Served(port=port, cookie=client.cookies["sessionid"].value)


def _without_claims(folder: Path) -> Path:
    """The files of the seed without claims, and with another document."""
    shutil.copytree(FOLDER, folder, dirs_exist_ok=True)
    (folder / "claims.yaml").write_text("{collection: curated, document: other, claims: {}}\n")
    document = "{source: china-russia-report, title: Another article, date: 2022-05-24}"
    (folder / "documents.yaml").write_text(f"other: {document}\n")
    return folder


def _tables() -> templates.Template:
    return templates.template("tables", lambda: call_command("migrate", verbosity=0))


def _named() -> templates.Template:
    """The template with so many names that no article has."""

    def make() -> None:
        with stage(f"record {NAMES} names"):
            for number in range(NAMES // 2):
                words = "".join(chr(ord("a") + int(digit)) for digit in f"{number:04}")
                name = Name(text=f"Qu{words} Council", language="en")
                actor = Actor(kind="organisation", names=(name,), aliases=(f"Zy{words}x",))
                actors.describe_actor(actor, at=datetime.now(UTC), by=BY)

    return templates.template(f"names_{NAMES}", make, base=_tables())


def entered(
    served: Served, article: Article, typed: Mapping[str, str], *, waiting: int | None = 0
) -> ReadingDriver:
    """Enter claims in Chromium, of which so many wait for a curator; None for any number."""
    # Playwright's loop runs in this thread, and Django would refuse to work in it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with stage(f"enter {len(article.wanted)} claims"), sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium.launch(chromium.find() or ""))
        context = browser.new_context(
            base_url=f"http://{web.HOST}:{served.port}", viewport={"width": 1440, "height": 900}
        )
        context.add_cookies(
            [{"name": "sessionid", "value": served.cookie, "domain": web.HOST, "path": "/"}]
        )
        page: Page = context.new_page()
        driver = ReadingDriver(page, typed)
        driver.bring(article.text, article.line)
        driver.enter(article.wanted)
        driver.record(waiting=waiting)
        driver.close()
        browser.close()
    return driver


def tell(driver: ReadingDriver, claims: int) -> None:
    """Print for people where the strokes went, and what was proposed otherwise than wanted."""
    for on, strokes in driver.spent.most_common():
        note(f"{on:24}{strokes:6}{strokes / claims:8.1f} a claim")
    found = driver.proposed
    for miss in driver.misses:
        note(miss)
    note(
        f"of {claims} claims proposed right: parties {found.parties}, dates {found.dates},"
        f" first code {found.codes}, among three {found.offered}"
    )
