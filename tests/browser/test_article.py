"""The first article, entered from an empty database through the desk alone."""

import json
import re
import sys
import time

import pytest
import yaml
from playwright.sync_api import Page, expect

from tests.kit import record_names
from tests.kit.article_entry import enter
from tests.kit.article_records import needed, put
from tests.kit.databases import a_clone, address, working_at
from tests.kit.desk_login import log_in
from tests.kit.form_filler import correct, fill, judge, link
from tests.kit.keyboard import Typist
from tests.kit.processes import CHECKOUT
from tests.kit.sites import a_site

pytestmark = [pytest.mark.browser, pytest.mark.long]
# Between them these use every field of the form.
FEW = (3, 5, 15, 28, 32, 36, 42)
# By keyboard alone, of the whole article.
TYPED = (2, 3, 5, 9, 11, 12, 13, 15, 26, 28, 29, 30, 31, 32, 36, 42)
CLAIMS = CHECKOUT / "fixtures" / "seed" / "claims.yaml"
LINKS = {
    "says": "this claim says the other",
    "causes": "this one causes the other",
    "part_of": "this one is part of the other",
}


@pytest.fixture(scope="class")
def site(empty_template):
    with a_site(empty_template) as found:
        yield found


@pytest.fixture(scope="module")
def seed(seed_template, django_db_blocker):
    """What is on record of the seed, from a database of its own."""
    with a_clone(seed_template.name) as name, django_db_blocker.unblock():
        return on_record(address(name))


@pytest.fixture(scope="module")
def rows():
    return yaml.safe_load(CLAIMS.read_text(encoding="utf-8"))["claims"]


def on_record(url):
    """What is on the record of a database, by names alone."""
    with working_at(url):
        return json.loads(json.dumps(record_names.everything(), default=str))


def as_printed(row, claim):
    """A claim of the seed as it is entered first: before its correction."""
    if "correction" not in row:
        return claim
    return {**claim, "summary": row["summary"].strip(), "note": row["note"].strip()}


def final(row):
    return {**row, **row.get("correction", {})}["summary"].strip()


def pages(page: Page) -> dict[str, str]:
    """Where each claim's page is, by the sentence that it has on the article's."""
    page.goto("/admin/desk/document/?q=triangle")
    page.get_by_role("link", name="The China-Russia-Kazakhstan triangle").click()
    taken = page.get_by_role("region", name="Claims from it").get_by_role("link")
    expect(taken.first).to_be_visible()
    return {one.inner_text(): one.get_attribute("href") for one in taken.all()}


def alone(claim):
    """A claim without what is done to it later."""
    return {**claim, "links": [], "verdicts": [], "history": [["ClaimAsserted", None]]}


class TestItsRows:
    def test_come_on_record_by_keyboard_as_the_seed_has_them(self, open_page, site, seed, rows):
        page = open_page(viewport={"width": 1280, "height": 900})
        claims = {one["summary"]: one for one in seed["claims"]}
        wanted = [claims[final(rows[number])] for number in FEW]
        log_in(page)
        put(page, {**needed(seed["records"], wanted), "lens": {}})
        page.goto("/admin/desk/claim/add/")
        typist = Typist(page)

        for claim in wanted:
            enter(typist, claim)

        site.catch_up()
        found = on_record(site.database)
        assert found["claims"] == sorted(map(alone, wanted), key=lambda one: one["summary"])


@pytest.mark.timeout(1200)
class TestTheWhole:
    def test_comes_on_record_through_the_desk_as_the_seed_has_it(
        self, open_page, site, seed, rows, capsys
    ):
        page = open_page(viewport={"width": 1280, "height": 900})
        claims = {one["summary"]: one for one in seed["claims"]}
        records = needed(seed["records"], seed["claims"])
        log_in(page)
        began = time.monotonic()
        put(page, records)
        page.goto("/admin/desk/claim/add/")
        typist = Typist(page)
        for number, row in rows.items():
            claim = as_printed(row, claims[final(row)])
            if number in TYPED:
                enter(typist, claim)
            else:
                fill(page, claim)
        do(page, rows, claims)
        took = time.monotonic() - began

        site.catch_up()
        found = on_record(site.database)
        assert found["claims"] == seed["claims"]
        assert found["records"] == records
        assert rounded(found["scores"]) == rounded(seed["scores"])
        with capsys.disabled():
            sys.stdout.write(f"\ndesk_info whole_article_s={took:.0f}\n")
            tell(typist)


def rounded(scores):
    """Claims of one day are summed in the order of their ids, which are others here: what is
    behind the twelfth decimal may differ."""
    return {
        day: [
            re.sub(r"-?\d+\.\d+(e-\d+)?", lambda one: f"{float(one[0]):.12f}", row) for row in rows
        ]
        for day, rows in scores.items()
    }


def do(page, rows, claims, links=LINKS):
    """Correct, judge and link the claims as the seed has it; by some kinds of links alone if they
    are named."""
    where = pages(page)
    for row in rows.values():
        printed, claim = row["summary"].strip(), claims[final(row)]
        if "correction" in row:
            said = {
                label: " ".join(row["correction"][label.lower()].split())
                for label in ("Summary", "Note")
            }
            correct(page, where[printed], reason=row["correction"]["reason"].strip(), **said)
            where[claim["summary"]] = where[printed]
        for verdict in claim["verdicts"]:
            judge(page, where[claim["summary"]], verdict)
    for row in rows.values():
        for kind, how in links.items():
            for other in row.get(kind, ()):
                link(page, where[final(row)], how=how, other=final(rows[other]), why="So it reads.")


def tell(typist):
    """Print of what the strokes of a claim consist."""
    many = len(TYPED)
    lines = [f"desk keystrokes_per_claim={typist.keystrokes / many:.0f} clicks_per_claim=0"]
    for what in ("text", "choice", "step"):
        spent = {on: times for (on, kind), times in typist.spent.most_common() if kind == what}
        most = ", ".join(f"{on} {times / many:.1f}" for on, times in spent.items())
        lines.append(f"desk_info {what}={sum(spent.values()) / many:.1f} ({most})")
    sys.stdout.write("\n" + "\n".join(lines) + "\n")
