"""The forms for what claims refer to: actors, sources, documents. Each makes its domain record."""

from collections.abc import Iterator
from datetime import date
from typing import Any, get_args
from uuid import UUID

from django import forms
from unfold.widgets import UnfoldAdminTextInputWidget

from tracker.admin.claimforms import CREDIBILITY, Sharing
from tracker.admin.deskrules import unclear
from tracker.admin.fields import Line, Named, NamedLines, Pick, Text, Tick, When
from tracker.domain import events as e
from tracker.domain import parties as p
from tracker.domain import publications as pub
from tracker.domain import validity
from tracker.domain.validity import Problem

SOURCE_KINDS = ("outlet", "agency", "firm", "organisation", "person")


class ActorForm(Sharing):
    kind = Pick(get_args(p.ActorKind))
    name = Line(help_text="The name that is printed.")
    aliases = Text(help_text="Whatever else it is called, one a line.")
    code = Line(help_text="A state's ISO 3166-1 alpha-3 code; others may have one too.")
    wikidata = Line(label="Wikidata id")
    country = Named("actor", label="Speaks for", help_text="A state speaks for itself.")
    sector = Pick(get_args(p.Sector), empty="—", label="From which sector")
    members = NamedLines("actor", help_text="Of a group, one a line: it stands for those it lists.")

    def problems(self) -> Iterator[Problem]:
        if bool(self.cleaned_data.get("country")) != bool(self.cleaned_data.get("sector")):
            yield unclear("/sector", "say for which country it speaks, and from which sector")
        yield from validity.actor_problems(self.record())

    def record(self) -> p.Actor:
        said = self.cleaned_data
        country, sector = said.get("country"), said.get("sector")
        voice = p.Affiliation(country=country, sector=sector) if country and sector else None
        return p.Actor(
            kind=said["kind"],
            names=(p.Name(text=said["name"]),) if said["name"] else (),
            aliases=_lines(said["aliases"]),
            code=said["code"] or None,
            wikidata=said["wikidata"] or None,
            affiliations=(voice,) if voice else (),
            members=said.get("members", ()),
        )


class SourceForm(Sharing):
    kind = Pick(SOURCE_KINDS)
    name = Line()
    actor = Named("actor", label="It is this actor")
    country = Named("actor", label="Country")
    ownership = Pick(get_args(pub.Ownership), empty="unknown")
    url = Line(label="Address")
    grade = Pick(get_args(pub.Reliability), empty="ungraded", label="Reliability")
    since = forms.DateField(
        input_formats=["%Y-%m-%d"],
        required=False,
        label="In force from",
        widget=UnfoldAdminTextInputWidget({"placeholder": "2022-01-01"}),
        help_text="Documents of that day and later take the grade.",
    )
    reason = Text(label="Why this grade")

    def problems(self) -> Iterator[Problem]:
        if self.cleaned_data.get("grade") and not self.cleaned_data.get("since"):
            yield unclear("/since", "say from which day on the grade holds")
        if rating := self.rating():
            yield from validity.event_problems(rating)
        yield from validity.source_problems(self.record())

    def record(self) -> pub.Source:
        said = self.cleaned_data
        return pub.Source(
            kind=said["kind"],
            name=said["name"],
            actor=said.get("actor"),
            country=said.get("country"),
            ownership=said.get("ownership") or None,
            url=said["url"] or None,
        )

    def rating(self) -> e.SourceRated | None:
        said = self.cleaned_data
        since: date | None = said.get("since")
        if not said.get("grade") or since is None:
            return None
        return e.SourceRated(reliability=said["grade"], since=since, reason=said["reason"])


class DocumentForm(Sharing):
    source = Named("source", label="Published by")
    title = Line()
    authors = Text(help_text="One a line.")
    date = When(label="Date", help_text="24 May 2022 · May 2022 · EDTF")
    language = Line(attrs={"placeholder": "en"})
    url = Line(label="Address")
    archive_url = Line(label="Archived at")
    note = Text()

    def problems(self) -> Iterator[Problem]:
        if not self.cleaned_data.get("source"):
            yield unclear("/source", "say who published it")
        yield from validity.document_problems(self.record())

    def record(self) -> pub.Document:
        said = self.cleaned_data
        reading: Any = said.get("date")
        return pub.Document(
            source=said.get("source") or UUID(int=0),
            title=said["title"],
            authors=_lines(said["authors"]),
            date=(reading.edtf or None) if reading else None,
            language=said["language"] or None,
            url=said["url"] or None,
            archive_url=said["archive_url"] or None,
            note=said["note"],
        )


class CollectionForm(Sharing):
    name = Line(help_text="It stands in addresses and files: short, and never used for another.")
    coding = Pick(get_args(pub.Collection.__annotations__["coding"]), label="Entered by")
    review = Tick(label="Its claims score only once somebody accepted them")
    default_reliability = Pick(
        get_args(pub.Reliability), empty="none", label="Reliability of an ungraded source"
    )
    default_credibility = Pick(
        CREDIBILITY, empty="none", label="Credibility of an ungraded citation"
    )
    description = Text()

    def problems(self) -> Iterator[Problem]:
        yield from validity.collection_problems(self.record())

    def record(self) -> pub.Collection:
        said = self.cleaned_data
        credibility = said["default_credibility"]
        return pub.Collection(
            name=said["name"],
            coding=said["coding"],
            review=said["review"],
            description=said["description"],
            default_reliability=said["default_reliability"] or None,
            default_credibility=int(credibility) if credibility else None,
        )


def field_of(pointer: str) -> str:
    """The field of a record's form that a problem belongs to."""
    first = pointer.strip("/").split("/")[0]
    return {"names": "name", "affiliations": "country", "reliability": "grade"}.get(first, first)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
