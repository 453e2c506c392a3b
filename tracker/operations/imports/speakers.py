"""Who says what rows tell: a party as a source, and the statement beside the claim."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from uuid import UUID

from tracker.domain import attribution
from tracker.domain import events as e
from tracker.domain.attribution import SaidBy, Spoken
from tracker.domain.claims import Claim
from tracker.domain.records import Actor, ActorKind
from tracker.importers.drafts import DraftClaim, NamedParty
from tracker.importers.lines import BadCell
from tracker.operations import statements
from tracker.operations.imports.actors import Actors
from tracker.operations.imports.documents import Publication
from tracker.operations.imports.plans import Plans
from tracker.operations.statements import Speaker


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
        return statements.unsourced(actor, self._planned_actor(actor))

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
