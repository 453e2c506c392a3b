"""The desk's menu, and the place of a page in it: the marked entry and the breadcrumbs."""

from functools import partial
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse

HOME = "Home"
# The title of each entry, its icon, its page, and the permission that it needs, if any.
_NAVIGATION = {
    "Work": (
        ("Home", "home", "index", ""),
        ("Read an article", "menu_book", "desk_read", "desk.add_claim"),
        ("Enter a claim", "edit_square", "desk_claim_add", "desk.add_claim"),
        ("Levels of a panel", "grid_on", "desk_claim_panel", "desk.add_claim"),
        ("Overnight", "bedtime", "desk_claim_overnight", "desk.view_claim"),
        ("Inbox", "inbox", "desk_claim_inbox", "desk.view_claim"),
        ("Weekly checks", "fact_check", "desk_claim_drawn", "desk.judge_claim"),
        ("Reconfirm", "update", "desk_claim_reconfirm", "desk.view_claim"),
        ("Second coding", "group_work", "desk_claim_second_coding", "desk.add_claim"),
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
        ("All codes", "sell", "desk_claim_codes", "desk.view_claim"),
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


class Crumb(NamedTuple):
    """A step of the way to a page; the page itself has no link."""

    text: str
    link: str


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The menu beside every page, in the shape that unfold takes. One entry is marked."""
    current = _current_link(request.path)
    return [
        {"title": group, "items": [_item(entry, current, request.path) for entry in entries]}
        for group, entries in _NAVIGATION.items()
    ]


def _item(entry: tuple[str, str, str, str], current: str, path: str) -> dict[str, Any]:
    title, icon, name, permission = entry
    link = reverse(f"admin:{name}")
    item: dict[str, Any] = {
        "title": title,
        "icon": icon,
        "link": link,
        "active": link == current,
        "permission": partial(_may, permission=permission),
    }
    if link == current:
        item["link_attrs"] = {"aria-current": "page" if link == path else "true"}
    return item


def _may(request: HttpRequest, *, permission: str) -> bool:
    return not permission or bool(request.user.has_perm(permission))


def _titles() -> dict[str, str]:
    """The title of each entry, by its link."""
    entries = (entry for group in _NAVIGATION.values() for entry in group)
    return {reverse(f"admin:{name}"): title for title, _, name, _ in entries}


def _current_link(path: str) -> str:
    """The link of the entry to which a page belongs: the longest that its address begins with.
    Empty if there is none. Only the first page itself belongs to its entry."""
    home = reverse("admin:index")
    links = [link for link in _titles() if path.startswith(link) and link != home]
    return max(links, key=len, default=home if path == home else "")


def crumbs(path: str, *, title: str, noun: str) -> list[Crumb]:
    """The way from the first page to the page at `path`, which is called `title`. An action on a
    row, such as /admin/desk/claim/ID/correct/, is below the page of that row. The title of such a
    page has both, "Correct: It rained."; without a colon the row is called `noun`."""
    home, entry = reverse("admin:index"), _current_link(path)
    if path == home:
        return []
    way = [Crumb(HOME, home)]
    if path == entry:
        return [*way, Crumb(_titles()[entry], "")]
    if entry:
        way.append(Crumb(_titles()[entry], entry))
        row, _, action = path.removeprefix(entry).strip("/").rpartition("/")
        if row and "/" not in row and noun and action != "change":
            title, _, called = title.partition(": ")
            way.append(Crumb(called or noun, f"{entry}{row}/change/"))
    return [*way, Crumb(title, "")]
