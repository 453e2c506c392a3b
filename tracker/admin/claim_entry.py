"""A claim as somebody types it: the forms, the claim they make, every problem at its field."""

import json
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID

from django import forms
from django.http import QueryDict

from tracker.admin import claim_forms, entry_checks, sparks
from tracker.admin.base import read_number
from tracker.admin.claim_forms import (
    PLAIN_FIELDS,
    CitationForm,
    CitationFormSet,
    ClaimForm,
    PartyFormSet,
)
from tracker.admin.fields import Directories
from tracker.domain import validity
from tracker.domain.attribution import SaidBy, Submission
from tracker.domain.claims import Citation, Claim, Magnitude, Occurred, Strength
from tracker.domain.dates.phrases import Reading
from tracker.domain.dates.words import describe
from tracker.domain.disclosure import Reader
from tracker.domain.evidence import is_speech
from tracker.domain.fields import Field
from tracker.domain.records import Party
from tracker.domain.validity import Problem
from tracker.queries.claims import detail
from tracker.queries.claims.duplicates import Duplicate
from tracker.queries.evidence.preview import Preview
from tracker.queries.records import catalogue, names, states
from tracker.queries.records.names import Speaker
from tracker.queries.scores import uncounted as score_uncounted

RARE = (
    *("condition", "magnitude_value", "magnitude_unit", "resolves_by", "criterion"),
    "tags",
)
# The parts of the page in their order, and what of the claim's own form stands in them.
_PARTS: dict[str, tuple[str, ...]] = {
    "what": ("summary", "kind", "code", "contexts", "note"),
    "who": (),
    "when": ("occurred", "phrase", "basis"),
    "says": ("said_by", "said_as"),
    "sure": ("hedge", "likelihood", "strength", "strength_reason"),
}
_FIELDS = {
    "/occurred/edtf": "occurred",
    "/said_by/code": "said_as",
    "/magnitude": "magnitude_value",
    "/magnitude/baseline": "magnitude_baseline",
}
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Entry:
    """The forms of one claim: empty, filled from a claim, or as they were sent."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        claim: Claim | None = None,
        start: claim_forms.Start | None = None,
    ) -> None:
        self.directories = Directories()
        self.key = claim.key if claim else None
        self.checked = False
        self.general: list[str] = []
        self.party_problems: list[str] = []
        start = claim_forms.of(claim) if claim else start or claim_forms.empty(None)
        self.form = ClaimForm(
            data, prefix="claim", initial=start.form, directories=self.directories
        )
        rows: dict[str, Any] = {"form_kwargs": {"directories": self.directories}}
        self.parties = PartyFormSet(data, prefix="parties", initial=start.parties, **rows)
        self.citations = CitationFormSet(data, prefix="citations", initial=start.citations, **rows)
        self.confirmed = start.confirmed if data is None else data.get("confirmed", "")

    @property
    def reading(self) -> Reading | None:
        """How the date was understood, if it was typed and read."""
        return self.form.cleaned_data.get("occurred") if self.checked else None

    @property
    def is_confirmed(self) -> bool:
        """Whether the person has seen how the date was understood."""
        return self.reading is not None and self.confirmed == (
            self.reading.edtf or claim_forms.UNKNOWN
        )

    @property
    def party_rows(self) -> list[forms.Form]:
        return [row for row in self.parties if row.cleaned_data.get("actor") or row.errors]

    @property
    def citation_rows(self) -> list[CitationForm]:
        rows = cast("list[CitationForm]", list(self.citations))
        return [row for row in rows if not row.blank()]

    @property
    def faults(self) -> list[forms.BoundField]:
        """The fields with a problem, in the order of the page."""
        if not self.checked:
            return []
        parts: dict[str, list[Any]] = {part: [] for part in (*_PARTS, "rest")}
        for field in self.form:
            part = next((part for part in _PARTS if field.name in _PARTS[part]), "rest")
            parts[part].append(field)
        parts["who"] = [field for row in self.parties for field in row]
        cited = [field for row in self.citations for field in row]
        parts["says"] = [*cited, *parts["says"]]
        return [field for fields in parts.values() for field in fields if field.errors]

    @property
    def added(self) -> list[forms.BoundField]:
        """The first field of a row that was just asked for."""
        noun = str((self.form.data or {}).get("added"))
        rows: dict[str, list[Any]] = {
            "parties": self.parties.forms,
            "citations": self.citations.forms,
        }
        firsts = {"parties": "actor", "citations": "document"}
        return [rows[noun][-1][firsts[noun]]] if rows.get(noun) else []

    @property
    def says_more(self) -> bool:
        """Whether anything rarely needed is filled in or wrong, so that it is to be seen."""
        used = (self.form[name] for name in RARE)
        usual = self.form["polarity"].value() in (None, "asserted")
        actual = self.form["modality"].value() in (None, "actual")
        said = any(one.value() or (self.checked and one.errors) for one in used)
        return said or not usual or not actual

    @property
    def says_responsible(self) -> bool:
        """Whether a state's responsibility for a party is said."""
        return any(row["responsibility"].value() for row in self.parties)

    @property
    def spoiled(self) -> bool:
        """Whether anything cannot be taken as it was typed."""
        return bool(self.general or self.party_problems or self.faults)

    def read(self) -> Claim | None:
        """Give the claim that was typed, or None and every problem at its field."""
        self.checked = True
        self.form.is_valid()
        self.parties.is_valid()
        self.citations.is_valid()
        claim = self._claim()
        rows = [row.cleaned_data for row in self.citation_rows]
        said = entry_checks.problems(self.form.cleaned_data, rows)
        self.show([*said, *validity.claim_problems(claim)])
        return None if self.spoiled else claim

    def submission(self) -> Submission | None:
        """Give the claim that was typed and who says it, or None and every problem."""
        claim = self.read()
        return Submission(claim=claim, said_by=self.said_by) if claim else None

    @property
    def said_by(self) -> SaidBy | None:
        """Who says it, and as what, as far as that can be read."""
        said = self.form.cleaned_data
        speaker = said.get("said_by")
        return SaidBy(actor=speaker, code=said.get("said_as") or None) if speaker else None

    @property
    def proposed(self) -> list[Speaker]:
        """Who may say it, where the words tell and nobody is named; an act that is itself speech
        needs nobody else to say it."""
        claim = self._claim()
        if self.said_by or is_speech(claim):
            return []
        texts = [claim.summary, *(one.quote for one in claim.citations)]
        # To whom it was done speaks of it first.
        parties = [*claim.actors("recipient"), *claim.actors("initiator")]
        return names.proposed(texts, parties)

    def show(self, problems: Iterable[Problem]) -> None:
        """Put each problem where it can be mended; a field keeps its first."""
        for problem in problems:
            form, field = self._home(problem.pointer)
            detail = _ID.sub(self._name, problem.detail)
            if form is None:
                places = self.party_problems if field == "parties" else self.general
                places.append(detail)
            elif not form.has_error(field):
                form.add_error(field, detail)

    def _home(self, pointer: str) -> tuple[forms.Form | None, str]:
        noun, *place = pointer.strip("/").split("/")
        rows: dict[str, list[Any]] = {"parties": self.party_rows, "citations": self.citation_rows}
        if noun in rows and place and int(place[0]) < len(rows[noun]):
            row = rows[noun][int(place[0])]
            first = "actor" if noun == "parties" else "document"
            return row, next((one for one in place[1:2] if one in row.fields), first)
        if noun == "citations" and self.citations.forms:
            return self.citations.forms[0], "document"
        field = _FIELDS.get(pointer, noun)
        return (self.form, field) if field in self.form.fields else (None, noun)

    def _name(self, found: re.Match[str]) -> str:
        for noun in ("actor", "source", "document"):
            label = self.directories.of(noun).label(UUID(found[0]))
            if label != found[0]:
                return label
        return found[0]

    def _claim(self) -> Claim:
        """The claim as far as it can be read; what cannot has its error already."""
        said = self.form.cleaned_data
        return Claim(
            key=self.key,
            collection=said.get("collection") or UUID(int=0),
            parties=tuple(_party(row, n) for n, row in enumerate(self.party_rows, start=1)),
            citations=tuple(citation_of(row) for row in self.citation_rows),
            contexts=tuple(said.get("contexts", ())),
            occurred=_occurred(said),
            strength=_strength(said),
            magnitude=_magnitude(said),
            resolves_by=_edtf(said.get("resolves_by")),
            tags=tuple(tag.strip() for tag in said.get("tags", "").split(",") if tag.strip()),
            **{one.name: _typed(said, one) for one in PLAIN_FIELDS},
        )


def _typed(said: dict[str, Any], field: Field) -> Any:
    """A field of text or of set words, as it was typed."""
    if field.type.optional:
        return said.get(field.name) or None
    neutral = field.type.choices[0] if field.needed else field.default
    return said.get(field.name, neutral)


def first_of(pointer: str) -> str:
    """The field that a pointer begins with."""
    return pointer.strip("/").split("/")[0]


def show_in(
    form: forms.Form, problems: Iterable[Problem], field_of: Callable[[str], str] = first_of
) -> list[str]:
    """Put problems at the fields of a plain form; give those that belong to none."""
    general = []
    for problem in problems:
        field = field_of(problem.pointer)
        if field in form.fields:
            form.add_error(field, problem.detail)
        else:
            general.append(problem.detail)
    return general


def citation_of(row: forms.Form) -> Citation:
    """The citation of a form, as far as it can be read."""
    said = row.cleaned_data
    return Citation(
        document=said.get("document") or UUID(int=0),
        chain=said.get("chain", ()),
        stance=said.get("stance", "supports"),
        interest=said.get("interest", "none"),
        credibility=int(said["credibility"]) if said.get("credibility") else None,
        language=said.get("language") or None,
        locator=said.get("locator") or None,
        **{name: said.get(name, "") for name in ("quote", "translation", "note")},
    )


def _party(row: forms.Form, number: int) -> Party:
    """A party whose name could not be read gets an id of its own, so that no two are the same."""
    said = row.cleaned_data
    if not row.errors and not said.get("role"):
        row.add_error("role", "choose its role")
    return Party(
        actor=said.get("actor") or UUID(int=number),
        role=said.get("role") or "about",
        responsibility=said.get("responsibility") or None,
    )


def _occurred(said: dict[str, Any]) -> Occurred | None:
    edtf = _edtf(said.get("occurred"))
    if edtf is None:
        return None
    return Occurred(edtf=edtf, basis=said.get("basis", "stated"), phrase=said.get("phrase", ""))


def _strength(said: dict[str, Any]) -> Strength | None:
    grade = said.get("strength")
    return Strength(grade=grade, reason=said.get("strength_reason", "")) if grade else None


def _magnitude(said: dict[str, Any]) -> Magnitude | None:
    value = said.get("magnitude_value")
    if value is None:
        return None
    return Magnitude(
        value=value,
        unit=said.get("magnitude_unit", ""),
        change=said.get("magnitude_change", False),
        baseline=_edtf(said.get("magnitude_baseline")),
    )


def _edtf(reading: Reading | None) -> str | None:
    return (reading.edtf or None) if reading else None


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
    start = (
        claim_forms.after(state.claim)
        if state
        else claim_forms.empty(_read(asked.get("document", "")))
    )
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
    found = detail.from_document(document.id, limit=MOST_BESIDE, reader=Reader.DESK)
    total = detail.count_citing(document.id, reader=Reader.DESK)
    return Beside(document=document, claims=found, total=total)


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
