"""A claim as the API returns it, as plain values. A test compares both.

It is made from the stored JSON, since most claims of a list are only passed on.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from tracker.domain import codebooks, codec
from tracker.domain.claims import Citation, Claim, Occurred
from tracker.domain.dates import description, edtf
from tracker.domain.events import VerdictGiven
from tracker.domain.records import Party
from tracker.log import Stamp
from tracker.queries.claims.detail import NamedLink, Referred, Sheet, Witness

type Plain = dict[str, Any]


def plain(sheet: Sheet) -> Plain:
    """A claim with the names of the records that it refers to."""
    state, referred, resolved = sheet.filed.stored.state, sheet.referred, None
    claim = state["claim"]
    if "resolution" in state:
        resolved = sheet.resolved
    return {
        **_head(sheet),
        **codec.filled(Claim, claim, but=("parties", "citations", "occurred")),
        "parties": [
            codec.filled(Party, party)
            | _attributes(referred.actor(party["actor"]).actor, "name", "code", "kind")
            for party in claim["parties"]
        ],
        "coded": _coded(claim["code"]) if "code" in claim else None,
        "occurred": _occurred(claim["occurred"]) if "occurred" in claim else None,
        "citations": [_citation(citation, referred) for citation in claim["citations"]],
        "links": [_link(linked) for linked in sheet.links],
        "verdicts": [
            codec.filled(VerdictGiven, verdict) | {"judge": referred.judge(verdict.get("source"))}
            for verdict in state.get("verdicts", ())
        ],
        "resolution": codec.whole(resolved.resolution) | {"brier": resolved.brier}
        if resolved
        else None,
    }


def instant(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _head(sheet: Sheet) -> Plain:
    filed, state = sheet.filed, sheet.filed.stored.state
    collection = sheet.referred.collection(state["claim"]["collection"])
    return {
        "id": state["id"],
        "version": filed.version,
        "status": state["status"],
        "review": state.get("review"),
        "title": filed.title,
        "masked": filed.masked,
        "asserted": _stamp(filed.first),
        "changed": _stamp(filed.last),
        "collection_name": collection.collection.name,
    }


def _attributes(record: Any, *names: str) -> Plain:
    return {name: getattr(record, name) for name in names}


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
    names = ("code", "label", "value", "quad", "plover", "speech", "requires_recipient")
    return _attributes(code, *names) | {"contexts": list(code.contexts)}


def _occurred(occurred: Plain) -> Plain:
    bounds = edtf.bounds(occurred["edtf"])
    first, last = bounds.earliest, bounds.latest
    return {
        **codec.filled(Occurred, occurred),
        "earliest": first.isoformat() if first else None,
        "latest": last.isoformat() if last else None,
        "says": description.describe(occurred["edtf"]),
    }


def _citation(citation: Plain, referred: Referred) -> Plain:
    document = referred.document(citation["document"]).document
    return {
        **codec.filled(Citation, citation),
        "document_title": document.title,
        "document_date": document.date,
        "document_url": document.url,
        "provenance": [
            _witness(witness)
            for witness in referred.provenance(document, citation.get("chain", ()))
        ],
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
