"""What the rows of a file refer to by name, found on record or planned."""

from collections.abc import Iterable, Sequence
from typing import cast
from uuid import UUID

from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain import validity
from tracker.domain.claims import Citation, Claim
from tracker.domain.records import Collection
from tracker.importers import generic
from tracker.importers.drafts import Cited, DraftClaim
from tracker.importers.formats import Format
from tracker.importers.lines import BadCell
from tracker.importers.recognition import FORMATS
from tracker.operations.ids import content_id
from tracker.operations.imports.actors import Actors
from tracker.operations.imports.brought import Brought
from tracker.operations.imports.documents import Documents, Sourced, asked
from tracker.operations.imports.moulds import Moulds
from tracker.operations.imports.parts import Parts
from tracker.operations.imports.plans import Ids, Plans
from tracker.operations.imports.sources import Sources
from tracker.operations.imports.speakers import Speakers
from tracker.queries.records import states
from tracker.queries.records.names import NoSuchName, directory
from tracker.queries.scores import uncounted


class CannotImport(ValueError):
    """A mapping that contradicts what is on record; says which of the two to change."""


class Records:
    """Finds what rows refer to, and plans what is not on record yet."""

    def __init__(self, form: Format) -> None:
        """:raises CannotImport: :raises Invalid: if the format's collection can be none."""
        self.plans = Plans()
        self.parts = Parts()
        self.moulds = Moulds(self.parts)
        mapped = form.name == generic.NAME
        self.actors = Actors(self.plans, hints=mapped)
        self.sources = Sources(self.plans, {one: self._country(one) for one in form.countries})
        self.documents = Documents(self.plans)
        self.speakers = Speakers(self.plans, self.actors)
        self.brought = Brought(
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
