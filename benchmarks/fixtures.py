"""Records for the benchmarks, and claims that refer to them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from tracker.domain import events as e
from tracker.domain import scoring
from tracker.domain.claims import Citation, Claim, Occurred
from tracker.domain.lenses import Lens, View
from tracker.domain.records import Actor, Collection, Document, Name, Party, Source
from tracker.operations import actors, lenses, sources

BY = "benchmark"
STATES = ("CHN", "DEU", "FRA", "KAZ", "KGZ", "RUS", "TJK", "TKM", "USA", "UZB")


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
        rating = e.SourceRated(reliability="B", since=date(2020, 1, 1), reason="its record")
        sources.rate_source(outlet, rating, at=at, by=BY)
    return Records(
        collection=sources.describe_collection(curated, at=at, by=BY).stream,
        states=[actors.describe_actor(_state(code), at=at, by=BY).stream for code in STATES],
        sources=outlets,
        documents=[
            sources.describe_document(_document(n, outlets), at=at, by=BY).stream
            for n in range(200)
        ],
    )


def define_lens(
    name: str, collection: UUID, *, of_model: str | None = None, **parameters: Any
) -> View:
    """Define a lens over a collection, with the parameters in addition to the model's defaults. The
    model has the name of the lens by default. Returns the view."""
    model = scoring.MODELS[of_model or name]
    lens = Lens(
        name=name,
        view=View(method="1", collections=(collection,)),
        model=model.name,
        model_version=model.version,
        parameters={**model.defaults, **parameters},
    )
    lenses.define_lens(lens, at=datetime.now(UTC), by=BY)
    return lens.view


def claim(records: Records, *, draw: random.Random) -> Claim:
    """A claim: one country sanctions another, reported by a document through two sources."""
    initiator, recipient = draw.sample(records.states, 2)
    day = date(2022, 1, 1) + timedelta(days=draw.randrange(700))
    return Claim(
        collection=records.collection,
        kind="act",
        parties=(
            Party(actor=initiator, role="initiator"),
            Party(actor=recipient, role="recipient"),
        ),
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
        summary="The restrictions on machine parts are lifted, according to the ministry.",
        code="plover-2.0/SANCTION/discontinue",
        contexts=("economic",),
        occurred=Occurred(edtf=day.isoformat(), phrase="on Wednesday"),
    )


def _state(code: str) -> Actor:
    return Actor(kind="state", names=(Name(text=code, language="en"),), code=code)


def _document(number: int, outlets: Sequence[UUID]) -> Document:
    return Document(
        source=outlets[number % len(outlets)],
        title=f"Report {number}",
        date="2023-12-31",
        language="en",
    )
