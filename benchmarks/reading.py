"""Enters an article on the reading page by keys, and measures how fast a text is read.

`strokes_per_claim`: in Chromium, on a site with the seed's actors and sources and a few thousand
others, the seed's article is pasted, the line of its document is corrected, and sixteen of its
claims are entered by a driver that knows the keys on the buttons and what can be read. All strokes
count: a paste is one, each letter, each key that goes on to another sentence. Kind, code, parties,
date, speaker, chain and strength are those of the seed. Not compared are the words: the summary
that the page proposes is taken, and note, phrase, hedge, contexts, amount and quote stay as they
are. `parties` and `dates` are the shares of the sixteen that were proposed right before any change.

`p95_ms`: a text of a thousand words is sent to the desk, five thousand names on record, in turns
with an empty page. `gsr_top1`, `gsr_top3`: see `reading_gsr`; without a file they are `-`.

Without the article, a text made of the seed's summaries is read, in which every sentence is a
claim. `reading-time` on the standard error is what twenty claims of each article would take
somebody with 3.3 strokes a second and .8 s a decision: every sentence, change and card is one.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import psutil
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.middleware.csrf import _get_new_csrf_string
from django.test import Client
from playwright.sync_api import Page, sync_playwright

from benchmarks import templates, web
from benchmarks.figures import note, p95, percentile, print_line, stage
from benchmarks.logs import WrongResult
from benchmarks.options import Options, Skipped
from benchmarks.reading_gsr import gsr
from tests.kit import chromium, record_names, wanted_claims
from tests.kit.reading_driver import ReadingDriver
from tests.kit.reading_screen import Wanted
from tracker.domain.records import Actor, Name
from tracker.operations import actors, seed
from tracker.operations.seed_files import FOLDER
from tracker.queries.records import document_names, names

ROUNDS = 60
WORDS = 1_000
NAMES = 5_000
# Those of the sixteen that the test of the form types too.
CLAIMS = (2, 3, 5, 9, 11, 12, 13, 15, 26, 28, 29, 30, 31, 32, 36, 42)
STROKES_PER_SECOND, SECONDS_PER_DECISION, CLAIMS_PER_ARTICLE = 3.3, 0.8, 20
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

    name: str
    text: str
    line: Mapping[str, str]
    wanted: Sequence[Wanted]


def run(options: Options) -> None:
    if chromium.find() is None:
        raise Skipped(chromium.WAY_OUT)
    known = _seed()
    rows = {number: wanted_claims.seed_rows()[number] for number in CLAIMS}
    claims = {
        number: known.claims[wanted_claims.final_summary(row)] for number, row in rows.items()
    }
    first = _first_article(known, claims, options.article)
    with _site() as (port, cookie):
        driver = _entered(port, cookie, first, known)
        _check(claims.values())
        if second := _second_article(known, options):
            _tell(second, _entered(port, cookie, second, known, waiting=None))
        times = _read_times(port, cookie, first.text, rounds=options.times(ROUNDS))
    _tell(first, driver)
    note(f"p50 of the answer: {percentile(times['read'], 0.5):.1f} ms")
    note(f"p95 of an empty page: {p95(times['empty']):.1f} ms")
    found = gsr(options.gsr).held_out if options.gsr else None
    if found is None:
        note("without GSR=… events are not looked for in PLOVER's sentences")
    number = len(claims)
    print_line(
        "reading",
        strokes_per_claim=f"{driver.strokes / number:.1f}",
        p95_ms=f"{p95(times['read']):.0f}",
        gsr_top1=f"{found.top1:.3f}" if found else "-",
        gsr_top3=f"{found.top3:.3f}" if found else "-",
        parties=f"{driver.proposed.parties / number:.2f}",
        dates=f"{driver.proposed.dates / number:.2f}",
    )


def _first_article(known: Seed, claims: Mapping[int, Any], path: Path | None) -> Article:
    """The article of the seed, or a text in its place."""
    rows = wanted_claims.seed_rows()
    if path is None:
        note("without ARTICLE=… a text made of the seed's summaries is read")
    text = (
        path.read_text("utf-8")
        if path
        else wanted_claims.made_article(known.document, rows.values())
    )
    wanted = [
        wanted_claims.of_seed(
            claim, place=wanted_claims.place(number, rows[number], is_made=path is None)
        )
        for number, claim in claims.items()
    ]
    document = known.document
    line = {"Title": document["title"], "Published by": document["source"]}
    line |= {"Date": str(document["date"]), "Authors": "\n".join(document["authors"])}
    return Article(name="seed", text=text, line=line, wanted=wanted)


def _second_article(known: Seed, options: Options) -> Article | None:
    """The other article, if it is named. Whoever published the first is its publisher."""
    if options.article2 is None or options.claims2 is None:
        return None
    return Article(
        name=options.article2.stem,
        text=options.article2.read_text("utf-8"),
        line={"Published by": known.document["source"]},
        wanted=wanted_claims.of_list(options.claims2, known.names),
    )


def _tell(article: Article, driver: ReadingDriver) -> None:
    """Print for people where the strokes went, and what the time is."""
    claims = len(article.wanted)
    for on, strokes in driver.spent.most_common():
        note(f"{on:24}{strokes:6}{strokes / claims:8.1f} a claim")
    share = CLAIMS_PER_ARTICLE / claims
    typing = driver.strokes * share / STROKES_PER_SECOND
    deciding = driver.decisions * share * SECONDS_PER_DECISION
    waiting = driver.waited * share
    found = driver.proposed
    for miss in driver.misses:
        note(miss)
    note(
        f"of {claims} claims proposed right: parties {found.parties}, dates {found.dates},"
        f" first code {found.codes}, among three {found.offered}"
    )
    note(
        f"reading-time article={article.name} claims={CLAIMS_PER_ARTICLE}"
        f" seconds={typing + deciding + waiting:.0f} strokes={driver.strokes * share:.0f}"
        f" decisions={driver.decisions * share:.0f} waiting={waiting:.1f}"
    )


def _seed() -> Seed:
    """What the seed has, from a database of its own."""
    with stage("load the seed"), templates.clone(_tables()):
        seed.load_seed(at=datetime.now(UTC))
        claims = {one["summary"]: one for one in record_names.named()}
        [document] = (
            one for one in record_names.records()["document"].values() if one.get("authors")
        )
        on_record = [*names.directory("actor")]
    codes = {code: one.name for one in on_record for code in one.also[:1] if code.isupper()}
    typed = {name: code for code, name in codes.items()}
    return Seed(claims=claims, document=document, typed=typed, names=codes)


@contextmanager
def _site() -> Iterator[tuple[int, str]]:
    """Serve a site with names and no claims. Yields its port and a session."""
    with templates.clone(_named()) as url:
        with stage("load the seed's records"), tempfile.TemporaryDirectory() as folder:
            seed.load_seed(at=datetime.now(UTC), folder=_without_claims(Path(folder)))
        client = Client()
        client.force_login(get_user_model().objects.create_superuser(BY))
        with web.server(url, cached=True) as port:
            yield port, client.cookies["sessionid"].value


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


def _entered(
    port: int, cookie: str, article: Article, known: Seed, *, waiting: int | None = 0
) -> ReadingDriver:
    """Enter claims in Chromium, of which so many wait for a curator; None for any number."""
    # Playwright's loop runs in this thread, and Django would refuse to work in it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with stage(f"enter {len(article.wanted)} claims"), sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium.launch(chromium.find() or ""))
        context = browser.new_context(
            base_url=f"http://{web.HOST}:{port}", viewport={"width": 1440, "height": 900}
        )
        context.add_cookies(
            [{"name": "sessionid", "value": cookie, "domain": web.HOST, "path": "/"}]
        )
        page: Page = context.new_page()
        driver = ReadingDriver(page, known.typed)
        driver.bring(article.text, article.line)
        driver.enter(article.wanted)
        driver.record(waiting=waiting)
        driver.close()
        browser.close()
    return driver


def _check(claims: Sequence[Mapping[str, Any]] | Any) -> None:
    """Compare what is on record with the seed.

    :raises WrongResult: if a claim has another kind, code, parties, date, chain or strength.
    """
    found = sorted(map(_compared, record_names.named()), key=repr)
    wanted = sorted(map(_compared, claims), key=repr)
    if found != wanted:
        raise WrongResult(f"recorded: {found}\nwanted: {wanted}")


def _compared(claim: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": claim["kind"],
        "code": claim.get("code"),
        "parties": sorted((party["actor"], party["role"]) for party in claim["parties"]),
        "date": claim.get("occurred", {}).get("edtf"),
        "chain": [cited.get("chain", []) for cited in claim["citations"]],
        "strength": claim.get("strength", {}).get("grade"),
    }


def _read_times(port: int, cookie: str, text: str, *, rounds: int) -> dict[str, list[float]]:
    """The milliseconds of the answer to a thousand words, in turns with an empty page."""
    document = document_names.DocumentDirectory().find("Another article").id
    token = _get_new_csrf_string()
    reader = web.Reader(port, cookie=f"sessionid={cookie}; csrftoken={token}")
    fields = {"text": of_words(text, WORDS), "csrfmiddlewaretoken": token}
    acts = {
        "empty": partial(reader.read, web.EMPTY),
        "read": partial(reader.read, f"/admin/desk/document/{document}/read/text/", fields),
    }
    before = _cpu_seconds()
    with stage(f"read {WORDS} words {rounds} times"):
        times = web.in_turns(acts, rounds=rounds)
    spent = 1e3 * (_cpu_seconds() - before) / rounds
    note(f"CPU time of the web server for an answer: {spent:.0f} ms")
    return times


def _cpu_seconds() -> float:
    """The CPU seconds of the processes that this one started, which other work does not lengthen
    as it does the time of an answer."""
    processes = psutil.Process().children(recursive=True)
    return sum(sum(process.cpu_times()[:2]) for process in processes)


def of_words(text: str, number: int) -> str:
    """So many words of a text, from its beginning again where it ends."""
    times = number // len(text.split()) + 1
    whole = "\n\n".join([text] * times)
    *_, last = [word for word, _ in zip(re.finditer(r"\S+", whole), range(number), strict=False)]
    return whole[: last.end()]
