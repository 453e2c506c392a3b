"""The metadata of a file, to read, cite and verify it independently of this site."""

import json
from datetime import datetime
from typing import Any

from tracker.exports.claimlines import instant
from tracker.exports.files import CountedStream
from tracker.exports.formats import ExportFormat
from tracker.exports.tables import Table, TableFacts

BESIDE = ".metadata.json"


def of_file(
    table: Table[Any],
    form: ExportFormat,
    *,
    name: str,
    tally: CountedStream,
    rows: int,
    at: datetime,
) -> str:
    """The metadata of a written file, as JSON; `at` is when it was written."""
    metadata = {
        "title": table.title,
        "citation": citation(table, identity=f"SHA-256 {tally.digest}"),
        "file": name,
        "format": form.name,
        "media_type": form.media_type,
        "rows": rows,
        "bytes": tally.size,
        "sha256": tally.digest,
        "written_at": instant(at),
        **_content(table, form),
    }
    return json.dumps(metadata, ensure_ascii=False, indent=2) + "\n"


def of_download(
    table: Table[Any], form: ExportFormat, *, name: str, address: str
) -> dict[str, Any]:
    """The metadata of a download from an address that names its position."""
    return {
        "title": table.title,
        "citation": citation(table, identity=address),
        "url": address,
        "file": name,
        "format": form.name,
        "media_type": form.media_type,
        **_content(table, form),
    }


def _content(table: Table[Any], form: ExportFormat) -> dict[str, Any]:
    facts = table.facts
    columns = [{"name": one.name, "type": one.type, **one.notes} for one in table.columns]
    return {
        "log": str(facts.log_id),
        "incarnation": str(facts.incarnation),
        "as_of": facts.position,
        "recorded_at": instant(facts.recorded_at) if facts.recorded_at else None,
        "collection": facts.collection,
        "lenses": list(facts.lenses),
        "columns": columns if form.flat or not table.nested else table.nested,
        "notes": [*table.notes, *form.notes],
    }


def citation(table: Table[Any], *, identity: str) -> str:
    """How to cite a file: its content, its position, and a digest or an address."""
    facts = table.facts
    recorded = f" (recorded {instant(facts.recorded_at)})" if facts.recorded_at else ""
    return (
        f"Entente, {table.name}{_filters(facts)}, as known at position {facts.position} of log"
        f" {facts.log_id}{recorded}; {identity}."
    )


def _filters(facts: TableFacts) -> str:
    collection = f" of collection {facts.collection}" if facts.collection else ""
    return f"{collection} under {', '.join(facts.lenses)}" if facts.lenses else collection
