"""The forms of a claim: the claim itself, its parties, its citations."""

from dataclasses import dataclass, field
from typing import Any, Literal, get_args
from uuid import UUID

from django import forms

from tracker.admin.fields import (
    Coded,
    Directories,
    LineField,
    Named,
    NamedLines,
    Number,
    Pick,
    QuotePlace,
    Text,
    Tick,
    When,
    WordsField,
    share,
    suggest,
)
from tracker.admin.form_parts import is_used
from tracker.domain import claims as c
from tracker.domain import codebooks, fields, records
from tracker.domain.claims import Claim
from tracker.domain.fields import limit
from tracker.domain.levels import RUNGS, TOP
from tracker.wording import signed

CREDIBILITY = (
    ("2", "2 probably true"),
    ("3", "3 possibly true"),
    ("4", "4 doubtful"),
    ("5", "5 improbable"),
    ("6", "6 cannot be judged"),
)
LEVEL_RUNGS = tuple(
    (term, f"{term}: {signed(float(rung.value), 0)} ± {rung.sd}") for term, rung in RUNGS.items()
)
KEPT_PLACE = (
    "Its place in the document is on record. It is dropped if you change the quote or the document."
)


type Initial = dict[str, Any]


class DeskForm(forms.Form):
    """A form whose name fields share directories."""

    def __init__(self, *args: Any, directories: Directories, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.directories = directories
        share(self, directories)


class ClaimForm(DeskForm):
    """The fields of a claim. The domain checks which are required, and reports all problems at
    once.
    """

    collection = Named("collection")
    said_by = Named(
        "actor",
        label="Said by (a party)",
        help_text="The statement is recorded too. A party's own word moves no score.",
    )
    said_as = Coded(
        label="As what kind of statement",
        help_text="If empty: an accusation if others did something hostile, otherwise no code.",
    )
    summary = Text(help_text="One sentence in your own words.")
    kind = Pick(get_args(c.Kind), empty="by its code")
    code = Coded(help_text="Type words such as sanction disc; each code shows its value.")
    level_value = Number(label="Level", help_text=f"From −{TOP} to +{TOP}.")
    level_sd = Number(label="± standard deviation", help_text="In the same points, such as 1.5.")
    level_rung = Pick(LEVEL_RUNGS, empty="none: a level and its ±", label="Or a rung")
    occurred = When(
        reads="occurred",
        label="When",
        help_text="late March 2022 · 11 May 2022 · since 24 February 2022 · EDTF · unknown;"
        " ↓ offers dates of the last claims",
    )
    basis = Pick(get_args(c.Basis), label="The date is")
    phrase = LineField(label="Date in the source's words")
    strength = Pick(get_args(c.Grade), empty="not qualified: full")
    strength_reason = LineField(label="Why this strength")
    hedge = LineField(label="Hedge, in the source's word", attrs=suggest("hedge"))
    likelihood = Pick(get_args(c.Likelihood), empty="not judged by the source")
    polarity = Pick(get_args(c.Polarity))
    modality = Pick(get_args(c.Modality))
    condition = LineField(label="On condition that")
    contexts = WordsField(
        "context", help_text="What it is about, separated by commas: economic, military."
    )
    magnitude_value = Number(label="Amount")
    magnitude_unit = LineField(label="Unit")
    magnitude_change = Tick(label="It is a change")
    magnitude_baseline = When(label="Against the period")
    resolves_by = When(label="Forecast: resolves by")
    criterion = LineField(label="Forecast: true if")
    tags = LineField(help_text="Separated by commas.")
    note = Text()

    def clean(self) -> Initial:
        """Without a kind, the claim is what its code usually is."""
        values = super().clean() or self.cleaned_data
        if not values.get("kind"):
            values["kind"] = codebooks.form_of(values.get("code") or "")
        return values


# The fields of a claim that are entered as they are: text and choices.
PLAIN_FIELDS = tuple(
    member
    for member in fields.of(Claim)
    if member.type.of in (str, Literal) and member.name not in ("key", "resolves_by")
)


def from_form(shape: Any, values: Initial, **others: Any) -> Any:
    """A record of class `shape` from the values of a form, as far as they are valid. `others` are
    the fields whose values require a conversion."""
    own = [field for field in fields.of(shape) if field.name not in others]
    return shape(**{field.name: _value(field, values) for field in own}, **others)


def _value(field: fields.Field, values: Initial) -> Any:
    """The value of a field in a form; the default, or the first choice, if it is not valid."""
    if field.type.optional:
        return values.get(field.name) or None
    neutral = field.type.choices[0] if field.type.choices and field.needed else field.default
    return values.get(field.name, neutral)


def _form_field(kind: fields.Type) -> forms.Field:
    if kind.of is Literal:
        return Pick(kind.choices, empty="—" if kind.optional else None, help_text=kind.doc)
    return Text(help_text=kind.doc) if kind.limit.lines else LineField(help_text=kind.doc)


# Fields of a claim that are not declared above.
ClaimForm.base_fields |= {
    member.name: _form_field(member.type)
    for member in PLAIN_FIELDS
    if member.name not in ClaimForm.base_fields
}


class PartyForm(DeskForm):
    """A row without an actor is ignored; by its placeholder the stylesheet finds it."""

    actor = Named("actor", label="Who", attrs={"placeholder": " "})
    role = Pick(get_args(records.Role), empty="—")
    responsibility = Pick(get_args(records.Responsibility), empty="—", label="State responsibility")


class CitationForm(DeskForm):
    """An empty citation is ignored. The chain begins after the document's publisher."""

    document = Named("document", help_text="Paste its address, its title, or a reference.")
    chain = NamedLines(
        "source",
        label="Chain",
        help_text="From the document back to the origin, one source per line.",
    )
    quote = Text(label="Quote")
    interest = Pick(get_args(c.Interest))
    credibility = Pick(CREDIBILITY, empty="not graded")
    stance = Pick(get_args(c.Stance))
    language = LineField(label="Language", attrs={"placeholder": "en"})
    locator = LineField(label="Where in it")
    translation = Text(label="Translation")
    note = Text(label="Note on the citation", rows=1)
    selector = QuotePlace(label="Place in the document")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self["selector"].value():
            self.fields["quote"].help_text = KEPT_PLACE

    @property
    def rare(self) -> list[forms.BoundField]:
        """The fields that are folded until one is filled in."""
        return [
            self[name]
            for name in self.fields
            if name not in ("document", "chain", "quote", "selector")
        ]

    @property
    def has_rare_fields(self) -> bool:
        """Whether a folded field is filled in or wrong."""
        return any(is_used(box, checked=self.is_bound) for box in self.rare)

    def blank(self) -> bool:
        """Whether nothing was entered, apart from defaults."""
        typed = ("document", "chain", "credibility", "language", "locator", "quote", "translation")
        return not any(self.data.get(self.add_prefix(name), "").strip() for name in typed)


def _rows(most: int) -> dict[str, Any]:
    """Accept one row more than a claim can have, so that it is refused instead of cut off."""
    return {"extra": 0, "min_num": 0, "max_num": most, "absolute_max": most + 1}


PartyFormSet = forms.formset_factory(PartyForm, **_rows(limit(Claim, "parties").entries))
CitationFormSet = forms.formset_factory(CitationForm, **_rows(limit(Claim, "citations").entries))

UNKNOWN = "unknown"
_UNCHANGED = ("collection", "contexts", "resolves_by", *(member.name for member in PLAIN_FIELDS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Initial values of the forms of an entry. `confirmed` is a date that needs no confirmation."""

    parties: list[Initial]
    citations: list[Initial]
    form: Initial = field(default_factory=dict)
    confirmed: str = ""


def empty(document: UUID | None) -> Start:
    """The rows that most claims need."""
    roles = ("initiator", "recipient", "affected")
    cited = [{"document": document} if document else {}]
    return Start(parties=[{"role": role} for role in roles], citations=cited)


def after(claim: Claim) -> Start:
    """The values that the next claim of a document probably shares with the last one: the
    collection, the parties, the document and its chain; after a level also the kind.
    """
    start = empty(None)
    is_level = claim.kind == "level"
    repeated_roles = ("about",) if is_level else ("initiator", "recipient")
    repeated_parties = [party for party in claim.parties if party.role in repeated_roles]
    rows = [{"actor": party.actor, "role": party.role} for party in repeated_parties]
    roles = {party.role for party in repeated_parties}
    if not is_level:
        rows += [row for row in start.parties if row["role"] not in roles]
    cited = claim.citations[0]
    return Start(
        form={"collection": claim.collection} | ({"kind": claim.kind} if is_level else {}),
        parties=rows,
        citations=[{"document": cited.document, "chain": cited.chain}],
    )


def of(claim: Claim) -> Start:
    """The content of a claim, with a spare row; submitted unchanged, it gives the same claim."""
    return Start(
        form=_claim(claim),
        parties=[*map(_fields, claim.parties), {}],
        citations=[_citation(citation) for citation in claim.citations],
        confirmed=claim.occurred.edtf if claim.occurred else UNKNOWN,
    )


def _claim(claim: Claim) -> Initial:
    initial: Initial = {name: getattr(claim, name) for name in _UNCHANGED}
    initial |= {"occurred": UNKNOWN, "tags": ", ".join(claim.tags)}
    if claim.occurred:
        initial |= _with_names(claim.occurred, edtf="occurred", phrase="phrase", basis="basis")
    if claim.strength:
        initial |= _with_names(claim.strength, grade="strength", reason="strength_reason")
    for part in ("magnitude", "level"):
        if record := getattr(claim, part):
            initial |= {f"{part}_{name}": value for name, value in _fields(record).items()}
    return initial


def _citation(citation: c.Citation) -> Initial:
    """The fields of a citation. Its selector belongs to its quote, which may be withheld."""
    placed = citation if citation.selector and citation.quote else None
    return _fields(citation) | {"selector": placed}


def _fields(record: Any) -> Initial:
    return {name: getattr(record, name) for name in type(record).__slots__}


def _with_names(record: Any, **names: str) -> Initial:
    return {names[name]: getattr(record, name) for name in names}
