"""Loads the seed with the same operations that users use.

Existing records are skipped: a second run adds nothing, an interrupted run is continued, and
changes made by users stay.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple, Protocol
from uuid import UUID

from tracker import log
from tracker.domain import codec, validity
from tracker.domain.dates.description import date_name
from tracker.domain.dates.edtf import BadDate
from tracker.domain.events import link_id
from tracker.domain.likeness import suggestion
from tracker.domain.records import Actor, Membership, Source
from tracker.log import Recorded
from tracker.operations import actors, claims, lenses, links, sources
from tracker.operations import seed_files as records
from tracker.operations.seed_files import (
    DECISIONS,
    FOLDER,
    LIST,
    BadSeed,
    Home,
    Keys,
    SeedEntry,
    entries,
    parse,
    seed_id,
)

# The rows of a table.
type _Rows = list[dict[str, str]]


class Write(Protocol):
    """An operation with all arguments except time and author."""

    def __call__(self, *, at: datetime, by: str) -> Recorded: ...


class SeedStep(NamedTuple):
    """One event: its kind, its entry in the seed, and the version of its stream."""

    what: str
    entry: SeedEntry
    stream: UUID
    version: int
    write: Write


def steps(folder: Path) -> Iterator[SeedStep]:
    """All steps of the files. No step depends on a later one.

    :raises BadSeed: with file, entry and field.
    """
    files = {name: entries(f"{name}.yaml", parse(f"{name}.yaml", folder=folder)) for name in _FILES}
    all_actors = files["actors"] = _all_actors(files["countries"], files["actors"])
    organisations = files["organisations"]
    published = {one.key for entry in organisations.values() for one in _published(entry)}
    keys = Keys(
        collection=files["collections"],
        actor=all_actors | organisations,
        source=files["sources"] | organisations,
        document=files["documents"].keys() | published,
    )
    for noun in ("collection", "actor", "source", "document"):
        for entry in files[f"{noun}s"].values():
            yield _described(noun, entry, keys)
            if noun == "source":
                yield from _grades(entry)
    yield from _claims(folder, keys)
    for entry in files["lenses"].values():
        yield _described("lens", entry, keys)
    # They are last, so that the positions of the other events stay as they were.
    rows = _memberships(organisations, folder)
    for entry in organisations.values():
        yield from _organisation(entry, all_actors.get(entry.key), rows.get(entry.key, []), keys)


def _all_actors(
    more: Mapping[str, SeedEntry], others: dict[str, SeedEntry]
) -> dict[str, SeedEntry]:
    """The countries of the reference with the seed's additions, then the other actors."""
    countries = records.countries(more)
    for entry in more.values():
        if entry.key not in countries:
            problem = f"is not in the list of countries; {suggestion(entry.key, countries)}"
            raise entry.bad("", problem)
    for entry in others.values():
        if entry.key in countries:
            raise entry.bad("", "is a country: move it to countries.yaml")
    return countries | others


_DESCRIBE: Mapping[str, Callable[..., Recorded]] = {
    "collection": sources.describe_collection,
    "actor": actors.describe_actor,
    "source": sources.describe_source,
    "document": sources.describe_document,
    "lens": lenses.define_lens,
}


def _described(
    noun: str, entry: SeedEntry, keys: Keys, record: object = None, what: str = "", before: int = 0
) -> SeedStep:
    """The event that describes the record of an entry, or another `record` in its place. Its stream
    has `before` events by then."""
    stream = seed_id(noun, entry.key)
    record = record or records.record(noun, entry, keys)
    write = partial(_DESCRIBE[noun], record, **{f"{noun}_id": stream}, expected=before)
    return SeedStep(what or noun, entry, stream, before + 1, write)


def _grades(entry: SeedEntry) -> Iterator[SeedStep]:
    stream = seed_id("source", entry.key)
    for version, rating in enumerate(records.ratings(entry), start=1):
        write = partial(sources.rate_source, stream, rating, expected=version)
        yield SeedStep("grade", entry, stream, version + 1, write)


def _organisation(
    entry: SeedEntry, described: SeedEntry | None, rows: _Rows, keys: Keys
) -> Iterator[SeedStep]:
    """An organisation that is not `described` among the actors; as a source, its documents, and the
    organisation again with its memberships. A source refers to its actor, a document to its
    source."""
    if described is None:
        described = replace(entry, fields={"kind": "organisation"} | entry.fields)
        yield _described("actor", described, keys)
    if not entry.mapping(LIST):
        return
    actor = records.record("actor", described, keys)
    source = Source(kind="organisation", name=actor.name, actor=seed_id("actor", entry.key))
    yield _described("source", entry, keys, source)
    for document in _published(entry):
        yield _described("document", document, keys)
    full = _with_memberships(actor, entry, rows, keys)
    yield _described("actor", entry, keys, full, "membership list", before=1)


_MEMBERSHIPS = "memberships.csv"
_COLUMNS = ["organisation", "country", "since", "until", "status", "decided"]
_ON_DAYS = (
    "The days of the memberships were compiled by the desk. Where only the month or the year is"
    " known, a country counts as a member from its last day, and as one that left from its first."
)
_ON_TITLE = "The title describes the decision. The day on which a suspension ended is not from it."


def _published(entry: SeedEntry) -> Iterator[SeedEntry]:
    """The documents that an organisation publishes: the list of its members, and its decisions."""
    if listed := entry.mapping(LIST):
        fields = {"note": _ON_DAYS} | listed | {"source": entry.key}
        yield replace(entry, key=_list_key(entry.key), fields=fields)
    for day, title in entry.mapping(DECISIONS).items():
        try:
            fields = {"title": f"{title}, {date_name(day)}", "date": day, "source": entry.key}
        except BadDate as problem:
            raise entry.bad(f"{DECISIONS}/{day}", str(problem)) from problem
        fields["note"] = _ON_TITLE
        yield replace(entry, key=_decision_key(entry.key, day), fields=fields)


def _list_key(organisation: str) -> str:
    """The key of the document with the members of an organisation."""
    return f"{organisation}-members"


def _decision_key(organisation: str, day: str) -> str:
    """The key of the document with a decision of an organisation."""
    return f"{organisation}-{day}"


def _memberships(organisations: Mapping[str, SeedEntry], folder: Path) -> dict[str, _Rows]:
    """The rows of a table of memberships, by organisation.

    :raises BadSeed: if the columns are others, or a row has an unknown organisation.
    """
    found: dict[str, _Rows] = {}
    with (folder / _MEMBERSHIPS).open(encoding="utf-8", newline="") as stream:
        table = csv.DictReader(stream, restval="")
        if table.fieldnames != _COLUMNS:
            raise BadSeed(f"{_MEMBERSHIPS}: the first line must be {','.join(_COLUMNS)}")
        for line, row in enumerate(table, start=2):
            organisation = row["organisation"]
            if organisation not in organisations:
                hint = suggestion(organisation, organisations)
                problem = f"there is no organisation {organisation!r}; {hint}"
                raise BadSeed(f"{_MEMBERSHIPS}, line {line}: {problem}")
            found.setdefault(organisation, []).append(row)
    return found


def _with_memberships(actor: Actor, entry: SeedEntry, rows: _Rows, keys: Keys) -> Actor:
    """An organisation with the memberships of its rows, which its list says, or a decision.

    :raises BadSeed: if a row is not valid.
    """
    table = replace(entry, file=_MEMBERSHIPS)
    return replace(actor, memberships=tuple(_membership(row, table, keys) for row in rows))


def _membership(row: Mapping[str, str], table: SeedEntry, keys: Keys) -> Membership:
    at = f"/{row['country']}"
    decided = row["decided"]
    document = _decision_key(table.key, decided) if decided else _list_key(table.key)
    value = {field: row[field] for field in ("since", "until", "status") if row[field]}
    value["country"] = keys.id("actor", row["country"], entry=table, field="country")
    value["document"] = keys.id("document", document, entry=table, field=f"{at}/decided")
    membership = table.read(Membership, value, below=at)
    for problem in (*codec.problems(membership, at), *validity.membership_problems(membership, at)):
        raise table.bad(problem.pointer, problem.detail)
    return membership


_FILES = ("collections", "countries", "actors", "sources", "documents", "lenses", "organisations")


def _claims(folder: Path, keys: Keys) -> Iterator[SeedStep]:
    """The claims with corrections and verdicts, then the links between them."""
    file = SeedEntry(file="claims.yaml", key="", fields=parse("claims.yaml", folder=folder))
    home = records.home(file, keys)
    claim_entries = entries("claims.yaml", file.mapping("claims"))
    for entry in claim_entries.values():
        yield from _claim(entry, keys, home)
    for entry in claim_entries.values():
        yield from _links(entry, claim_entries, home)


def _claim(entry: SeedEntry, keys: Keys, home: Home) -> Iterator[SeedStep]:
    stream, claim = home.claim_id(entry.key), records.claim(entry, keys, home)
    writes: list[tuple[str, Write]] = [
        ("claim", partial(claims.assert_claim, claim, claim_id=stream))
    ]
    if "correction" in entry.fields:
        new, reason = records.correction(entry, keys, home)
        correct = partial(claims.correct_claim, stream, new, reason=reason, expected=len(writes))
        writes.append(("correction", correct))
    if "verdict" in entry.fields:
        verdict = records.verdict(entry, keys)
        judge = partial(claims.give_verdict, stream, verdict, expected=len(writes))
        writes.append(("verdict", judge))
    for version, (what, write) in enumerate(writes, start=1):
        yield SeedStep(what, entry, stream, version, write)


def _links(entry: SeedEntry, all_claims: Mapping[str, SeedEntry], home: Home) -> Iterator[SeedStep]:
    from_ = home.claim_id(entry.key)
    for kind in records.LINKS:
        for key in entry.names(kind):
            if key not in all_claims:
                raise entry.bad(kind, f"there is no claim {key}")
            to = home.claim_id(key)
            write = partial(links.link, kind, from_, to)
            yield SeedStep("link", entry, link_id(kind, from_, to), 1, write)


SEEDER = "system:seed"

# Called after each step with the number done, the total, and the name of the step.
type Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The events that a run added, by kind, and the number that were on record before."""

    added: Mapping[str, int]
    on_record: int


def load_seed(
    *, at: datetime, progress: Progress = lambda *_: None, folder: Path = FOLDER
) -> Counts:
    """Record the entries that are not on record. All files are read before anything is written.

    :raises BadSeed: with file, entry and field.
    """
    every = [*steps(folder)]
    streams = {step.stream for step in every}
    versions = {event.stream: event.version for event in log.history(streams, words=False)}
    added: Counter[str] = Counter()
    for number, step in enumerate(every, start=1):
        if versions.get(step.stream, 0) < step.version:
            _write_step(step, at=at)
            added[step.what] += 1
        progress(number, len(every), f"{step.what} {step.entry.key}")
    return Counts(added=dict(added), on_record=len(every) - added.total())


def claim_ids(folder: Path = FOLDER) -> list[UUID]:
    """The ids of the claims of the files, on record or not.

    :raises BadSeed: with file, entry and field.
    """
    return [step.stream for step in steps(folder) if step.what == "claim"]


def _write_step(step: SeedStep, *, at: datetime) -> None:
    try:
        step.write(at=at, by=SEEDER)
    except validity.Invalid as invalid:
        lines = [str(step.entry.bad(one.pointer, one.detail)) for one in invalid.problems]
        raise BadSeed("\n".join(lines)) from invalid
