"""The frame of a page: its content policy, its entry in the menu, breadcrumbs and heading."""

import re

import pytest

from tracker.admin import menu

pytestmark = pytest.mark.django_db
MARKED = re.compile(r'<a\s+href="([^"]*)"[^>]*aria-current="(\w+)"')


def marked(text):
    """The entries of the menu that are marked: where they lead, and as what."""
    return MARKED.findall(text[: text.index("<header")])


def way(path, title="Title", noun=""):
    return [tuple(crumb) for crumb in menu.crumbs(path, title=title, noun=noun)]


class TestTheMenu:
    @pytest.mark.parametrize(
        ("path", "entry"),
        [
            ("/admin/", "/admin/"),
            ("/admin/desk/claim/", "/admin/desk/claim/"),
            ("/admin/desk/claim/inbox/", "/admin/desk/claim/inbox/"),
            ("/admin/desk/claim/add/", "/admin/desk/claim/add/"),
            ("/admin/desk/job/add/", "/admin/desk/job/add/"),
        ],
    )
    def test_marks_the_entry_of_a_page_as_that_page(self, ann, path, entry):
        assert marked(ann.get(path).text) == [(entry, "page")]


class TestTheWay:
    def test_to_an_action_goes_by_its_row(self):
        assert way("/admin/desk/claim/7/retract/", "Retract: It rained.", "Claim") == [
            ("Home", "/admin/"),
            ("Claims", "/admin/desk/claim/"),
            ("It rained.", "/admin/desk/claim/7/change/"),
            ("Retract", ""),
        ]

    @pytest.mark.parametrize("path", ["imports/", "imports/7/withdrawal/"])
    def test_to_what_is_no_row_goes_by_its_list(self, path):
        assert way(f"/admin/desk/job/{path}", "Imports", "Job") == [
            ("Home", "/admin/"), ("Jobs", "/admin/desk/job/"), ("Imports", ""),
        ]  # fmt: skip


def policy(client, path):
    header = client.get(path)["Content-Security-Policy"]
    return dict(part.strip().split(" ", 1) for part in header.split(";"))


class TestThePolicy:
    @pytest.mark.parametrize("path", ["/", "/pairs/KAZ-RUS/", "/nowhere/", "/administration/"])
    def test_of_the_pages_admits_nothing_inline_and_nothing_foreign(self, client, desk, path):
        said = policy(client, path)

        assert said["default-src"] == "'none'"
        assert set(said.values()) == {"'none'", "'self'"}

    @pytest.mark.parametrize("path", ["/admin/login/", "/admin/"])
    def test_of_the_desk_lets_its_framework_evaluate_and_nothing_else(self, ann, path):
        said = policy(ann, path)

        assert said.pop("script-src") == "'self' 'unsafe-eval'"
        assert said.pop("style-src") == "'self' 'unsafe-inline'"
        assert set(said.values()) == {"'none'", "'self'"}
