"""How the work in the background goes: followers, pairs that wait or are set aside, jobs, the
schedule, tokens and webhooks."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone

from tracker import log
from tracker.admin import roles
from tracker.admin.appendonly import read_number
from tracker.admin.claimlist import ClaimList
from tracker.operations import tokens
from tracker.queries import jobs, lenses, progress, webhooks

# Tokens open the API as their account does, so that only those see them who manage accounts.
TOKENS = "auth.change_user"
JOBS = "desk.view_job"
MOST_JOBS = 10
MOST_WAITING = 50
LONGEST_DAYS = 730


class OperatePages(ClaimList):
    """Who reads claims may look; jobs are for those who may view them, tokens for those who manage
    accounts."""

    def get_urls(self) -> list[URLResolver | URLPattern]:
        views = {"operate": self.operate, "tokens": self.tokens}
        own = [
            path(f"{name}/", self.admin_site.admin_view(view), name=f"desk_claim_{name}")
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def operate(self, request: HttpRequest) -> HttpResponse:
        """Show how far everything is."""
        roles.require(request, "desk.view_claim")
        may_jobs = request.user.has_perm(JOBS)
        looking: dict[str, list[str]] = {}
        for one in lenses.latest():
            looking.setdefault(one.lens.view.id, []).append(one.lens.name)
        given: dict[str, Any] = {
            "head": log.head(),
            "followers": [(one, looking.get(one.view, [])) for one in progress.followers()],
            "waiting": progress.waiting(),
            "dirty": progress.dirty(limit=MOST_WAITING),
            "set_aside": progress.set_aside(),
            "jobs": jobs.listing(limit=MOST_JOBS) if may_jobs else [],
            "may_jobs": may_jobs,
            "schedule": [
                (why, one["task"], _often(one["schedule"]))
                for why, one in settings.CELERY_BEAT_SCHEDULE.items()
            ],
            "hooks": webhooks.hooks(),
            "may_tokens": request.user.has_perm(TOKENS),
        }
        return self.page(request, "operate", title="Operate", **given)

    def tokens(self, request: HttpRequest) -> HttpResponse:
        """List tokens, issue one, and revoke one."""
        roles.require(request, TOKENS)
        given: dict[str, Any] = {"scopes": tokens.SCOPES, "typed": request.POST}
        if "revoke" in request.POST:
            return self._revoked(request, request.POST["revoke"])
        if request.method == "POST":
            given |= _issued(request)
        given["tokens"] = tokens.issued()
        return self.page(request, "tokens", title="Tokens", **given)

    def _revoked(self, request: HttpRequest, prefix: str) -> HttpResponse:
        try:
            gone = tokens.revoke(prefix)
        except tokens.NoSuchToken as problem:
            messages.error(request, f"{problem}.")
        else:
            messages.success(request, f"The token {gone.name} of {gone.account} opens nothing now.")
        return HttpResponseRedirect(reverse("admin:desk_claim_tokens"))


def _issued(request: HttpRequest) -> dict[str, Any]:
    """The new token, which is shown this once, or why there is none."""
    said = request.POST
    days = read_number(said.get("days", "")) or 0
    if not 1 <= days <= LONGEST_DAYS:
        return {"problem": f"a token lasts from 1 to {LONGEST_DAYS} days"}
    try:
        token = tokens.issue(
            said.get("account", "").strip(),
            name=said.get("name", "").strip(),
            scopes=said.getlist("scope"),
            lasting=timedelta(days=days),
            at=timezone.now(),
        )
    except (tokens.NoSuchAccount, tokens.BadToken) as problem:
        return {"problem": str(problem)}
    return {"token": token, "typed": {}}


def _often(schedule: Any) -> str:
    """How often something is done, in words."""
    if isinstance(schedule, int | float):
        return f"every {schedule:g} s"
    if len(schedule.hour) == 24:
        return f"every hour at minute {', '.join(map(str, sorted(schedule.minute)))}"
    times = (f"{h:02}:{m:02}" for h in sorted(schedule.hour) for m in sorted(schedule.minute))
    return f"daily at {', '.join(times)} UTC"
