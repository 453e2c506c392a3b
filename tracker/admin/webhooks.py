"""Webhooks at the desk: the list, the page of a webhook with its deliveries, and actions on it."""

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
from tracker.admin.base import AppendOnlyAdmin
from tracker.webhooks import delivery, queries, registry

CHANGE = "desk.change_webhook"
MOST_SHOWN = 100


class WebhookAdmin(AppendOnlyAdmin):
    """The webhooks. The permission to change one allows to test, pause and resume it and to renew
    its secret. They are created over the API."""

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

    def row_page(self, request: HttpRequest, row_id: UUID) -> HttpResponse:
        hook = _webhook(row_id)
        deliveries = queries.deliveries(row_id, before=None, limit=MOST_SHOWN)
        may = request.user.has_perm(CHANGE)
        title = hook.name or hook.url
        return self.page(request, "webhook", title=title, hook=hook, deliveries=deliveries, may=may)

    def test(self, request: HttpRequest, webhook: UUID) -> HttpResponse:
        """Send a test message now."""

        def send() -> None:
            result = queries.delivery(delivery.test(webhook, now=timezone.now))
            if result and result.state == "delivered":
                messages.success(
                    request, f"Accepted: {result.status} after {result.milliseconds} ms."
                )
            elif result:
                messages.error(request, f"Not accepted: {result.error}.")

        return self._run(request, webhook, send)

    def pause(self, request: HttpRequest, webhook: UUID) -> HttpResponse:
        """Pause the deliveries."""
        return self._run(request, webhook, lambda: _change(webhook, active=False))

    def resume(self, request: HttpRequest, webhook: UUID) -> HttpResponse:
        """Resume the deliveries after the last one."""
        return self._run(request, webhook, lambda: _change(webhook, active=True))

    def secret(self, request: HttpRequest, webhook: UUID) -> HttpResponse:
        """Renew the secret, and show it once."""

        def renew() -> None:
            secret = registry.renew_secret(webhook, at=timezone.now())
            text = f"The new secret, shown only now: {secret}"
            messages.warning(request, f"{text} (the old one also signs for a day)")

        return self._run(request, webhook, renew)

    def _run(self, request: HttpRequest, webhook: UUID, act: Callable[[], None]) -> HttpResponse:
        access.require(request, CHANGE)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        _webhook(webhook)
        act()
        return HttpResponseRedirect(self.link(webhook))


def _change(webhook: UUID, *, active: bool) -> None:
    registry.update(webhook, lambda order: order, active=active, after=None)


def _webhook(webhook: UUID) -> queries.WebhookSummary:
    hook = queries.hook(webhook)
    if hook is None:
        raise Http404(f"there is no webhook {webhook}")
    return hook
