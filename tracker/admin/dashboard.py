"""What the desk shows first: how far the scores are behind, and what was set aside."""

from typing import Any

from django.http import HttpRequest

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
