"""Claims at the desk: the page of a claim, its entry and correction, other actions on it,
and the way to a brief."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone

from tracker.admin import access, claim_entry, entry_help, form_records
from tracker.admin.accounts import TokenPages
from tracker.admin.base import (
    WriteResult,
    attempt,
    changes_since,
    preview_entry,
    read_number,
    stamp,
)
from tracker.admin.blind import BlindPages
from tracker.admin.bulk import BulkPages
from tracker.admin.claim_actions import (
    CLAIM_ACTIONS,
    ActionForm,
    ClaimAction,
    ReasonForm,
    available_actions,
)
from tracker.admin.claim_entry import ClaimForms, show_in
from tracker.admin.claim_list import ClaimList
from tracker.admin.code_pages import CodePages
from tracker.admin.daily import DailyPages
from tracker.admin.fields import Day, Directories, country_named
from tracker.admin.panel import PanelPages
from tracker.admin.saved_views import SavedViewPages
from tracker.domain.attribution import Submission
from tracker.domain.claims import Claim
from tracker.domain.disclosure import Reader
from tracker.domain.problems import Invalid
from tracker.domain.validity import Problem
from tracker.log import Recorded
from tracker.operations import claims, entries, links, statements
from tracker.operations.claims import NoSuchClaim
from tracker.operations.statements import Denial
from tracker.queries import moment
from tracker.queries.claims import accusations, detail, history
from tracker.queries.claims.detail import Sheet
from tracker.queries.claims.erased import absence
from tracker.queries.evidence.explanation import effects
from tracker.queries.evidence.preview import Preview
from tracker.queries.scores import uncounted

_CODES = re.compile(r"[A-Za-z]{3}([-, ]+[A-Za-z]{3})*")


class BriefPages(ClaimList):
    """The page of briefs, for every account that may view claims. The files are those of the public
    pages, so that nothing withheld leaves the desk with them."""

    def get_urls(self) -> list[URLResolver | URLPattern]:
        view = self.admin_site.admin_view(self.brief)
        return [path("brief/", view, name="desk_claim_brief"), *super().get_urls()]

    def brief(self, request: HttpRequest) -> HttpResponse:
        """Show the addresses of a brief."""
        self.require("view", request)
        params = {name: request.GET.get(name, "").strip() for name in ("countries", "day", "as_of")}
        context: dict[str, Any] = {"params": params}
        if params["countries"]:
            try:
                context |= _addresses(params)
            except ValidationError as problem:
                context["problem"] = problem.message
        return self.page(request, "brief", title="Brief", **context)


def _addresses(params: dict[str, str]) -> dict[str, str]:
    """The addresses of the page, the Word file and the Markdown.

    :raises ValidationError: for what cannot be read.
    """
    codes = _codes(params["countries"])
    if len(set(codes)) != len(codes) or len(codes) not in (2, 3):
        raise ValidationError("a brief is of two or three countries")
    if params["as_of"] and read_number(params["as_of"]) is None:
        text = f"the position {params['as_of']!r} is not a number: write the number of a log entry"
        raise ValidationError(text)
    day = Day().to_python(params["day"])
    given = {"day": day.isoformat() if day else "", "as_of": params["as_of"]}
    query = urlencode({name: value for name, value in given.items() if value})
    view = "pages:pair" if len(codes) == 2 else "pages:triad"
    addresses = {
        "shown": reverse(view, args=codes),
        "word": reverse(f"{view}-brief", args=[*codes, "docx"]),
        "markdown": reverse(f"{view}-brief", args=[*codes, "md"]),
    }
    return {name: f"{one}?{query}" if query else one for name, one in addresses.items()}


def _codes(text: str) -> list[str]:
    """The codes of countries that are given by codes, as in CHN-KAZ-RUS, or by names with commas.

    :raises ValidationError: if a name is not that of a country.
    """
    if _CODES.fullmatch(text):
        return sorted(re.split("[-, ]+", text.upper()))
    named = [name for one in text.split(",") if (name := one.strip())]
    return sorted(country_named(name).actor.code or "" for name in named)


CORRECT = "desk.change_claim"
# The button that previews the effect of a claim.
PREVIEW = "_preview"
# The buttons beside a likely duplicate.
SAME = "_same_as"
CITES = "_cite_to"
DENIES = "_deny_to"
DROPPED_PLACE = "The place of a changed quote in its document is dropped."
# The messages of the choices that do not add a claim.
CHOICE_MESSAGES = {CITES: "Your citation is added to", DENIES: "The denial is added to"}


class ClaimAdmin(
    BulkPages,
    SavedViewPages,
    DailyPages,
    CodePages,
    BlindPages,
    PanelPages,
    BriefPages,
    TokenPages,
):
    """The claims. Each write is one operation; `CLAIM_ACTIONS` has the permissions of actions."""

    def get_urls(self) -> list[URLResolver | URLPattern]:
        wrap = self.admin_site.admin_view
        own: list[URLResolver | URLPattern] = [
            *entry_help.urls(wrap),
            path("<uuid:claim_id>/correct/", wrap(self.correct), name="desk_claim_correct"),
        ]
        for action in CLAIM_ACTIONS.values():
            view = wrap(partial(self.act, action=action))
            name = f"desk_claim_{action.name}"
            own.append(path(f"<uuid:claim_id>/{action.name}/", view, name=name))
        return [*own, *super().get_urls()]

    def row_page(self, request: HttpRequest, row_id: UUID) -> HttpResponse:
        sheet, now = _sheet(row_id), moment.now()
        status = sheet.filed.state.status
        actions = [
            (action.label, self.link(row_id, action.name))
            for action in available_actions(request.user, sheet)
        ]
        if request.user.has_perm(CORRECT) and status == "standing":
            actions.insert(0, ("Correct", self.link(row_id, "correct")))
        beside = "beside" in request.GET
        return self.page(
            request,
            "claimbody" if beside else "claim",
            beside=beside,
            title=sheet.filed.title,
            sheet=sheet,
            effects=effects(row_id, as_of=now, reader=Reader.DESK),
            uncounted=uncounted.uncounted_collections([sheet.claim.collection]),
            missing_for_disclosure=accusations.lacks(row_id),
            history=history.described_events(row_id, as_of=now, reader=Reader.DESK),
            actions=actions,
        )

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.require("add", request)
        if request.method != "POST":
            return self._entry_page(request, claim_entry.new_entry(request.GET))
        if extended := claim_entry.with_change(request.POST):
            return self._entry_page(request, ClaimForms(extended))
        entry = ClaimForms(request.POST)
        submission = entry.submission()
        if submission is None:
            return self._entry_page(request, entry)
        if _has_duplicate_choice(request.POST):
            outcome = _record_choice(submission, request.POST, stamp(request))
        else:
            effect = preview_entry(submission, at=timezone.now())
            unseen = claim_entry.has_unseen_duplicate(effect, request.POST.getlist("seen"))
            if unseen or not entry.is_confirmed or PREVIEW in request.POST:
                return self._entry_page(request, entry, effect=effect, unseen=unseen)
            outcome = attempt(lambda: entries.enter(submission, **stamp(request)).claim)
        if outcome.recorded is None:
            entry.show(outcome.problems)
            return self._entry_page(request, entry)
        return self._saved(request, submission.claim, outcome.recorded.stream)

    def _saved(self, request: HttpRequest, claim: Claim, claim_id: UUID) -> HttpResponse:
        chosen = (text for name, text in CHOICE_MESSAGES.items() if name in request.POST)
        messages.success(request, f"{next(chosen, 'Recorded')}: {claim.summary}")
        if "_addanother" in request.POST:
            return HttpResponseRedirect(f"{reverse('admin:desk_claim_add')}?after={claim_id}")
        return HttpResponseRedirect(self.link(claim_id))

    def _entry_page(
        self,
        request: HttpRequest,
        entry: ClaimForms,
        *,
        effect: Preview | None = None,
        **extra: Any,
    ) -> HttpResponse:
        today = timezone.now().date()
        corrects = "reason" in extra
        values = claim_entry.page_context(entry, effect=effect, today=today, corrects=corrects)
        values |= {"title": "Enter a claim", "offers": not corrects} | extra
        return self.page(request, "entry", **values)

    def correct(self, request: HttpRequest, claim_id: UUID) -> HttpResponse:
        """Correct a claim, in a form with its current content."""
        access.require(request, CORRECT)
        sheet = _sheet(claim_id)
        sent = request.POST if request.method == "POST" else None
        extended = claim_entry.with_change(sent) if sent else None
        data = extended or sent
        entry = ClaimForms(data, claim=sheet.claim)
        reason = ReasonForm(data, directories=entry.directories)
        seen = _version(request, sheet)
        context: dict[str, Any] = {"reason": reason, "version": seen, "back": self.link(claim_id)}
        context["corrects"] = claim_id
        if sent and PREVIEW in sent:
            context["effect"] = preview_entry(
                entry.submission(), at=timezone.now(), claim_id=claim_id
            )
        elif sent and not extended:
            outcome = _correct(request, claim_id, entry, reason, seen)
            if outcome.recorded:
                if any(map(form_records.drops_place, entry.citation_rows)):
                    messages.warning(request, DROPPED_PLACE)
                return self._done(request, claim_id, "The correction is recorded.")
            context |= _conflict_context(outcome, sheet, seen)
            if outcome.conflict and (typed := entry.read()):
                context["yours"] = history.differences(sheet.claim, typed, reader=Reader.DESK)
        return self._entry_page(request, entry, title=f"Correct: {sheet.filed.title}", **context)

    def act(self, request: HttpRequest, claim_id: UUID, *, action: ClaimAction) -> HttpResponse:
        """Show the form of an action, and append its event."""
        if not action.may(request.user):
            raise PermissionDenied(access.refusal(request, action.permission))
        sheet = _sheet(claim_id)
        seen = _version(request, sheet)
        sent = request.POST if request.method == "POST" else None
        directories = Directories()
        form = action.form(sent, directories=directories)
        if isinstance(form, ActionForm):
            form.offer(sheet)
        context: dict[str, Any] = {"form": form, "version": seen, "back": self.link(claim_id)}
        if sent and form.is_valid():
            by_user = {**stamp(request), "expected": seen}
            outcome = attempt(lambda: action.act(claim_id, form, by_user))
            if outcome.recorded:
                for warning in form.warnings if isinstance(form, ActionForm) else ():
                    messages.warning(request, warning)
                return self._done(request, claim_id, action.message)
            context["general"] = show_in(form, outcome.problems, action.field_of)
            context |= _conflict_context(outcome, sheet, seen)
        context |= {"action": action, "sheet": sheet}
        title = f"{action.label}: {sheet.filed.title}"
        return self.page(request, "claimaction", title=title, **context)

    def _done(self, request: HttpRequest, claim_id: UUID, message: str) -> HttpResponse:
        messages.success(request, message)
        return HttpResponseRedirect(self.link(claim_id))


def _correct(
    request: HttpRequest, claim_id: UUID, entry: ClaimForms, reason: ReasonForm, seen: int
) -> WriteResult:
    claim = entry.read()
    if not reason.is_valid() or not reason.cleaned_data["reason"]:
        reason.add_error("reason", "say why; the reason is recorded")
        return WriteResult()
    if claim is None or not entry.is_confirmed:
        return WriteResult()
    outcome = attempt(
        lambda: claims.change_claim(
            claim_id,
            claim,
            reason=reason.cleaned_data["reason"],
            expected=seen,
            **stamp(request),
        )
    )
    entry.show(outcome.problems)
    return outcome


def _conflict_context(outcome: WriteResult, sheet: Sheet, seen: int) -> dict[str, Any]:
    """The changes that others made meanwhile; after reading them the user may send again."""
    if not outcome.conflict:
        return {}
    since = changes_since(sheet.filed.state.id, since=seen)
    version = since[-1].recorded.version if since else sheet.filed.version
    return {"meanwhile": since, "version": version}


def _version(request: HttpRequest, sheet: Sheet) -> int:
    """The version of the claim that the form showed."""
    if request.method != "POST":
        return sheet.filed.version
    # A form without a version shows all changes.
    return read_number(request.POST.get("version", "")) or 0


def _sheet(claim_id: UUID) -> Sheet:
    sheet = detail.sheet(claim_id, as_of=moment.now(), reader=Reader.DESK)
    if sheet is None:
        raise Http404(absence(claim_id))
    return sheet


type Choice = Callable[[Submission, UUID, Mapping[str, Any]], Recorded]


def _has_duplicate_choice(data: Mapping[str, str]) -> bool:
    """Whether the user chose what to do with a likely duplicate."""
    return any(name in data for name in _CHOICES)


def _record_choice(
    submission: Submission, data: Mapping[str, str], stamp: Mapping[str, Any]
) -> WriteResult:
    """Record the claim as the same as another, or add only its citations to the other, as support
    or as denials. Everything is recorded, or nothing."""
    name = next(name for name in _CHOICES if name in data)
    try:
        other = UUID(data[name])
        with transaction.atomic():
            outcome = attempt(lambda: _CHOICES[name](submission, other, stamp))
            transaction.set_rollback(outcome.recorded is None)
    except (ValueError, NoSuchClaim) as problem:
        return WriteResult(problems=[Problem(pointer="", code="unknown", detail=str(problem))])
    return outcome


def _save_as_same(submission: Submission, other: UUID, stamp: Mapping[str, Any]) -> Recorded:
    recorded = entries.enter(submission, **stamp).claim
    links.link("same_as", recorded.stream, other, **stamp)
    return recorded


def _cite_instead(submission: Submission, other: UUID, stamp: Mapping[str, Any]) -> Recorded:
    if submission.said_by:
        detail = "a party's own statement is no further evidence: link the claim as the same"
        raise Invalid([Problem(pointer="/said_by", code="no_witness", detail=detail)])
    *rest, last = submission.claim.citations
    for citation in rest:
        claims.cite(other, citation, **stamp)
    return claims.cite(other, last, **stamp)


def _deny_instead(submission: Submission, other: UUID, stamp: Mapping[str, Any]) -> Recorded:
    if submission.said_by is None:
        detail = "say who denies it"
        raise Invalid([Problem(pointer="/said_by", code="required", detail=detail)])
    denier, (*rest, last) = submission.said_by.actor, submission.claim.citations
    for citation in rest:
        statements.deny(other, Denial(actor=denier, citation=citation), **stamp)
    return statements.deny(other, Denial(actor=denier, citation=last), **stamp)


_CHOICES: dict[str, Choice] = {SAME: _save_as_same, CITES: _cite_instead, DENIES: _deny_instead}
