"""The forms of a panel's round: its document, day and members, and a level of each pair by each
member. Each filled cell of the grid is one claim of kind level, whose root is the member."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import combinations
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from tracker import level_wording
from tracker.admin.claim_entry import show_in
from tracker.admin.claim_forms import DeskForm, Initial
from tracker.admin.fields import (
    Directories,
    Named,
    NamedLines,
    Number,
    Text,
    When,
    country_named,
    first_collection,
    pair_codes,
)
from tracker.admin.record_forms import DocumentForm, field_of
from tracker.domain import state as f
from tracker.domain.claims import Citation, Claim, Level, Occurred
from tracker.domain.dates.phrases import DateReading
from tracker.domain.problems import Problem
from tracker.domain.records import Party
from tracker.queries.claims.assessed_levels import MemberLevel, last_levels
from tracker.queries.claims.duplicates import Pair
from tracker.queries.records import pair_names

# The cells of one grid: a browser sends two boxes of each, and Django accepts 1,000.
MOST_CELLS = 400
_BOX = re.compile(r"^[A-Z]{3}-[A-Z]{3}\.[0-9a-f-]{36}-(level|sd)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundPair:
    """A pair of the grid: its code, and its countries with their names."""

    code: str
    countries: tuple[UUID, UUID]
    names: tuple[str, str]

    @property
    def label(self) -> str:
        return "–".join(self.names)


class PairsField(NamedLines):
    """Pairs such as KAZ-RUS, or countries, whose pairs with each other are meant. The value is a
    list of `RoundPair`."""

    def __init__(self, **options: Any) -> None:
        super().__init__("actor", rows=4, **options)

    def to_python(self, value: Any) -> Any:
        lines = re.split(r"[,;\n]", Text.to_python(self, value))
        pairs: dict[str, RoundPair] = {}
        countries: dict[UUID, f.ActorState] = {}
        problems = []
        for line in filter(None, map(str.strip, lines)):
            try:
                if codes := pair_codes(line, self.directories):
                    _add(pairs, pair_names.ends(*codes))
                else:
                    country = country_named(line, self.directories)
                    countries[country.id] = country
            except (pair_names.NoSuchPair, ValidationError) as problem:
                problems.append(problem)
        if problems:
            raise ValidationError([*map(_detail, problems)])
        if len(countries) == 1:
            raise ValidationError("name a second country, or a pair such as KAZ-RUS")
        for ends in combinations(countries.values(), 2):
            _add(pairs, ends)
        return list(pairs.values())


def _detail(problem: Exception) -> str:
    return str(problem.message if isinstance(problem, ValidationError) else problem)


def _add(pairs: dict[str, RoundPair], ends: Iterable[f.ActorState]) -> None:
    first, second = sorted(ends, key=lambda end: end.actor.code or "")
    code = f"{first.actor.code}-{second.actor.code}"
    names = (first.actor.name, second.actor.name)
    pairs[code] = RoundPair(code=code, countries=(first.id, second.id), names=names)


class RoundForm(DeskForm):
    """What all levels of a round share, and the rows and columns of its grid."""

    document = Named("document", help_text="Paste its address, its title, or a reference.")
    occurred = When(
        label="As of", help_text="The day at whose close the levels apply: 31 December 2022."
    )
    members = NamedLines(
        "source",
        rows=4,
        label="Members",
        help_text="One per line. Each is a source on record and gets a column.",
    )
    pairs = PairsField(
        label="Pairs",
        help_text="One per line: KAZ-RUS; or countries, for all pairs of them.",
    )
    collection = Named("collection")

    def clean(self) -> Initial:
        """One day, and a grid that is neither empty nor too large."""
        values = super().clean() or self.cleaned_data
        self._check_day(values.get("occurred"))
        members, pairs = values.get("members"), values.get("pairs")
        if members == ():
            self.add_error("members", "name who gives the levels")
        if members and len(set(members)) < len(members):
            self.add_error("members", "name each member once")
        if pairs == []:
            self.add_error("pairs", "name the pairs, or the countries")
        if members and pairs and len(members) * len(pairs) > MOST_CELLS:
            grid = f"{len(pairs)} pairs by {len(members)} members are {len(pairs) * len(members)}"
            self.add_error("pairs", f"{grid} cells; enter at most {MOST_CELLS} at once")
        if "collection" in values and not values["collection"]:
            self.add_error("collection", "say in which collection the levels are kept")
        return values

    def _check_day(self, reading: DateReading | None) -> None:
        if self.has_error("occurred"):
            return
        if reading is None or not reading.edtf or reading.bounds.earliest != reading.bounds.latest:
            self.add_error("occurred", "give one day, such as 31 December 2022")


class CellForm(forms.Form):
    """A level of one pair by one member. Both boxes empty: the member gives none."""

    level = Number(attrs={"inputmode": "text"})
    sd = Number(attrs={"inputmode": "decimal"})

    def __init__(self, *args: Any, label: str, last: MemberLevel | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, called in (("level", "level"), ("sd", "±")):
            attrs = {"aria-label": f"{label}: {called}", "autocomplete": "off"}
            self.fields[name].label = f"{label}, {called}"
            self.fields[name].widget.attrs |= attrs
        if last:
            proposed = level_wording.claimed(last.level).partition(",")[0].split(" ± ")
            for name, text in zip(("level", "sd"), proposed, strict=True):
                self.fields[name].widget.attrs["placeholder"] = text


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of the grid; `last` is the level that the member gave the pair by that day."""

    pair: RoundPair
    member: UUID
    member_name: str
    last: MemberLevel | None
    form: CellForm

    @property
    def level(self) -> Level | None:
        """The level in the boxes, as far as it is valid; None if they are empty."""
        values = self.form.cleaned_data
        value, sd = values.get("level"), values.get("sd")
        return None if value is None and sd is None else Level(value=value, sd=sd)


class PanelRound:
    """The forms of a round: empty, or as submitted."""

    def __init__(self, data: QueryDict | None = None, *, pairs: Iterable[str] = ()) -> None:
        self.directories = Directories()
        self._data = data
        initial = {"pairs": "\n".join(pairs), "collection": first_collection()}
        named: dict[str, Any] = {"directories": self.directories}
        self.form = RoundForm(data, prefix="claim", initial=initial, **named)
        self.document = DocumentForm(data, prefix="document", **named)
        self.general: list[str] = []
        # Whether the boxes of the grid were sent and are to be read.
        self.checked = False

    @cached_property
    def values(self) -> Initial:
        """What all levels share, as far as it is valid by itself."""
        if not self.form.is_bound:
            return {}
        self.form.is_valid()
        return {**self.form.cleaned_data}

    @property
    def has_grid(self) -> bool:
        """Whether it is known which rows and columns the grid has."""
        return bool(self.values.get("pairs") and self.values.get("members"))

    @property
    def layout(self) -> str:
        """The rows and columns, as text: boxes of another grid are not recorded."""
        pairs, members = self.values["pairs"], self.values["members"]
        return " ".join([*(pair.code for pair in pairs), *map(str, members)])

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What was typed into boxes that the grid does not have now, by their names."""
        sent = self._data or QueryDict()
        names = {box.html_name for cell in self.cells for box in cell.form}
        return [
            (name, str(text))
            for name, text in sent.items()
            if _BOX.search(name) and name not in names and str(text).strip()
        ]

    @cached_property
    def rows(self) -> list[tuple[RoundPair, list[Cell]]]:
        """The grid: a row for each pair, with a cell for each member."""
        if not self.has_grid:
            return []
        members, pairs = self.values["members"], self.values["pairs"]
        countries = {country for pair in pairs for country in pair.countries}
        last = last_levels(countries, members, until=self.day) if self.day else {}
        labels = {member: self.directories.of("source").label(member) for member in members}
        return [
            (pair, [self._cell(pair, member, labels[member], last) for member in members])
            for pair in pairs
        ]

    @property
    def day(self) -> date | None:
        """The day as of which the levels are given; None if it is not valid."""
        reading: DateReading | None = self.values.get("occurred")
        return reading.bounds.earliest if reading else None

    @property
    def cells(self) -> list[Cell]:
        return [cell for _, cells in self.rows for cell in cells]

    @property
    def faults(self) -> list[forms.BoundField]:
        """The fields with a problem, in the order of the page."""
        if not self.form.is_bound:
            return []
        grid = [cell.form for cell in self.cells] if self.checked else []
        described = [self.document] if self.describes else []
        return [box for form in (self.form, *described, *grid) for box in form if box.errors]

    @property
    def describes(self) -> bool:
        """Whether a new document is described."""
        return self.document.is_bound and self.document.has_changed()

    def _cell(
        self,
        pair: RoundPair,
        member: UUID,
        name: str,
        last: Mapping[tuple[Pair, UUID], MemberLevel],
    ) -> Cell:
        found = last.get((frozenset(pair.countries), member))
        form = CellForm(
            self._data,
            prefix=f"{pair.code}.{member}",
            label=f"{pair.label}, {name}",
            last=found,
        )
        return Cell(pair=pair, member=member, member_name=name, last=found, form=form)

    def read(self) -> list[Cell]:
        """The cells with a level, with every problem at its field that shows without a look at the
        record; empty if there is one."""
        self.checked = True
        self._check_document()
        filled = [cell for cell in self.cells if cell.form.is_valid() and cell.level is not None]
        for cell in filled:
            if cell.last and cell.last.day == self.day:
                found = level_wording.claimed(cell.last.level)
                cell.form.add_error("level", f"on record as {found} of this day: correct that")
        if self.has_grid and not filled and not self.faults:
            self.general.append("Enter the level of at least one pair, with its ±.")
        return [] if self.faults else filled

    def _check_document(self) -> None:
        if self.form.has_error("document"):
            return
        if self.values.get("document"):
            if self.describes:
                detail = "choose a document on record or describe a new one, not both"
                self.form.add_error("document", detail)
        elif not self.describes:
            self.form.add_error("document", "choose the document, or describe it")
        elif self.document.is_valid():
            self.general += show_in(self.document, self.document.problems(), field_of)

    def claim(self, cell: Cell, document: UUID, publisher: UUID) -> Claim:
        """The level in a cell as a claim that cites the document, with the member as its root."""
        chain = () if cell.member == publisher else (cell.member,)
        claim = Claim(
            collection=self.values["collection"],
            kind="level",
            parties=tuple(Party(actor=one, role="about") for one in cell.pair.countries),
            citations=(Citation(document=document, chain=chain),),
            occurred=Occurred(edtf=self.values["occurred"].edtf),
            level=cell.level,
        )
        says = level_wording.level_claim(claim, cell.pair.names, by=cell.member_name)
        return replace(claim, summary=f"{says}.")

    def show(self, problems: Iterable[tuple[Cell, Sequence[Problem]]]) -> None:
        """Put each problem at its cell, or at what all cells share."""
        for cell, found in problems:
            for problem in found:
                first, *rest = problem.pointer.strip("/").split("/")
                if first == "level":
                    box = "sd" if rest == ["sd"] else "level"
                    cell.form.add_error(box, problem.detail)
                else:
                    self._show_shared({"citations": "document"}.get(first, first), problem.detail)

    def _show_shared(self, field: str, detail: str) -> None:
        if field not in self.form.fields:
            self.general += [] if detail in self.general else [detail]
        elif not self.form.has_error(field):
            self.form.add_error(field, detail)
