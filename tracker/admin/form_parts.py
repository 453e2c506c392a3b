"""The parts of the claim form that are folded, and which of them are open: those that the kind of
the claim needs, and those with a value or a problem."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.forms import BoundField

from tracker.admin.fields import Pick

# The kind of a claim that is entered as its code usually is.
AS_THE_CODE = "as-the-code"
# Fields that a level does not have.
_NOT_OF_LEVEL = frozenset(
    {
        *("strength", "strength_reason", "polarity", "modality", "condition"),
        *("magnitude_value", "magnitude_unit", "magnitude_change", "magnitude_baseline"),
        *("resolves_by", "criterion", "said_by", "said_as"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPart:
    """A folded part: its title, its fields, and the kinds of claims that need it. `always` are
    fields that have a value in every claim, so that it opens nothing."""

    title: str
    fields: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    always: tuple[str, ...] = ()


DATE_WORDS = FormPart(title="Its words, and how it is known", fields=("phrase", "basis"))
SAID_BY = FormPart(
    title="Said by a party",
    fields=("said_by", "said_as"),
    kinds=(AS_THE_CODE, "act", "situation", "measure", "forecast"),
)
FOLDED = (
    FormPart(title="Contexts, note and tags", fields=("contexts", "note", "tags")),
    FormPart(
        title="How sure, how strong",
        fields=("hedge", "likelihood", "strength", "strength_reason"),
        kinds=("forecast",),
    ),
    FormPart(
        title="Amounts",
        fields=("magnitude_value", "magnitude_unit", "magnitude_change", "magnitude_baseline"),
        kinds=("measure",),
    ),
    FormPart(title="Forecast", fields=("resolves_by", "criterion"), kinds=("forecast",)),
    FormPart(
        title="Denial, announcement, condition and collection",
        fields=("polarity", "modality", "condition", "collection"),
        always=("collection",),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPart:
    """A part as it is shown: its boxes, each with the kinds that have it, and whether it is open.
    `kinds` are the kinds that open it, with blanks between them; `of` are those that have it."""

    title: str
    boxes: list[tuple[BoundField, str]]
    kinds: str
    of: str
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownParts:
    """The folded parts within *When* and *Who says so*, and those after them."""

    date_words: ShownPart
    said_by: ShownPart
    rest: list[ShownPart]


def shown(form: forms.Form, *, checked: bool) -> ShownParts:
    """The folded parts of a form of a claim; `checked`: its problems are shown."""
    date_words, said_by, *rest = (
        _shown(part, form, checked=checked) for part in (DATE_WORDS, SAID_BY, *FOLDED)
    )
    return ShownParts(date_words=date_words, said_by=said_by, rest=rest)


def is_used(box: BoundField, *, checked: bool, always: bool = False) -> bool:
    """Whether a box has a problem that is shown, or another value than an empty form. One that
    `always` has a value opens nothing by it."""
    if checked and box.errors:
        return True
    neutral = box.field.neutral if isinstance(box.field, Pick) else None
    return not always and box.value() not in (neutral, None, "", (), False)


def _shown(part: FormPart, form: forms.Form, *, checked: bool) -> ShownPart:
    boxes = [form[name] for name in part.fields]
    used = any(is_used(box, checked=checked, always=box.name in part.always) for box in boxes)
    return ShownPart(
        title=part.title,
        boxes=[(box, _kinds_with([box.name])) for box in boxes],
        kinds=" ".join(part.kinds),
        of=_kinds_with(part.fields),
        is_open=used or (form["kind"].value() or AS_THE_CODE) in part.kinds,
    )


def _kinds_with(names: Iterable[str]) -> str:
    """The name, in the stylesheet, of the kinds that have all of these fields; empty: all kinds."""
    return "not-of-level" if _NOT_OF_LEVEL.issuperset(names) else ""
