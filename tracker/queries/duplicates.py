"""Claims on record that a draft may say once more, with the reason to think so."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q

from tracker.domain import codec, dates
from tracker.domain import folding as f
from tracker.domain.claims import Claim
from tracker.domain.lenses import pair_of
from tracker.domain.likeness import Likeness, likeness
from tracker.models.derived import StandingClaim
from tracker.queries import claims, states

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


def duplicates(claim: Claim, pairs: Iterable[Pair], *, but: UUID) -> list[Duplicate]:
    """Give the likely ones, the likest first; `but` is the draft's own id.

    A draft without a date has none: nothing says that it is about the same thing.
    """
    days = _days(claim)
    if days is None:
        return []
    found: dict[UUID, Duplicate] = {}
    for pair in sorted(pairs, key=sorted)[:MOST_PAIRS]:
        for one in _near(claim, pair, days):
            if one.claim != but and one.likeness.share >= ALIKE:
                found.setdefault(one.claim, one)
    likest = sorted(found.values(), key=lambda one: (-one.likeness.share, one.claim))[:MOST]
    titles = claims.titles(one.claim for one in likest)
    return [replace(one, title=titles[one.claim]) for one in likest]


def _near(claim: Claim, pair: Pair, days: _Days) -> Iterator[Duplicate]:
    rows = StandingClaim.objects.filter(
        Q(latest__gte=days.first - NEAR) | Q(latest=None),
        Q(earliest__lte=days.last + NEAR) | Q(earliest=None),
        status="standing",
        code=claim.code,
    )
    for country in sorted(pair):
        rows = rows.filter(actors__overlap=claims.voices_of(country))
    called = _called(pair)
    for row in rows.order_by("-latest", "id").values_list("state", flat=True)[:MOST_READ]:
        state = codec.build(f.ClaimState, row)
        theirs = _days(state.claim)
        if theirs is not None:
            yield Duplicate(
                claim=state.id,
                title="",
                pair=called,
                days_apart=days.apart(theirs),
                likeness=likeness(claim.summary, state.claim.summary),
            )


def _called(pair: Pair) -> str:
    found = states.records(pair, at=None).values()
    return pair_of(*(one.actor.code or "" for one in found if isinstance(one, f.ActorState)))


def _days(claim: Claim) -> _Days | None:
    if claim.occurred is None:
        return None
    bounds = dates.bounds(claim.occurred.edtf)
    first, last = bounds.earliest or _FIRST, bounds.latest or _LAST
    return _Days(first=max(first, _FIRST), last=min(last, _LAST))
