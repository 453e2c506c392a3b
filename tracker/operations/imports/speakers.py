"""Who says what rows tell: a party as a source, and the statement beside the claim."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from tracker.domain import events as e
from tracker.domain import sayings
from tracker.domain.claims import Claim
from tracker.domain.sayings import Entered, SaidBy, Spoken
from tracker.importers.drafts import DraftClaim
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

    def spoken(self, draft: DraftClaim, claim: Claim, cited: Sequence[Publication]) -> Spoken:
        """Make two claims of one that a party says.

        :raises BadCell: if nobody is called so, or the statement does not fit.
        """
        named = draft.said_by
        assert named is not None  # noqa: S101 # who asks has looked
        speaker = self._speaker(self._actors.of(named))
        said_by = SaidBy(actor=speaker.actor)
        spoken = sayings.spoken(
            claim,
            said_by,
            sayings.Known(
                name=speaker.name,
                source=speaker.source,
                own=speaker.all | {one.id for one in cited if one.source in speaker.all},
                published=_dates(cited),
                kinds=statements.kinds([Entered(claim=claim, said_by=said_by)]),
            ),
        )
        for problem in sayings.problems(claim, said_by, spoken.statement):
            raise BadCell(named.column, named.name, problem.detail)
        return spoken

    def _speaker(self, actor: UUID) -> Speaker:
        """Give a speaker; until it is on record as a source, the source is planned."""
        found = self._known.get(actor) or statements.speakers([actor]).get(actor)
        found = found or self._planned(actor)
        if found.new is None:
            self._known[actor] = found
        elif found.source not in self._plans:
            event = e.SourceDescribed(source=found.new)
            needs = [one for one in (actor, found.new.country) if one]
            self._plans.add(found.source, event, needs=needs)
        return found

    def _planned(self, actor: UUID) -> Speaker:
        described = self._plans.drafts(actor)[0].event
        assert isinstance(described, e.ActorDescribed)  # noqa: S101 # it was found as an actor
        return statements.unsourced(actor, described.actor)


def _dates(cited: Sequence[Publication]) -> Mapping[UUID, str | None]:
    return {one.id: one.date for one in cited}
