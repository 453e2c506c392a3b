"""A claim as our API gives it, as plain values. The test of the two side by side is what keeps
them the same."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from tracker.domain import codec
from tracker.domain.codes import Code
from tracker.log import Recorded
from tracker.queries.claims.detail import (
    ClaimDate,
    NamedCitation,
    NamedParty,
    NamedVerdict,
    Sheet,
    Witness,
)

type Plain = dict[str, Any]


def plain(sheet: Sheet) -> Plain:
    """Give a claim with what it refers to by name."""
    filed, claim = sheet.filed, sheet.claim
    state = filed.state
    return {
        "id": str(state.id),
        "version": filed.version,
        "status": state.status,
        "review": state.review,
        "title": filed.title,
        "masked": filed.masked,
        "asserted": _stamp(filed.first),
        "changed": _stamp(filed.last),
        "collection_name": sheet.collection.collection.name,
        **codec.whole(claim, but=("parties", "citations", "occurred")),
        "parties": [_party(one) for one in sheet.parties],
        "coded": _coded(sheet.coded) if sheet.coded else None,
        "occurred": _occurred(sheet.dated),
        "citations": [_citation(one) for one in sheet.citations],
        "links": [
            {
                "id": str(one.link.id),
                "type": one.link.type,
                "from_claim": str(one.link.from_),
                "to_claim": str(one.link.to),
                "title": one.title,
            }
            for one in sheet.links
        ],
        "verdicts": [_verdict(one) for one in sheet.verdicts],
        "resolution": _resolution(sheet),
    }


def instant(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _stamp(event: Recorded) -> Plain:
    return {
        "position": event.position,
        "kind": event.kind,
        "recorded_at": instant(event.recorded_at),
        "recorded_by": event.recorded_by,
    }


def _party(one: NamedParty) -> Plain:
    actor = one.actor.actor
    return {
        **codec.whole(one.party),
        "name": actor.name,
        "code": actor.code,
        "kind": actor.kind,
    }


@cache
def _coded(code: Code) -> Mapping[str, Any]:
    return {
        "code": code.code,
        "label": code.label,
        "value": code.value,
        "quad": code.quad,
        "plover": code.plover,
        "speech": code.speech,
        "requires_recipient": code.requires_recipient,
        "contexts": list(code.contexts),
    }


def _occurred(dated: ClaimDate | None) -> Plain | None:
    if dated is None:
        return None
    return {
        **codec.whole(dated.occurred),
        "earliest": _day(dated.bounds.earliest),
        "latest": _day(dated.bounds.latest),
        "says": dated.says,
    }


def _citation(one: NamedCitation) -> Plain:
    citation, document = one.citation, one.document.document
    return {
        **codec.whole(citation),
        "document_title": document.title,
        "document_date": document.date,
        "document_url": document.url,
        "provenance": [_witness(link) for link in one.provenance],
    }


def _witness(one: Witness) -> Plain:
    return {
        "source": str(one.source.id),
        "name": one.name,
        "grade": one.grade,
        "ownership": one.source.source.ownership,
    }


def _verdict(one: NamedVerdict) -> Plain:
    return codec.whole(one.verdict) | {"judge": one.judge}


def _resolution(sheet: Sheet) -> Plain | None:
    resolved = sheet.resolved
    return codec.whole(resolved.resolution) | {"brier": resolved.brier} if resolved else None
