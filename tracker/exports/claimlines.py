"""A claim as the API returns it, as plain values. A test compares both.

It is made from the stored JSON, since most claims of a list are only passed on.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from tracker.domain import codebooks, codec, fields
from tracker.domain.claims import Claim
from tracker.domain.dates import description, edtf
from tracker.domain.events import VerdictGiven
from tracker.log import Stamp
from tracker.queries.claims.detail import NamedLink, Referred, Sheet, Witness

type Plain = dict[str, Any]

_LAST = ("parties", "coded", "occurred", "citations", "links", "verdicts", "resolution")
# The names of a claim in their order.
_ORDER = dict.fromkeys(
    (
        *("id", "version", "status", "review", "title", "masked", "asserted", "changed"),
        "collection_name",
        *(field.key for field in fields.of(Claim) if field.key not in _LAST),
        *_LAST,
    )
)


def plain(sheet: Sheet) -> Plain:
    """A claim with the names of the records that it refers to."""
    return lines([sheet])[0]


def lines(sheets: Iterable[Sheet]) -> list[Plain]:
    """Claims of one page. They share what is equal: they must not be changed in place."""
    witnesses: dict[int, Plain] = {}
    return [_line(sheet, witnesses) for sheet in sheets]


def _line(sheet: Sheet, witnesses: dict[int, Plain]) -> Plain:
    filed, referred, state = sheet.filed, sheet.referred, sheet.filed.stored.state
    claim = filled(Claim, state["claim"])
    asserted = _stamp(filed.first)
    return {
        **_ORDER,
        **claim,
        "id": state["id"],
        "version": filed.version,
        "status": state["status"],
        "review": state.get("review"),
        "title": filed.title,
        "masked": filed.masked,
        "asserted": asserted,
        "changed": asserted if filed.last is filed.first else _stamp(filed.last),
        "collection_name": referred.collection(claim["collection"]).collection.name,
        "parties": [_party(party, referred) for party in claim["parties"]],
        "coded": claim["code"] and _coded(claim["code"]),
        "occurred": claim["occurred"] and _occurred(claim["occurred"]),
        "citations": [_citation(one, referred, witnesses) for one in claim["citations"]],
        "links": [_link(linked) for linked in sheet.links],
        "verdicts": [_verdict(verdict, referred) for verdict in state.get("verdicts", ())],
        "resolution": _resolution(sheet) if "resolution" in state else None,
    }


def filled(shape: Any, stored: Plain) -> Plain:
    """Stored JSON of a record with all fields, as `codec.whole` returns the record itself."""
    empty, records = _blank(shape)
    complete = empty | stored
    for key, inner in records:
        value = complete[key]
        if type(value) is list:
            complete[key] = [filled(inner, item) for item in value]
        elif value is not None:
            complete[key] = filled(inner, value)
    return complete


@cache
def _blank(shape: Any) -> tuple[Plain, Sequence[tuple[str, Any]]]:
    """The fields of a class with their defaults as JSON, and those that hold records."""
    empty: Plain = {}
    records: list[tuple[str, Any]] = []
    for field in fields.of(shape):
        is_empty = field.needed or field.default is None
        empty[field.key] = None if is_empty else codec.plain(field.default)
        item = field.type.item or field.type
        if item.is_record:
            records.append((field.key, item.of))
    return empty, records


def instant(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _party(party: Plain, referred: Referred) -> Plain:
    actor = referred.actor(party["actor"]).actor
    return party | {"name": actor.name, "code": actor.code, "kind": actor.kind}


def _verdict(verdict: Plain, referred: Referred) -> Plain:
    judge = referred.judge(verdict.get("source"))
    return filled(VerdictGiven, verdict) | {"judge": judge}


def _resolution(sheet: Sheet) -> Plain | None:
    resolved = sheet.resolved
    return codec.whole(resolved.resolution) | {"brier": resolved.brier} if resolved else None


def _stamp(event: Stamp) -> Plain:
    return {
        "position": event.position,
        "kind": event.kind,
        "recorded_at": instant(event.recorded_at),
        "recorded_by": event.recorded_by,
    }


@lru_cache(maxsize=4096)
def _coded(text: str) -> Mapping[str, Any]:
    code = codebooks.find(text)
    names = (
        *("code", "label", "value", "quad", "plover", "speech", "requires_recipient"),
        *("form", "checkable", "sideline"),
    )
    return {name: getattr(code, name) for name in names} | {"contexts": list(code.contexts)}


def _occurred(occurred: Plain) -> Plain:
    bounds = edtf.bounds(occurred["edtf"])
    first, last = bounds.earliest, bounds.latest
    return {
        **occurred,
        "earliest": first.isoformat() if first else None,
        "latest": last.isoformat() if last else None,
        "says": description.describe(occurred["edtf"]),
    }


def _citation(citation: Plain, referred: Referred, witnesses: dict[int, Plain]) -> Plain:
    document = referred.document(citation["document"]).document
    provenance = []
    for witness in referred.provenance(document, citation["chain"]):
        if id(witness) not in witnesses:
            witnesses[id(witness)] = _witness(witness)
        provenance.append(witnesses[id(witness)])
    return {
        **citation,
        "document_title": document.title,
        "document_date": document.date,
        "document_url": document.url,
        "provenance": provenance,
    }


def _witness(witness: Witness) -> Plain:
    return {
        "source": str(witness.source.id),
        "name": witness.name,
        "grade": witness.grade,
        "ownership": witness.source.source.ownership,
    }


def _link(linked: NamedLink) -> Plain:
    return {
        "id": str(linked.link.id),
        "type": linked.link.type,
        "from_claim": str(linked.link.from_),
        "to_claim": str(linked.link.to),
        "title": linked.title,
    }
