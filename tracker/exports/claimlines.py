"""A claim as the API returns it, as plain values. A test compares both."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from tracker.domain import codec
from tracker.domain.codes import Code
from tracker.log import Recorded
from tracker.queries.claims.detail import ClaimDate, NamedCitation, Sheet

type Plain = dict[str, Any]


def plain(sheet: Sheet) -> Plain:
    """A claim with the names of the records that it refers to."""
    resolved = sheet.resolved
    return {
        **_head(sheet),
        **codec.whole(sheet.claim, but=("parties", "citations", "occurred")),
        "parties": [
            codec.whole(named.party) | _attributes(named.actor.actor, "name", "code", "kind")
            for named in sheet.parties
        ],
        "coded": _coded(sheet.coded) if sheet.coded else None,
        "occurred": _occurred(sheet.dated) if sheet.dated else None,
        "citations": [_citation(named) for named in sheet.citations],
        "links": [
            {
                "id": str(linked.link.id),
                "type": linked.link.type,
                "from_claim": str(linked.link.from_),
                "to_claim": str(linked.link.to),
                "title": linked.title,
            }
            for linked in sheet.links
        ],
        "verdicts": [codec.whole(one.verdict) | {"judge": one.judge} for one in sheet.verdicts],
        "resolution": codec.whole(resolved.resolution) | {"brier": resolved.brier}
        if resolved
        else None,
    }


def instant(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _head(sheet: Sheet) -> Plain:
    filed, state = sheet.filed, sheet.filed.state
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
    }


def _attributes(record: Any, *names: str) -> Plain:
    return {name: getattr(record, name) for name in names}


def _stamp(event: Recorded) -> Plain:
    stamp = _attributes(event, "position", "kind", "recorded_at", "recorded_by")
    return stamp | {"recorded_at": instant(event.recorded_at)}


@cache
def _coded(code: Code) -> Mapping[str, Any]:
    names = ("code", "label", "value", "quad", "plover", "speech", "requires_recipient")
    return _attributes(code, *names) | {"contexts": list(code.contexts)}


def _occurred(dated: ClaimDate) -> Plain:
    first, last = dated.bounds.earliest, dated.bounds.latest
    return {
        **codec.whole(dated.occurred),
        "earliest": first.isoformat() if first else None,
        "latest": last.isoformat() if last else None,
        "says": dated.says,
    }


def _citation(named: NamedCitation) -> Plain:
    document = named.document.document
    return {
        **codec.whole(named.citation),
        "document_title": document.title,
        "document_date": document.date,
        "document_url": document.url,
        "provenance": [
            {
                "source": str(witness.source.id),
                "name": witness.name,
                "grade": witness.grade,
                "ownership": witness.source.source.ownership,
            }
            for witness in named.provenance
        ],
    }
