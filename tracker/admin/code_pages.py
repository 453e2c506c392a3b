"""The codes at the desk: all of them, and the words that lead to one here."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path, reverse

from tracker.admin import access
from tracker.admin.base import read_id, stamp
from tracker.admin.claim_entry import show_in
from tracker.admin.claim_forms import DeskForm
from tracker.admin.claim_list import ClaimList
from tracker.admin.fields import Coded, Directories, LineField
from tracker.domain.codebooks import CODEBOOKS
from tracker.domain.codebooks.cues import CueRow
from tracker.domain.codebooks.search import gloss_of
from tracker.domain.problems import Invalid
from tracker.models.cues import DeskCue
from tracker.operations import desk_cues as operations
from tracker.queries.records import desk_cues
from tracker.queries.records.search import value_of

ADD = "desk.add_cue"
TITLE = "Words for codes"


class CueForm(DeskForm):
    """A word, the object that it needs if any, and the code that they mean."""

    cue = LineField(
        label="Word or phrase", help_text="Such as expel. Its other forms (expelled) count too."
    )
    object = LineField(
        label="Only with the object", help_text="Such as diplomats. If empty: with any object."
    )
    code = Coded(label="Means the code")
    example = LineField(help_text="A short sentence. If empty: that of the code.")

    def row(self) -> CueRow:
        self.is_valid()
        return CueRow(**{name: self.cleaned_data.get(name, "") for name in self.fields})


class CodePages(ClaimList):
    """The pages, for every account that may view claims. Changes need a permission of their own."""

    def get_urls(self) -> list[URLResolver | URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("codes/", wrap(self.codes), name="desk_claim_codes"),
            path("codes/words/", wrap(self.words), name="desk_claim_words"),
        ]
        return [*own, *super().get_urls()]

    def codes(self, request: HttpRequest) -> HttpResponse:
        """Show every code that a claim may have, with its meaning."""
        self.require("view", request)
        books = [
            (scheme, [(code, value_of(code.code), *gloss_of(code)) for code in book.codes.values()])
            for scheme, book in CODEBOOKS.items()
        ]
        return self.page(request, "codes", title="All codes", books=books)

    def words(self, request: HttpRequest) -> HttpResponse:
        """Show the desk's own words, add one, and remove one."""
        self.require("view", request)
        if request.method == "POST":
            access.require(request, ADD)
        if "remove" in request.POST:
            return _remove(request)
        form = CueForm(request.POST or None, directories=Directories())
        context: dict[str, Any] = {"form": form, "may": request.user.has_perm(ADD)}
        if request.method == "POST":
            try:
                added = operations.add(form.row(), **stamp(request))
            except Invalid as problem:
                context["general"] = show_in(form, problem.problems)
            else:
                messages.success(request, f"Added: {_words_of(added)} means {added.code}.")
                return HttpResponseRedirect(reverse("admin:desk_claim_words"))
        context["rows"] = desk_cues.listed()
        return self.page(request, "words", title=TITLE, **context)


def _remove(request: HttpRequest) -> HttpResponse:
    try:
        removed = operations.remove(read_id(request.POST["remove"]))
    except operations.NoSuchCue as problem:
        messages.error(request, f"{problem}.".capitalize())
    else:
        messages.success(request, f"Removed: {_words_of(removed)}.")
    return HttpResponseRedirect(reverse("admin:desk_claim_words"))


def _words_of(row: DeskCue) -> str:
    return f"“{row.cue} {row.object}".rstrip() + "”"
