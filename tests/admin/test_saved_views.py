"""Views of the list of claims that an account keeps."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tracker.admin import saved_views
from tracker.admin.models import SavedView

pytestmark = pytest.mark.django_db
LIST, VIEWS = "/admin/desk/claim/", "/admin/desk/claim/views/"


def kept(client):
    return [view[:2] for view in client.get(LIST).context["views"]]


class TestAView:
    def test_keeps_the_filters_under_a_name_and_leads_back_to_them(self, ann, desk):
        answer = ann.post(VIEWS, {"name": " Late  March ", "query": "q=&p=3&when=late+March+2022"})

        assert answer["Location"] == f"{LIST}?when=late+March+2022"
        assert kept(ann) == [("Late March", "when=late+March+2022")]
        page = ann.get(answer["Location"])
        assert 'aria-current="page">Late March</a>' in page.text

    def test_of_a_name_that_is_taken_replaces_it(self, ann, desk):
        for kind in ("act", "level"):
            ann.post(VIEWS, {"name": "Mine", "query": f"kind={kind}"})

        assert kept(ann) == [("Mine", "kind=level")]

    def test_is_deleted_by_its_name(self, ann, desk):
        ann.post(VIEWS, {"name": "Mine", "query": "kind=act"})
        shown = ann.post(VIEWS, {"name": "Mine", "query": "kind=act", "delete": "1"}, follow=True)

        assert kept(ann) == []
        assert (
            "The view Mine is deleted. Its filters are still set: to undo, save it." in shown.text
        )

    def test_belongs_to_its_account(self, ann, desk):
        ann.post(VIEWS, {"name": "Mine", "query": "kind=act"})
        bea = Client()
        bea.force_login(get_user_model().objects.create_superuser("bea"))
        bea.post(VIEWS, {"name": "Mine", "query": "kind=level", "delete": "1"})

        assert kept(ann) == [("Mine", "kind=act")]
        assert kept(bea) == []

    @pytest.mark.parametrize(
        ("sent", "says"),
        [
            ({"name": " ", "query": "kind=act"}, "Give the view a name."),
            ({"name": "All", "query": "p=2"}, "Filter the list first"),
        ],
    )
    def test_without_a_name_or_filters_is_refused(self, ann, desk, sent, says):
        assert says in ann.post(VIEWS, sent, follow=True).text
        assert not SavedView.objects.exists()

    def test_beyond_the_most_is_refused(self, ann, desk, monkeypatch):
        monkeypatch.setattr(saved_views, "MOST_VIEWS", 1)
        ann.post(VIEWS, {"name": "One", "query": "kind=act"})

        assert (
            "delete one first"
            in ann.post(VIEWS, {"name": "Two", "query": "kind=act"}, follow=True).text
        )
        ann.post(VIEWS, {"name": "One", "query": "kind=level"})
        assert kept(ann) == [("One", "kind=level")]

    def test_is_not_saved_by_a_link(self, ann, desk):
        assert ann.get(VIEWS, {"name": "Mine", "query": "kind=act"})["Location"] == f"{LIST}?"
        assert not SavedView.objects.exists()

    def test_is_for_those_who_see_claims(self, someone, desk):
        assert (
            someone("view_source").post(VIEWS, {"name": "x", "query": "kind=act"}).status_code
            == 403
        )
