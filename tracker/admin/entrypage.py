"""The page on which a claim is typed: what it offers, and how it answers before it saves."""

from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from tracker.admin.appendonly import read_number
from tracker.admin.entry import Entry
from tracker.admin.fields import Directories
from tracker.domain import codebooks, likelihood, phrases
from tracker.domain.dates import BadDate

# The noun of a list, by the button that asks for one more row of it.
NOUNS = ("actor", "source", "document", "collection")
MORE = {"more_parties": "parties", "more_citations": "citations"}


class Option(NamedTuple):
    """A line of a list that the browser completes from."""

    value: str
    label: str


def date_reading(request: HttpRequest) -> HttpResponse:
    """Say how a date is read, while it is typed."""
    text = request.GET.get("claim-occurred", "")
    try:
        context: dict[str, Any] = {"reading": phrases.from_phrase(text)}
    except BadDate as problem:
        context = {"problem": str(problem) if text.strip() else ""}
    return render(request, "desk/reading.html", context)


def fresh(asked: QueryDict) -> Entry:
    """An empty entry, for the document that the address names and the first collection."""
    document = asked.get("document", "")
    entry = Entry(document=UUID(document) if _is_id(document) else None)
    first = next(iter(entry.directories.of("collection")), None)
    entry.form.initial["collection"] = first.id if first else None
    return entry


def offered(entry: Entry) -> dict[str, Any]:
    """What the template needs: the entry, and the lists that the browser completes from.

    The first field with a problem gets the focus.
    """
    for field in entry.faults[:1]:
        field.field.widget.attrs["autofocus"] = True
    return {"entry": entry, "lists": lists(entry.directories)}


def lists(directories: Directories) -> dict[str, list[Option]]:
    """The lists to complete from, by their id."""
    found = {
        f"{noun}s": [
            Option(directories.of(noun).label(one.id), " · ".join(one.also))
            for one in directories.of(noun)
        ]
        for noun in NOUNS
    }
    return found | {"codes": _codes(), "hedges": _hedges()}


def longer(data: QueryDict) -> QueryDict | None:
    """Give what was sent with one more row, if a row was asked for."""
    for button, noun in MORE.items():
        if button in data:
            more = data.copy()
            key = f"{noun}-TOTAL_FORMS"
            more[key] = str((read_number(data.get(key, "")) or 0) + 1)
            return more
    return None


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _codes() -> list[Option]:
    return [Option(one.code, f"{_value(one.value)} · {one.label}") for one in codebooks.choices()]


def _value(value: float | None) -> str:
    return "no value" if value is None else f"{value:+g}".replace("-", "−")


def _hedges() -> list[Option]:
    return [Option(hedge, rule.band or rule.means) for hedge, rule in likelihood.HEDGES.items()]
