"""Base classes of the desk's lists, readers of ids and numbers in requests, and writes of forms:
an operation is run, its errors become problems, and what it would do is previewed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.admin.views.main import ERROR_FLAG
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from unfold.admin import ModelAdmin

from tracker import log
from tracker.admin import access
from tracker.domain.attribution import Submission
from tracker.domain.disclosure import Reader
from tracker.domain.problems import (
    FAMILIES,
    Conflict,
    Invalid,
    NotFound,
    NotYet,
    Problem,
    Unavailable,
)
from tracker.domain.state import OutOfOrder
from tracker.log import Recorded
from tracker.operations import entries
from tracker.operations.proposed_records import AlreadySettled
from tracker.operations.text_errors import without_text
from tracker.queries import moment
from tracker.queries.claims import history
from tracker.queries.claims.history import DescribedEvent
from tracker.queries.evidence.preview import Preview, preview
from tracker.queries.evidence.what_if import TooManyClaims
from tracker.queries.records import names
from tracker.queries.records.problem_words import all_in_words
from tracker.wording import Names, capitalised

# The status of an answer to a problem of a family; of the others it is 400.
_STATUS = {NotFound: 404, Conflict: 409, NotYet: 503, Unavailable: 503}


def private_text(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Wrap a view whose requests have the text of an article: no report of an error contains it,
    also not of one in its template. Problems are answered in words."""

    @wraps(view)
    def rendered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            with without_text():
                response = view(request, *args, **kwargs)
                if isinstance(response, TemplateResponse):
                    response.render()
                return response
        except FAMILIES as problem:
            return _problem_page(request, problem)

    return sensitive_post_parameters()(rendered)


def _problem_page(request: HttpRequest, problem: Exception) -> HttpResponse:
    """The page that says what the problem is; plain text for a script."""
    details = [str(problem)]
    if isinstance(problem, Invalid):
        details = [one.detail for one in problem.problems]
    says = " ".join(f"{capitalised(detail)}." for detail in all_in_words(details))
    status = next((_STATUS[one] for one in _STATUS if isinstance(problem, one)), 400)
    if "HX-Request" in request.headers:
        return HttpResponse(says, status=status, content_type="text/plain; charset=utf-8")
    return access.refused(request, "Not done", says, status=status)


class DeskAdmin(ModelAdmin):
    """A list of the desk, with refusals in words."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, str] | None = None
    ) -> HttpResponse:
        """Show the list. A null character, which the database refuses, resets the filters."""
        if any("\0" in text for pair in request.GET.lists() for text in (pair[0], *pair[1])):
            return HttpResponseRedirect(f"{request.path}?{ERROR_FLAG}=1")
        if not self.has_view_permission(request):
            name = f"{self.opts.app_label}.view_{self.opts.model_name}"
            raise PermissionDenied(access.refusal(request, name))
        response: HttpResponse = super().changelist_view(request, extra_context)
        return response


class AppendOnlyAdmin(DeskAdmin):
    """A list whose rows cannot be edited or deleted, neither one by one nor in bulk. New rows come
    from operations."""

    actions = None
    list_per_page = 50
    show_full_result_count = False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether the account may view, add or change."""
        name = self.opts.model_name
        permissions = (f"{self.opts.app_label}.{verb}_{name}" for verb in ("view", "change", "add"))
        return any(request.user.has_perm(permission) for permission in permissions)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show one row, read-only."""
        self.require("view", request)
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied("Records are not edited. They are corrected by an event.")
        return self.row_page(request, read_id(object_id))

    def require(self, verb: str, request: HttpRequest) -> None:
        """:raises PermissionDenied: if the account may not `add`, `change` or `view` here."""
        if not getattr(self, f"has_{verb}_permission")(request):
            name = f"{self.opts.app_label}.{verb}_{self.opts.model_name}"
            raise PermissionDenied(access.refusal(request, name))

    def row_page(self, request: HttpRequest, row_id: UUID) -> HttpResponse:
        raise NotImplementedError

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Redirect to the history on the row's own page, which comes from the log."""
        return HttpResponseRedirect(f"{self.link(read_id(object_id))}#history")

    def link(self, row_id: UUID, view: str = "change") -> str:
        """The address of a row's page, or of an action on it."""
        return reverse(f"admin:desk_{self.opts.model_name}_{view}", args=[row_id])

    def page(
        self, request: HttpRequest, template: str, *, title: str, status: int = 200, **context: Any
    ) -> TemplateResponse:
        """A page of the desk in the frame of the admin; its template has the heading."""
        frame = {**self.admin_site.each_context(request), "opts": self.opts, "title": title}
        frame["own_heading"] = True
        return TemplateResponse(request, f"desk/{template}.html", frame | context, status=status)


def read_number(text: str) -> int | None:
    """Read a number of up to nine digits; None if the text is not one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def read_id(text: str) -> UUID:
    """Read the id in an address.

    :raises Http404: if the text is not an id.
    """
    try:
        return UUID(text)
    except ValueError as problem:
        raise Http404(f"{text[:40]!r} is no id") from problem


class PairLink(NamedTuple):
    """The names of a pair's countries, and the address of its page."""

    title: str
    link: str


def pair_links(pairs: Iterable[str]) -> dict[str, PairLink]:
    """Return how pairs such as "KAZ-RUS" are shown."""
    wanted = list(pairs)
    named = Names(by_code=names.countries(code for pair in wanted for code in pair.split("-")))
    return {
        pair: PairLink(named.joined(pair), reverse("pages:pair", args=pair.split("-")))
        for pair in wanted
    }


def stamp(request: HttpRequest) -> dict[str, Any]:
    """The time and the author of a write, as arguments of an operation."""
    return {"at": timezone.now(), "by": request.user.get_username()}


BUSY = "another change is being recorded: nothing is saved, send it again"


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteResult:
    """The recorded event, or the problems. `conflict`: the record was changed meanwhile."""

    recorded: Recorded | None = None
    problems: list[Problem] = field(default_factory=list)
    conflict: bool = False


def attempt(write: Callable[[], Recorded]) -> WriteResult:
    try:
        return WriteResult(recorded=write())
    except Invalid as problem:
        return WriteResult(problems=problem.problems)
    except log.VersionConflict:
        return WriteResult(conflict=True)
    except (OutOfOrder, AlreadySettled, log.LogBusy) as problem:
        detail = str(problem) or BUSY
        return WriteResult(problems=[Problem(pointer="", code="not_now", detail=detail)])


def preview_entry(
    submission: Submission | None, *, at: datetime, claim_id: UUID | None = None
) -> Preview | None:
    """The effect of a new claim, or of a correction of one on record; None where the claim is
    incomplete: the form then shows what to fix."""
    if submission is None:
        return None
    try:
        entries.check(submission.claim, submission.said_by, at=at)
        if claim_id:
            return preview(submission.claim, claim_id=claim_id, today=at.date(), reader=Reader.DESK)
        return entries.preview_claim(submission, at=at, reader=Reader.DESK)
    except (Invalid, TooManyClaims):
        return None


def changes_since(claim_id: UUID, *, since: int) -> list[DescribedEvent]:
    """The changes of a claim after a version."""
    return [
        change
        for change in history.described_events(claim_id, as_of=moment.now(), reader=Reader.DESK)
        if change.recorded.stream == claim_id and change.recorded.version > since
    ]
