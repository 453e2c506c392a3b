"""Form fields for what analysts type: names, dates, codes and lists of words."""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, cast
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from tracker import log
from tracker.domain import codebooks, codec
from tracker.domain.claims import Citation
from tracker.domain.dates import phrases
from tracker.domain.dates.edtf import BadDate
from tracker.domain.reading.days import find_days
from tracker.domain.state import ActorState
from tracker.queries.records import names, states
from tracker.queries.records.document_names import DocumentDirectory

type Names = names.Directory | DocumentDirectory


class Directories:
    """The directories that the forms of a page share; each is read when it is first used."""

    def __init__(self) -> None:
        self._read: dict[str, Names] = {}

    def of(self, noun: str) -> Names:
        if noun not in self._read:
            self._read[noun] = DocumentDirectory() if noun == "document" else names.directory(noun)
        return self._read[noun]


def suggest(noun: str) -> dict[str, str]:
    """The attributes of a text box with suggestions."""
    return {"data-suggest": noun, "autocomplete": "off", "spellcheck": "false"}


class LineField(forms.CharField):
    """A line of text; empty if it is missing."""

    def __init__(self, **options: Any) -> None:
        attrs = options.pop("attrs", {})
        defaults: dict[str, Any] = {
            "required": False,
            "widget": UnfoldAdminTextInputWidget(attrs),
        }
        super().__init__(**(defaults | options))


class Text(forms.CharField):
    """Several lines of text."""

    def __init__(self, *, rows: int = 2, **options: Any) -> None:
        widget = UnfoldAdminTextareaWidget({"rows": rows} | options.pop("attrs", {}))
        super().__init__(**({"required": False, "widget": widget, "strip": True} | options))

    def to_python(self, value: Any) -> Any:
        """Replace the CRLF of browsers with the LF of the log."""
        return (super().to_python(value) or "").replace("\r\n", "\n")


class Pick(forms.ChoiceField):
    """One of a few words; optional where `empty` gives the label of no choice. `neutral` is the
    choice of an empty form."""

    def __init__(self, words: Iterable[Any], *, empty: str | None = None, **options: Any) -> None:
        choices = [word if isinstance(word, tuple) else (word, word) for word in words]
        if empty is not None:
            choices = [("", empty), *choices]
        self.neutral = choices[0][0] if choices else ""
        super().__init__(
            choices=choices,
            required=empty is None,
            widget=UnfoldAdminSelectWidget(),
            **options,
        )


class Tick(forms.BooleanField):
    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, widget=UnfoldBooleanWidget(), **options)


class Number(forms.DecimalField):
    """A number, also with a true minus."""

    def __init__(self, **options: Any) -> None:
        widget = UnfoldAdminTextInputWidget(options.pop("attrs", {}))
        super().__init__(required=False, widget=widget, **options)

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace("−", "-") if isinstance(value, str) else value)


class QuotePlace(forms.CharField):
    """The place of a quote in its document; hidden. The value is a citation with the document, the
    quote and the selector.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, widget=forms.HiddenInput, **options)

    def to_python(self, value: Any) -> Any:
        if not value:
            return None
        try:
            citation, problems = codec.read(Citation, json.loads(value))
        except (ValueError, RecursionError) as problem:
            raise ValidationError("cannot be read: open the form again") from problem
        if problems:
            raise ValidationError([problem.detail for problem in problems])
        return citation

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Citation):
            return value
        parts = {name: getattr(value, name) for name in ("document", "quote", "selector")}
        return codec.canonical(codec.plain(Citation(**parts)))


class Named(LineField):
    """A record by name, alias, code or id. The value is its id.

    The form sets the directories.
    """

    def __init__(self, noun: str, **options: Any) -> None:
        attrs = suggest(noun) | options.pop("attrs", {})
        super().__init__(attrs=attrs, **options)
        self.noun = noun
        self.directories = Directories()

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return read_name(text, self.directories.of(self.noun)) if text else None

    def prepare_value(self, value: Any) -> Any:
        return self.directories.of(self.noun).label(value) if isinstance(value, UUID) else value


class NamedLines(Text):
    """Records by name, one per line. The value is a tuple of their ids in this order."""

    def __init__(self, noun: str, **options: Any) -> None:
        super().__init__(attrs=suggest(noun), **options)
        self.noun = noun
        self.directories = Directories()

    def to_python(self, value: Any) -> Any:
        lines = [*filter(None, map(str.strip, super().to_python(value).splitlines()))]
        if not lines:
            return ()
        directory = self.directories.of(self.noun)
        ids, problems = [], []
        for line in lines:
            try:
                ids.append(read_name(line, directory))
            except ValidationError as problem:
                problems.append(problem)
        if problems:
            raise ValidationError(problems)
        return tuple(ids)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Sequence) and not isinstance(value, str):
            return "\n".join(self.directories.of(self.noun).label(id_) for id_ in value)
        return value


class WordsField(LineField):
    """Words separated by commas. The value is a tuple of them in this order."""

    def __init__(self, noun: str, **options: Any) -> None:
        super().__init__(attrs={**suggest(noun), "data-separator": ","}, **options)

    def to_python(self, value: Any) -> Any:
        parts = (super().to_python(value) or "").split(",")
        words = (" ".join(part.split()) for part in parts)
        return tuple(word.replace(" ", "_").casefold() for word in words if word)

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else ", ".join(value)


class Coded(LineField):
    """A code with its codebook. The name of the first codebook is optional."""

    def __init__(self, **options: Any) -> None:
        super().__init__(attrs=suggest("code"), **options)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        key = text.casefold()
        return _CODES.get(key) or _CODES.get(f"{_FIRST}/{key}") or text


_FIRST = next(iter(codebooks.CODEBOOKS))
_CODES = {choice.code.casefold(): choice.code for choice in codebooks.choices()}


class Claimed(LineField):
    """A claim on record, by a suggestion, its number, id or address. The value is its id."""

    def __init__(self, **options: Any) -> None:
        super().__init__(attrs=suggest("claim"), **options)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        claim = _claim_named(text)
        if claim is None:
            detail = "choose a suggested claim, or give its number or address"
            raise ValidationError(detail, code="not_found")
        return claim


_IDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NUMBER = re.compile(r"(?:\bno\.\s*|^)(\d{1,18})\)?\s*$", re.IGNORECASE)


def _claim_named(text: str) -> UUID | None:
    """The claim that a suggestion, "… (no. 297)", a number alone, an id or an address means. None
    if the text has none of these, or no claim has the number."""
    if ids := _IDS.findall(text):
        return UUID(ids[-1])
    numbered = _NUMBER.search(text.strip())
    entry = log.at(int(numbered[1])) if numbered else None
    return entry.stream if entry and entry.kind == "ClaimAsserted" else None


class When(LineField):
    """A date as a phrase. The value is its reading; None where nothing was typed.

    `reads` names the answer that is shown under the box while somebody types.
    """

    def __init__(self, *, reads: str = "date", **options: Any) -> None:
        attrs = {"autocomplete": "off"} | options.pop("attrs", {})
        super().__init__(attrs=attrs, **options)
        self.reads = reads

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return phrases.from_phrase(text)
        except BadDate as problem:
            raise ValidationError(str(problem), code="bad_date") from problem


class RecentDate(When):
    """A date as a phrase, which may depend on the day on which it is read, such as last week."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError:
            text, today = value.strip(), timezone.now().date().isoformat()
            found = find_days(text, today)
            if text.casefold() == "today":
                return phrases.from_phrase(today)
            if len(found) != 1 or found[0].phrase != text:
                raise
            return phrases.from_phrase(found[0].edtf)


class PlainDate(When):
    """A day, a month or a year, in any form in which a date may be typed. The value is EDTF; None
    where nothing was typed."""

    def to_python(self, value: Any) -> Any:
        reading = super().to_python(value)
        if reading is None:
            return None
        if not _PLAIN.fullmatch(reading.edtf):
            detail = f"{reading.says}: write a day, a month or a year, such as 11 May 2022"
            raise ValidationError(detail, code="bad_date")
        return reading.edtf


class Day(When):
    """One day, in any form in which a date may be typed. With `first`, a month or a year means its
    first day. The value is a date; None where nothing was typed."""

    def __init__(self, *, first: bool = False, **options: Any) -> None:
        attrs = {"placeholder": "1 January 2022"} | options.pop("attrs", {})
        reads = "first-day" if first else "day"
        super().__init__(**({"required": False} | options), reads=reads, attrs=attrs)
        self.first = first

    def to_python(self, value: Any) -> Any:
        reading = super().to_python(value)
        if reading is None:
            return None
        exact = _PLAIN if self.first else _DAY
        if not exact.fullmatch(reading.edtf):
            wanted = "a day, a month or a year" if self.first else "one day"
            detail = f"{reading.says}: write {wanted}, such as 11 May 2022"
            raise ValidationError(detail, code="bad_date")
        return reading.bounds.earliest


_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_PLAIN = re.compile(r"\d{4}(-(0\d|1[0-2])(-\d\d)?)?")


def read_name(text: str, directory: Names) -> UUID:
    """Find the id of a name.

    :raises ValidationError: if no record, or more than one, has the name.
    """
    try:
        return directory.find(text).id
    except names.AmbiguousName as problem:
        detail = f"several records are called {text[:80]!r}: choose one of the suggestions"
        raise ValidationError(detail, code="ambiguous") from problem
    except names.NoSuchName as problem:
        raise ValidationError(str(problem), code="not_found") from problem


def country_named(name: str, directories: Directories | None = None) -> ActorState:
    """Find a country by its name, an alias or its code.

    :raises ValidationError: if nobody has the name, or somebody else than a country.
    """
    found = read_name(name, (directories or Directories()).of("actor"))
    state = cast("ActorState", states.records([found], at=None)[found])
    if state.actor.kind != "state":
        raise ValidationError(f"{name} is not a country")
    return state


_PAIR_OF_CODES = re.compile(r"([A-Za-z]{3})\s*[-–]\s*([A-Za-z]{3})")
_PAIR_OF_NAMES = re.compile(r"(.+?)(?:\s+[-–]\s+|–)(.+)")


def pair_codes(text: str, directories: Directories | None = None) -> tuple[str, str] | None:
    """The codes of the countries of a pair: KAZ-RUS, or two names with a dash between them, as in
    Kazakhstan – Russia; None if the text is no pair. Codes need not be on record.

    :raises ValidationError: if nobody has one of the names.
    """
    if codes := _PAIR_OF_CODES.fullmatch(text.strip()):
        return codes[1], codes[2]
    names_found = _PAIR_OF_NAMES.fullmatch(text.strip())
    if names_found is None:
        return None
    known = directories or Directories()
    first, second = (country_named(name.strip(), known) for name in names_found.groups())
    return first.actor.code or "", second.actor.code or ""


def first_collection() -> UUID | None:
    """The collection that a new claim is kept in unless another is named."""
    first = next(iter(names.directory("collection")), None)
    return first.id if first else None


def share(form: forms.BaseForm, directories: Directories) -> None:
    """Set the directories of a form's fields."""
    for field in form.fields.values():
        if isinstance(field, Named | NamedLines):
            field.directories = directories
