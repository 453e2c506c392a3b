"""Claims at the desk: a claim's page, entering one, correcting it, and all else done to it."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone

from tracker.admin import access, claim_entry, duplicate_choices, live
from tracker.admin.appendonly import read_number, stamp
from tracker.admin.briefs import BriefPages
from tracker.admin.claim_actions import DEEDS, ClaimAction, DeedForm, ReasonForm, open_to
from tracker.admin.claim_entry import Entry, show_in
from tracker.admin.daily import DailyPages
from tracker.admin.fields import Directories
from tracker.admin.tokens import TokenPages
from tracker.admin.write_result import Outcome, attempt, foreseen, meanwhile
from tracker.domain.claims import Claim
from tracker.domain.disclosure import Reader
from tracker.operations import claims as operations
from tracker.operations import entries
from tracker.queries.claims import accusations, detail, history
from tracker.queries.claims.detail import Sheet
from tracker.queries.evidence.explanation import effects
from tracker.queries.evidence.preview import Preview
from tracker.queries.scores import uncounted

CORRECTS = "desk.change_claim"
# The button that asks what a claim would do.
PREVIEWS = "_preview"


class ClaimAdmin(DailyPages, BriefPages, TokenPages):
    """Every act is one operation; each of `DEEDS` says what permission it needs."""

    def get_urls(self) -> list[URLResolver | URLPattern]:
        wrap = self.admin_site.admin_view
        own: list[URLResolver | URLPattern] = [
            *live.urls(wrap),
            path("<uuid:claim_id>/correct/", wrap(self.correct), name="desk_claim_correct"),
        ]
        for deed in DEEDS.values():
            view = wrap(partial(self.do, deed=deed))
            own.append(path(f"<uuid:claim_id>/{deed.name}/", view, name=f"desk_claim_{deed.name}"))
        return [*own, *super().get_urls()]

    def shown(self, request: HttpRequest, row_id: UUID) -> HttpResponse:
        sheet = _sheet(row_id)
        status = sheet.filed.state.status
        doable = [
            (deed.does, self.link(row_id, deed.name)) for deed in open_to(request.user, sheet)
        ]
        if request.user.has_perm(CORRECTS) and status == "standing":
            doable.insert(0, ("Correct", self.link(row_id, "correct")))
        return self.page(
            request,
            "claim",
            title=sheet.filed.title,
            sheet=sheet,
            effects=effects(row_id, reader=Reader.DESK),
            uncounted=uncounted.uncounted([sheet.claim.collection]),
            unprinted=accusations.lacks(row_id),
            history=history.told(row_id, reader=Reader.DESK),
            doable=doable,
        )

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.require("add", request)
        if request.method != "POST":
            return self._typing(request, claim_entry.fresh(request.GET))
        if longer := claim_entry.longer(request.POST):
            return self._typing(request, Entry(longer))
        entry = Entry(request.POST)
        entered = entry.read_entered()
        if entered is None:
            return self._typing(request, entry)
        if duplicate_choices.decided(request.POST):
            outcome = duplicate_choices.instead(entered, request.POST, stamp(request))
        else:
            effect = foreseen(entered, at=timezone.now())
            unseen = claim_entry.unseen(effect, request.POST.getlist("seen"))
            if unseen or not entry.is_confirmed or PREVIEWS in request.POST:
                return self._typing(request, entry, effect=effect, unseen=unseen)
            outcome = attempt(lambda: entries.enter(entered, **stamp(request)).claim)
        if outcome.recorded is None:
            entry.show(outcome.problems)
            return self._typing(request, entry)
        return self._entered(request, entered.claim, outcome.recorded.stream)

    def _entered(self, request: HttpRequest, claim: Claim, claim_id: UUID) -> HttpResponse:
        said = (says for name, says in duplicate_choices.SAYS.items() if name in request.POST)
        says = next(said, "Recorded")
        messages.success(request, f"{says}: {claim.summary}")
        if "_addanother" in request.POST:
            return HttpResponseRedirect(f"{reverse('admin:desk_claim_add')}?after={claim_id}")
        return HttpResponseRedirect(self.link(claim_id))

    def _typing(
        self, request: HttpRequest, entry: Entry, *, effect: Preview | None = None, **context: Any
    ) -> HttpResponse:
        today = timezone.now().date()
        corrects = "reason" in context
        given = claim_entry.offered(entry, effect=effect, today=today, corrects=corrects)
        given |= {"title": "Enter a claim", "offers": not corrects} | context
        return self.page(request, "entry", **given)

    def correct(self, request: HttpRequest, claim_id: UUID) -> HttpResponse:
        """Replace what a claim says: the form is filled with how it stands."""
        access.require(request, CORRECTS)
        sheet = _sheet(claim_id)
        sent = request.POST if request.method == "POST" else None
        longer = claim_entry.longer(sent) if sent else None
        data = longer or sent
        entry = Entry(data, claim=sheet.claim)
        reason = ReasonForm(data, directories=entry.directories)
        seen = _version(request, sheet)
        given: dict[str, Any] = {"reason": reason, "version": seen, "back": self.link(claim_id)}
        given["corrects"] = claim_id
        if sent and PREVIEWS in sent:
            given["effect"] = foreseen(entry.read_entered(), at=timezone.now(), claim_id=claim_id)
        elif sent and not longer:
            outcome = _corrected(request, claim_id, entry, reason, seen)
            if outcome.recorded:
                return self._done(request, claim_id, "The correction is recorded.")
            given |= _overtaken(outcome, sheet, seen)
            if outcome.overtaken and (typed := entry.read()):
                given["yours"] = history.compared(sheet.claim, typed, reader=Reader.DESK)
        return self._typing(request, entry, title=f"Correct: {sheet.filed.title}", **given)

    def do(self, request: HttpRequest, claim_id: UUID, *, deed: ClaimAction) -> HttpResponse:
        """Do one of the deeds to a claim: ask for what it needs, then append its event."""
        if not deed.may(request.user):
            raise PermissionDenied(access.refusal(request, deed.needs))
        sheet = _sheet(claim_id)
        seen = _version(request, sheet)
        sent = request.POST if request.method == "POST" else None
        directories = Directories()
        form = deed.form(sent, directories=directories)
        if isinstance(form, DeedForm):
            form.offer(sheet)
        given: dict[str, Any] = {"form": form, "version": seen, "back": self.link(claim_id)}
        if sent and form.is_valid():
            by_user = {**stamp(request), "expected": seen}
            outcome = attempt(lambda: deed.act(claim_id, form, by_user))
            if outcome.recorded:
                for left in form.left if isinstance(form, DeedForm) else ():
                    messages.warning(request, left)
                return self._done(request, claim_id, deed.done)
            given["general"] = show_in(form, outcome.problems, deed.field_of)
            given |= _overtaken(outcome, sheet, seen)
        given |= {"deed": deed, "sheet": sheet}
        return self.page(request, "deed", title=f"{deed.does}: {sheet.filed.title}", **given)

    def _done(self, request: HttpRequest, claim_id: UUID, says: str) -> HttpResponse:
        messages.success(request, says)
        return HttpResponseRedirect(self.link(claim_id))


def _corrected(
    request: HttpRequest, claim_id: UUID, entry: Entry, reason: ReasonForm, seen: int
) -> Outcome:
    claim = entry.read()
    if not reason.is_valid() or not reason.cleaned_data["reason"]:
        reason.add_error("reason", "say why; the reason is recorded")
        return Outcome()
    if claim is None or not entry.is_confirmed:
        return Outcome()
    outcome = attempt(
        lambda: operations.correct_claim(
            claim_id,
            claim,
            reason=reason.cleaned_data["reason"],
            expected=seen,
            **stamp(request),
        )
    )
    entry.show(outcome.problems)
    return outcome


def _overtaken(outcome: Outcome, sheet: Sheet, seen: int) -> dict[str, Any]:
    """Say what others did meanwhile; whoever has read it may send again."""
    if not outcome.overtaken:
        return {}
    since = meanwhile(sheet.filed.state.id, since=seen)
    version = since[-1].recorded.version if since else sheet.filed.version
    return {"meanwhile": since, "version": version}


def _version(request: HttpRequest, sheet: Sheet) -> int:
    """The version that the person saw: the one that the form was made for."""
    if request.method != "POST":
        return sheet.filed.version
    # Whoever sends none has seen none, and is shown all that happened.
    return read_number(request.POST.get("version", "")) or 0


def _sheet(claim_id: UUID) -> Sheet:
    found = detail.sheet(claim_id, reader=Reader.DESK)
    if found is None:
        raise Http404(f"there is no claim {claim_id}")
    return found
