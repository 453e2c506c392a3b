"""The whole form for a card of the reading page: filled with its draft, and back into the tray."""

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils import timezone

from tracker.admin import claim_entry, claim_forms
from tracker.admin.base import AppendOnlyAdmin, preview_entry, read_number
from tracker.admin.claim_entry import ClaimForms
from tracker.admin.claims import PREVIEW
from tracker.admin.fields import Directories, Names
from tracker.admin.reading_cards import Card, Labels, cards_of
from tracker.admin.reading_tray import TrayDesk
from tracker.domain import codec
from tracker.domain.attribution import SaidBy, Submission
from tracker.domain.problems import Invalid
from tracker.domain.reading.drafts import MOST_PER_TRAY, Draft, problems
from tracker.operations import trays
from tracker.queries.records import names
from tracker.queries.records.names import NamedRecord

# What the form of the page sends to open the whole form, beside the draft.
OPEN = "open"


class DraftDirectories(Directories):
    """The records on record, and the new names of a draft."""

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self._new = draft.names

    def of(self, noun: str) -> Names:
        """The directory of a noun, with the draft's new names of that noun."""
        new = [NamedRecord(id=one.id, name=one.name) for one in self._new if one.noun == noun]
        if new and noun not in self._read:
            self._read[noun] = names.Directory(noun, [*names.directory(noun), *new])
        return super().of(noun)


def read_draft(text: str) -> Draft | None:
    """The draft that a card holds, which may be incomplete; None if it is none or is too large."""
    with suppress(ValueError, RecursionError, codec.BadShape):
        draft = codec.build(Draft, json.loads(text))
        return None if any(problems(draft)) else draft
    return None


def read_drafts(text: str) -> list[Draft]:
    """The drafts in a list of cards; what is none is left out."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return []
    sent = found[:MOST_PER_TRAY] if isinstance(found, list) else []
    drafts = [read_draft(json.dumps(one)) for one in sent]
    return [draft for draft in drafts if draft]


class DraftForm(AppendOnlyAdmin):
    """The form, for accounts that may enter claims."""

    def draft_form(self, request: HttpRequest, desk: TrayDesk) -> HttpResponse:
        """Show the form of a draft; put what is entered into the tray, and go back to the text."""
        draft = read_draft(request.POST.get("draft", ""))
        if draft is None:
            return HttpResponseBadRequest("This is no card.", content_type="text/plain")
        version = read_number(request.POST.get("card_version", ""))
        if OPEN in request.POST:
            return self._form_page(request, desk, draft, filled(draft))
        extended = claim_entry.with_change(request.POST)
        entry = ClaimForms(extended or request.POST, directories=DraftDirectories(draft))
        submission = None if extended else entry.submission()
        if submission is None or not entry.is_confirmed or PREVIEW in request.POST:
            effect = preview_entry(submission, at=timezone.now())
            return self._form_page(request, desk, draft, entry, effect=effect)
        draft = with_submission(draft, submission)
        refused = self._put(request, desk, draft, entry, version or 0)
        if refused:
            return refused
        messages.success(request, f"In the tray: {draft.claim.summary}")
        return HttpResponseRedirect(f"{desk.urls['read']}#s{draft.sentence}")

    def _put(
        self, request: HttpRequest, desk: TrayDesk, draft: Draft, entry: ClaimForms, version: int
    ) -> HttpResponse | None:
        """Put a draft into the tray; if that fails, the form with the reason."""
        theirs = None
        try:
            trays.put(desk.tray.id, draft, expected=version, **desk.stamp)
        except trays.CardChanged as changed:
            if changed.card is None:
                entry.general.append(str(changed))
            else:
                theirs = cards_of([changed.card])[0]
        except trays.NoSuchCard as gone:
            entry.general.append(str(gone))
        except Invalid as problem:
            entry.show(problem.problems)
        else:
            return None
        return self._form_page(request, desk, draft, entry, theirs=theirs)

    def _form_page(
        self,
        request: HttpRequest,
        desk: TrayDesk,
        draft: Draft,
        entry: ClaimForms,
        **more: Any,
    ) -> HttpResponse:
        theirs = more.get("theirs")
        version = theirs.version if theirs else request.POST.get("card_version", "")
        values = claim_entry.page_context(
            entry, effect=more.get("effect"), today=timezone.now().date()
        )
        shown = Card(draft=draft, labels=Labels([draft]))
        card = {
            "draft": request.POST.get("draft", ""),
            "version": version,
            "theirs": theirs,
            "denied": shown.denied,
            "denied_by": shown.said_by,
        }
        context: dict[str, Any] = {
            "card": card,
            "back": f"{desk.urls['read']}#s{draft.sentence}",
            "offers": False,
        }
        title = f"Card of sentence {draft.sentence}"
        return self.page(request, "entry", title=title, **values, **context)


def filled(draft: Draft) -> ClaimForms:
    """The form with everything that a draft says; sent unchanged, it gives the same draft."""
    start = claim_forms.of(draft.claim)
    if draft.said_by:
        said = {"said_by": draft.said_by.actor, "said_as": draft.said_by.code}
        start = replace(start, form=start.form | said)
    return ClaimForms(start=start, directories=DraftDirectories(draft))


def with_submission(draft: Draft, submission: Submission) -> Draft:
    """The draft with the claim and the speaker of the form."""
    said_by: SaidBy | None = submission.said_by
    if said_by and draft.said_by and draft.said_by.actor == said_by.actor:
        said_by = replace(draft.said_by, code=said_by.code)
    return replace(draft, claim=submission.claim, said_by=said_by)
