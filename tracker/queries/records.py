"""Single records as they stand now: claims, actors, sources, documents, collections, lenses."""

import json
from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

from django.db import connection

from tracker.domain import codec
from tracker.domain import folding as f
from tracker.models.derived import StandingClaim, StandingRecord


def nouns(identifiers: Iterable[UUID]) -> dict[UUID, str]:
    """Give the noun of each id that is on record, claims left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, noun FROM standing_record WHERE id = ANY(%s)", [list(identifiers)]
        )
        return dict(cursor.fetchall())


def claim(claim_id: UUID) -> f.ClaimState | None:
    """Give a claim as it stands, retracted or not."""
    row = StandingClaim.objects.filter(id=claim_id).values_list("state", flat=True).first()
    return None if row is None else codec.build(f.ClaimState, row)


def actor_by_code(code: str) -> f.ActorState | None:
    """Give the actor that a code stands for."""
    found = StandingRecord.objects.filter(noun="actor", name=code).order_by("id")
    states = (codec.build(f.ActorState, row.state) for row in found)
    return next((one for one in states if one.actor.code == code), None)


def codes_held(codes: Iterable[str]) -> set[str]:
    """Which of some codes stand for an actor on record, with one question."""
    asked = set(codes)
    rows = StandingRecord.objects.filter(noun="actor", name__in=asked)
    found = {codec.build(f.ActorState, row.state).actor.code for row in rows}
    return {one for one in found if one in asked}


def countries(codes: Iterable[str]) -> dict[str, f.ActorState]:
    """Give the countries on record among some codes, with one question."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state::text FROM standing_record WHERE noun = 'actor' AND name = ANY(%s)"
            " ORDER BY id DESC",
            [list(codes)],
        )
        found = [_actor(row[0]) for row in cursor.fetchall()]
    return {one.actor.code: one for one in found if one.actor.code and one.actor.kind == "state"}


@lru_cache(maxsize=2_000)
def _actor(written: str) -> f.ActorState:
    """Each score asks for its countries, and they hardly ever change."""
    return codec.build(f.ActorState, json.loads(written))
