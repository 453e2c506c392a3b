"""Claims on record that a draft may repeat, with the reason."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from tracker import log
from tracker.domain import evidence
from tracker.domain import state as f
from tracker.domain.around import prefetch_references
from tracker.domain.claims import Claim
from tracker.domain.dates import edtf
from tracker.domain.disclosure import Reader
from tracker.domain.evidence import interactions
from tracker.domain.lenses import METHOD, View, pair_of
from tracker.domain.likeness import Likeness, likeness
from tracker.models.derived import StandingClaim
from tracker.queries.claims import disclosure, listing, voices
from tracker.queries.evidence.record import Neighbourhood
from tracker.queries.evidence.what_if import AlteredSnapshot
from tracker.queries.records import states

NEAR = timedelta(days=3)
ALIKE = 0.3
MOST = 5
# The most pairs of a draft, and claims of one pair, that are searched.
MOST_PAIRS = 10
MOST_READ = 500
_FIRST, _LAST = date.min + NEAR, date.max - NEAR

type Pair = frozenset[UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """A claim between the same countries, with the same code, at about the same time and with
    similar words."""

    claim: UUID
    title: str
    pair: str
    days_apart: int
    likeness: Likeness

    @property
    def reason(self) -> str:
        """Why it may be a duplicate."""
        days = f"{self.days_apart} day{'s'[: self.days_apart != 1]} apart"
        when = days if self.days_apart else "at the same time"
        words = f"{self.likeness.common} of {self.likeness.all} words the same"
        return f"{self.pair.replace('-', '–')}, the same code, {when}, {words}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Days:
    """The days on which something may have happened; an open side ends at the first or last
    date."""

    first: date
    last: date

    def apart(self, other: "_Days") -> int:
        return max(0, (other.first - self.last).days, (self.first - other.last).days)


class _Candidate(NamedTuple):
    """A claim on record or a draft: when it happened and its summary."""

    claim: UUID
    days: _Days
    summary: str


# Earlier drafts, by what makes them comparable.
type _Before = dict[tuple[Pair, str | None], list[_Candidate]]


class Search:
    """Searches for duplicates of drafts, on record and among the drafts. Caches what it reads for a
    pair."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._voices: dict[UUID, list[UUID]] = {}
        self._names: dict[Pair, str] = {}

    def duplicates(
        self, drafts: Mapping[UUID, Claim], pairs: Mapping[UUID, Iterable[Pair]]
    ) -> dict[UUID, tuple[Duplicate, ...]]:
        """Return the possible duplicates of each draft, the most similar first; of two drafts the
        later has the earlier.

        A draft without a date has none: nothing shows that it is about the same event.
        """
        earlier: _Before = {}
        by_draft = {
            key: self._of_draft(key, claim, pairs[key], earlier) for key, claim in drafts.items()
        }
        return self._titled(by_draft, {key: claim.summary for key, claim in drafts.items()})

    def on_record(
        self, drafts: Mapping[UUID, Claim], pairs: Mapping[UUID, Iterable[Pair]]
    ) -> dict[UUID, Duplicate]:
        """Return the most similar claim on record of each draft that has one. Drafts are not
        compared with each other."""
        by_draft = {
            key: self._of_draft(key, claim, pairs[key], {})[:1] for key, claim in drafts.items()
        }
        return {key: alike[0] for key, alike in self._titled(by_draft, {}).items() if alike}

    def _titled(
        self, by_draft: Mapping[UUID, Iterable[Duplicate]], titles: Mapping[UUID, str]
    ) -> dict[UUID, tuple[Duplicate, ...]]:
        """Add the titles of claims on record, and the given ones of drafts."""
        claims = {duplicate.claim for alike in by_draft.values() for duplicate in alike}
        on_record = claims - titles.keys()
        if on_record:
            titles = {**titles, **listing.titles(on_record, reader=self._reader)}
        return {
            key: tuple(replace(duplicate, title=titles[duplicate.claim]) for duplicate in alike)
            for key, alike in by_draft.items()
        }

    def _of_draft(
        self, key: UUID, claim: Claim, pairs: Iterable[Pair], earlier: _Before
    ) -> list[Duplicate]:
        days = _days(claim)
        if days is None:
            return []
        near_pairs = sorted(pairs, key=sorted)[:MOST_PAIRS]
        return self._alike(_Candidate(key, days, claim.summary), claim.code, near_pairs, earlier)

    def _alike(
        self, draft: _Candidate, code: str | None, pairs: Iterable[Pair], drafts_before: _Before
    ) -> list[Duplicate]:
        by_claim: dict[UUID, Duplicate] = {}
        for pair in pairs:
            earlier = drafts_before.setdefault((pair, code), [])
            for candidate in (*self._near(code, pair, draft.days), *earlier[-MOST_READ:]):
                alike = likeness(draft.summary, candidate.summary)
                apart = draft.days.apart(candidate.days)
                if candidate.claim != draft.claim and alike.share >= ALIKE and apart <= NEAR.days:
                    by_claim.setdefault(
                        candidate.claim, self._duplicate(candidate, pair, apart, alike)
                    )
            earlier.append(draft)
        return sorted(
            by_claim.values(), key=lambda duplicate: (-duplicate.likeness.share, duplicate.claim)
        )[:MOST]

    def _near(self, code: str | None, pair: Pair, days: _Days) -> Iterator[_Candidate]:
        standing = StandingClaim.objects.all()
        rows = disclosure.only_disclosed(standing, at=None, reader=self._reader).filter(
            Q(latest__gte=days.first - NEAR) | Q(latest=None),
            Q(earliest__lte=days.last + NEAR) | Q(earliest=None),
            status="standing",
            code=code,
        )
        for country in sorted(pair):
            rows = rows.filter(actors__overlap=self._voices_of(country))
        columns = ("id", "earliest", "latest", "state__claim__occurred", "state__claim__summary")
        for row in rows.order_by("-latest", "id").values_list(*columns)[:MOST_READ]:
            identifier, earliest, latest, occurred, summary = row
            if occurred:
                yield _Candidate(identifier, _between(earliest, latest), summary)

    def _duplicate(
        self, candidate: _Candidate, pair: Pair, apart: int, alike: Likeness
    ) -> Duplicate:
        if pair not in self._names:
            self._names[pair] = _pair_name(pair)
        name = self._names[pair]
        return Duplicate(
            claim=candidate.claim, title="", pair=name, days_apart=apart, likeness=alike
        )

    def _voices_of(self, country: UUID) -> list[UUID]:
        if country not in self._voices:
            self._voices[country] = [*voices.voices_of(country), *voices.organisations_of(country)]
        return self._voices[country]


def _pair_name(pair: Pair) -> str:
    actors = states.records(pair, at=None).values()
    return pair_of(*(state.actor.code or "" for state in actors if isinstance(state, f.ActorState)))


def _days(claim: Claim) -> _Days | None:
    if claim.occurred is None:
        return None
    bounds = edtf.bounds(claim.occurred.edtf)
    return _between(bounds.earliest, bounds.latest)


def _between(earliest: date | None, latest: date | None) -> _Days:
    first, last = earliest or _FIRST, latest or _LAST
    return _Days(first=max(first, _FIRST), last=min(last, _LAST))


# The pairs of a claim do not depend on a view.
_ANY = View(method=METHOD)


def likeliest(claims: Mapping[UUID, Claim], *, reader: Reader) -> dict[UUID, Duplicate]:
    """Return the most similar claim on record for each claim that has one.

    A claim whose parties are not all on record has none.
    """
    if not claims:
        return {}
    position = log.head().position
    states = {
        key: f.ClaimState(id=key, claim=claim, asserted_at=position)
        for key, claim in claims.items()
    }
    snapshot = AlteredSnapshot(position, drafts=states, reader=Reader.DESK)
    prefetch_references(claims.values(), snapshot)
    around = Neighbourhood(snapshot, _ANY, link_streams=_no_links)
    pairs = {key: _countries_between(state, around) for key, state in states.items()}
    return Search(reader).on_record(claims, pairs)


def _countries_between(state: f.ClaimState, around: Neighbourhood) -> set[Pair]:
    parties = {party.actor for party in state.claim.parties}
    if around.snapshot.all(parties, f.ActorState).keys() != parties:
        return set()
    surroundings = around.around(state)
    # Its document may not be on record yet, so its date does not limit the period.
    period = evidence.period(state.claim, cited=())
    return {
        interaction.countries for interaction in interactions(state.claim, surroundings, period)
    }


def _no_links(claims: set[UUID]) -> Mapping[UUID, set[UUID]]:
    """New claims have no links."""
    return {claim: set() for claim in claims}
