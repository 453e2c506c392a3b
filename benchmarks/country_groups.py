"""Groups of countries, and the claims about them that are copied later."""

import itertools
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from benchmarks import fixtures
from benchmarks.fixtures import BY, Records
from tracker.domain import events as e
from tracker.domain.claims import Claim, Occurred
from tracker.domain.lenses import View
from tracker.domain.records import Actor, Name, Party
from tracker.operations import actors, claims, sources
from tracker.projections import disclosure, impacts, scores

# Ten years, before the date of the documents.
FIRST_DAY = date(2012, 5, 25)
LAST_DAY = date(2022, 5, 24)
DAYS = (LAST_DAY - FIRST_DAY).days + 1
# With these numbers a pair has about ninety claims: of the few in a log of ten thousand claims, of
# the many in a log of a million.
FEW = 15
MANY = 150

# By code.
type Countries = Mapping[str, UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Groups of countries with claims only inside the group: a pair to measure, a pair with very
    many claims, and two groups for the other claims."""

    records: Records
    view: View
    measured: Countries
    big: Countries
    few: Countries
    many: Countries


def record_all() -> Groups:
    """Record the countries, sources with grades for the ten years, and a lens."""
    at = datetime.now(UTC)
    recorded = fixtures.record_all()
    for source in recorded.sources:
        rating = e.SourceRated(reliability="B", since=FIRST_DAY, reason="its record")
        sources.rate_source(source, rating, at=at, by=BY)
    states = dict(zip(fixtures.STATES, recorded.states, strict=True))
    codes = _codes()
    return Groups(
        records=recorded,
        view=fixtures.define_lens("standing", recorded.collection),
        measured={code: states[code] for code in ("CHN", "RUS")},
        big={code: states[code] for code in ("KAZ", "UZB")},
        few={code: _state(code, at=at) for code in itertools.islice(codes, FEW)},
        many={code: _state(code, at=at) for code in itertools.islice(codes, MANY)},
    )


def enter(groups: Groups, among: Countries, *, times: int) -> list[UUID]:
    """Record claims by the operation for users, and score them."""
    draw = random.Random(times)
    entered = [
        claims.assert_claim(claim(groups, among, draw=draw), at=datetime.now(UTC), by=BY).stream
        for _ in range(times)
    ]
    disclosure.follow_all()
    impacts.follow_all()
    scores.recompute_all(at=datetime.now(UTC))
    return entered


def claim(groups: Groups, among: Countries, *, draw: random.Random) -> Claim:
    """A claim about two of the countries, on a day of the ten years."""
    initiator, recipient = draw.sample(list(among.values()), 2)
    day = FIRST_DAY + timedelta(days=draw.randrange(DAYS))
    return replace(
        fixtures.claim(groups.records, draw=draw),
        parties=(
            Party(actor=initiator, role="initiator"),
            Party(actor=recipient, role="recipient"),
        ),
        occurred=Occurred(edtf=day.isoformat(), phrase="on Wednesday"),
    )


def pair(countries: Countries) -> str:
    """The name of a pair."""
    return "-".join(sorted(countries))


def _codes() -> Iterator[str]:
    for letters in itertools.product("ABCDEFGHIJKLMNOPQRSTUVWXYZ", repeat=2):
        yield "X" + "".join(letters)


def _state(code: str, *, at: datetime) -> UUID:
    actor = Actor(kind="state", names=(Name(text=code, language="en"),), code=code)
    return actors.describe_actor(actor, at=at, by=BY).stream
