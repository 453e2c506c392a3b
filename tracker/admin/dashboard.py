"""What the desk shows first, and beside every page."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from tracker import log
from tracker.queries import progress


def shown(_request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add the state of the background work to the desk's first page."""
    return context | {
        "head": log.head(),
        "followers": progress.followers(),
        "waiting": progress.waiting(),
        "set_aside": progress.set_aside(),
    }


def navigation(_request: HttpRequest) -> list[dict[str, Any]]:
    """What stands beside every page: the record first."""
    record = (
        ("Enter a claim", "edit_square", "claim_add"),
        ("Claims", "format_quote", "claim_changelist"),
        ("Documents", "description", "document_changelist"),
        ("Sources", "campaign", "source_changelist"),
        ("Actors", "groups", "actor_changelist"),
        ("Lenses", "tune", "lens_changelist"),
    )
    files = (("Bring a file", "upload_file", "job_add"), ("Jobs", "task", "job_changelist"))
    accounts = (("Users", "person", "auth_user"), ("Groups", "group", "auth_group"))
    return [
        {
            "title": "Record",
            "items": [
                {"title": title, "icon": icon, "link": reverse(f"admin:desk_{name}")}
                for title, icon, name in record
            ],
        },
        {
            "title": "Files",
            "items": [
                {
                    "title": title,
                    "icon": icon,
                    "link": reverse(f"admin:desk_{name}"),
                    "permission": _may_bring,
                }
                for title, icon, name in files
            ],
        },
        {
            "title": "Accounts",
            "items": [
                {"title": title, "icon": icon, "link": reverse(f"admin:{name}_changelist")}
                for title, icon, name in accounts
            ],
        },
    ]


def _may_bring(request: HttpRequest) -> bool:
    return request.user.has_perm("desk.add_job")
