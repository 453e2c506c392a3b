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
claim. `reading_clock` times other articles.
"""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import psutil
from django.middleware.csrf import _get_new_csrf_string

from benchmarks import record_names, wanted_claims, web
from benchmarks.figures import note, p95, percentile, print_line, stage
from benchmarks.logs import WrongResult
from benchmarks.options import Options, Skipped
from benchmarks.reading_entry import Article, Seed, Served, entered, known, site, tell
from benchmarks.reading_gsr import gsr
from tests.kit import chromium
from tracker.queries.records import document_names

ROUNDS = 60
WORDS = 1_000
# Those that are entered.
CLAIMS = (2, 3, 5, 9, 11, 12, 13, 15, 26, 28, 29, 30, 31, 32, 36, 42)


def run(options: Options) -> None:
    if chromium.find() is None:
        raise Skipped(chromium.WAY_OUT)
    of_seed = known()
    rows = {number: wanted_claims.seed_rows()[number] for number in CLAIMS}
    claims = {
        number: of_seed.claims[wanted_claims.final_summary(row)] for number, row in rows.items()
    }
    article = _article(of_seed, claims, options.article)
    with site() as served:
        driver = entered(served, article, of_seed.typed)
        _check(claims.values())
        times = _read_times(served, article.text, rounds=options.times(ROUNDS))
    number = len(claims)
    tell(driver, number)
    note(f"p50 of the answer: {percentile(times['read'], 0.5):.1f} ms")
    note(f"p95 of an empty page: {p95(times['empty']):.1f} ms")
    found = gsr(options.gsr).held_out if options.gsr else None
    if found is None:
        note("without GSR=… events are not looked for in PLOVER's sentences")
    print_line(
        "reading",
        strokes_per_claim=f"{driver.strokes / number:.1f}",
        p95_ms=f"{p95(times['read']):.0f}",
        gsr_top1=f"{found.top1:.3f}" if found else "-",
        gsr_top3=f"{found.top3:.3f}" if found else "-",
        parties=f"{driver.proposed.parties / number:.2f}",
        dates=f"{driver.proposed.dates / number:.2f}",
    )


def _article(seed: Seed, claims: Mapping[int, Any], path: Path | None) -> Article:
    """The article of the seed, or a text in its place."""
    rows = wanted_claims.seed_rows()
    if path is None:
        note("without ARTICLE=… a text made of the seed's summaries is read")
    text = (
        path.read_text("utf-8")
        if path
        else wanted_claims.made_article(seed.document, rows.values())
    )
    wanted = [
        wanted_claims.of_seed(
            claim, place=wanted_claims.place(number, rows[number], is_made=path is None)
        )
        for number, claim in claims.items()
    ]
    document = seed.document
    line = {"Title": document["title"], "Published by": document["source"]}
    line |= {"Date": str(document["date"]), "Authors": "\n".join(document["authors"])}
    return Article(text=text, line=line, wanted=wanted)


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


def _read_times(served: Served, text: str, *, rounds: int) -> dict[str, list[float]]:
    """The milliseconds of the answer to a thousand words, in turns with an empty page."""
    document = document_names.DocumentDirectory().find("Another article").id
    token = _get_new_csrf_string()
    reader = web.Reader(served.port, cookie=f"sessionid={served.cookie}; csrftoken={token}")
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
