"""Actors, sources, collections and documents at the desk: lists, pages, and forms to add them."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.html import format_html
from unfold.decorators import display

from tracker.admin import access
from tracker.admin.base import AppendOnlyAdmin, WriteResult, attempt, read_id, read_number, stamp
from tracker.admin.claim_entry import show_in
from tracker.admin.entry_checks import unclear
from tracker.admin.fields import Directories
from tracker.admin.proposed_pages import GONE, in_words, prefilled
from tracker.admin.reading_pages import ReadingPages
from tracker.admin.record_forms import (
    ActorForm,
    CollectionForm,
    DocumentForm,
    SourceForm,
    field_of,
    typed_actor,
    typed_source,
)
from tracker.domain.dates.description import date_name
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import own_lens
from tracker.domain.problems import refuse
from tracker.log import Recorded
from tracker.models import search_columns
from tracker.models.trays import ProposedRecord
from tracker.operations import actors, proposed_records, sources
from tracker.operations.lenses import count_collection
from tracker.queries import moment, trays
from tracker.queries.claims import by_record
from tracker.queries.records import catalogue, search
from tracker.queries.scores import lenses, uncounted


class DescribedAgain(AppendOnlyAdmin):
    """The page for a new description, for accounts that may add such a record."""

    noun: ClassVar[str]
    form_class: ClassVar[Any]

    def get_urls(self) -> list[URLResolver | URLPattern]:
        view = self.admin_site.admin_view(self.describe_again)
        own = path("<uuid:row_id>/describe/", view, name=f"desk_{self.noun}_describe")
        return [own, *super().get_urls()]

    def page_context(self, request: HttpRequest, row_id: UUID) -> dict[str, Any]:
        """The address of the form, for the page of a record."""
        may = request.user.has_perm(f"desk.add_{self.noun}")
        return {"describe": self.link(row_id, "describe")} if may else {}

    def typed(self, entry: Any, directories: Directories) -> dict[str, Any]:
        """What is typed into the form for a record on record."""
        raise NotImplementedError

    def describe(self, form: Any, entry: Any, *, expected: int, at: Any, by: str) -> Recorded:
        """Record what the form says of a record. `expected` is the version that the person saw."""
        raise NotImplementedError

    def describe_again(self, request: HttpRequest, row_id: UUID) -> HttpResponse:
        """Show the form, or record what it says."""
        access.require(request, f"desk.add_{self.noun}")
        entry: Any = catalogue.entry(self.noun, row_id, as_of=moment.now())
        if entry is None:
            raise Http404(f"there is no {self.noun} {row_id}")
        version = read_number(request.POST.get("version", "")) or entry.version
        directories = Directories()
        known = self.typed(entry, directories)
        form = self.form_class(request.POST or None, initial=known, directories=directories)
        general: list[str] = []
        if request.method == "POST" and form.is_valid():
            outcome = self._recorded(request, form, entry, version)
            if outcome.recorded:
                messages.success(request, "The new description is on record.")
                return HttpResponseRedirect(self.link(row_id))
            general = show_in(form, outcome.problems, field_of)
            if outcome.conflict:
                said = f"The {self.noun} was described by somebody else meanwhile"
                general.append(f"{said}: open the form again.")
        title = f"Describe {known['name'] or entry.name} again"
        return self.page(
            request, "recordform", title=title, form=form, general=general, version=version
        )

    def _recorded(self, request: HttpRequest, form: Any, entry: Any, version: int) -> WriteResult:
        problems = list(form.problems())
        if problems:
            return WriteResult(problems=problems)
        return attempt(lambda: self.describe(form, entry, expected=version, **stamp(request)))


# To count a collection is to define a lens, or a version of one.
COUNT = "desk.change_lens"
BRING, GRADE = "desk.add_document", "desk.add_source"
UNGRADED = "a grade is not taken back: give another one; F means that it cannot be judged"
# Claims from a document that its page lists.
MOST_CLAIMS = 500
# Claims of a machine feed that the page names.
MOST_SHOWN = 50


class RecordAdmin(AppendOnlyAdmin):
    """The list of a kind of record, and the form to add one."""

    noun: ClassVar[str]
    form_class: ClassVar[Any]
    template: ClassVar[str] = "record"
    search_fields = ("name",)
    ordering: ClassVar[tuple[Any, ...]] = ("name", "id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.filter(noun=self.noun)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        return queryset.filter(search.records_called(self.noun, search_term)), False

    def row_page(self, request: HttpRequest, row_id: UUID) -> HttpResponse:
        entry = catalogue.entry(self.noun, row_id, as_of=moment.now())
        if entry is None:
            raise Http404(f"there is no {self.noun} {row_id}")
        title = getattr(entry, "name", "") or _title(entry)
        context: dict[str, Any] = {"title": title, "noun": self.noun, "entry": entry}
        return self.page(request, self.template, **context, **self.page_context(request, row_id))

    def page_context(self, request: HttpRequest, row_id: UUID) -> dict[str, Any]:
        """More context for the page of a record."""
        return {}

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.require("add", request)
        directories = Directories()
        proposed = self._proposed(request)
        known = {**(prefilled(proposed) if proposed else {}), **request.GET.dict()}
        form = self.form_for(request, request.POST or None, initial=known, directories=directories)
        general: list[str] = []
        if request.method == "POST" and form.is_valid():
            problems = list(form.problems())
            if not problems:
                outcome = attempt(lambda: self._write(form, request, proposed))
                if outcome.recorded:
                    if proposed:
                        return HttpResponseRedirect(reverse("admin:desk_claim_inbox"))
                    messages.success(request, f"The {self.noun} is on record.")
                    return HttpResponseRedirect(self.link(outcome.recorded.stream))
                problems = outcome.problems
            general = show_in(form, problems, field_of)
        title = f"Add {'an' if self.noun == 'actor' else 'a'} {self.noun}"
        return self.page(request, "recordform", title=title, form=form, general=general)

    def form_for(self, _request: HttpRequest, /, *args: Any, **options: Any) -> Any:
        """The form, without the fields that the account may not set."""
        return self.form_class(*args, **options)

    def _proposed(self, request: HttpRequest) -> ProposedRecord | None:
        """The name from an article that the new record is for, if one is named and still waits."""
        named = request.GET.get("proposed")
        if named:
            access.require(request, f"desk.add_{self.noun}")
        row = trays.proposal(read_id(named)) if named else None
        if named and (row is None or row.noun != self.noun):
            raise Http404(GONE)
        return row

    def _write(self, form: Any, request: HttpRequest, proposed: ProposedRecord | None) -> Recorded:
        """Record it, and with it the claims that waited for its name."""
        if proposed is None:
            return self.write(form, request)
        recorded, settled = proposed_records.add(
            proposed.id, lambda: self.write(form, request), **stamp(request)
        )
        messages.success(request, in_words(proposed.name, settled))
        return recorded

    def write(self, form: Any, request: HttpRequest) -> Recorded:
        raise NotImplementedError


class ActorAdmin(DescribedAgain, RecordAdmin):
    noun = "actor"
    form_class = ActorForm
    list_display = ("printed", "kind", "code")

    @display(description="Name")
    def printed(self, row: Any) -> str:
        names = row.state["actor"].get("names", [])
        return str(names[0]["text"]) if names else str(row.pk)

    @display(description="Kind")
    def kind(self, row: Any) -> str:
        return str(row.state["actor"]["kind"])

    @display(description="Code", ordering="name")
    def code(self, row: Any) -> str:
        return str(row.state["actor"].get("code", ""))

    def typed(self, entry: catalogue.ActorEntry, directories: Directories) -> dict[str, Any]:
        return typed_actor(entry.actor, directories)

    def describe(
        self, form: Any, entry: catalogue.ActorEntry, *, expected: int, **by: Any
    ) -> Recorded:
        return actors.describe_actor(form.record(), actor_id=entry.id, expected=expected, **by)

    def write(self, form: Any, request: HttpRequest) -> Recorded:
        return actors.describe_actor(form.record(), **stamp(request))


class SourceAdmin(DescribedAgain, RecordAdmin):
    noun = "source"
    form_class = SourceForm
    list_display = ("name", "kind", "grade")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever adds documents may add their publisher without a grade."""
        return any(request.user.has_perm(one) for one in (BRING, GRADE))

    def form_for(self, request: HttpRequest, /, *args: Any, **options: Any) -> Any:
        form = super().form_for(request, *args, **options)
        for name in () if request.user.has_perm(GRADE) else ("grade", "since", "reason"):
            del form.fields[name]
        return form

    @display(description="Kind")
    def kind(self, row: Any) -> str:
        return str(row.state["source"]["kind"])

    @display(description="Reliability")
    def grade(self, row: Any) -> str:
        ratings = row.state.get("ratings", [])
        return str(ratings[-1]["reliability"]) if ratings else "ungraded"

    @transaction.atomic
    def write(self, form: Any, request: HttpRequest) -> Recorded:
        """Record a source and its first grade together."""
        recorded = sources.describe_source(form.record(), **stamp(request))
        rating = form.rating()
        if rating:
            sources.rate_source(recorded.stream, rating, **stamp(request))
        return recorded

    def typed(
        self, entry: catalogue.SourceEntry, directories: Directories
    ) -> dict[str, Any]:  # a source is typed without looking names up
        return typed_source(entry.source, catalogue.last_grade(entry.id))

    @transaction.atomic
    def describe(
        self, form: Any, entry: catalogue.SourceEntry, *, expected: int, **by: Any
    ) -> Recorded:
        """Record a new description, and the grade if it is another than the last one."""
        rating, last = form.rating(), catalogue.last_grade(entry.id)
        if last and not rating:
            refuse([unclear("/reliability", UNGRADED)])
        recorded = sources.describe_source(
            form.record(), source_id=entry.id, expected=expected, **by
        )
        if rating and rating != last:
            recorded = sources.rate_source(entry.id, rating, expected=recorded.version, **by)
        return recorded


class CollectionAdmin(RecordAdmin):
    noun = "collection"
    form_class = CollectionForm
    list_display = ("name", "coding", "review")

    @display(description="Entered by")
    def coding(self, row: Any) -> str:
        return "machines" if row.state["collection"]["coding"] == "machine" else "people"

    @display(description="Asks for review", boolean=True)
    def review(self, row: Any) -> bool:
        return bool(row.state["collection"]["review"])

    def get_urls(self) -> list[URLResolver | URLPattern]:
        view = self.admin_site.admin_view(self.count)
        own = path("<uuid:row_id>/count/", view, name="desk_collection_count")
        return [own, *super().get_urls()]

    def page_context(self, request: HttpRequest, row_id: UUID) -> dict[str, Any]:
        """The lenses that count the collection; where none does, the lenses that could."""
        described = uncounted.collections_on_record([row_id])
        counting = uncounted.counted_by(described)[row_id]
        context = {
            "counted_by": counting,
            "uncounted": uncounted.notice(described[row_id].name),
        }
        if counting or not request.user.has_perm(COUNT):
            return context
        own = own_lens(row_id, described[row_id])
        return context | {
            "count": self.link(row_id, "count"),
            "own": own.name,
            "others": [
                version.lens.name for version in lenses.latest() if version.lens.view.collections
            ],
        }

    def count(self, request: HttpRequest, row_id: UUID) -> HttpResponse:
        """Let a lens count the collection: an existing one, or a new one of its own."""
        access.require(request, COUNT)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        chosen = request.POST.get("lens") or None
        outcome = attempt(lambda: count_collection(row_id, lens=chosen, **stamp(request)))
        for problem in outcome.problems:
            messages.error(request, f"{problem.detail}.")
        if outcome.recorded:
            messages.success(request, "The collection is counted: its pairs are being scored.")
        elif outcome.conflict:
            messages.error(request, "A new version of the lens was defined meanwhile: try again.")
        return HttpResponseRedirect(self.link(row_id))

    def write(self, form: Any, request: HttpRequest) -> Recorded:
        return sources.describe_collection(form.record(), **stamp(request))


class DocumentAdmin(ReadingPages, RecordAdmin):
    """The documents, the newest first. The page of one shows the claims from it; its text is read
    on another."""

    noun = "document"
    template = "article"
    form_class = DocumentForm
    list_display = ("titled", "dated", "read_link")
    ordering = (search_columns.of_document("date").desc(nulls_last=True), "-id")

    @display(description="Text")
    def read_link(self, row: Any) -> str:
        return format_html('<a href="{}">Read it</a>', self.link(row.pk, "read"))

    @display(description="Title")
    def titled(self, row: Any) -> str:
        return str(row.name or row.state["document"].get("url", row.pk))

    @display(description="Date")
    def dated(self, row: Any) -> str:
        day = row.state["document"].get("date")
        return date_name(day) if day else "unknown"

    def page_context(self, request: HttpRequest, row_id: UUID) -> dict[str, Any]:
        """The claims that people entered; those of machine feeds on request, because they take
        longer."""
        claims = by_record.from_document(row_id, limit=MOST_CLAIMS, reader=Reader.DESK)
        context = {
            "claims": claims[::-1],
            "total": by_record.count_citing(row_id, reader=Reader.DESK),
        }
        context["has_feeds"] = bool(by_record.by_machines())
        if "feeds" not in request.GET:
            return context
        try:
            return context | {
                "feeds": by_record.from_feeds(
                    row_id, limit=MOST_CLAIMS, shown=MOST_SHOWN, reader=Reader.DESK
                ),
                "most": MOST_CLAIMS,
            }
        except by_record.TooMany:
            return context | {"too_many": True}

    def write(self, form: Any, request: HttpRequest) -> Recorded:
        return sources.describe_document(form.record(), **stamp(request))


def _title(entry: Any) -> str:
    if isinstance(entry, catalogue.ActorEntry):
        return entry.actor.name
    if isinstance(entry, catalogue.CollectionEntry):
        return entry.collection.name
    return str(entry.document.title or entry.document.url)
