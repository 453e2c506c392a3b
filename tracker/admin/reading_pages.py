"""The page on which an article is read: the text beside cards of what it may claim, and the tray of
cards taken. The text is read and forgotten; only the tray is kept."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path, reverse

from tracker.admin import access, reading_card_changes
from tracker.admin.base import private_text, read_number, stamp
from tracker.admin.reading_card_changes import SentCard
from tracker.admin.reading_cards import LINKS, Labels
from tracker.admin.reading_form import DraftForm, read_draft, read_drafts
from tracker.admin.reading_tray import TrayDesk, url_name
from tracker.domain.disclosure import Reader
from tracker.domain.problems import Invalid
from tracker.operations import reading
from tracker.queries import moment
from tracker.queries import trays as tray_queries
from tracker.queries.claims import by_record
from tracker.queries.records import catalogue

ENTER = "desk.add_claim"


class ReadingPages(DraftForm):
    """The page of a document's text, for accounts that may enter claims. Its answers are not stored
    by browsers."""

    def get_urls(self) -> list[URLResolver | URLPattern]:
        views = {
            "read": self.read,
            "text": self.read_text,
            "card": self.change_card,
            "place": self.reach,
            "effect": self.tray_effect,
            "record": self.record_tray,
            "form": self.whole_form,
            "close": self.close_tray,
        }
        own = [
            path(
                f"<uuid:document_id>/read/{'' if name == 'read' else f'{name}/'}",
                self.admin_site.admin_view(private_text(view)),
                name=url_name(name),
            )
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def read(self, request: HttpRequest, document_id: UUID) -> HttpResponse:
        """Show the page: a box for the text, and the tray."""
        access.require(request, ENTER)
        document = _document(document_id)
        desk = TrayDesk(request, document_id)
        context: dict[str, Any] = {
            "document": document,
            "name": _name(document),
            "claims": by_record.count_citing(document_id, reader=Reader.DESK),
            "others": tray_queries.progress(document_id, but=desk.by),
            "forbidden": "" if reading.is_allowed() else reading.FORBIDDEN,
            "links": LINKS,
            "most_bytes": settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
            "is_fullwidth": "1",
        }
        title = f"Read: {context['name']}"
        return self.page(request, "read", title=title, **context, **desk.context())

    def read_text(self, request: HttpRequest, document_id: UUID) -> HttpResponse:
        """Read a text, and show its sentences with their cards."""
        if refused := _refused(request):
            return refused
        desk = TrayDesk(request, document_id)
        text = request.POST.get("text", "")
        try:
            reading.require_allowed()
            plain = reading.text_of_page(text)
            found = reading.read(plain or text, document_id, by=desk.by)
        except reading.ReadingIsOff as off:
            return render(request, "desk/readtext.html", {"problems": [off]})
        except Invalid as problem:
            says = Labels(()).details(problem.problems)
            return render(request, "desk/readtext.html", {"problems": says})
        replaces = request.POST.get("replaces") == "1"
        changed = read_drafts(request.POST.get("changed", ""))
        context = desk.text_context(found, changed, replaces=replaces) | {"plain": plain}
        return render(request, "desk/readtext.html", context)

    def change_card(self, request: HttpRequest, document_id: UUID) -> HttpResponse:
        """Do what a button of a card is for, and show the card as it is then."""
        if refused := _refused(request):
            return refused
        desk = TrayDesk(request, document_id)
        action, _, value = request.POST.get("do", "").partition(":")
        if action == "blank":
            return self._blank(request, desk)
        draft = read_draft(request.POST.get("draft", ""))
        if draft is None:
            return HttpResponseBadRequest("This is no card.", content_type="text/plain")
        answer = reading_card_changes.act(
            SentCard(
                draft=draft,
                version=read_number(request.POST.get("version", "")),
                action=action,
                value=value,
                fields=request.POST.dict(),
                tray=desk.tray.id,
                **stamp(request),
            )
        )
        context = {"cards": answer.cards, "urls": desk.urls, "changed": answer.has_changed_tray}
        if answer.has_changed_tray:
            context |= desk.context() | {"oob": True}
            # A card that stands in the list of the tray alone shows no problems of its own.
            if "listed" in request.POST:
                context["tray_problems"] = [one for card in answer.cards for one in card.problems]
        return render(request, "desk/cards.html", context)

    def _blank(self, request: HttpRequest, desk: TrayDesk) -> HttpResponse:
        """Show a card for a sentence without a proposal."""
        number = read_number(request.POST.get("sentence", "")) or 1
        try:
            context: dict[str, Any] = {"cards": [desk.blank(number, request.POST.get("words", ""))]}
        except Invalid as problem:
            context = {"says": Labels(()).details(problem.problems)}
        return render(request, "desk/cards.html", context | {"urls": desk.urls})

    def reach(self, request: HttpRequest, document_id: UUID) -> HttpResponse:
        """Keep how far the person has read."""
        if refused := _refused(request):
            return refused
        place = read_number(request.POST.get("place", ""))
        if place is None:
            return HttpResponseBadRequest("Send a place.", content_type="text/plain")
        TrayDesk(request, document_id).move_to(place)
        return HttpResponse(status=204)

    def tray_effect(self, request: HttpRequest, document_id: UUID) -> HttpResponse:
        """Show what the cards would move together, and what may be on record already."""
        access.require(request, ENTER)
        desk = TrayDesk(request, document_id)
        return render(request, "desk/trayeffect.html", desk.effect_context())

    def whole_form(self, request: HttpRequest, document_id: UUID) -> HttpResponse:
        """Show the whole form of a card."""
        return _refused(request) or self.draft_form(request, TrayDesk(request, document_id))

    def record_tray(self, request: HttpRequest, document_id: UUID) -> HttpResponse:
        """Record all cards of the tray, or none."""
        if refused := _refused(request):
            return refused
        desk = TrayDesk(request, document_id)
        return render(request, "desk/tray.html", desk.record(request.POST.get("cards", "")))

    def close_tray(self, request: HttpRequest, document_id: UUID) -> HttpResponse:
        """Close the tray. If cards are in it, they go with it once the person has confirmed that;
        the confirmation has their number."""
        if refused := _refused(request):
            return refused
        desk = TrayDesk(request, document_id)
        says = desk.close(read_number(request.POST.get("cards", "")))
        if says is None:
            title = f"Close the tray of {_name(_document(document_id))}"
            return self.page(request, "closetray", title=title, **desk.context())
        messages.success(request, " ".join(says))
        return HttpResponseRedirect(reverse("admin:desk_read"))


def _document(document_id: UUID) -> catalogue.DocumentEntry:
    """The document on record.

    :raises Http404:
    """
    entry = catalogue.entry("document", document_id, as_of=moment.now())
    if not isinstance(entry, catalogue.DocumentEntry):
        raise Http404(f"there is no document {document_id}")
    return entry


def _name(entry: catalogue.DocumentEntry) -> str:
    return entry.document.title or entry.document.url or ""


def _refused(request: HttpRequest) -> HttpResponse | None:
    access.require(request, ENTER)
    return None if request.method == "POST" else HttpResponseNotAllowed(["POST"])
