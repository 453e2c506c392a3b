"""Organisations on record: in SQL the countries for which they act (`Actor.represented`), and the
memberships of a country."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from tracker.domain import codec
from tracker.domain import state as f
from tracker.domain.records import MOST_REPRESENTED, Membership
from tracker.models.derived import StandingRecord
from tracker.queries import in_force
from tracker.queries.records import states

# The memberships of an actor whose JSON is {actor}: none if it lists too many countries to act.
MEMBERSHIPS = f"""jsonb_array_elements(
    CASE WHEN {{actor}} -> 'memberships' IS NULL THEN NULL WHEN (
        SELECT count(DISTINCT link ->> 'country')
        FROM jsonb_array_elements({{actor}} -> 'memberships') AS link
    ) <= {MOST_REPRESENTED} THEN {{actor}} -> 'memberships' END)"""  # noqa: S608 # constants

# Whether the `actors` of a claim name two countries: themselves or those who speak for it (`one`,
# `other`), or also organisations that act for it (`one_acting`, `other_acting`: all of them). An
# organisation acts for one country at most: the other is named without it.
NAMES_BOTH = (
    "(actors && {one}::uuid[] AND actors && {other_acting}::uuid[]"
    " OR actors && {one_acting}::uuid[] AND actors && {other}::uuid[])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryMembership:
    """A membership of a country in an organisation; `title` is that of its document."""

    organisation: UUID
    name: str
    membership: Membership
    title: str


def memberships_of(country: UUID, *, at: int | None) -> list[CountryMembership]:
    """Return the memberships of a country as of a position (None: now), by organisation and day."""
    rows = in_force.rows(
        StandingRecord,
        *("id", "state"),
        at=at,
        narrow=lambda rows: rows.filter(
            noun="actor", state__actor__memberships__contains=[{"country": str(country)}]
        ),
    )
    found = [
        (key, actor.name, membership)
        for key, state in rows
        for actor in [codec.build(f.ActorState, state).actor]
        for membership in actor.memberships
        if membership.country == country
    ]
    titles = _titles({one.document for *_, one in found if one.document}, at=at)
    listed = [
        CountryMembership(
            organisation=key,
            name=name,
            membership=membership,
            title=titles.get(membership.document, "") if membership.document else "",
        )
        for key, name, membership in found
    ]
    return sorted(listed, key=lambda one: (one.name, str(one.membership.since or "")))


def _titles(documents: Collection[UUID], *, at: int | None) -> dict[UUID, str]:
    """The titles of documents; the address of one without a title."""
    return {
        key: state.document.title or state.document.url or ""
        for key, state in states.records(documents, at=at).items()
        if isinstance(state, f.DocumentState)
    }
