"""The article of the seed, from an empty database through the reading page: the document and its
publisher by bringing the text, all actors and sources that a claim names as names that a curator
accepts in the inbox. By forms come only the collection, the lenses, and actors that no claim names.

The text is not in the project: `ARTICLE` names a file with it; otherwise a text made of the seed's
summaries is read."""

import itertools
import json
import math
import os
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Page, expect

from tests.kit import record_names
from tests.kit.article_records import describe_source, needed, put
from tests.kit.databases import a_clone, address, working_at
from tests.kit.desk_login import log_in
from tests.kit.form_filler import correct, fill_in, judge, link
from tests.kit.processes import CHECKOUT
from tests.kit.reading_driver import NEW_PUBLISHER, TICKED, ReadingDriver
from tests.kit.sites import a_site
from tests.kit.wanted_claims import made_article, of_seed, place
from tracker import log
from tracker.models.derived import StandingClaim

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.timeout(2400)]
CLAIMS = CHECKOUT / "fixtures" / "seed" / "claims.yaml"
ARTICLE = os.environ.get("ARTICLE", "")
# How cards are linked: the key, and the words of a claim's page. That a claim says another one is
# said on its page.
KEYS = {"causes": "c", "part_of": "p"}


@pytest.fixture(scope="module")
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


def do(page, rows, claims):
    """Correct and judge the claims as the seed has it, and link those that say others."""
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
        for other in row.get("says", ()):
            link(
                page,
                where[final(row)],
                how="this claim says the other",
                other=final(rows[other]),
                why="So it reads.",
            )


@pytest.fixture(scope="module")
def moves(seed_template, django_db_blocker):
    """What the claims of the seed move."""
    with (
        a_clone(seed_template.name) as name,
        django_db_blocker.unblock(),
        working_at(address(name)),
    ):
        return record_names.moves()


def named(claims):
    """The names of the actors and sources that claims name."""
    cited = [citation for one in claims for citation in one["citations"]]
    return {
        "actor": {party["actor"] for one in claims for party in one["parties"]},
        "source": {name for citation in cited for name in citation.get("chain", ())},
    }


def without_places(claims):
    """Claims without where their quotes are in the text."""
    return [
        {
            **one,
            "citations": [
                {name: value for name, value in cited.items() if name != "selector"}
                for cited in one["citations"]
            ],
        }
        for one in claims
    ]


def differing(found, wanted):
    """The rows of scores that differ by more than rounding: p is worked out from roots in the order
    of their ids."""
    assert found.keys() == wanted.keys()
    return [
        (day, one, other)
        for day in wanted
        for one, other in itertools.zip_longest(found[day], wanted[day], fillvalue="")
        if not all(
            itertools.starmap(alike, itertools.zip_longest(one.split(","), other.split(",")))
        )
    ]


def alike(one, other):
    """Whether two values are equal, or numbers that differ in the last decimals alone."""
    if one == other:
        return True
    try:
        return math.isclose(float(one), float(other), rel_tol=1e-9, abs_tol=1e-12)
    except (TypeError, ValueError):
        return False


def test_comes_on_record_as_the_seed_has_it(open_page, site, seed, moves, rows):
    page = open_page(viewport={"width": 1440, "height": 900})
    claims = {one["summary"]: one for one in seed["claims"]}
    records = needed(seed["records"], seed["claims"])
    [document] = records["document"].values()
    publisher = document["source"]
    waiting = named(claims.values())
    waiting["source"] -= {publisher}
    log_in(page)
    put(page, {"collection": records["collection"]})
    driver = ReadingDriver(page, {})
    text = Path(ARTICLE).read_text("utf-8") if ARTICLE else made_article(document, rows.values())
    driver.bring(
        text,
        {
            "Title": document["title"],
            "Published by": publisher,
            NEW_PUBLISHER: TICKED,
            "Date": document["date"],
            "Authors": "\n".join(document["authors"]),
            "Language": document["language"],
            "Note": document["note"],
        },
    )
    printed = {number: as_printed(row, claims[final(row)]) for number, row in rows.items()}
    wanted = {
        of_seed(one, place=place(number, rows[number], is_made=not ARTICLE)): one
        for number, one in printed.items()
    }

    taken = driver.enter_whole(list(wanted), lambda one: fill_in(page, wanted[one]))
    for number, row in rows.items():
        for kind, key in KEYS.items():
            for other in row.get(kind, ()):
                driver.link(printed[number]["summary"], key=key, to=printed[other]["summary"])
    driver.record(waiting=len(rows))
    sources = {name: one for name, one in records["source"].items() if name != publisher}
    put(page, {"actor": records["actor"], "source": sources}, waiting=waiting)
    describe_source(page, publisher, records["source"][publisher])
    put(page, {"lens": records["lens"]})
    do(page, rows, claims)

    site.catch_up()
    found = on_record(site.database)
    assert without_places(found["claims"]) == seed["claims"]
    assert found["records"] == records
    with site.open():
        claim_ids = record_names.claim_ids()
        events = log.history(StandingClaim.objects.values_list("id", flat=True))
        asserted = [one.decoded() for one in events if one.kind == "ClaimAsserted"]
    # Of two acts on one day, the one with the lower id is taken for the earlier one.
    assert differing(found["scores"], record_names.scores_of(moves, claim_ids)) == []
    assert sum(one.proposed is not None for one in asserted) == taken
