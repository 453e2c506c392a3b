"""Lenses at the desk: a user defines one, changes one whose last version they saw, reads one, and
lets one count a collection that no other counts."""

import json
from dataclasses import replace
from uuid import UUID

import pytest
from django.urls import reverse

from tests.admin.conftest import ADD as ADD_CLAIM
from tests.admin.conftest import in_role, page_of, unrecorded
from tests.kit.background_work import work_off
from tests.kit.builders import Desk, a_collection, on_record
from tracker import log
from tracker.domain.scoring import MODELS
from tracker.queries.scores import lenses
from tracker.queries.scores.lenses import latest

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
    "parameters": '{"drift": "0.1"}',
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
        assert made.parameters == {**MODELS["standing"].defaults, "drift": "0.1"}
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
            ({"parameters": '{"drift": 0.1}'}, "must be a decimal in quotes"),
            ({"parameters": '{"drift": NaN}'}, "must be a decimal in quotes"),
            ({"parameters": '{"kappa": "1"}'}, "is unknown; expected one of"),
        ],
    )
    def test_says_at_the_field_what_is_wrong_and_records_nothing(self, ann, desk, changed, says):
        answer = unrecorded(ann, ADD, FORM | changed)

        assert says in answer.text
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

    def test_is_for_curators_alone(self, ann, someone, desk):
        ann.post(ADD, FORM)
        lens_id = last("russian").id
        browser = someone("view_lens")

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


SAYS = "No lens counts the collection notes: its claims move no score."


@pytest.fixture
def notes(desk: Desk) -> UUID:
    """A collection that none of the desk's lenses names."""
    return on_record(a_collection(name="notes"))


def page_of_collection(notes: UUID, view: str = "change") -> str:
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
        asked = ann.post(ADD_CLAIM, {**fields, "_preview": "1"}).text

        assert SAYS in typing
        assert SAYS in asked
        assert page_of_collection(notes) in asked


class TestAClaimsPage:
    def test_reports_it(self, ann, desk, notes):
        passed_over = desk.asserts(collection=notes).stream
        counted = desk.asserts().stream

        assert SAYS in ann.get(page_of(passed_over)).text
        assert "No lens counts" not in ann.get(page_of(counted)).text


class TestACollectionsPage:
    def test_offers_a_lens_of_its_own(self, ann, notes):
        before = ann.get(page_of_collection(notes)).text
        after = ann.post(page_of_collection(notes, "count"), {"lens": ""}, follow=True).text

        assert SAYS in before
        assert "Define a lens for it, standing-notes" in before
        assert "No lens counts" not in after
        assert "standing-notes" in after
        assert labels()["standing-notes"] == (1, (notes,))

    def test_offers_the_next_version_of_a_lens_that_names_collections(self, ann, desk, notes):
        ann.post(page_of_collection(notes, "count"), {"lens": "tone"})

        assert labels()["tone"] == (2, (desk.collection, notes))
        assert labels()["standing"] == (1, (desk.collection,))

    def test_says_what_cannot_be_done(self, ann, notes):
        ann.post(page_of_collection(notes, "count"), {"lens": "tone"})

        again = ann.post(page_of_collection(notes, "count"), {"lens": "tone"}, follow=True).text
        unknown = ann.post(page_of_collection(notes, "count"), {"lens": "nope"}, follow=True).text

        assert "lens tone already counts notes." in again
        assert "there is no lens &#x27;nope&#x27;." in unknown
        assert ann.get(page_of_collection(notes, "count")).status_code == 405

    def test_lets_only_curators_do_so(self, notes):
        browser = in_role("analyst")

        shown = browser.get(page_of_collection(notes)).text

        assert SAYS in shown
        assert "A curator can let a lens count it." in shown
        assert "<button" not in shown.split(SAYS)[1].split("</article>")[0]
        assert browser.post(page_of_collection(notes, "count"), {"lens": ""}).status_code == 403
        assert "standing-notes" not in labels()
