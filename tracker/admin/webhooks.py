"""Webhooks at the desk: who is told what, how that went, and what can be done about it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.urls import URLPattern, URLResolver
from django.urls import path as at
from django.utils import timezone
from unfold.decorators import display

from tracker.admin import access
from tracker.admin.appendonly import AppendOnly
from tracker.webhooks import delivery, queries, registry

MAY = "desk.change_webhook"
MOST_SHOWN = 100


class WebhookAdmin(AppendOnly):
    """Whoever may `change` one may test it, pause it, let it go on and give it a new secret; they
    are made over the API."""

    search_fields = ("name", "url")
    ordering = ("id",)
    list_display = ("called", "url", "state", "position", "failing_since", "recorded_by")

    @display(description="Webhook")
    def called(self, row: Any) -> str:
        return row.name or str(row.id)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_urls(self) -> list[URLResolver | URLPattern]:
        views: dict[str, Callable[..., HttpResponse]] = {
            "test": self.test,
            "pause": self.pause,
            "resume": self.resume,
            "secret": self.secret,
        }
        own = [
            at(
                f"<uuid:webhook>/{name}/",
                self.admin_site.admin_view(view),
                name=f"desk_webhook_{name}",
            )
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def shown(self, request: HttpRequest, row_id: UUID) -> HttpResponse:
        hook = _found(row_id)
        found = queries.deliveries(row_id, before=None, limit=MOST_SHOWN)
        may = request.user.has_perm(MAY)
        title = hook.name or hook.url
        return self.page(request, "webhook", title=title, hook=hook, found=found, may=may)

    def test(self, request: HttpRequest, webhook: UUID) -> HttpResponse:
        """Send a message that says nothing, now."""

        def send() -> None:
            one = queries.delivery(delivery.test(webhook, now=timezone.now))
            if one and one.state == "delivered":
                messages.success(request, f"Accepted: {one.status} after {one.milliseconds} ms.")
            elif one:
                messages.error(request, f"Not accepted: {one.error}.")

        return self._acted(request, webhook, send)

    def pause(self, request: HttpRequest, webhook: UUID) -> HttpResponse:
        """Tell it nothing until somebody lets it go on."""
        return self._acted(request, webhook, lambda: _change(webhook, active=False))

    def resume(self, request: HttpRequest, webhook: UUID) -> HttpResponse:
        """Resume from where it was."""
        return self._acted(request, webhook, lambda: _change(webhook, active=True))

    def secret(self, request: HttpRequest, webhook: UUID) -> HttpResponse:
        """Give it a new secret, and show that once."""

        def renew() -> None:
            secret = registry.renew_secret(webhook, at=timezone.now())
            says = f"The new secret, shown this once: {secret}"
            messages.warning(request, f"{says} (the old one also signs for a day)")

        return self._acted(request, webhook, renew)

    def _acted(self, request: HttpRequest, webhook: UUID, act: Callable[[], None]) -> HttpResponse:
        access.require(request, MAY)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        _found(webhook)
        act()
        return HttpResponseRedirect(self.link(webhook))


def _change(webhook: UUID, *, active: bool) -> None:
    registry.update(webhook, lambda order: order, active=active, after=None)


def _found(webhook: UUID) -> queries.Hook:
    found = queries.hook(webhook)
    if found is None:
        raise Http404(f"there is no webhook {webhook}")
    return found
