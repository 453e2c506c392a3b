"""Records for the benchmarks, and claims that refer to them."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from tracker.domain import events as e
from tracker.domain import scoring
from tracker.domain.claims import Citation, Claim, Occurred
from tracker.domain.lenses import METHOD, Lens, View
from tracker.domain.records import Actor, Collection, Document, Name, Party, Source
from tracker.operations import actors, claims, lenses, sources

BY = "benchmark"
STATES = ("CHN", "DEU", "FRA", "KAZ", "KGZ", "RUS", "TJK", "TKM", "USA", "UZB")
# Ten years of events of the large log, before the date of the documents.
FIRST_DAY = date(2012, 5, 25)
LAST_DAY = date(2022, 5, 24)
DAYS = (LAST_DAY - FIRST_DAY).days + 1
# What claims are about, by rank: a search finds the first word in a fifth of all claims, and the
# last in one of three hundred.
GOODS = """
    steel grain oil gas timber copper cotton sugar coal wheat fish wine cars tractors tyres paper
    cement glass rubber leather silk wool barley maize rice soya beef pork poultry butter cheese
    milk apples grapes tomatoes onions potatoes tea coffee cocoa tobacco salt sulphur phosphate
    potash nickel zinc lead tin bauxite uranium titanium chromium lithium cobalt graphite turbines
    pipes cables pumps valves bearings engines wagons rails cranes drills lathes
"""

# By code.
type Countries = Mapping[str, UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """The ids of the records."""

    collection: UUID
    states: Sequence[UUID]
    sources: Sequence[UUID]
    documents: Sequence[UUID]


def record_all() -> Records:
    """Record ten states, twenty sources with a grade, and two hundred documents."""
    at = datetime.now(UTC)
    curated = Collection(name="curated", coding="curated", review=False)
    outlets = [
        sources.describe_source(Source(kind="outlet", name=f"Gazette {n}"), at=at, by=BY).stream
        for n in range(20)
    ]
    for outlet in outlets:
        rating = e.SourceRated(reliability="B", since=FIRST_DAY, reason="its record")
        sources.rate_source(outlet, rating, at=at, by=BY)
    return Records(
        collection=sources.describe_collection(curated, at=at, by=BY).stream,
        states=[*record_states(STATES).values()],
        sources=outlets,
        documents=[
            sources.describe_document(_document(n, outlets), at=at, by=BY).stream
            for n in range(200)
        ],
    )


def record_states(codes: Sequence[str]) -> Countries:
    at = datetime.now(UTC)
    return {code: actors.describe_actor(_state(code), at=at, by=BY).stream for code in codes}


def define_lens(
    name: str,
    *collections: UUID,
    of_model: str | None = None,
    **parameters: Any,
) -> View:
    """Define a lens over collections, with the parameters in addition to the model's defaults. The
    model is that with the name of the lens by default. Returns the view."""
    model = scoring.MODELS[of_model or name]
    lens = Lens(
        name=name,
        view=View(method=METHOD, collections=collections),
        model=model.name,
        model_version=model.version,
        parameters={**model.defaults, **parameters},
    )
    lenses.define_lens(lens, at=datetime.now(UTC), by=BY)
    return lens.view


def new_claim(records: Records, *, draw: random.Random) -> Claim:
    """A claim: one of the ten countries sanctions another, reported by a document through two
    sources."""
    initiator, recipient = draw.sample(records.states, 2)
    day = date(2022, 1, 1) + timedelta(days=draw.randrange(700))
    return Claim(
        collection=records.collection,
        kind="act",
        parties=_parties(initiator, recipient),
        citations=(
            Citation(
                document=draw.choice(records.documents),
                chain=tuple(draw.sample(records.sources, 2)),
                language="en",
                locator="paragraph 7",
                quote="The ministry said that the restrictions would be lifted in stages, "
                "beginning with machine parts and agricultural goods.",
            ),
        ),
        summary=f"The restrictions on machine parts and {_good(draw)} are lifted, according to the"
        " ministry.",
        code="plover-2.0/SANCTION/discontinue",
        contexts=("economic",),
        occurred=Occurred(edtf=day.isoformat(), phrase="on Wednesday"),
    )


def _good(draw: random.Random) -> str:
    goods = GOODS.split()
    return draw.choices(goods, [1 / rank for rank in range(1, len(goods) + 1)])[0]


def claim_about(records: Records, among: Countries, *, draw: random.Random) -> Claim:
    """A claim about two of the countries, on a day of the ten years."""
    initiator, recipient = draw.sample(list(among.values()), 2)
    day = FIRST_DAY + timedelta(days=draw.randrange(DAYS))
    return replace(
        new_claim(records, draw=draw),
        parties=_parties(initiator, recipient),
        occurred=Occurred(edtf=day.isoformat(), phrase="on Wednesday"),
    )


def append_claim(records: Records, *, draw: random.Random) -> None:
    """Record a claim by the operation for users."""
    claims.assert_claim(new_claim(records, draw=draw), at=datetime.now(UTC), by=BY)


def pair(countries: Countries) -> str:
    """The name of a pair."""
    return "-".join(sorted(countries))


def _parties(initiator: UUID, recipient: UUID) -> tuple[Party, Party]:
    return Party(actor=initiator, role="initiator"), Party(actor=recipient, role="recipient")


def _state(code: str) -> Actor:
    return Actor(kind="state", names=(Name(text=code, language="en"),), code=code)


def _document(number: int, outlets: Sequence[UUID]) -> Document:
    return Document(
        source=outlets[number % len(outlets)],
        title=f"Report {number}",
        date="2023-12-31",
        language="en",
    )
