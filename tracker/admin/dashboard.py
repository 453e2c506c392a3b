"""What the desk shows first, and beside every page."""

from functools import partial
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from tracker import log
from tracker.queries import progress
from tracker.queries.claims import worklists


def shown(_request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add what waits for somebody, and how the background work goes, to the desk's first page."""
    followers = progress.followers()
    return context | {
        "head": log.head(),
        "behind": max((one.lag for one in followers), default=0),
        "stopped": [one for one in followers if one.stopped_by],
        "waiting": progress.waiting(),
        "set_aside": progress.set_aside(),
        "unread": worklists.count_to_review(),
    }


# What stands beside every page: a title, its icon, its page and what permission opens it.
_PLACES = {
    "Work": (
        ("Enter a claim", "edit_square", "desk_claim_add", "desk.add_claim"),
        ("Overnight", "bedtime", "desk_claim_overnight", "desk.view_claim"),
        ("Inbox", "inbox", "desk_claim_inbox", "desk.view_claim"),
        ("Reconfirm", "update", "desk_claim_reconfirm", "desk.view_claim"),
        ("Coverage", "bar_chart", "desk_claim_coverage", "desk.view_claim"),
        ("Brief", "article", "desk_claim_brief", "desk.view_claim"),
    ),
    "Record": (
        ("Claims", "format_quote", "desk_claim_changelist", "desk.view_claim"),
        ("Documents", "description", "desk_document_changelist", "desk.view_document"),
        ("Sources", "campaign", "desk_source_changelist", "desk.view_source"),
        ("Actors", "groups", "desk_actor_changelist", "desk.view_actor"),
        ("Collections", "folder_open", "desk_collection_changelist", "desk.view_collection"),
        ("Lenses", "tune", "desk_lens_changelist", "desk.view_lens"),
    ),
    "Files": (
        ("Import a file", "upload_file", "desk_job_add", "desk.add_job"),
        ("Jobs", "task", "desk_job_changelist", "desk.view_job"),
    ),
    "Site": (
        ("Operate", "monitoring", "desk_claim_operate", "desk.view_claim"),
        ("Tokens", "key", "desk_claim_tokens", "desk.view_claim"),
        ("Webhooks", "webhook", "desk_webhook_changelist", "desk.view_webhook"),
        ("Users", "person", "auth_user_changelist", "auth.view_user"),
        ("Groups", "group", "auth_group_changelist", "auth.view_group"),
    ),
}


def navigation(_request: HttpRequest) -> list[dict[str, Any]]:
    """What stands beside every page: the day's work first."""
    return [
        {
            "title": title,
            "items": [
                {
                    "title": says,
                    "icon": icon,
                    "link": reverse(f"admin:{name}"),
                    "permission": partial(_may, permission=permission),
                }
                for says, icon, name, permission in places
            ],
        }
        for title, places in _PLACES.items()
    ]


def _may(request: HttpRequest, *, permission: str) -> bool:
    return bool(request.user.has_perm(permission))
