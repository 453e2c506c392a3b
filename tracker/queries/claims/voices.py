"""The actors through which claims name a country: those who speak for it, and organisations."""

from collections.abc import Collection
from collections.abc import Set as AbstractSet
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from tracker.log.messages import id_array
from tracker.models.derived import StandingRecord
from tracker.queries import in_force
from tracker.queries.records.organisations import MEMBERSHIPS, NAMES_BOTH

# Whether an actor on record acts for a country (%s).
_ACTS_FOR = f"""EXISTS (
    SELECT FROM {MEMBERSHIPS.format(actor="(state -> 'actor')")} AS link
    WHERE link ->> 'country' = %s)"""  # constants

# Its parameters are `PairVoices.arrays`.
NAMES_PAIR = NAMES_BOTH.format(one="%s", other_acting="%s", one_acting="%s", other="%s")


class PairVoices(NamedTuple):
    """For each of two countries those who speak for it (`voices_of`), and the organisations that
    act for it."""

    one: Collection[UUID]
    one_acting: Collection[UUID]
    other: Collection[UUID]
    other_acting: Collection[UUID]

    def arrays(self) -> list[str]:
        """The parameters of `NAMES_PAIR`."""
        one, other = [*self.one, *self.one_acting], [*self.other, *self.other_acting]
        return [id_array(actors) for actors in (self.one, other, one, self.other)]

    def name_both(self, actors: AbstractSet[UUID]) -> bool:
        """Whether actors name both countries."""
        spoken, others = not actors.isdisjoint(self.one), not actors.isdisjoint(self.other)
        return (spoken and (others or not actors.isdisjoint(self.other_acting))) or (
            others and not actors.isdisjoint(self.one_acting)
        )


def of_pair(one: UUID, other: UUID, *, at: int | None = None) -> PairVoices:
    """Return who speaks and acts for two countries, now or as of a position."""
    return PairVoices(
        voices_of(one, at=at),
        organisations_of(one, at=at),
        voices_of(other, at=at),
        organisations_of(other, at=at),
    )


def voices_of(country: UUID, *, at: int | None = None) -> list[UUID]:
    """Return the country, the actors who speak for it, and the groups that list it."""
    speaks = Q(state__actor__affiliations__contains=[{"country": str(country)}])
    lists = Q(state__actor__members__contains=str(country))
    rows = in_force.rows(
        StandingRecord, "id", at=at, narrow=lambda rows: rows.filter(speaks | lists, noun="actor")
    )
    return [country, *(row[0] for row in rows)]


def organisations_of(country: UUID, *, at: int | None = None) -> list[UUID]:
    """Return the organisations that act for a country on one day or another."""
    rows = in_force.rows(
        StandingRecord,
        "id",
        at=at,
        narrow=lambda rows: rows.filter(noun="actor").extra(  # noqa: S610 # constants
            where=[_ACTS_FOR], params=[str(country)]
        ),
    )
    return [row[0] for row in rows]
