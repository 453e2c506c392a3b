"""The menu marks one entry, and the breadcrumbs lead back from every page."""

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


class TestTheHeading:
    """Of the pages that the admin makes."""

    @pytest.mark.parametrize(
        ("path", "heading"),
        [
            ("/admin/desk/source/", "Sources"),
            ("/admin/auth/user/add/", "Add user"),
            ("/admin/password_change/", "Password change"),
        ],
    )
    def test_says_what_the_page_is(self, ann, path, heading):
        [found] = re.findall(r'<h1 class="desk-heading">\s*(.*?)\s*</h1>', ann.get(path).text)
        assert found == heading
