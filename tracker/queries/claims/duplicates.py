"""Claims on record that a draft may say once more, with the reason to think so."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from tracker import log
from tracker.domain import evidence
from tracker.domain import state as f
from tracker.domain.claims import Claim
from tracker.domain.dates import edtf
from tracker.domain.disclosure import Reader
from tracker.domain.evidence import interactions
from tracker.domain.lenses import View, pair_of
from tracker.domain.likeness import Likeness, likeness
from tracker.models.derived import StandingClaim
from tracker.queries.claims import disclosure, listing
from tracker.queries.evidence.neighbourhood import Neighbourhood, prefetch_references
from tracker.queries.evidence.what_if import AlteredSnapshot
from tracker.queries.records import states

NEAR = timedelta(days=3)
ALIKE = 0.3
MOST = 5
# Pairs of a draft between groups, and claims of one pair, that are looked through.
MOST_PAIRS = 10
MOST_READ = 500
_FIRST, _LAST = date.min + NEAR, date.max - NEAR

type Pair = frozenset[UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """A claim between the same countries, with the same code, at about the same time and in much
    the same words."""

    claim: UUID
    title: str
    pair: str
    days_apart: int
    likeness: Likeness

    @property
    def reason(self) -> str:
        """Why it is taken for a likely one."""
        days = f"{self.days_apart} day{'s'[: self.days_apart != 1]} apart"
        when = days if self.days_apart else "at the same time"
        words = f"{self.likeness.common} of {self.likeness.all} words the same"
        return f"{self.pair.replace('-', '–')}, the same code, {when}, {words}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Days:
    """The days on which something may have happened, open sides cut where dates end."""

    first: date
    last: date

    def apart(self, other: "_Days") -> int:
        return max(0, (other.first - self.last).days, (self.first - other.last).days)


class _Candidate(NamedTuple):
    """A claim on record or a draft, when it happened and what it says."""

    claim: UUID
    days: _Days
    summary: str


# Earlier drafts, by what makes them comparable.
type _Before = dict[tuple[Pair, str | None], list[_Candidate]]


class Search:
    """Looks for the likely ones of several drafts, also among themselves; what it learns of a pair
    it remembers."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._voices: dict[UUID, list[UUID]] = {}
        self._called: dict[Pair, str] = {}

    def duplicates(
        self, drafts: Mapping[UUID, Claim], pairs: Mapping[UUID, Iterable[Pair]]
    ) -> dict[UUID, tuple[Duplicate, ...]]:
        """Give those of each draft, the likest first; of two drafts the later has the earlier.

        A draft without a date has none: nothing says that it is about the same thing.
        """
        found: dict[UUID, list[Duplicate]] = {}
        before: _Before = {}
        for key, claim in drafts.items():
            days = _days(claim)
            near = sorted(pairs[key], key=sorted)[:MOST_PAIRS]
            draft = _Candidate(key, days, claim.summary) if days else None
            found[key] = self._alike(draft, claim.code, near, before) if draft else []
        named = {one.claim for some in found.values() for one in some} - drafts.keys()
        titles = listing.titles(named, reader=self._reader)
        titles |= {key: claim.summary for key, claim in drafts.items()}
        return {
            key: tuple(replace(one, title=titles[one.claim]) for one in some)
            for key, some in found.items()
        }

    def on_record(
        self, drafts: Mapping[UUID, Claim], pairs: Mapping[UUID, Iterable[Pair]]
    ) -> dict[UUID, Duplicate]:
        """Give the likest claim on record of each draft that has one. Drafts are not compared with
        each other."""
        found: dict[UUID, Duplicate] = {}
        for key, claim in drafts.items():
            near = sorted(pairs[key], key=sorted)[:MOST_PAIRS]
            if (days := _days(claim)) and (
                alike := self._alike(_Candidate(key, days, claim.summary), claim.code, near, {})
            ):
                found[key] = alike[0]
        titles = (
            listing.titles({one.claim for one in found.values()}, reader=self._reader)
            if found
            else {}
        )
        return {key: replace(one, title=titles[one.claim]) for key, one in found.items()}

    def _alike(
        self,
        draft: _Candidate,
        code: str | None,
        pairs: Iterable[Pair],
        before: _Before,
    ) -> list[Duplicate]:
        found: dict[UUID, Duplicate] = {}
        for pair in pairs:
            earlier = before.setdefault((pair, code), [])
            for one in (*self._near(code, pair, draft.days), *earlier[-MOST_READ:]):
                alike = likeness(draft.summary, one.summary)
                apart = draft.days.apart(one.days)
                if one.claim != draft.claim and alike.share >= ALIKE and apart <= NEAR.days:
                    found.setdefault(one.claim, self._duplicate(one, pair, apart, alike))
            earlier.append(draft)
        return sorted(found.values(), key=lambda one: (-one.likeness.share, one.claim))[:MOST]

    def _near(self, code: str | None, pair: Pair, days: _Days) -> Iterator[_Candidate]:
        standing = StandingClaim.objects.all()
        rows = disclosure.disclosed(standing, at=None, reader=self._reader).filter(
            Q(latest__gte=days.first - NEAR) | Q(latest=None),
            Q(earliest__lte=days.last + NEAR) | Q(earliest=None),
            status="standing",
            code=code,
        )
        for country in sorted(pair):
            rows = rows.filter(actors__overlap=self._voices_of(country))
        asked = ("id", "earliest", "latest", "state__claim__occurred", "state__claim__summary")
        for row in rows.order_by("-latest", "id").values_list(*asked)[:MOST_READ]:
            identifier, earliest, latest, occurred, summary = row
            if occurred:
                yield _Candidate(identifier, _between(earliest, latest), summary)

    def _duplicate(self, one: _Candidate, pair: Pair, apart: int, alike: Likeness) -> Duplicate:
        if pair not in self._called:
            self._called[pair] = _called(pair)
        called = self._called[pair]
        return Duplicate(claim=one.claim, title="", pair=called, days_apart=apart, likeness=alike)

    def _voices_of(self, country: UUID) -> list[UUID]:
        if country not in self._voices:
            self._voices[country] = listing.voices_of(country)
        return self._voices[country]


def _called(pair: Pair) -> str:
    found = states.records(pair, at=None).values()
    return pair_of(*(one.actor.code or "" for one in found if isinstance(one, f.ActorState)))


def _days(claim: Claim) -> _Days | None:
    if claim.occurred is None:
        return None
    bounds = edtf.bounds(claim.occurred.edtf)
    return _between(bounds.earliest, bounds.latest)


def _between(earliest: date | None, latest: date | None) -> _Days:
    first, last = earliest or _FIRST, latest or _LAST
    return _Days(first=max(first, _FIRST), last=min(last, _LAST))


# Between which countries a claim passes does not depend on a view.
_ANY = View(method="1", collections=())


def likeliest(claims: Mapping[UUID, Claim], *, reader: Reader) -> dict[UUID, Duplicate]:
    """Give the likeliest claim on record that each may repeat, if there is one.

    A claim whose parties are not all on record repeats none.
    """
    if not claims:
        return {}
    position = log.head().position
    states = {
        key: f.ClaimState(id=key, claim=claim, asserted_at=position)
        for key, claim in claims.items()
    }
    snapshot = AlteredSnapshot(position, drafts=states)
    prefetch_references(claims.values(), snapshot)
    around = Neighbourhood(snapshot, _ANY, link_streams=_no_links)
    pairs = {key: _countries_between(state, around) for key, state in states.items()}
    return Search(reader).on_record(claims, pairs)


def _countries_between(state: f.ClaimState, around: Neighbourhood) -> set[Pair]:
    parties = {party.actor for party in state.claim.parties}
    if around.snapshot.all(parties, f.ActorState).keys() != parties:
        return set()
    near = around.around(state)
    # Its document may not be on record yet, and so cuts no date.
    period = evidence.period(state.claim, cited=())
    return {one.countries for one in interactions(state.claim, near, period)}


def _no_links(claims: set[UUID]) -> Mapping[UUID, set[UUID]]:
    """New claims have none."""
    return {one: set() for one in claims}
