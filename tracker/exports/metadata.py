"""What must stand beside a file so that it can be read, cited and checked without us."""

import json
from datetime import datetime
from typing import Any

from tracker.exports.claimlines import instant
from tracker.exports.files import Tally
from tracker.exports.formats import Format
from tracker.exports.tables import Column, Facts, Table

BESIDE = ".metadata.json"


def described(
    table: Table[Any], written: Format, *, name: str, tally: Tally, rows: int, at: datetime
) -> str:
    """Say what a file holds, as JSON; `at` is when it was written."""
    said = {
        "title": table.title,
        "citation": citation(table, told_by=f"SHA-256 {tally.digest}"),
        "file": name,
        **_form(written),
        "rows": rows,
        "bytes": tally.size,
        "sha256": tally.digest,
        "written_at": instant(at),
        **_held(table, written),
    }
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def announced(table: Table[Any], written: Format, *, name: str, address: str) -> dict[str, Any]:
    """Say what is downloaded from an address that names its position."""
    return {
        "title": table.title,
        "citation": citation(table, told_by=address),
        "url": address,
        "file": name,
        **_form(written),
        **_held(table, written),
    }


def _form(written: Format) -> dict[str, Any]:
    return {"format": written.name, "media_type": written.media_type}


def _held(table: Table[Any], written: Format) -> dict[str, Any]:
    facts = table.facts
    flat = written.flat or not table.nested
    return {
        "log": str(facts.log_id),
        "as_of": facts.position,
        "recorded_at": instant(facts.recorded_at) if facts.recorded_at else None,
        "collection": facts.collection,
        "lenses": list(facts.lenses),
        "columns": [_column(one) for one in table.columns] if flat else table.nested,
        "notes": [*table.notes, *written.notes],
    }


def citation(table: Table[Any], *, told_by: str) -> str:
    """How to cite a file: what it holds, as known when, and by what it is told apart: a digest or
    an address."""
    facts = table.facts
    parts = (f"of collection {facts.collection}" if facts.collection else "", _through(facts))
    narrowed = "".join(f" {part}" for part in parts if part)
    return (
        f"Entente, {table.name}{narrowed}, as known at position {facts.position} of log"
        f" {facts.log_id}{_recorded(facts)}; {told_by}."
    )


def _through(facts: Facts) -> str:
    return f"under {', '.join(facts.lenses)}" if facts.lenses else ""


def _recorded(facts: Facts) -> str:
    return f" (recorded {instant(facts.recorded_at)})" if facts.recorded_at else ""


def _column(column: Column) -> dict[str, str]:
    said = {"name": column.name, "type": column.type, "unit": column.unit, "says": column.says}
    return {name: text for name, text in said.items() if text}
