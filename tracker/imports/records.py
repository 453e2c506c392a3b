"""What the rows of a file refer to by name, found on record or planned."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import cast
from uuid import UUID

from tracker.domain import attribution, validity
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.attribution import SaidBy, Spoken
from tracker.domain.claims import Citation, Claim
from tracker.domain.records import Actor, ActorKind, Collection, Source
from tracker.imports.actors import Actors
from tracker.imports.documents import Documents, Publication, Sourced, asked
from tracker.imports.exported import ExportedRecords
from tracker.imports.formats import generic
from tracker.imports.formats.base import BadCell, Format
from tracker.imports.formats.drafts import Cited, DraftClaim, NamedParty, NamedSource
from tracker.imports.formats.recognise import FORMATS
from tracker.imports.plan import Ids, Plans
from tracker.imports.templates import Parts, Templates
from tracker.operations import statements
from tracker.operations.ids import content_id
from tracker.operations.statements import Speaker
from tracker.queries.records import states
from tracker.queries.records.names import NoSuchName, Several, directory, name_key
from tracker.queries.scores import uncounted


class Sources:
    """Finds and plans sources. `countries`: the ids of those that are said of new ones, by name."""

    def __init__(self, plans: Plans, countries: Mapping[str, UUID]) -> None:
        self._plans = plans
        self._countries = countries
        self._directory = directory("source")
        self._ids: Ids[tuple[UUID | None, str]] = Ids()
        # Those made by this run, in whatever spelling they are named.
        self._made: Ids[str] = Ids()

    def settle(self, on_record: set[UUID]) -> None:
        self._ids.settle(on_record)
        self._made.settle(on_record)

    def of(self, named: NamedSource) -> UUID:
        """Give the source of a name, a planned one if there is none.

        :raises BadCell: if several are called so, or none can be.
        """
        asked = (named.id, named.name)
        return self._ids.get(asked) or self._ids.keep(asked, self._find(named), self._plans)

    def held(self, name: str) -> UUID | None:
        """Give the source that goes by a name, if one on record does.

        :raises Several:
        """
        found = self._directory.get(name)
        return found.id if found else None

    def _find(self, named: NamedSource) -> UUID:
        if named.id is not None and named.id in self._directory:
            return named.id
        try:
            found = self._directory.get(named.name)
        except Several as problem:
            raise BadCell(named.column, named.name, str(problem)) from problem
        if found:
            return found.id
        if named.id is not None and named.id in self._plans:
            return named.id
        spelled = name_key(named.name)
        return self._made.get(spelled) or self._made.keep(spelled, self._plan(named), self._plans)

    def _plan(self, named: NamedSource) -> UUID:
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
        return self._plans.add(named.id or content_id("source", named.name), *events)


class Speakers:
    """Finds and plans the sources that speakers are."""

    def __init__(self, plans: Plans, actors: Actors) -> None:
        self._plans = plans
        self._actors = actors
        self._known: dict[UUID, Speaker] = {}
        self._kinds: dict[UUID, ActorKind] = {}

    def look_up(self, drafts: Sequence[DraftClaim]) -> None:
        """Ask at once for the speakers of many rows, and for what takes part there."""
        said = [one for one in drafts if one.said_by]
        heard = self._actors_of(one.said_by for one in said if one.said_by)
        if new := heard - self._known.keys():
            self._known |= statements.speakers(new)
        parties = heard | self._actors_of(party for one in said for party in one.parties)
        if unknown := parties - self._kinds.keys():
            self._kinds |= statements.kinds_of(unknown)

    def settle(self, on_record: set[UUID]) -> None:
        """Take the speakers whose sources came on record for sources."""
        for actor, one in self._known.items():
            if one.source in on_record:
                self._known[actor] = one._replace(new=None)

    def look_again(self) -> None:
        """Forget who is a source: somebody else may have written."""
        self._known.clear()
        self._kinds.clear()

    def spoken(self, draft: DraftClaim, claim: Claim, cited: Sequence[Publication]) -> Spoken:
        """Make two claims of one that a party says.

        :raises BadCell: if nobody is called so, or the statement does not fit.
        """
        named = draft.said_by
        assert named is not None  # noqa: S101 # who asks has looked
        speaker = self._speaker(self._actors.of(named))
        said_by = SaidBy(actor=speaker.actor)
        spoken = attribution.spoken(
            claim,
            said_by,
            attribution.Known(
                name=speaker.name,
                source=speaker.source,
                own=speaker.all | {one.id for one in cited if one.source in speaker.all},
                published=_dates(cited),
                kinds=self._kinds | self._planned_kinds(claim, speaker.actor),
            ),
        )
        for problem in attribution.problems(claim, said_by, spoken.statement):
            raise BadCell(named.column, named.name, problem.detail)
        return spoken

    def _speaker(self, actor: UUID) -> Speaker:
        """Give a speaker; until it is on record as a source, the source is planned."""
        found = self._known.get(actor) or self._planned(actor)
        self._known[actor] = found
        if found.new and found.source not in self._plans:
            event = e.SourceDescribed(source=found.new)
            needs = [one for one in (actor, found.new.country) if one]
            self._plans.add(found.source, event, needs=needs)
        return found

    def _actors_of(self, parties: Iterable[NamedParty]) -> set[UUID]:
        """The actors that are found; of the others their rows are told."""
        found = set()
        for party in parties:
            with suppress(BadCell):
                found.add(self._actors.of(party))
        return found

    def _planned(self, actor: UUID) -> Speaker:
        return statements.new_speaker(actor, self._planned_actor(actor))

    def _planned_kinds(self, claim: Claim, speaker: UUID) -> dict[UUID, ActorKind]:
        """The kinds of those that only this file puts on record."""
        actors = {speaker, *(party.actor for party in claim.parties)}
        return {one: self._planned_actor(one).kind for one in actors if one in self._plans}

    def _planned_actor(self, actor: UUID) -> Actor:
        described = self._plans.drafts(actor)[0].event
        assert isinstance(described, e.ActorDescribed)  # noqa: S101 # it was found as an actor
        return described.actor


def _dates(cited: Sequence[Publication]) -> Mapping[UUID, str | None]:
    return {one.id: one.date for one in cited}


class CannotImport(ValueError):
    """A mapping that contradicts what is on record; says which of the two to change."""


class Records:
    """Finds what rows refer to, and plans what is not on record yet."""

    def __init__(self, form: Format) -> None:
        """:raises CannotImport: :raises Invalid: if the format's collection can be none."""
        self.plans = Plans()
        self.parts = Parts()
        self.moulds = Templates(self.parts)
        mapped = form.name == generic.NAME
        self.actors = Actors(self.plans, hints=mapped)
        self.sources = Sources(self.plans, {one: self._country(one) for one in form.countries})
        self.documents = Documents(self.plans)
        self.speakers = Speakers(self.plans, self.actors)
        self.brought = ExportedRecords(
            self.plans,
            {
                e.ActorDescribed: self.actors.held,
                e.SourceDescribed: self.sources.held,
                e.CollectionDescribed: _collection,
            },
        )
        self._collections: Ids[str] = Ids()
        # Known by name are also those that the formats bring with them.
        offered = (one.collection for one in FORMATS.values())
        self._offered = {one.name: one for one in offered if one}
        self.collection: UUID | None = None
        self.home = ""
        # The collection of the first claim, and those of all.
        self.first: UUID | None = None
        self.used: dict[UUID, Collection] = {}
        if form.collection:
            self.home = form.collection.name
            self.collection = self._home(form.collection, strictly=mapped)

    def look_up(self, drafts: Sequence[DraftClaim]) -> list[list[Sourced] | BadCell]:
        """Ask at once for what many rows refer to, and give the citations of each with their
        sources; or what is wrong with one of them."""
        self.parts.refresh()
        self.brought.look_up(drafts)
        found = [self._sourced(draft) for draft in drafts]
        self.documents.look_up(one for some in found if isinstance(some, list) for one in some)
        self.speakers.look_up(drafts)
        return found

    def _sourced(self, draft: DraftClaim) -> list[Sourced] | BadCell:
        try:
            first = self._cited(draft, draft.document_id)
            return [first, *(self._cited(one, one.id) for one in draft.further)]
        except BadCell as problem:
            return problem

    def _cited(self, one: DraftClaim | Cited, exported: UUID | None) -> Sourced:
        source = self.sources.of(one.publisher)
        chain = [self.sources.of(link) for link in one.chain]
        key = asked(one.document, source, exported)
        return Sourced(one.citation, one.document, source, chain, key)

    def collection_of(self, draft: DraftClaim) -> UUID:
        """Give the collection of a row's claim, a planned one if there is none.

        :raises BadCell: if it can be none.
        """
        found = self._collection_of(draft)
        self.first = self.first or found
        if found not in self.used and (described := self._described(found)):
            self.used[found] = described
        return found

    def _described(self, collection: UUID) -> Collection | None:
        """A collection as it is planned, or on record; None where a file takes another record for
        one."""
        planned = self.plans.drafts(collection) if collection in self.plans else []
        for draft in planned:
            if isinstance(draft.event, e.CollectionDescribed):
                return draft.event.collection
        return uncounted.described([collection]).get(collection)

    def _collection_of(self, draft: DraftClaim) -> UUID:
        name = draft.collection
        if not name and self.collection:
            return self.collection
        found = self._collections.get(name)
        if found is None:
            try:
                found = self._found(self._meant(name), draft.collection_id)
            except validity.Invalid as problem:
                raise BadCell("collection_name", name, str(problem)) from problem
            self._collections.keep(name, found, self.plans)
        return found

    def needed(self, claim: Claim) -> list[UUID]:
        """The planned records that a claim refers to, those before that others refer to."""
        documents = [one.document for one in claim.citations]
        links = [link for one in claim.citations for link in one.chain]
        first = [claim.collection, *[party.actor for party in claim.parties]]
        if not self.plans.hold_any([*first, *links, *documents]):
            return []
        sources = [one for one in self.plans.needed(documents) if one not in documents]
        return self.plans.needed([*first, *sources, *links, *documents])

    def needed_to_cite(self, citation: Citation) -> list[UUID]:
        """The planned records that a citation refers to."""
        return self.plans.needed([*citation.chain, citation.document])

    def settle(self, on_record: Iterable[UUID]) -> None:
        """Take some of what was planned for on record, and plan the rest no longer."""
        done = set(on_record)
        for one in (self.actors, self.sources, self._collections):
            one.settle(done)
        self.speakers.settle(done)
        self.brought.settle()
        kept = {self.collection} - done
        self.plans.drop([one for one in self.plans if one not in kept])

    def look_again(self) -> None:
        """Take what somebody else has put on record meanwhile for on record."""
        self.actors.look_again()
        self.speakers.look_again()
        self.settle(states.nouns(self.plans))

    def _country(self, name: str) -> UUID:
        try:
            return self.actors.country(name)
        except NoSuchName as problem:
            raise CannotImport(f"publishers: {problem}") from problem

    def _home(self, wanted: Collection, *, strictly: bool) -> UUID:
        """The collection of a format, which a mapping must describe as it is on record."""
        found = self._found(wanted, None)
        if strictly and found not in self.plans:
            state = cast("f.CollectionState", states.records([found], at=None)[found])
            _agree(state.collection, wanted)
        return found

    def _found(self, wanted: Collection, exported: UUID | None) -> UUID:
        known = _collection(wanted.name)
        if known:
            return known
        if exported and exported in self.plans:
            return exported
        event = e.CollectionDescribed(collection=wanted)
        validity.refuse(validity.event_problems(event))
        return self.plans.add(exported or content_id("collection", wanted.name), event)

    def _meant(self, name: str) -> Collection:
        return self._offered.get(name) or Collection(name=name, coding="curated", review=False)


def _collection(name: str) -> UUID | None:
    found = directory("collection").get(name)
    return found.id if found else None


def _agree(held: Collection, wanted: Collection) -> None:
    """Refuse a mapping that takes a collection for what it is not."""
    for field in ("coding", "review", "default_reliability", "default_credibility"):
        was, says = getattr(held, field), getattr(wanted, field)
        if says is not None and says != was:
            raise CannotImport(
                f"collection {held.name}: {field} is {was} on record and {says} in the mapping:"
                " mend the mapping, or name another collection"
            )
