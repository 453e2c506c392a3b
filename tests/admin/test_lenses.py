"""Lenses at the desk: defined, defined anew by whoever saw the last version, and read."""

import json
from dataclasses import replace

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from tests.kit.background_work import work_off
from tracker import log
from tracker.domain.scoring import MODELS
from tracker.queries.scores import lenses

pytestmark = pytest.mark.django_db

ADD = "/admin/desk/lens/add/"
FORM = {
    "name": "russian",
    "collections": "curated",
    "countries": "rus",
    "ownerships": ["state"],
    "rule": "only",
    "sectors": ["government", "military"],
    "model": "standing",
    "parameters": '{"omega": "0.1"}',
    "description": "Moscow's.",
}


def page(lens_id, view="change"):
    return reverse(f"admin:desk_lens_{view}", args=[lens_id])


def last(name):
    return lenses.find(name, position=log.head().position)


class TestDefining:
    def test_a_lens_takes_all_that_was_typed(self, ann, desk):
        answer = ann.post(ADD, FORM, follow=True)

        made = last("russian").lens
        assert made.view.collections == (desk.collection,)
        assert made.view.bloc.countries == (desk.countries["RUS"],)
        assert (made.view.bloc.ownerships, made.view.bloc.rule) == (("state",), "only")
        assert made.sectors == ("government", "military")
        assert made.parameters == {**MODELS["standing"].defaults, "omega": "0.1"}
        assert made.description == "Moscow's."
        assert "its pairs are being scored" in answer.text
        assert "only those in RUS, or owned by: state" in answer.text

    def test_a_lens_hears_every_root_where_no_bloc_is_named(self, ann, desk):
        ann.post(ADD, {**FORM, "countries": "", "ownerships": [], "rule": "except"})

        assert last("russian").lens.view == replace(desk.view, method="1")

    @pytest.mark.parametrize(
        ("changed", "says"),
        [
            ({"name": "a b"}, "must have the form of"),
            ({"name": "standing"}, "define its next version"),
            ({"collections": "feed"}, "no collection on record"),
            ({"countries": "Atlantis"}, "no actor on record"),
            ({"model": "guess"}, "Select a valid choice"),
            ({"parameters": "{"}, "cannot be read as JSON"),
            ({"parameters": "[]"}, "must be an object"),
            ({"parameters": '{"omega": 0.1}'}, "must be a decimal in quotes"),
            ({"parameters": '{"omega": NaN}'}, "must be a decimal in quotes"),
            ({"parameters": '{"kappa": "1"}'}, "is unknown; expected one of"),
        ],
    )
    def test_says_at_the_field_what_is_wrong_and_records_nothing(self, ann, desk, changed, says):
        before = log.head().position

        answer = ann.post(ADD, FORM | changed)

        assert says in answer.text
        assert log.head().position == before
        [field] = changed
        assert f'id="id_{field}_error"' in answer.text


class TestTheNextVersion:
    def test_begins_with_what_the_last_one_says(self, ann, desk):
        ann.post(ADD, FORM)
        was = last("russian")
        shown = ann.get(page(was.id, "version"))
        form = shown.context["form"]
        sent = {name: form[name].value() for name in form.fields}
        sent = {name: form.fields[name].prepare_value(value) for name, value in sent.items()}

        ann.post(page(was.id, "version"), {**sent, "version": "1", "description": "Anew."})

        now = last("russian")
        assert now.version == 2
        assert (now.lens.view, now.lens.sectors) == (was.lens.view, was.lens.sectors)
        assert json.dumps(now.lens.parameters) == json.dumps(was.lens.parameters)
        assert now.lens.description == "Anew."

    def test_is_not_defined_over_one_that_nobody_saw(self, ann, desk):
        ann.post(ADD, FORM)
        address = page(last("russian").id, "version")
        first = ann.post(address, {**FORM, "version": "1"})

        second = ann.post(address, {**FORM, "version": "1"})

        assert first.status_code == 302
        assert "A new version was defined meanwhile" in second.text
        assert last("russian").version == 2

    def test_is_for_curators_alone(self, ann, desk):
        ann.post(ADD, FORM)
        lens_id = last("russian").id
        reader = get_user_model().objects.create_user("bea", is_staff=True)
        reader.user_permissions.set(Permission.objects.filter(codename="view_lens"))
        browser = Client()
        browser.force_login(reader)

        assert "Define the next" not in browser.get(page(lens_id)).text
        for address in (ADD, page(lens_id, "version")):
            assert browser.get(address).status_code == 403
            assert browser.post(address, {**FORM, "version": "1"}).status_code == 403
        assert last("russian").version == 1


class TestALensPage:
    def test_says_how_far_its_scores_are(self, ann, desk):
        work_off()
        ann.post(ADD, FORM)
        lens_id = last("russian").id
        head = log.head().position

        before = ann.get(page(lens_id)).text
        work_off()
        after = ann.get(page(lens_id)).text

        assert f"being computed: 0 of {head} events" in before
        assert f"as of position {head}" in after

    def test_is_found_from_the_list_and_lists_its_versions(self, ann, desk):
        ann.post(ADD, FORM)
        lens_id = last("russian").id
        ann.post(
            page(lens_id, "version"), {**FORM, "version": "1", "model": "tone", "parameters": ""}
        )

        assert page(lens_id) in ann.get("/admin/desk/lens/").text
        text = ann.get(page(lens_id)).text
        assert "russian@1: standing" in text
        assert "russian@2: tone" in text

    def test_of_a_lens_that_is_none_is_a_404(self, ann, desk):
        for view in ("change", "version"):
            assert ann.get(page(desk.collection, view)).status_code == 404
