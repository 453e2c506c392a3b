"""Imports tables of office-holders: persons are recorded as actors with their terms.

A row is a term. Terms are added to persons on record, whose other fields stay as they are.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import batched
from typing import BinaryIO
from uuid import UUID

from tracker import log
from tracker.domain import events as e
from tracker.domain import validity
from tracker.domain.offices import person_key
from tracker.domain.records import Actor, Affiliation, Name
from tracker.imports.actors import ImportedActors
from tracker.imports.formats.base import BadCell, ImportFormat, InvalidRow
from tracker.imports.formats.drafts import NamedParty
from tracker.imports.formats.office_holders import FORMAT, WIKIDATA, OfficeRow
from tracker.imports.plan import Plans
from tracker.imports.runs import OUTCOMES, Author, Observer, Report, Tally
from tracker.imports.writer import lock_codes
from tracker.log import Draft, Pending, Statement
from tracker.operations.ids import content_id
from tracker.projections import standing
from tracker.queries.records.offices import RecordedPerson, persons

FORMATS = frozenset({FORMAT.name, WIKIDATA.name})
# Persons that are recorded in one transaction.
CHUNK = 200
SEVERAL = "is the name of several persons on record: give the item of Wikidata in `wikidata`"


@dataclass(slots=True, kw_only=True)
class _Person:
    """A person, as it will be described. `version` is that on record, 0 if there is none."""

    id: UUID
    actor: Actor
    version: int = 0
    is_changed: bool = False
    seen: set[Affiliation] = field(default_factory=set)

    def add(self, term: Affiliation, *, apply_changes: bool) -> str:
        """Add a term. Returns the outcome of its row.

        :raises Invalid: if the actor would not be valid with it.
        """
        if term in self.seen:
            return "repeated"
        self.seen.add(term)
        if term in self.actor.affiliations:
            return "known"
        begun = [own for own in self.actor.affiliations if replace(own, until=term.until) == term]
        if begun and not apply_changes:
            return "changed"
        kept = tuple(own for own in self.actor.affiliations if own not in begun)
        actor = replace(self.actor, affiliations=(*kept, term))
        validity.refuse(validity.actor_problems(actor))
        self.actor, self.is_changed = actor, True
        return "changed" if begun else "new"

    def draft(self) -> Draft:
        """The event that describes the person. Later rows can change it again."""
        event = e.ActorDescribed(actor=self.actor)
        draft = Draft(stream=self.id, event=event, expected=self.version)
        self.version, self.is_changed = self.version + 1, False
        return draft


def _project(pending: Sequence[Pending]) -> list[Statement]:
    lock_codes(pending)
    return standing.project(pending)


class _People:
    """The persons and countries on record, and those that are planned."""

    def __init__(self) -> None:
        self._plans = Plans()
        self._countries = ImportedActors(self._plans, hints=False)
        # Rows with an item of Wikidata and rows without one can be of one person.
        self._people: dict[UUID, _Person] = {}
        recorded = persons()
        self._by_id = {person.id: person for person in recorded}
        self._by_item = {person.actor.wikidata: person for person in recorded}
        self._by_name: dict[str, dict[UUID, RecordedPerson]] = defaultdict(dict)
        for person in recorded:
            for name in person.names:
                self._by_name[person_key(name)][person.id] = person

    def country(self, code: str) -> UUID:
        """The id of a country, which is planned if it is not on record."""
        return self._countries.of(
            NamedParty(role="about", name=code, column="country", former=True)
        )

    def new_countries(self, person: _Person) -> Iterator[Draft]:
        """The events that describe the countries that a person needs and that are not on record."""
        wanted = self._plans.needed(term.country for term in person.actor.affiliations)
        for country in wanted:
            yield from self._plans.drafts(country)
        self._countries.settle(set(wanted))
        self._plans.drop(wanted)

    def person(self, rows: Sequence[OfficeRow]) -> _Person:
        """The person of some rows, on record or new.

        :raises BadCell: if several on record can be meant.
        """
        first = rows[0]
        id_ = content_id("office-holder", first.person)
        named = [
            person
            for person in self._by_name[person_key(first.name)].values()
            if _may_be(person, rows)
        ]
        own = self._by_id.get(id_) or (first.wikidata and self._by_item.get(first.wikidata))
        if own:
            named = [own]
        if len(named) > 1:
            raise BadCell("name", first.name, SEVERAL)
        if named:
            one = named[0]
            known = _Person(id=one.id, actor=one.actor, version=one.version)
            return self._people.setdefault(one.id, known)
        others = dict.fromkeys(name for row in rows for name in (row.name, *row.aliases))
        actor = Actor(
            kind="person",
            names=(Name(text=first.name, language="en"),),
            aliases=tuple(others)[1:],
            wikidata=first.wikidata or None,
        )
        return _Person(id=id_, actor=actor)


def _may_be(person: RecordedPerson, rows: Iterable[OfficeRow]) -> bool:
    """Whether rows with the name of a person on record can be about that person: it has no other
    item of Wikidata, and held an office of the same country, or none at all."""
    items = {person.actor.wikidata, *(row.wikidata for row in rows)} - {None, ""}
    countries = {office.country for office in person.offices}
    own = {row.office.country for row in rows}
    return len(items) < 2 and (not countries or not countries.isdisjoint(own))


def import_office_holders(
    file: BinaryIO,
    form: ImportFormat,
    *,
    author: Author | None,
    apply_changes: bool,
    observer: Observer,
) -> Report:
    """Record the terms of a file. Without an author it is a dry run.

    :raises BadFile: before anything is written.
    :raises VersionConflict: :raises LogBusy: what is written until then stays; run it again.
    """
    # A file that is cut off is refused by then.
    form.count(file, beat=observer.reads)
    rows = list(form.entries(file))
    observer.begins(form, len(rows))
    importer = _Importer(author, observer, apply_changes=apply_changes)
    importer.refuse(row for row in rows if isinstance(row, InvalidRow))
    by_person: dict[str, list[OfficeRow]] = defaultdict(list)
    for row in rows:
        if isinstance(row, OfficeRow):
            by_person[row.person].append(row)
    for chunk in batched(by_person.values(), CHUNK, strict=False):
        if observer.stop():
            break
        importer.record(chunk)
        observer.progress(importer.tally.rows, len(rows))
    return importer.report(form.name, len(rows))


class _Importer:
    """Records persons and counts the outcomes of their rows."""

    def __init__(self, author: Author | None, observer: Observer, *, apply_changes: bool) -> None:
        self.tally = Tally()
        self._people = _People()
        self._author = author
        self._observer = observer
        self._apply_changes = apply_changes

    def report(self, form: str, rows: int) -> Report:
        counts = {outcome: self.tally.counts[outcome] for outcome in OUTCOMES}
        return Report(
            run=None,
            format=form,
            rows=rows,
            counts=counts,
            reasons=self.tally.reasons,
            remarks={},
            citations=0,
            corrections=counts["changed"] if self._apply_changes else 0,
            stopped=self.tally.rows < rows,
        )

    def refuse(self, rows: Iterable[InvalidRow]) -> None:
        for row in rows:
            reasons = Counter([fault.complaint for fault in row.faults])
            self.tally.add(Tally(counts=Counter(refused=1), reasons=reasons))
            self._observer.refused(row)

    def record(self, people: Iterable[Sequence[OfficeRow]]) -> None:
        """Record some persons in one transaction."""
        drafts: list[Draft] = []
        for rows in people:
            try:
                person = self._people.person(rows)
            except BadCell as problem:
                self.refuse(problem.at_line(row.line) for row in rows)
                continue
            for row in rows:
                self._add(row, person)
            if person.is_changed:
                drafts += [*self._people.new_countries(person), person.draft()]
        if drafts and self._author:
            at, by = self._author.now(), self._author.by
            log.append(drafts, at=at, by=by, project=_project)

    def _add(self, row: OfficeRow, person: _Person) -> None:
        """Add the term of a row to its person."""
        office = row.office
        try:
            country = self._people.country(office.country)
            term = Affiliation(
                country=country, sector=office.sector, since=office.since, until=office.until
            )
            outcome = person.add(term, apply_changes=self._apply_changes)
        except validity.Invalid as problem:
            self.refuse([BadCell("name", row.name, f"as an actor: {problem}").at_line(row.line)])
        else:
            self.tally.add(Tally(counts=Counter([outcome])))
