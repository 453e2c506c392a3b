"""Countries, and the claims that analysts enter about them: what is copied later on."""

import itertools
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from benchmarks import cast
from benchmarks.cast import BY, Cast
from tracker.domain import events as e
from tracker.domain import scoring
from tracker.domain.claims import Claim, Occurred
from tracker.domain.lenses import Lens, View
from tracker.domain.records import Actor, Name, Party
from tracker.operations import actors, claims, lenses, sources
from tracker.projections import disclosure, impacts, scores

# Ten years, to the day of the documents.
FIRST_DAY = date(2012, 5, 25)
LAST_DAY = date(2022, 5, 24)
DAYS = (LAST_DAY - FIRST_DAY).days + 1
# Their pairs have about ninety claims each, the few's at ten thousand, the many's at a million.
FEW = 15
MANY = 150

# By code.
type Countries = Mapping[str, UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowds:
    """Countries that have claims among themselves only: a pair that is measured, a pair for very
    many claims, and the others."""

    on_record: Cast
    view: View
    measured: Countries
    big: Countries
    few: Countries
    many: Countries


def on_record() -> Crowds:
    """Put the countries on record, with sources graded for all of the ten years, and a lens."""
    at = datetime.now(UTC)
    found = cast.on_record()
    for source in found.sources:
        rating = e.SourceRated(reliability="B", since=FIRST_DAY, reason="its record")
        sources.rate_source(source, rating, at=at, by=BY)
    states = dict(zip(cast.STATES, found.states, strict=True))
    codes = _codes()
    return Crowds(
        on_record=found,
        view=_lens(found, at=at),
        measured={code: states[code] for code in ("CHN", "RUS")},
        big={code: states[code] for code in ("KAZ", "UZB")},
        few={code: _state(code, at=at) for code in itertools.islice(codes, FEW)},
        many={code: _state(code, at=at) for code in itertools.islice(codes, MANY)},
    )


def enter(crowds: Crowds, among: Countries, *, times: int) -> list[UUID]:
    """Put claims on record by the operation that people use, and have them scored."""
    draw = random.Random(times)
    entered = [
        claims.assert_claim(claim(crowds, among, draw=draw), at=datetime.now(UTC), by=BY).stream
        for _ in range(times)
    ]
    disclosure.follow_all()
    impacts.follow_all()
    scores.recompute_all(at=datetime.now(UTC))
    return entered


def claim(crowds: Crowds, among: Countries, *, draw: random.Random) -> Claim:
    """A claim about two of the countries on a day of the ten years."""
    initiator, recipient = draw.sample(list(among.values()), 2)
    day = FIRST_DAY + timedelta(days=draw.randrange(DAYS))
    return replace(
        cast.claim(crowds.on_record, draw=draw),
        parties=(
            Party(actor=initiator, role="initiator"),
            Party(actor=recipient, role="recipient"),
        ),
        occurred=Occurred(edtf=day.isoformat(), phrase="on Wednesday"),
    )


def pair(countries: Countries) -> str:
    """The name of two countries' pair."""
    return "-".join(sorted(countries))


def _codes() -> Iterator[str]:
    for letters in itertools.product("ABCDEFGHIJKLMNOPQRSTUVWXYZ", repeat=2):
        yield "X" + "".join(letters)


def _state(code: str, *, at: datetime) -> UUID:
    actor = Actor(kind="state", names=(Name(text=code, language="en"),), code=code)
    return actors.describe_actor(actor, at=at, by=BY).stream


def _lens(on_record: Cast, *, at: datetime) -> View:
    model = scoring.MODELS["standing"]
    lens = Lens(
        name=model.name,
        view=View(method="1", collections=(on_record.collection,)),
        model=model.name,
        model_version=model.version,
        parameters=model.defaults,
    )
    lenses.define_lens(lens, at=at, by=BY)
    return lens.view
