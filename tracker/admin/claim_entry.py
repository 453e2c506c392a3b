"""The entry of a claim: its forms, the claim in them, and each problem at its field."""

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

from tracker.admin import (
    claim_forms,
    entry_checks,
    form_parts,
    form_records,
    sparks,
    usual_form,
)
from tracker.admin.base import read_number
from tracker.admin.claim_forms import (
    CitationForm,
    CitationFormSet,
    ClaimForm,
    DeskForm,
    PartyFormSet,
    from_form,
)
from tracker.admin.fields import Directories, first_collection
from tracker.admin.form_parts import DATE_WORDS, FOLDED, SAID_BY, ShownParts
from tracker.domain import validity
from tracker.domain.attribution import SaidBy, Submission
from tracker.domain.claims import Claim
from tracker.domain.dates.description import describe
from tracker.domain.dates.phrases import DateReading
from tracker.domain.disclosure import Reader
from tracker.domain.evidence import is_speech
from tracker.domain.validity import Problem
from tracker.queries import moment
from tracker.queries.claims import by_record
from tracker.queries.claims.duplicates import Duplicate
from tracker.queries.evidence.preview import Preview
from tracker.queries.records import catalogue, names, states
from tracker.queries.records.names import Speaker
from tracker.queries.records.problem_words import in_words
from tracker.queries.scores import uncounted as score_uncounted

# The parts of the page in order, with their fields of the claim form.
_PARTS: dict[str, tuple[str, ...]] = {
    "what": ("summary", "kind", "code", "level_value", "level_sd", "level_rung"),
    "who": (),
    "when": ("occurred", *DATE_WORDS.fields),
    "says": SAID_BY.fields,
    **{part.title: part.fields for part in FOLDED},
}
_FIELDS = {
    "/occurred/edtf": "occurred",
    "/said_by/code": "said_as",
    "/magnitude": "magnitude_value",
    "/level": "level_value",
}


class ClaimForms:
    """The forms of one claim: empty, filled from a claim, or as submitted."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        claim: Claim | None = None,
        start: claim_forms.Start | None = None,
        directories: Directories | None = None,
    ) -> None:
        self.directories = directories or Directories()
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
    def reading(self) -> DateReading | None:
        """The interpretation of the date, if it is valid."""
        return self.form.cleaned_data.get("occurred") if self.checked else None

    @property
    def is_confirmed(self) -> bool:
        """Whether the person has confirmed the interpretation of the date."""
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
        """The first field of a row that was just added."""
        noun = str((self.form.data or {}).get("added"))
        rows: dict[str, list[Any]] = {
            "parties": self.parties.forms,
            "citations": self.citations.forms,
        }
        firsts = {"parties": "actor", "citations": "document"}
        return [rows[noun][-1][firsts[noun]]] if rows.get(noun) else []

    @property
    def folded(self) -> ShownParts:
        """The parts of the form that are folded until they are needed."""
        return form_parts.shown(self.form, checked=self.checked)

    @property
    def has_responsibility(self) -> bool:
        """Whether the responsibility of a state is given for a party."""
        return any(row["responsibility"].value() for row in self.parties)

    @property
    def has_problems(self) -> bool:
        """Whether some input is not valid."""
        return bool(self.general or self.party_problems or self.faults)

    def read(self) -> Claim | None:
        """The claim in the forms; None, with every problem at its field, if it is not valid."""
        self.checked = True
        self.form.is_valid()
        self.parties.is_valid()
        self.citations.is_valid()
        claim = self._claim()
        rows = [row.cleaned_data for row in self.citation_rows]
        problems = entry_checks.problems(self.form.cleaned_data, rows)
        self.show([*problems, *validity.claim_problems(claim)])
        return None if self.has_problems else claim

    def submission(self) -> Submission | None:
        """The claim in the forms with its speaker; None if it is not valid."""
        claim = self.read()
        return Submission(claim=claim, said_by=self.said_by) if claim else None

    @property
    def said_by(self) -> SaidBy | None:
        """The party that makes the claim, and its code, as far as they are valid."""
        values = self.form.cleaned_data
        speaker = values.get("said_by")
        return SaidBy(actor=speaker, code=values.get("said_as") or None) if speaker else None

    @property
    def proposed(self) -> list[Speaker]:
        """Possible speakers, where the text names some and the form does not. A claim of a speech
        act needs no other speaker.
        """
        claim = self._claim()
        if self.said_by or is_speech(claim):
            return []
        texts = [claim.summary, *(citation.quote for citation in claim.citations)]
        # A recipient is the most likely speaker.
        parties = [*claim.actors("recipient"), *claim.actors("initiator")]
        return names.likely_speakers(texts, parties)

    def show(self, problems: Iterable[Problem]) -> None:
        """Put each problem at the field where it can be fixed; a field shows its first problem."""
        for problem in problems:
            form, field = self._home(problem.pointer)
            detail = in_words(problem.detail)
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
            return row, next((name for name in place[1:2] if name in row.fields), first)
        if noun == "citations" and self.citations.forms:
            return self.citations.forms[0], "document"
        own = _FIELDS.get(pointer, "_".join([noun, *place]))
        field = own if own in self.form.fields else noun
        return (self.form, field) if field in self.form.fields else (None, noun)

    def _claim(self) -> Claim:
        """The claim as far as it is valid; invalid fields have their errors already."""
        values = self.form.cleaned_data
        claim: Claim = from_form(
            Claim,
            values,
            key=self.key,
            collection=values.get("collection") or UUID(int=0),
            parties=tuple(
                form_records.party_of(row, n) for n, row in enumerate(self.party_rows, start=1)
            ),
            citations=tuple(form_records.citation_of(row) for row in self.citation_rows),
            occurred=form_records.occurred_of(values),
            strength=form_records.strength_of(values),
            magnitude=form_records.magnitude_of(values),
            level=form_records.level_of(values),
            resolves_by=form_records.edtf_of(values.get("resolves_by")),
            tags=tuple(tag.strip() for tag in values.get("tags", "").split(",") if tag.strip()),
        )
        return claim


def first_of(pointer: str) -> str:
    """The first part of a pointer: the field."""
    return pointer.strip("/").split("/")[0]


def show_in(
    form: DeskForm, problems: Iterable[Problem], field_of: Callable[[str], str] = first_of
) -> list[str]:
    """Put problems at the fields of a plain form. Returns those that belong to none."""
    general = []
    for problem in problems:
        field = field_of(problem.pointer)
        detail = in_words(problem.detail)
        if field in form.fields:
            form.add_error(field, detail)
        else:
            general.append(detail)
    return general


# The button beside the kind, which enters the claim as the other form.
AS_KIND = "as_kind"
MORE = {"more_parties": "parties", "more_citations": "citations"}
# The number of claims of the document that are shown beside the form.
MOST_BESIDE = 60
# The number of their dates that are suggested, the latest first.
MOST_DATES = 9
_MONTH = re.compile(r"\d{4}-\d\d(?=-\d\d$|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A document, and the claims that cite it, the latest first."""

    document: catalogue.DocumentEntry
    claims: list[by_record.DocumentClaim]
    total: int


def new_entry(params: QueryDict) -> ClaimForms:
    """An entry for the document in the parameters, or after a claim in them."""
    previous = _id_or_none(params.get("after", ""))
    state = states.claim(previous) if previous else None
    start = (
        claim_forms.after(state.claim)
        if state
        else claim_forms.empty(_id_or_none(params.get("document", "")))
    )
    entry = ClaimForms(start=start)
    if "collection" not in start.form:
        entry.form.initial["collection"] = first_collection()
    return entry


def page_context(
    entry: ClaimForms, *, effect: Preview | None = None, today: date, corrects: bool = False
) -> dict[str, Any]:
    """The context of the template. The focus is at the first field with a problem, else at an added
    row, else at the first field.
    """
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
        "usual": usual_form.of(
            *(entry.form[name].value() for name in ("kind", "code", "occurred"))
        ),
    }


def has_unseen_duplicate(effect: Preview | None, seen: Iterable[str]) -> bool:
    """Whether there is a likely duplicate that the person has not seen."""
    shown = set(seen)
    return effect is not None and any(
        str(duplicate.claim) not in shown for duplicate in _alike(effect)
    )


def _alike(effect: Preview) -> Iterable[Duplicate]:
    """The likely duplicates of a claim and of its statement."""
    return (*effect.duplicates, *(effect.statement.duplicates if effect.statement else ()))


def with_change(data: QueryDict) -> QueryDict | None:
    """The submitted data with one more row or the other form of the act, if that was requested."""
    if AS_KIND in data:
        other = data.copy()
        other["claim-kind"] = str(data[AS_KIND])
        return other
    for button, noun in MORE.items():
        if button in data:
            more = data.copy()
            key = f"{noun}-TOTAL_FORMS"
            more[key] = str((read_number(data.get(key, "")) or 0) + 1)
            more["added"] = noun
            return more
    return None


def uncounted(entry: ClaimForms) -> list[score_uncounted.Uncounted]:
    """The collection of the form, if no lens counts it: the claim would move no score."""
    start: Any = entry.form.cleaned_data if entry.checked else entry.form.initial
    collection = start.get("collection")
    return (
        score_uncounted.uncounted_collections([collection]) if isinstance(collection, UUID) else []
    )


def _beside(entry: ClaimForms) -> Beside | None:
    row = entry.citations.forms[0] if entry.citations.forms else None
    document_id: Any = None
    if row is not None:
        document_id = (
            row.cleaned_data.get("document") if entry.checked else row.initial.get("document")
        )
    now = moment.now()
    document = (
        catalogue.entry("document", document_id, as_of=now)
        if isinstance(document_id, UUID)
        else None
    )
    if not isinstance(document, catalogue.DocumentEntry):
        return None
    claims = by_record.from_document(document.id, limit=MOST_BESIDE, reader=Reader.DESK)
    total = by_record.count_citing(document.id, reader=Reader.DESK)
    return Beside(document=document, claims=claims, total=total)


def _id_or_none(text: str) -> UUID | None:
    with suppress(ValueError):
        return UUID(text)
    return None


def _dates(beside: Beside) -> list[dict[str, str]]:
    """Suggestions for the date of the next claim from a document: the dates of its last claims, and
    the month of publication.
    """
    dated = dict.fromkeys((claim.edtf, claim.basis) for claim in beside.claims if claim.edtf)
    month = _MONTH.match(beside.document.document.date or "")
    published = [(month[0], "publication")] if month else []
    return [
        {"value": edtf, "label": f"{describe(edtf)} · {basis}", "basis": basis}
        for edtf, basis in dict.fromkeys([*list(dated)[:MOST_DATES], *published])
    ]
