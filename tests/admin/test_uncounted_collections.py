"""The desk reports a collection that no lens counts, and lets a curator have one count it."""

from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from tests.admin.conftest import ADD, page_of
from tests.kit.builders import AT, BY, Desk, a_collection
from tracker.admin import access
from tracker.operations import sources
from tracker.queries.scores.lenses import latest

pytestmark = pytest.mark.django_db
SAYS = "No lens counts the collection notes: its claims move no score."


@pytest.fixture
def notes(desk: Desk) -> UUID:
    """A collection that none of the desk's lenses names."""
    return sources.describe_collection(a_collection(name="notes"), at=AT, by=BY).stream


def page(notes: UUID, view: str = "change") -> str:
    return reverse(f"admin:desk_collection_{view}", args=[notes])


def labels() -> dict[str, tuple[int, tuple[UUID, ...]]]:
    return {one.lens.name: (one.version, one.lens.view.collections) for one in latest()}


class TestTheForm:
    def fields(self, written, **other: str):
        data = written(**other)
        return {name: data.getlist(name) for name in data}

    def test_reports_it_before_anything_is_saved(self, ann, notes, written):
        fields = self.fields(written, claim__collection="notes")

        typing = ann.post("/admin/desk/claim/foresee/", fields).text
        asked = ann.post(ADD, {**fields, "_preview": "1"}).text

        assert SAYS in typing
        assert SAYS in asked
        assert page(notes) in asked


class TestAClaimsPage:
    def test_reports_it(self, ann, desk, notes):
        passed_over = desk.asserts(collection=notes).stream
        counted = desk.asserts().stream

        assert SAYS in ann.get(page_of(passed_over)).text
        assert "No lens counts" not in ann.get(page_of(counted)).text


class TestACollectionsPage:
    def test_offers_a_lens_of_its_own(self, ann, notes):
        before = ann.get(page(notes)).text
        after = ann.post(page(notes, "count"), {"lens": ""}, follow=True).text

        assert SAYS in before
        assert "Define a lens for it, standing-notes" in before
        assert "No lens counts" not in after
        assert "standing-notes" in after
        assert labels()["standing-notes"] == (1, (notes,))

    def test_offers_the_next_version_of_a_lens_that_names_collections(self, ann, desk, notes):
        ann.post(page(notes, "count"), {"lens": "tone"})

        assert labels()["tone"] == (2, (desk.collection, notes))
        assert labels()["standing"] == (1, (desk.collection,))

    def test_says_what_cannot_be_done(self, ann, notes):
        ann.post(page(notes, "count"), {"lens": "tone"})

        again = ann.post(page(notes, "count"), {"lens": "tone"}, follow=True).text
        unknown = ann.post(page(notes, "count"), {"lens": "nope"}, follow=True).text

        assert "lens tone already counts notes." in again
        assert "there is no lens &#x27;nope&#x27;." in unknown
        assert ann.get(page(notes, "count")).status_code == 405

    def test_lets_only_curators_do_so(self, notes):
        access.create_roles()
        bob = get_user_model().objects.create(username="bob", is_staff=True)
        bob.groups.add(Group.objects.get(name="analyst"))
        browser = Client()
        browser.force_login(bob)

        shown = browser.get(page(notes)).text

        assert SAYS in shown
        assert "A curator can let a lens count it." in shown
        assert "<button" not in shown.split(SAYS)[1].split("</article>")[0]
        assert browser.post(page(notes, "count"), {"lens": ""}).status_code == 403
        assert "standing-notes" not in labels()
