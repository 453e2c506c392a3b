"""The forms of actors, sources, documents and collections. Each makes its domain record."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Literal, cast, get_args
from uuid import UUID

from django.core.exceptions import ValidationError

from tracker.admin.claim_forms import CREDIBILITY, DeskForm, from_form
from tracker.admin.entry_checks import unclear
from tracker.admin.fields import (
    Day,
    Directories,
    LineField,
    Named,
    NamedLines,
    Pick,
    PlainDate,
    Text,
    Tick,
    When,
    read_name,
)
from tracker.domain import events as e
from tracker.domain import records, validity
from tracker.domain.validity import Problem

_EXAMPLE = "USA government 2009-01-20 2017-01-20"
_TERM = re.compile(
    rf"(?P<country>.+?) +(?P<sector>{'|'.join(get_args(records.Sector))})(?: +(?P<days>.+))?"
)
_MEMBER = "Kazakhstan since 2012-05-15, or Mali suspended since 2021-05-30 until 2025-01-29"
_MEMBERSHIP = re.compile(
    r"(?P<country>(?!since\b|suspended\b).+?)(?P<suspended> +suspended)?"
    r"(?: +since +(?P<since>.+?))?(?: +until +(?P<until>.+?))?"
    r"(?: +according to +(?P<document>.+))?"
)
_TWO_DAYS = re.compile(r"\d{4}\S* +\d{4}\S*")
_LANGUAGE = re.compile("[a-z]{2,3}(-[A-Za-z0-9]+)*")
SOURCE_KINDS = ("outlet", "agency", "firm", "organisation", "person")


class NamesField(Text):
    """Names in other languages, one per line, the language first."""

    def to_python(self, value: Any) -> Any:
        lines = [line.strip() for line in super().to_python(value).splitlines()]
        return tuple(map(_name, filter(None, lines)))


class TermsField(NamedLines):
    """Terms of a person in further offices, one per line: the country's code, the sector, the first
    day, and the day before which it ended if it did. The value is a tuple of affiliations."""

    def __init__(self, **options: Any) -> None:
        super().__init__("actor", **options)
        # A suggestion would replace the whole line.
        del self.widget.attrs["data-suggest"]

    def to_python(self, value: Any) -> Any:
        lines = Text.to_python(self, value).splitlines()
        return tuple(self._term(line.strip()) for line in lines if line.strip())

    def _term(self, line: str) -> records.Affiliation:
        found = _TERM.fullmatch(line)
        if found is None:
            raise ValidationError(f"write a term as: {_EXAMPLE}; not {line[:80]!r}")
        country = read_name(found["country"], self.directories.of(self.noun))
        since, until = _days(found["days"] or "")
        sector = cast("records.Sector", found["sector"])
        return records.Affiliation(country=country, sector=sector, since=since, until=until)


class MembershipsField(NamedLines):
    """The members of an organisation, one per line: the country, the first day, the day on which it
    left if it did, and the document that says so if it is another than that of the form. The value
    is a tuple of memberships."""

    def __init__(self, **options: Any) -> None:
        super().__init__("actor", **options)
        # A suggestion would replace the whole line.
        del self.widget.attrs["data-suggest"]

    def to_python(self, value: Any) -> Any:
        lines = Text.to_python(self, value).splitlines()
        found, problems = [], []
        for line in filter(None, map(str.strip, lines)):
            try:
                found.append(self._membership(line))
            except ValidationError as problem:
                problems.append(problem)
        if problems:
            raise ValidationError(problems)
        return tuple(found)

    def _membership(self, line: str) -> records.Membership:
        parts = _MEMBERSHIP.fullmatch(line)
        if parts is None:
            raise ValidationError(f"write a member as: {_MEMBER}; not {line[:80]!r}")
        country = read_name(parts["country"], self.directories.of(self.noun))
        try:
            since, until = (PlainDate().to_python(parts[one] or "") for one in ("since", "until"))
            document = self._document(parts["document"])
        except ValidationError as problem:
            raise ValidationError(f"{parts['country']}: {problem.message}") from problem
        status: Literal["suspended"] | None = "suspended" if parts["suspended"] else None
        return records.Membership(
            country=country, since=since, until=until, status=status, document=document
        )

    def _document(self, title: str | None) -> UUID | None:
        return read_name(title, self.directories.of("document")) if title else None

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Sequence) or isinstance(value, str):
            return value
        # Many lines have the same document.
        documents = {one.document for one in value if one.document}
        titles = {key: self.directories.of("document").label(key) for key in documents}
        return "\n".join(self._line(one, titles.get(one.document, "")) for one in value)

    def _line(self, membership: records.Membership, title: str) -> str:
        words = [self.directories.of(self.noun).label(membership.country), membership.status]
        named = [("since", membership.since), ("until", membership.until), ("according to", title)]
        return " ".join([*filter(None, words), *(f"{name} {one}" for name, one in named if one)])


def _days(text: str) -> list[date | None]:
    """The first day of a term and the day before which it ended: 2009-01-20 2017-01-20, or dates in
    words, as in from 20 January 2009 until 2017."""
    since, _, until = f" {text}".partition(" until ")
    since = re.sub(r"^ *(from|since) ", "", since).strip()
    if not until and _TWO_DAYS.fullmatch(since):
        since, until = since.split()
    return [Day(first=True).to_python(day) for day in (since, until)]


class ActorForm(DeskForm):
    kind = Pick(get_args(records.ActorKind))
    name = LineField(help_text="The name that is shown.")
    language = LineField(label="Language of that name", attrs={"placeholder": "en"})
    names = NamesField(
        label="Names in other languages", help_text="One per line, language first: ru Россия."
    )
    aliases = Text(help_text="Other names, one per line.")
    code = LineField(help_text="A state's ISO 3166-1 alpha-3 code; others may have one too.")
    wikidata = LineField(label="Wikidata id")
    country = Named("actor", label="Speaks for", help_text="A state speaks for itself.")
    sector = Pick(get_args(records.Sector), empty="—", label="From which sector")
    since = Day(first=True, label="Speaks for it from", help_text="If empty: always.")
    until = Day(first=True, label="Until before", help_text="If empty: until now.")
    terms = TermsField(
        label="Further offices",
        help_text=f"For a person, one per line: {_EXAMPLE}.",
    )
    members = NamedLines(
        "actor", help_text="For a group, one per line. It stands for the members listed."
    )
    memberships = MembershipsField(
        label="Members with dates",
        help_text=f"For an organisation, one per line: {_MEMBER}. An act of the organisation upon"
        " a state counts for its members on that day.",
    )
    list_document = Named(
        "document", label="Document that says so", help_text="A list of members, or a treaty."
    )

    def problems(self) -> Iterator[Problem]:
        if bool(self.cleaned_data.get("country")) != bool(self.cleaned_data.get("sector")):
            yield unclear("/sector", "say for which country it speaks, and from which sector")
        record = self.record()
        # Memberships without a document have one problem: the box is empty.
        yield from dict.fromkeys(
            self._with_country(problem, record) for problem in validity.actor_problems(record)
        )

    def _with_country(self, problem: Problem, record: records.Actor) -> Problem:
        """The problem with the name of the country, if it is one of a membership."""
        _, first, *rest = problem.pointer.split("/")
        if first != "memberships" or not rest:
            return problem
        if rest[1:] == ["document"]:
            return replace(problem, pointer="/memberships/0/document")
        membership = record.memberships[int(rest[0])]
        box = cast("MembershipsField", self.fields["memberships"])
        country = box.directories.of("actor").label(membership.country)
        return replace(problem, detail=f"{country}: {problem.detail}")

    def record(self) -> records.Actor:
        values = self.cleaned_data
        first = records.Name(text=values["name"], language=values["language"] or None)
        has_affiliation = values.get("country") and values.get("sector")
        spoken_for = (from_form(records.Affiliation, values),) if has_affiliation else ()
        actor: records.Actor = from_form(
            records.Actor,
            values,
            names=(first, *values.get("names", ())) if values["name"] else (),
            aliases=_lines(values["aliases"]),
            affiliations=(*spoken_for, *values.get("terms", ())),
            memberships=tuple(
                replace(one, document=one.document or values.get("list_document") or None)
                for one in values.get("memberships", ())
            ),
        )
        return actor


def typed_actor(actor: records.Actor, directories: Directories) -> dict[str, Any]:
    """What is typed into the form for an actor on record."""
    own = actor.affiliations[0] if actor.affiliations else None
    return {
        **{field: getattr(actor, field) for field in ("kind", "code", "wikidata", "name")},
        **{field: getattr(own, field) for field in ("country", "sector", "since", "until") if own},
        "language": actor.names[0].language if actor.names else None,
        "names": "\n".join(f"{one.language or 'und'} {one.text}" for one in actor.names[1:]),
        "aliases": "\n".join(actor.aliases),
        "terms": "\n".join(_typed_term(one, directories) for one in actor.affiliations[1:]),
        "members": actor.members,
        "memberships": actor.memberships,
    }


def _typed_term(term: records.Affiliation, directories: Directories) -> str:
    words = [directories.of("actor").label(term.country), term.sector]
    days = [("since", term.since), ("until", term.until)]
    return " ".join([*words, *(f"{name} {day}" for name, day in days if day)])


class SourceForm(DeskForm):
    kind = Pick(SOURCE_KINDS)
    name = LineField()
    actor = Named("actor", label="It is this actor")
    country = Named("actor", label="Country")
    ownership = Pick(get_args(records.Ownership), empty="unknown")
    url = LineField(label="Address")
    grade = Pick(get_args(records.Reliability), empty="ungraded", label="Reliability")
    since = Day(
        first=True,
        label="In force from",
        help_text="Documents of that day and later take the grade.",
    )
    reason = Text(label="Why this grade")

    def problems(self) -> Iterator[Problem]:
        if self.cleaned_data.get("grade") and not self.cleaned_data.get("since"):
            yield unclear("/since", "say from which day on the grade holds")
        if rating := self.rating():
            yield from validity.event_problems(rating)
        yield from validity.source_problems(self.record())

    def record(self) -> records.Source:
        source: records.Source = from_form(records.Source, self.cleaned_data)
        return source

    def rating(self) -> e.SourceRated | None:
        values = self.cleaned_data
        since: date | None = values.get("since")
        if not values.get("grade") or since is None:
            return None
        return e.SourceRated(reliability=values["grade"], since=since, reason=values["reason"])


def typed_source(source: records.Source, grade: e.SourceRated | None) -> dict[str, Any]:
    """What is typed into the form for a source on record and its last grade."""
    typed = {
        field: getattr(source, field)
        for field in ("kind", "name", "actor", "country", "ownership", "url")
    }
    if grade:
        typed |= {"grade": grade.reliability, "since": grade.since, "reason": grade.reason}
    return typed


class DocumentForm(DeskForm):
    source = Named("source", label="Published by")
    title = LineField()
    authors = Text(help_text="One per line.")
    date = When(label="Date", help_text="24 May 2022 · May 2022 · EDTF")
    language = LineField(attrs={"placeholder": "en"})
    url = LineField(label="Address")
    archive_url = LineField(label="Archived at")
    note = Text()

    def problems(self) -> Iterator[Problem]:
        if not self.cleaned_data.get("source"):
            yield unclear("/source", "say who published it")
        yield from validity.document_problems(self.record())

    def record(self) -> records.Document:
        values = self.cleaned_data
        reading: Any = values.get("date")
        document: records.Document = from_form(
            records.Document,
            values,
            source=values.get("source") or UUID(int=0),
            authors=_lines(values["authors"]),
            date=(reading.edtf or None) if reading else None,
        )
        return document


class CollectionForm(DeskForm):
    name = LineField(help_text="Used in addresses and files. Keep it short and never reuse it.")
    coding = Pick(get_args(records.Collection.__annotations__["coding"]), label="Entered by")
    review = Tick(label="Its claims score only after they are accepted")
    default_reliability = Pick(
        get_args(records.Reliability), empty="none", label="Reliability of an ungraded source"
    )
    default_credibility = Pick(
        CREDIBILITY, empty="none", label="Credibility of an ungraded citation"
    )
    description = Text()

    def problems(self) -> Iterator[Problem]:
        yield from validity.collection_problems(self.record())

    def record(self) -> records.Collection:
        credibility = self.cleaned_data["default_credibility"]
        collection: records.Collection = from_form(
            records.Collection,
            self.cleaned_data,
            default_credibility=int(credibility) if credibility else None,
        )
        return collection


def field_of(pointer: str) -> str:
    """The form field of a problem with a record."""
    first, *rest = pointer.strip("/").split("/")
    if first == "affiliations":
        if rest and rest[0] != "0":
            return "terms"
        return rest[-1] if rest and rest[-1] in ("since", "until") else "country"
    if first == "memberships":
        return "list_document" if rest[-1:] == ["document"] else "memberships"
    if first == "names":
        return "name" if rest[:1] in ([], ["0"]) else "names"
    return {"reliability": "grade"}.get(first, first)


def _name(line: str) -> records.Name:
    language, _, text = line.partition(" ")
    if not _LANGUAGE.fullmatch(language) or not text.strip():
        raise ValidationError(f"write the language first, as: ru Россия; not {line[:80]!r}")
    # The code for an undetermined language: the name belongs to none in particular.
    return records.Name(text=text.strip(), language=None if language == "und" else language)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
