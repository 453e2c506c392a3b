"""How the work in the background goes: followers, pairs that wait or are set aside, jobs, the
schedule and webhooks."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path

from tracker import log
from tracker.admin import access
from tracker.admin.claim_list import ClaimList
from tracker.imports import queries
from tracker.queries import progress
from tracker.queries.scores import lenses
from tracker.webhooks import queries as webhook_queries

JOBS = "desk.view_job"
MOST_JOBS = 10
MOST_WAITING = 50


class OperatePages(ClaimList):
    """Who reads claims may look; jobs are for those who may view them."""

    def get_urls(self) -> list[URLResolver | URLPattern]:
        view = self.admin_site.admin_view(self.operate)
        return [path("operate/", view, name="desk_claim_operate"), *super().get_urls()]

    def operate(self, request: HttpRequest) -> HttpResponse:
        """Show how far everything is."""
        access.require(request, "desk.view_claim")
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
            "jobs": queries.listing(limit=MOST_JOBS) if may_jobs else [],
            "may_jobs": may_jobs,
            "schedule": [
                (why, one["task"], _often(one["schedule"]))
                for why, one in settings.CELERY_BEAT_SCHEDULE.items()
            ],
            "hooks": webhook_queries.hooks(),
        }
        return self.page(request, "operate", title="Operate", **given)


def _often(schedule: Any) -> str:
    """How often something is done, in words."""
    if isinstance(schedule, int | float):
        return f"every {schedule:g} s"
    if len(schedule.hour) == 24:
        return f"every hour at minute {', '.join(map(str, sorted(schedule.minute)))}"
    times = (f"{h:02}:{m:02}" for h in sorted(schedule.hour) for m in sorted(schedule.minute))
    return f"daily at {', '.join(times)} UTC"
