"""The first article, entered from an empty database through the desk alone, by keyboard."""

import json
import re
import sys

import pytest
import yaml
from playwright.sync_api import Page

from tests.browser.entering import add, enter
from tests.browser.seeded import CHECKOUT, NAME, PASSWORD, a_seeded_site
from tests.browser.typist import Typist

pytestmark = pytest.mark.browser
ROWS = (2, 3, 5, 9, 11, 12, 13, 15, 26, 28, 29, 30, 31, 32, 36, 42)
CLAIMS = CHECKOUT / "fixtures" / "seed" / "claims.yaml"
# What the claims name: its kind, and whom it speaks for from which sector.
ACTORS = {
    "Russia": ("state", "RUS"),
    "Ukraine": ("state", "UKR"),
    "Kazakhstan": ("state", "KAZ"),
    "China": ("state", "CHN"),
    "Türkiye": ("state", "TUR"),
    "United States": ("state", "USA"),
    "Finland": ("state", "FIN"),
    "Sweden": ("state", "SWE"),
}


@pytest.fixture(scope="module")
def site(chromium):
    with a_seeded_site(article=False) as found:
        yield found


@pytest.fixture(scope="module")
def seeds(tmp_path_factory):
    """The seed's claims, by the number of their row, from a database of their own."""
    path = tmp_path_factory.mktemp("seed") / "claims.json"
    with a_seeded_site() as loaded:
        by_words = {one["summary"]: one for one in on_record(loaded, path)}
    rows = yaml.safe_load(CLAIMS.read_text(encoding="utf-8"))["claims"]
    return {
        number: by_words[row.get("correction", {}).get("summary", row["summary"]).strip()]
        for number, row in rows.items()
    }


def on_record(site, path):
    """The claims on a site's record, by names alone."""
    site.shell(f"from tests.browser.named import write; write({str(path)!r})")
    return json.loads(path.read_text(encoding="utf-8"))


def log_in(page: Page) -> None:
    page.goto("/admin/")
    page.get_by_label("Username").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name=re.compile("log in", re.IGNORECASE)).click()
    page.get_by_text("events on record").wait_for()


def prepare(page: Page, wanted: list) -> None:
    """Put on record what the claims refer to."""
    add(page, "collection", Name="curated", Entered_by="curated")
    for name, (kind, code) in ACTORS.items():
        add(page, "actor", Kind=kind, Name=name, Code=code)
    every = {party["actor"] for row in wanted for party in row["parties"]}
    for name in sorted(every - set(ACTORS)):
        add(page, "actor", Kind="group", Name=name)
    chains = {link for row in wanted for one in row["citations"] for link in one["chain"]}
    for name in sorted({"The China-Russia Report", *chains}):
        add(page, "source", Kind="outlet", Name=name)
    add(
        page,
        "document",
        Published_by="The China-Russia Report",
        Title="The China-Russia-Kazakhstan triangle",
        Date="24 May 2022",
    )


class TestTheArticle:
    def test_comes_on_record_by_keyboard_as_the_seed_has_it(
        self, open_page, site, seeds, tmp_path, capsys
    ):
        page = open_page(viewport={"width": 1280, "height": 900})
        wanted = [seeds[number] for number in ROWS]
        log_in(page)
        prepare(page, wanted)
        page.goto("/admin/desk/claim/add/")
        typist = Typist(page)

        for row in wanted:
            enter(typist, row)

        found = on_record(site, tmp_path / "claims.json")
        assert found == sorted(map(_alone, wanted), key=lambda one: one["summary"])
        rate = typist.keystrokes / len(ROWS)
        with capsys.disabled():
            sys.stdout.write(f"\ndesk keystrokes_per_claim={rate:.0f} clicks_per_claim=0\n")


def _alone(row):
    """A claim without what is done to it later."""
    return {**row, "links": [], "verdicts": []}
