"""How long the first twenty claims of an article take a practised typist on the reading page.

An article and a person's list of its claims are given (`reading_claims` has the shape of a list).
In Chromium the text is pasted, the line of its document corrected, each sentence gone to up to the
last, and each claim taken or corrected and then recorded, by a driver that knows the keys on the
buttons and what can be read. What the reader got wrong costs keys and decisions. Then a curator
accepts the names that are not on record, which is not timed. Every claim on record must be one
of the list: its kind, code, parties, date, speaker and chain. Measures are left out, since a list
has no amounts.

`seconds` is the sum of what follows. `reading`: all words of the text, at 240 a minute.
`decisions`: .8 s for each sentence, change and card. `typing`: letters and keys, at 40 words a
minute of five strokes; a paste is one. `waiting`: for answers and pages, as measured.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from benchmarks import wanted_claims
from benchmarks.figures import note, print_line
from benchmarks.logs import WrongResult
from benchmarks.options import Options, Skipped
from benchmarks.reading_driver import ReadingDriver
from benchmarks.reading_entry import BY, Article, entered, known, site, tell
from benchmarks.reading_screen import Wanted
from tests.kit import chromium
from tracker.domain.disclosure import Reader
from tracker.domain.records import Actor, Name, Source
from tracker.log import Recorded
from tracker.operations import actors, proposed_records, sources
from tracker.queries import trays
from tracker.queries.claims import listing
from tracker.queries.claims.listing import ClaimEntry, Filters
from tracker.queries.records import names
from tracker.queries.trays import Proposal

CLAIMS = 20
WORDS_READ_PER_MINUTE, WORDS_TYPED_PER_MINUTE, STROKES_PER_WORD = 240, 40, 5
SECONDS_PER_DECISION = 0.8
MOST = 500
WAY_OUT = "it needs an article and the list of its claims: ARTICLE2=… CLAIMS2=…"


class Entry(NamedTuple):
    """What is compared of a claim. A denial has the code and the parties of what it denies."""

    kind: str
    code: str
    parties: frozenset[tuple[str, str]]
    edtf: str
    said_by: str
    chain: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Where the seconds go."""

    reading: float
    decisions: float
    typing: float
    waiting: float

    @property
    def seconds(self) -> float:
        return self.reading + self.decisions + self.typing + self.waiting


def run(options: Options) -> None:
    if options.article2 is None or options.claims2 is None:
        raise Skipped(WAY_OUT)
    if chromium.find() is None:
        raise Skipped(chromium.WAY_OUT)
    of_seed = known()
    text = options.article2.read_text("utf-8")
    wanted = wanted_claims.of_list(options.claims2, of_seed.names)[:CLAIMS]
    # The publisher of the seed's article stands for that of this one.
    line = {"Published by": of_seed.document["source"]}
    with site() as served:
        article = Article(text=text, line=line, wanted=wanted)
        driver = entered(served, article, of_seed.typed, waiting=None)
        _accept_names()
        check(wanted)
    tell(driver, len(wanted))
    clock = clock_of(text, driver)
    note(
        f"{len(text.split())} words read, {driver.decisions} decisions,"
        f" {driver.letters} letters and {driver.strokes - driver.letters} keys"
    )
    print_line(
        "reading_clock",
        article=options.article2.stem,
        claims=len(wanted),
        seconds=f"{clock.seconds:.0f}",
        reading=f"{clock.reading:.0f}",
        decisions=f"{clock.decisions:.0f}",
        typing=f"{clock.typing:.0f}",
        waiting=f"{clock.waiting:.1f}",
    )


def clock_of(text: str, driver: ReadingDriver) -> Clock:
    """Return what it takes a person to read a text and to do what a driver did."""
    strokes_per_second = WORDS_TYPED_PER_MINUTE * STROKES_PER_WORD / 60
    return Clock(
        reading=60 * len(text.split()) / WORDS_READ_PER_MINUTE,
        decisions=SECONDS_PER_DECISION * driver.decisions,
        typing=driver.strokes / strokes_per_second,
        waiting=driver.waited,
    )


def _accept_names() -> None:
    """Put every name that waits on record, with which its claims are recorded."""
    while waiting := trays.proposals():
        for one in waiting:
            at = datetime.now(UTC)
            proposed_records.add(one.id, partial(_added, one, at), by=BY, at=at)


def _added(one: Proposal, at: datetime) -> Recorded:
    if one.noun == "source":
        return sources.describe_source(Source(kind="outlet", name=one.name), at=at, by=BY)
    actor = Actor(kind="organisation", names=(Name(text=one.name),))
    return actors.describe_actor(actor, at=at, by=BY)


def check(wanted: list[Wanted]) -> None:
    """Compare what is on record with the list.

    :raises WrongResult: if a claim is missing, or another one is on record.
    """
    listed = Counter(map(_listed, wanted))
    found = Counter(_recorded())
    if found != listed:
        missing, others = [*(listed - found).elements()], [*(found - listed).elements()]
        raise WrongResult(f"not on record: {missing}\nnot in the list: {others}")


def _listed(one: Wanted) -> Entry:
    edtf = "" if one.is_denial else one.edtf
    return Entry(one.kind, one.code, one.parties, edtf, one.said_by, one.chain)


def _recorded() -> Iterator[Entry]:
    """Every claim on record with who says it, and every denial; without the statements, which
    only have who says a claim."""
    filed = listing.listing(Filters(), after=None, limit=MOST, reader=Reader.DESK)
    labels = {one.id: one.name for noun in ("actor", "source") for one in names.directory(noun)}
    by_id = {one.state.id: one for one in filed}
    says = {link.to: link.from_ for one in filed for link in one.links if link.type == "says"}
    for key, one in by_id.items():
        if key in says.values():
            continue
        claim = one.state.claim
        parties = frozenset((labels[party.actor], party.role) for party in claim.parties)
        code = (claim.code or "").removeprefix(wanted_claims.PLOVER)
        speaker = _speaker(by_id[says[key]], labels) if key in says else ""
        for cited in claim.citations:
            chain = tuple(labels[source] for source in cited.chain)
            if cited.stance == "denies":
                yield Entry("denial", code, parties, "", chain[-1], chain[:-1])
            else:
                edtf = claim.occurred.edtf if claim.occurred else ""
                own = chain[:-1] if speaker else chain
                yield Entry(claim.kind, code, parties, edtf, speaker, own)


def _speaker(statement: ClaimEntry, labels: Mapping[UUID, str]) -> str:
    """Who makes a statement."""
    return next(
        labels[party.actor] for party in statement.state.claim.parties if party.role == "initiator"
    )
