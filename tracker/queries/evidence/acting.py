"""The memberships through which claims of organisations move scores, with names and documents."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from tracker.date_wording import named as date_name
from tracker.domain import state as f
from tracker.domain.evidence import Representative
from tracker.domain.fields import PlainDate
from tracker.domain.impacts import evaluate
from tracker.domain.lenses import View
from tracker.domain.memberships import days_of
from tracker.log.messages import id_array
from tracker.queries.evidence.dependents import acting_for
from tracker.queries.evidence.record import Neighbourhood, Snapshot
from tracker.queries.records import pair_names, states
from tracker.queries.sql import select

_NAMING = " UNION ".join(
    f"SELECT id FROM {table} WHERE id = ANY(%(claims)s::uuid[]) AND actors && %(actors)s::uuid[]"  # noqa: S608 # constants
    for table in ("standing_claim", "past_claim")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActingMember:
    """A country for which an organisation acts: a member from `since` until before `until` (of both
    the month or the year alone may be known), as the document says; it was `suspended` meanwhile,
    but not on the days of the claim: when, in words."""

    initiator: str
    country: str
    organisation: UUID
    organisation_name: str
    since: PlainDate | None
    until: PlainDate | None
    document: UUID | None
    title: str
    url: str
    suspended: tuple[str, ...] = ()

    @property
    def says(self) -> str:
        """The membership as a sentence, without its document."""
        named = {
            "organisation": self.organisation_name,
            "country": self.country,
            "days": _from_to(self.since, self.until),
        }
        if named["days"]:
            member = _("Through %(organisation)s: %(country)s, a member %(days)s") % named
        else:
            member = _("Through %(organisation)s: %(country)s, a member") % named
        return ", ".join([member, *map(_suspended, self.suspended)])

    @property
    def cited(self) -> str:
        """The same with the title of its document."""
        return f"{self.says} ({self.title})" if self.title else self.says


def _from_to(since: PlainDate | None, until: PlainDate | None) -> str:
    """The days in words; empty if none is known."""
    given = {"since": date_name(since) if since else "", "until": date_name(until) if until else ""}
    if since and until:
        return _("since %(since)s until %(until)s") % given
    if since:
        return _("since %(since)s") % given
    return _("until %(until)s") % given if until else ""


def _suspended(days: str) -> str:
    return _("suspended %(days)s") % {"days": days} if days else _("suspended")


def of_claims(
    claims: Collection[UUID], pair: str, view: View, *, position: int
) -> Mapping[UUID, tuple[ActingMember, ...]]:
    """Return the memberships through which claims move a pair, such as "KAZ-RUS", in a view, as
    known at a position. Claims that name no organisation are not read."""
    codes = pair.split("-")
    one, other = pair_names.ends(*codes)
    organisations = set[UUID]().union(*acting_for(one.id, other.id))
    if not organisations or not claims:
        return {}
    parameters = {"claims": id_array(claims), "actors": id_array(organisations)}
    snapshot = Snapshot(position)
    neighbourhood = Neighbourhood(snapshot, view)
    wanted = {row[0] for row in select(_NAMING, parameters)}
    acting = {
        key: evaluate(state, neighbourhood.around(state)).acting
        for key, state in snapshot.all(wanted, f.ClaimState).items()
    }
    described = named((one for each in acting.values() for one in each), position=position)
    return {
        key: tuple(described[one] for one in each if described[one].initiator in codes)
        for key, each in acting.items()
    }


def named(acting: Iterable[Representative], *, position: int) -> dict[Representative, ActingMember]:
    """Describe the members for which organisations act, as known at a position, by name."""
    members = dict.fromkeys(acting)
    ids = {key for one in members for key in _references(one)}
    found = states.records(ids, at=position) if ids else {}
    names = states.names(found, at=position)
    described = {one: _member(one, found, names) for one in members}
    return dict(
        sorted(described.items(), key=lambda pair: (pair[1].organisation_name, pair[1].country))
    )


def _references(acting: Representative) -> Iterable[UUID]:
    yield acting.party
    yield acting.country
    if acting.membership and acting.membership.document:
        yield acting.membership.document


def _member(
    acting: Representative, found: Mapping[UUID, f.State], names: Mapping[UUID, str]
) -> ActingMember:
    country, membership = found[acting.country], acting.membership
    document = found.get(membership.document) if membership and membership.document else None
    cited = document.document if isinstance(document, f.DocumentState) else None
    return ActingMember(
        initiator=country.actor.code or "" if isinstance(country, f.ActorState) else "",
        country=names[acting.country],
        organisation=acting.party,
        organisation_name=names[acting.party],
        since=membership.since if membership else None,
        until=membership.until if membership else None,
        document=membership.document if membership else None,
        title=cited.title if cited else "",
        url=(cited.url or cited.archive_url or "") if cited else "",
        suspended=_suspensions(acting, found[acting.party]),
    )


def _suspensions(acting: Representative, organisation: f.State) -> tuple[str, ...]:
    """When the member was suspended during its membership, in order and in words."""
    stay = days_of(acting.membership) if acting.membership else None
    listed = organisation.actor.memberships if isinstance(organisation, f.ActorState) else ()
    own = [one for one in listed if one.country == acting.country and one.status == "suspended"]
    dated = ((days_of(one), one) for one in own)
    found = [
        (days, one)
        for days, one in dated
        if stay and days.first <= stay.last and stay.first <= days.last
    ]
    in_order = sorted(found, key=lambda each: each[0])
    return tuple(_from_to(one.since, one.until) for _key, one in in_order)
