"""Form fields that read what analysts type: names for records, phrases for dates."""

import re
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from tracker.domain import codebooks
from tracker.domain.dates import phrases
from tracker.domain.dates.edtf import BadDate
from tracker.queries.records import names
from tracker.queries.records.search import Documents

type Names = names.Directory | Documents


class Directories:
    """The directories that the forms of one page share, each read when it is first needed."""

    def __init__(self) -> None:
        self._read: dict[str, Names] = {}

    def of(self, noun: str) -> Names:
        if noun not in self._read:
            self._read[noun] = Documents() if noun == "document" else names.directory(noun)
        return self._read[noun]


def suggest(noun: str) -> dict[str, str]:
    """The attributes of a box whose script offers what may be meant, as it is typed in."""
    return {"data-suggest": noun, "autocomplete": "off", "spellcheck": "false"}


class Line(forms.CharField):
    """One line of text; a missing one is empty."""

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
        """Browsers send lines with two signs at their ends; the log has one."""
        return (super().to_python(value) or "").replace("\r\n", "\n")


class Pick(forms.ChoiceField):
    """One of a few words; with `empty` there may be none."""

    def __init__(self, words: Iterable[Any], *, empty: str | None = None, **options: Any) -> None:
        choices = [one if isinstance(one, tuple) else (one, one) for one in words]
        if empty is not None:
            choices = [("", empty), *choices]
        super().__init__(
            choices=choices,
            required=empty is None,
            widget=UnfoldAdminSelectWidget(),
            **options,
        )


class Tick(forms.BooleanField):
    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, widget=UnfoldBooleanWidget(), **options)


class Named(Line):
    """A record by name, alias, code or id; gives its id.

    The form hands in the directories.
    """

    def __init__(self, noun: str, **options: Any) -> None:
        super().__init__(attrs=suggest(noun), **options)
        self.noun = noun
        self.directories = Directories()

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return read_name(text, self.directories.of(self.noun)) if text else None

    def prepare_value(self, value: Any) -> Any:
        return self.directories.of(self.noun).label(value) if isinstance(value, UUID) else value


class NamedLines(Text):
    """Records by name, one a line; gives their ids in that order."""

    def __init__(self, noun: str, **options: Any) -> None:
        super().__init__(attrs=suggest(noun), **options)
        self.noun = noun
        self.directories = Directories()

    def to_python(self, value: Any) -> Any:
        lines = [line.strip() for line in super().to_python(value).splitlines()]
        directory = self.directories.of(self.noun)
        found, problems = [], []
        for line in filter(None, lines):
            try:
                found.append(read_name(line, directory))
            except ValidationError as problem:
                problems.append(problem)
        if problems:
            raise ValidationError(problems)
        return tuple(found)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Sequence) and not isinstance(value, str):
            return "\n".join(self.directories.of(self.noun).label(one) for one in value)
        return value


class Words(Line):
    """A few words of a list, with commas between them; gives them in that order."""

    def __init__(self, noun: str, **options: Any) -> None:
        super().__init__(attrs={**suggest(noun), "data-separator": ","}, **options)

    def to_python(self, value: Any) -> Any:
        parts = (super().to_python(value) or "").split(",")
        said = (" ".join(part.split()) for part in parts)
        return tuple(one.replace(" ", "_").casefold() for one in said if one)

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else ", ".join(value)


class Coded(Line):
    """A code with its codebook; that of the first codebook may be left out."""

    def __init__(self, **options: Any) -> None:
        super().__init__(attrs=suggest("code"), **options)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        key = text.casefold()
        return _CODES.get(key) or _CODES.get(f"{_FIRST}/{key}") or text


_FIRST = next(iter(codebooks.CODEBOOKS))
_CODES = {one.code.casefold(): one.code for one in codebooks.choices()}


class Claimed(Line):
    """A claim on record: what was picked from its words, its id or its address; gives its id."""

    def __init__(self, **options: Any) -> None:
        super().__init__(attrs=suggest("claim"), **options)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        found = _ID.findall(text)
        if not found:
            detail = "pick a claim that is offered for its words, or give its id or address"
            raise ValidationError(detail, code="not_found")
        return UUID(found[-1])


_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class When(Line):
    """A date as people type it; gives the reading of it, None where nothing was typed."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return phrases.from_phrase(text)
        except BadDate as problem:
            raise ValidationError(str(problem), code="bad_date") from problem


def read_name(text: str, directory: Names) -> UUID:
    try:
        return directory.find(text).id
    except names.NoSuchName as problem:
        raise ValidationError(str(problem), code="not_found") from problem


def share(form: forms.BaseForm, directories: Directories) -> None:
    """Let the fields of a form read names from these directories."""
    for field in form.fields.values():
        if isinstance(field, Named | NamedLines):
            field.directories = directories
