"""How much of what a person finds in an article the reader's drafts have.

A list of claims is a YAML file beside the text, written by somebody who has not seen the drafts.
Each of its entries has `sentence` (its first words), `kind`, `event` (of PLOVER; empty for none),
`initiators`, `recipients` and `about` (codes of states, or names), `occurred` (EDTF) and `written`
(whether the sentence has the date).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import yaml

from tracker.domain import codebooks
from tracker.domain.dates import edtf
from tracker.domain.events import NAMESPACE
from tracker.domain.facts import rows
from tracker.domain.offices import shipped
from tracker.domain.reading import proposals, reference_names
from tracker.domain.reading.drafts import Draft
from tracker.domain.reading.names import Meaning, NameEntry, Names
from tracker.domain.reading.people import Person
from tracker.domain.reading.proposals import Context, Reading

_SEED = Path(__file__).parent.parent / "fixtures" / "seed"
_FIRST = 3
# A shorter name is not looked for within another.
_SHORTEST_PART = 4


class Share(NamedTuple):
    """How many things were found, of how many."""

    found: int
    number: int

    @property
    def share(self) -> float:
        """From 0 to 1; 0 of nothing."""
        return self.found / self.number if self.number else 0.0


class ClaimFigures(NamedTuple):
    """The shares of the listed claims that the drafts have.

    A draft of a claim is one of its sentence. `sentences`: claims with a draft. `event`: of those
    with an event, the ones with a draft that has it among its first three codes, or, for a denial,
    with a draft that denies; `first` counts only first codes. `parties`: the listed parties that a
    draft has or offers by a key; `proposed` counts only those that it has. `dates`: of the dates
    that are written in a sentence, those that a draft has or offers; `dated` counts only those that
    it has. `drafts` is the number of all drafts, and how many of them are of a sentence with a
    listed claim; `claims` is the number of listed claims and of sentences in the text.
    """

    sentences: Share
    event: Share
    first: Share
    parties: Share
    proposed: Share
    dates: Share
    dated: Share
    drafts: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A claim of the list, with what its drafts have of it: the listed parties and those not found;
    None where the list asks for nothing."""

    sentence: str
    event: str
    has_event: bool | None
    is_first: bool | None
    parties: tuple[str, ...]
    offered: frozenset[str]
    proposed: frozenset[str]
    occurred: str
    has_date: bool | None
    is_dated: bool | None
    drafts: tuple[Draft, ...] = field(repr=False)


class Record(NamedTuple):
    """The actors of the seed and all states: their names, and what a list may call each."""

    names: Names
    labels: Mapping[UUID, frozenset[str]]


def claims(text: Path, listed: Path, published: str) -> ClaimFigures:
    """Return how much of the claims listed in a file the drafts of a text have.

    :param published: the date of the article, EDTF.
    :raises OSError: if a file cannot be read.
    :raises ValueError: if a listed sentence is not in the text.
    """
    record = seed_record()
    reading = read(text.read_text("utf-8"), record, published)
    compared = list(compare(reading, yaml.safe_load(listed.read_text("utf-8")), record.labels))
    wanted = {draft.id for one in compared for draft in one.drafts}
    return ClaimFigures(
        sentences=_share([bool(one.drafts) for one in compared]),
        event=_share([one.has_event for one in compared]),
        first=_share([one.is_first for one in compared]),
        parties=Share(
            sum(len(one.offered) for one in compared), sum(len(one.parties) for one in compared)
        ),
        proposed=Share(
            sum(len(one.proposed) for one in compared), sum(len(one.parties) for one in compared)
        ),
        dates=_share([one.has_date for one in compared]),
        dated=_share([one.is_dated for one in compared]),
        drafts=Share(len(wanted), len(reading.drafts)),
    )


def read(text: str, record: Record, published: str) -> Reading:
    """Read a text with the actors of a record, as somebody who has entered nothing else."""
    context = Context(
        document=uuid5(NAMESPACE, "document"),
        collection=uuid5(NAMESPACE, "collection"),
        person="",
        actors=record.names,
        sources=Names([]),
        published=published,
    )
    return proposals.read(text, context)


def compare(
    reading: Reading, listed: Sequence[Mapping[str, Any]], labels: Mapping[UUID, frozenset[str]]
) -> Iterator[Listed]:
    """Yield each listed claim with what the drafts of its sentence have of it.

    :raises ValueError: if a listed sentence is not in the text.
    """
    for claim in listed:
        number = _number(reading, claim["sentence"])
        drafts = tuple(draft for draft in reading.drafts if draft.sentence == number)
        yield _compared(claim, drafts, labels)


def seed_record() -> Record:
    """Return the actors of the seed and all states."""
    states = {row["iso3"]: _id(row["iso3"]) for row in rows("countries")}
    labels = {_id(row["iso3"]): frozenset({row["iso3"], row["name"]}) for row in rows("countries")}
    others: dict[str, UUID] = {}
    names: list[NameEntry] = []
    for file in ("actors", "organisations"):
        for key, actor in yaml.safe_load((_SEED / f"{file}.yaml").read_text("utf-8")).items():
            spellings = [*actor.get("names", {}).values(), *actor.get("aliases", [])]
            if code := actor.get("code"):
                others[code] = _id(key)
            spellings += [code] if code else []
            names += [NameEntry(name, Meaning(_id(key), None, "name")) for name in spellings]
            speaks_for = [one["country"] for one in actor.get("affiliations", [])]
            labels[_id(key)] = labels.get(_id(key), frozenset()).union(spellings, speaks_for)
    entries = [*reference_names.entries(states, others), *names]
    return Record(Names(entries, map(Person.of, shipped()), states), labels)


def _id(key: str) -> UUID:
    return uuid5(NAMESPACE, f"reading_claims:{key}")


def _share(found: Sequence[bool | None]) -> Share:
    asked = [one for one in found if one is not None]
    return Share(sum(asked), len(asked))


def _number(reading: Reading, first_words: str) -> int:
    wanted = " ".join(first_words.split())
    for sentence in reading.sentences:
        if " ".join(sentence.text.split()).startswith(wanted):
            return sentence.number
    raise ValueError(f"no sentence begins with {first_words!r}")


def _compared(
    claim: Mapping[str, Any],
    drafts: tuple[Draft, ...],
    labels: Mapping[UUID, frozenset[str]],
) -> Listed:
    event = claim["event"]
    places = [_place(claim, draft) for draft in drafts]
    asked = tuple(
        party for role in ("initiators", "recipients", "about") for party in claim.get(role) or []
    )
    has = {party.actor for draft in drafts for party in draft.claim.parties}
    offers = {one.actor for draft in drafts for one in draft.actors}
    named = {actor: labels.get(actor) or _new_name(actor, drafts) for actor in (*has, *offers)}
    occurred = str(claim["occurred"] or "") if claim["written"] else ""
    dated = [draft.claim.occurred.edtf for draft in drafts if draft.claim.occurred]
    offered = [one.edtf for draft in drafts for one in draft.dates]
    return Listed(
        sentence=claim["sentence"],
        event=event,
        has_event=any(place is not None for place in places) if event else None,
        is_first=any(place == 0 for place in places) if event else None,
        parties=asked,
        offered=_found(asked, [named[actor] for actor in (*has, *offers)]),
        proposed=_found(asked, [named[actor] for actor in has]),
        occurred=occurred,
        has_date=any(_is_same(one, occurred) for one in (*dated, *offered)) if occurred else None,
        is_dated=any(_is_same(one, occurred) for one in dated) if occurred else None,
        drafts=drafts,
    )


def _place(claim: Mapping[str, Any], draft: Draft) -> int | None:
    """The place of the first code with the event, from 0, among the first three."""
    if claim["kind"] == "denial" and draft.denies:
        return 0
    events = [codebooks.find(one.code).event for one in draft.codes[:_FIRST]]
    return events.index(claim["event"]) if claim["event"] in events else None


def _new_name(actor: UUID, drafts: Sequence[Draft]) -> frozenset[str]:
    return frozenset(name.name for draft in drafts for name in draft.names if name.id == actor)


def _found(asked: Sequence[str], named: Sequence[frozenset[str]]) -> frozenset[str]:
    known = [_plain(name) for names in named for name in names]
    return frozenset(
        party for party in asked if any(_is_name(_plain(party), name) for name in known)
    )


def _plain(name: str) -> str:
    return name.casefold().removeprefix("the ")


def _is_name(party: str, name: str) -> bool:
    """Whether two names are the same, or the words of one are among those of the other."""
    if len(party) < _SHORTEST_PART or len(name) < _SHORTEST_PART:
        return party == name
    return f" {party} " in f" {name} " or f" {name} " in f" {party} "


def _is_same(found: str, occurred: str) -> bool:
    """Whether two dates are the same, or have the same first and last day."""
    return found == occurred or edtf.bounds(found) == edtf.bounds(occurred)
