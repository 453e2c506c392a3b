"""The page on which a claim is typed: what it begins with, and what stands beside it."""

import json
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import QueryDict

from tracker.admin import sparks, typed
from tracker.admin.appendonly import read_number
from tracker.admin.entry import Entry
from tracker.domain.dates.words import describe
from tracker.queries.claims import detail
from tracker.queries.claims.duplicates import Duplicate
from tracker.queries.evidence.preview import Preview
from tracker.queries.records import catalogue, names, states
from tracker.queries.scores import uncounted as score_uncounted

MORE = {"more_parties": "parties", "more_citations": "citations"}
# Of the claims from a document, those that stand beside the form.
MOST_BESIDE = 60
# Dates of theirs that are on offer, the latest first.
MOST_DATES = 9
_MONTH = re.compile(r"\d{4}-\d\d(?=-\d\d$|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A document, and the claims taken from it, the latest first."""

    document: catalogue.DocumentEntry
    claims: list[detail.DocumentClaim]
    total: int


def fresh(asked: QueryDict) -> Entry:
    """An entry for the document that the address names, or after a claim that it names."""
    before = _read(asked.get("after", ""))
    state = states.claim(before) if before else None
    start = typed.after(state.claim) if state else typed.empty(_read(asked.get("document", "")))
    entry = Entry(start=start)
    first = next(iter(names.directory("collection")), None)
    if first and "collection" not in start.form:
        entry.form.initial["collection"] = first.id
    return entry


def offered(
    entry: Entry, *, effect: Preview | None = None, today: date, corrects: bool = False
) -> dict[str, Any]:
    """What the template needs. The first field with a problem gets the focus; else that of a row
    that was just asked for, or the one that everybody begins with."""
    begin = [] if entry.checked or entry.form.is_bound else [entry.form["summary"]]
    for field in (*entry.faults, *entry.added, *begin)[:1]:
        field.field.widget.attrs["autofocus"] = True
    beside = _beside(entry)
    if beside:
        entry.form.fields["occurred"].widget.attrs["data-offers"] = json.dumps(_dates(beside))
    return {
        "entry": entry,
        "speakers": entry.proposed if entry.checked and not corrects else (),
        "effect": effect,
        "moved": sparks.rows(effect, today=today),
        "beside": beside,
        "uncounted": uncounted(entry),
    }


def unseen(effect: Preview | None, seen: Iterable[str]) -> bool:
    """Whether there is a likely duplicate that the person was not shown."""
    shown = set(seen)
    return effect is not None and any(str(one.claim) not in shown for one in _alike(effect))


def _alike(effect: Preview) -> Iterable[Duplicate]:
    """The likely duplicates of a claim, and of the statement that says it."""
    return (*effect.duplicates, *(effect.statement.duplicates if effect.statement else ()))


def longer(data: QueryDict) -> QueryDict | None:
    """Give what was sent with one more row, if a row was asked for."""
    for button, noun in MORE.items():
        if button in data:
            more = data.copy()
            key = f"{noun}-TOTAL_FORMS"
            more[key] = str((read_number(data.get(key, "")) or 0) + 1)
            more["added"] = noun
            return more
    return None


def uncounted(entry: Entry) -> list[score_uncounted.Uncounted]:
    """The collection of the form, if no lens counts it: the claim would move no score."""
    start: Any = entry.form.cleaned_data if entry.checked else entry.form.initial
    said = start.get("collection")
    return score_uncounted.uncounted([said]) if isinstance(said, UUID) else []


def _beside(entry: Entry) -> Beside | None:
    row = entry.citations.forms[0] if entry.citations.forms else None
    said: Any = None
    if row is not None:
        said = row.cleaned_data.get("document") if entry.checked else row.initial.get("document")
    document = catalogue.entry("document", said) if isinstance(said, UUID) else None
    if not isinstance(document, catalogue.DocumentEntry):
        return None
    found = detail.from_document(document.id, limit=MOST_BESIDE)
    return Beside(document=document, claims=found, total=detail.count_citing(document.id))


def _read(text: str) -> UUID | None:
    with suppress(ValueError):
        return UUID(text)
    return None


def _dates(beside: Beside) -> list[dict[str, str]]:
    """What may be taken for the date of the next claim from a document: the dates of the last
    ones, and the month of publication."""
    dated = dict.fromkeys((one.edtf, one.basis) for one in beside.claims if one.edtf)
    month = _MONTH.match(beside.document.document.date or "")
    published = [(month[0], "publication")] if month else []
    return [
        {"value": edtf, "label": f"{describe(edtf)} · {basis}", "basis": basis}
        for edtf, basis in dict.fromkeys([*list(dated)[:MOST_DATES], *published])
    ]
