"""Finds the records that the rows of a file refer to by name, and plans those not on record."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cache
from typing import cast
from uuid import UUID

from tracker.domain import attribution, validity
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.attribution import Attribution, SaidBy
from tracker.domain.claims import Citation, Claim
from tracker.domain.likeness import name_key
from tracker.domain.records import Collection, Source
from tracker.domain.validity import Problem
from tracker.imports.actors import ImportedActors
from tracker.imports.documents import ImportedDocuments, Publication, Sourced, document_key
from tracker.imports.exported import ExportedRecords
from tracker.imports.formats import generic
from tracker.imports.formats.base import BadCell, ImportFormat
from tracker.imports.formats.drafts import DraftCitation, DraftClaim, NamedParty, NamedSource
from tracker.imports.formats.recognise import FORMATS
from tracker.imports.plan import IdCache, Plans
from tracker.operations import statements
from tracker.operations.ids import content_id
from tracker.operations.statements import PartySource
from tracker.queries.records import states
from tracker.queries.records.names import AmbiguousName, NoSuchName, directory
from tracker.queries.scores import uncounted


class ImportedSources:
    """Finds and plans sources. `countries`: the ids of the countries of new sources, by name."""

    def __init__(self, plans: Plans, countries: Mapping[str, UUID]) -> None:
        self._plans = plans
        self._countries = countries
        self._directory = directory("source")
        self._ids: IdCache[tuple[UUID | None, str]] = IdCache()
        # The sources of this run, by normalised name.
        self._new: IdCache[str] = IdCache()

    def settle(self, on_record: set[UUID]) -> None:
        self._ids.settle(on_record)
        self._new.settle(on_record)

    def of(self, named: NamedSource) -> UUID:
        """The id of a source; a new source is planned.

        :raises BadCell: if several sources have the name, or the new source is invalid.
        """
        key = (named.id, named.name)
        return self._ids.get(key) or self._ids.remember(key, self._find(named), self._plans)

    def on_record(self, name: str) -> UUID | None:
        """The id of the source on record with a name; None if there is none.

        :raises Several:
        """
        entry = self._directory.get(name)
        return entry.id if entry else None

    def _find(self, named: NamedSource) -> UUID:
        if named.id is not None and named.id in self._directory:
            return named.id
        try:
            entry = self._directory.get(named.name)
        except AmbiguousName as problem:
            raise BadCell(named.column, named.name, str(problem)) from problem
        if entry:
            return entry.id
        if named.id is not None and named.id in self._plans:
            return named.id
        key, events = name_key(named.name), self._events(named)
        if known := self._new.get(key):
            return known
        planned = self._plans.add(named.id or content_id("source", named.name), *events)
        return self._new.remember(key, planned, self._plans)

    def _events(self, named: NamedSource) -> list[e.Event]:
        """The events that describe a source.

        :raises BadCell: if it is invalid.
        """
        source = Source(
            kind=named.kind,
            name=named.name,
            country=self._countries[named.country] if named.country else None,
            ownership=named.ownership,
        )
        events: list[e.Event] = [e.SourceDescribed(source=source)]
        if grade := named.grade:
            events.append(
                e.SourceRated(reliability=grade.reliability, since=grade.since, reason=grade.reason)
            )
        for event in events:
            for problem in validity.event_problems(event):
                raise BadCell(named.column, named.name, f"as a source: {problem.detail}")
        return events


class Speakers:
    """Finds and plans the sources of parties that make statements."""

    def __init__(self, plans: Plans, actors: ImportedActors) -> None:
        self._plans = plans
        self._actors = actors
        self._known: dict[UUID, PartySource] = {}

    def look_up(self, drafts: Sequence[DraftClaim]) -> None:
        """Read the speakers of many rows, and the kinds of their parties, at once."""
        with_speaker = [draft for draft in drafts if draft.said_by]
        speakers = self._actors_of(draft.said_by for draft in with_speaker if draft.said_by)
        if new := speakers - self._known.keys():
            self._known |= statements.speakers(new)
        parties = speakers | self._actors_of(
            party for draft in with_speaker for party in draft.parties
        )
        self._actors.kinds(parties)

    def settle(self, on_record: set[UUID]) -> None:
        """Mark the speakers whose sources are on record now."""
        for actor, speaker in self._known.items():
            if speaker.source in on_record:
                self._known[actor] = speaker._replace(new=None)

    def refresh(self) -> None:
        """Forget what was read, because another writer may have changed it."""
        self._known.clear()

    def attribute(
        self, draft: DraftClaim, claim: Claim, cited: Sequence[Publication]
    ) -> Attribution:
        """Split a claim that a party says into the statement and its content.

        :raises BadCell: if the party is unknown, or the statement is invalid.
        """
        named = draft.said_by
        assert named is not None  # noqa: S101 # the caller has checked it
        speaker = self._speaker(self._actors.of(named))
        said_by = SaidBy(actor=speaker.actor)
        parts = attribution.attribute(
            claim,
            said_by,
            attribution.SpeakerContext(
                name=speaker.name,
                source=speaker.source,
                own=speaker.all
                | {document.id for document in cited if document.source in speaker.all},
                published=_dates(cited),
                kinds=self._actors.kinds([speaker.actor, *_parties(claim)]),
            ),
        )
        for problem in attribution.problems(claim, said_by, parts.statement):
            raise BadCell(named.column, named.name, problem.detail)
        return parts

    def _speaker(self, actor: UUID) -> PartySource:
        """The speaker; if it is not on record as a source, the source is planned."""
        speaker = self._known.get(actor) or self._planned(actor)
        self._known[actor] = speaker
        if speaker.new and speaker.source not in self._plans:
            event = e.SourceDescribed(source=speaker.new)
            needs = [record for record in (actor, speaker.new.country) if record]
            self._plans.add(speaker.source, event, needs=needs)
        return speaker

    def _actors_of(self, parties: Iterable[NamedParty]) -> set[UUID]:
        """The actors that are found; the others become errors of their rows."""
        actors = set()
        for party in parties:
            with suppress(BadCell):
                actors.add(self._actors.of(party))
        return actors

    def _planned(self, actor: UUID) -> PartySource:
        return statements.new_speaker(actor, self._actors.planned(actor))


def _parties(claim: Claim) -> list[UUID]:
    return [party.actor for party in claim.parties]


def _dates(cited: Sequence[Publication]) -> Mapping[UUID, str | None]:
    return {document.id: document.date for document in cited}


class CannotImport(ValueError):
    """A mapping contradicts the record. The message names what to change."""


class ImportedRecords:
    """Finds the records that rows refer to, and plans those that are not on record."""

    def __init__(self, form: ImportFormat, *, at: datetime) -> None:
        """:param at: the moment after whose day nothing that is actual can be dated.

        :raises CannotImport: :raises Invalid: if the format's collection is invalid.
        """
        self.at = at
        self.plans = Plans()
        mapped = form.name == generic.NAME
        self.actors = ImportedActors(self.plans, hints=mapped)
        self.sources = ImportedSources(
            self.plans, {country: self._country(country) for country in form.countries}
        )
        for name in form.actors:
            self._check_actor(name)
        self.documents = ImportedDocuments(self.plans)
        self.speakers = Speakers(self.plans, self.actors)
        self.exported = ExportedRecords(
            self.plans,
            {
                e.ActorDescribed: self.actors.on_record,
                e.SourceDescribed: self.sources.on_record,
                e.CollectionDescribed: _collection_id,
            },
        )
        self._collections: IdCache[str] = IdCache()
        self.collection: UUID | None = None
        self.home = ""
        # The collection of the first claim, and the collections of all claims.
        self.first: UUID | None = None
        self.used: dict[UUID, Collection] = {}
        if form.collection:
            self.home = form.collection.name
            self.collection = self._home(form.collection, strictly=mapped)

    def look_up(self, drafts: Sequence[DraftClaim]) -> list[list[Sourced] | BadCell]:
        """Read what many rows refer to, at once. Returns the citations of each row with their
        sources, or the first error in them."""
        self.exported.look_up(drafts)
        cited = [self._sourced(draft) for draft in drafts]
        self.documents.look_up(
            citation for some in cited if isinstance(some, list) for citation in some
        )
        self.speakers.look_up(drafts)
        return cited

    def _sourced(self, draft: DraftClaim) -> list[Sourced] | BadCell:
        try:
            first = self._cited(draft, draft.document_id)
            return [first, *(self._cited(further, further.id) for further in draft.more_citations)]
        except BadCell as problem:
            return problem

    def _cited(self, citation: DraftClaim | DraftCitation, exported: UUID | None) -> Sourced:
        source = self.sources.of(citation.publisher)
        chain = [self.sources.of(link) for link in citation.chain]
        key = document_key(citation.document, source, exported)
        return Sourced(citation.citation, citation.document, source, chain, key)

    def collection_of(self, draft: DraftClaim) -> UUID:
        """The collection of a row's claim; a new collection is planned.

        :raises BadCell: if the new collection is invalid.
        """
        collection = self._collection_of(draft)
        self.use(collection)
        return collection

    def use(self, collection: UUID) -> None:
        """Note that claims go to a collection."""
        self.first = self.first or collection
        if collection not in self.used and (described := self._described(collection)):
            self.used[collection] = described

    def _described(self, collection: UUID) -> Collection | None:
        """A collection as planned or on record; None if the record is not a collection."""
        planned = self.plans.drafts(collection) if collection in self.plans else []
        for draft in planned:
            if isinstance(draft.event, e.CollectionDescribed):
                return draft.event.collection
        return uncounted.collections_on_record([collection]).get(collection)

    def _collection_of(self, draft: DraftClaim) -> UUID:
        name = draft.collection
        if not name and self.collection:
            return self.collection
        collection = self._collections.get(name)
        if collection is None:
            default = Collection(name=name, coding="curated", review=False)
            wanted = _collections_of_formats().get(name, default)
            try:
                collection = self._find(wanted, draft.collection_id)
            except validity.Invalid as problem:
                raise BadCell("collection_name", name, str(problem)) from problem
            self._collections.remember(name, collection, self.plans)
        return collection

    def level_party_problems(self, claim: Claim) -> Iterable[Problem]:
        """The problems that a level is about others than countries."""
        kinds = self.actors.kinds(_parties(claim)) if claim.kind == "level" else {}
        return validity.level_party_problems(claim, kinds)

    def needed(self, claim: Claim) -> list[UUID]:
        """The planned records that a claim refers to, each after those that it refers to itself."""
        documents = [citation.document for citation in claim.citations]
        links = [link for citation in claim.citations for link in citation.chain]
        first = [claim.collection, *_parties(claim)]
        if not self.plans.hold_any([*first, *links, *documents]):
            return []
        sources = [record for record in self.plans.needed(documents) if record not in documents]
        return self.plans.needed([*first, *sources, *links, *documents])

    def needed_to_cite(self, citation: Citation) -> list[UUID]:
        """The planned records that a citation refers to."""
        return self.plans.needed([*citation.chain, citation.document])

    def settle(self, on_record: Iterable[UUID]) -> None:
        """Mark planned records that are on record now, and drop the other plans."""
        recorded = set(on_record)
        for ids in (self.actors, self.sources, self._collections):
            ids.settle(recorded)
        self.speakers.settle(recorded)
        self.exported.settle()
        needed_later = {self.collection} - recorded
        self.plans.drop([record for record in self.plans if record not in needed_later])

    def refresh(self) -> None:
        """Read again what another writer may have added meanwhile."""
        self.actors.refresh()
        self.speakers.refresh()
        self.settle(states.nouns(self.plans))

    def _country(self, name: str) -> UUID:
        try:
            return self.actors.country(name)
        except NoSuchName as problem:
            raise CannotImport(f"publishers: {problem}") from problem

    def _check_actor(self, name: str) -> None:
        try:
            self.actors.of(NamedParty(role="initiator", name=name))
        except BadCell as problem:
            raise CannotImport(f"parties: {problem.reason}") from problem

    def _home(self, wanted: Collection, *, strictly: bool) -> UUID:
        """The collection of a format. `strictly`: it must agree with the one on record."""
        collection = self._find(wanted, None)
        if strictly and collection not in self.plans:
            state = cast("f.CollectionState", states.records([collection], at=None)[collection])
            _check_agreement(state.collection, wanted)
        return collection

    def _find(self, collection: Collection, exported: UUID | None) -> UUID:
        on_record = _collection_id(collection.name)
        if on_record:
            return on_record
        if exported and exported in self.plans:
            return exported
        event = e.CollectionDescribed(collection=collection)
        validity.refuse(validity.event_problems(event))
        return self.plans.add(exported or content_id("collection", collection.name), event)


@cache
def _collections_of_formats() -> Mapping[str, Collection]:
    """The collections of formats by name: they can be named, too."""
    collections = (form.collection for form in FORMATS.values())
    return {collection.name: collection for collection in collections if collection}


def _collection_id(name: str) -> UUID | None:
    entry = directory("collection").get(name)
    return entry.id if entry else None


def _check_agreement(on_record: Collection, described: Collection) -> None:
    """Check that a mapping describes a collection as it is on record.

    :raises CannotImport:
    """
    for field in ("coding", "review", "default_reliability", "default_credibility"):
        recorded, mapped = getattr(on_record, field), getattr(described, field)
        if mapped is not None and mapped != recorded:
            raise CannotImport(
                f"collection {on_record.name}: {field} is {recorded} on record and {mapped} in the"
                " mapping: fix the mapping, or name another collection"
            )
