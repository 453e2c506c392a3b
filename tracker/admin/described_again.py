"""New descriptions of actors and sources on record: the form, filled with what is on record."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path

from tracker.admin import access
from tracker.admin.base import AppendOnlyAdmin, WriteResult, attempt, read_number, stamp
from tracker.admin.claim_entry import show_in
from tracker.admin.fields import Directories
from tracker.admin.record_forms import field_of
from tracker.log import Recorded
from tracker.queries import moment
from tracker.queries.records import catalogue


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
