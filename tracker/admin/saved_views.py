"""Lists of claims that an account keeps under a name."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import URLPattern, URLResolver, path, reverse

from tracker.admin.claim_filters import FilterForm
from tracker.admin.claim_list import ClaimList
from tracker.admin.models import SavedView

LONGEST_NAME, LONGEST_QUERY, MOST_VIEWS = 80, 2_000, 50


class SavedViewPages(ClaimList):
    """The list of claims with the views of the account; each is saved and deleted by a button."""

    def get_urls(self) -> list[URLResolver | URLPattern]:
        view = self.admin_site.admin_view(self.save_view)
        return [path("views/", view, name="desk_claim_views"), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        shown = plain_query(request.GET)
        views = SavedView.objects.filter(user_id=request.user.pk or 0).order_by("name")
        context: dict[str, Any] = {
            "views": [(view.name, view.query, view.query == shown) for view in views],
            "shown": shown,
        }
        return super().changelist_view(request, (extra_context or {}) | context)

    def save_view(self, request: HttpRequest) -> HttpResponse:
        """Save the filters under a name, in place of those that had it, or delete the name."""
        self.require("view", request)
        name = " ".join(request.POST.get("name", "").split())[:LONGEST_NAME].replace("\0", "")
        query = plain_query(QueryDict(request.POST.get("query", "")[:LONGEST_QUERY]))
        mine = SavedView.objects.filter(user_id=request.user.pk or 0)
        if request.method != "POST":
            query = ""
        elif "delete" in request.POST:
            mine.filter(name=name).delete()
            messages.success(
                request, f"The view {name} is deleted. Its filters are still set: to undo, save it."
            )
        elif problem := _problem(name, query, mine.exclude(name=name).count()):
            messages.error(request, problem)
        else:
            mine.update_or_create(
                user_id=request.user.pk or 0, name=name, defaults={"query": query}
            )
            messages.success(request, f"The view {name} is saved. Share it by its address.")
        return HttpResponseRedirect(f"{reverse('admin:desk_claim_changelist')}?{query}")


def plain_query(params: QueryDict) -> str:
    """The filters among some parameters, without empty ones, in the order of the form."""
    plain = QueryDict(mutable=True)
    for name in FilterForm.base_fields:
        if text := params.get(name, "").strip():
            plain[name] = text
    return plain.urlencode()


def _problem(name: str, query: str, others: int) -> str:
    if not name:
        return "Give the view a name."
    if not query:
        return "Filter the list first: a view without filters is the whole list."
    if others >= MOST_VIEWS:
        return f"You have {MOST_VIEWS} views: delete one first."
    return ""
