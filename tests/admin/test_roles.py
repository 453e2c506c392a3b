"""Each role may do what its row says, and is refused the rest in words, by address as well; and
what nobody may do."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from tests.admin.conftest import ADD, in_role, page_of, unrecorded
from tests.kit.processes import CHECKOUT
from tracker import log
from tracker.admin import access, models
from tracker.queries.records import states

pytestmark = pytest.mark.django_db
DESK = CHECKOUT / "docs" / "desk.md"
ROLES = ("viewer", "analyst", "curator", "importer", "admin")
EVERYBODY = set(ROLES)
ANALYSTS, CURATORS, IMPORTERS = {"analyst", "admin"}, {"curator", "admin"}, {"importer", "admin"}
WORDS = "/admin/desk/claim/codes/words/"
# Page, who may open it, and a word of the refusal.
PAGES = {
    "/admin/": EVERYBODY,
    **{
        f"/admin/desk/{noun}/": EVERYBODY
        for noun in ("claim", "actor", "source", "document", "collection", "lens")
    },
    WORDS: EVERYBODY,
    "/admin/desk/job/": IMPORTERS,
    ADD: ANALYSTS,
    "/admin/desk/document/add/": ANALYSTS | CURATORS,
    "/admin/desk/actor/add/": CURATORS,
    "/admin/desk/source/add/": ANALYSTS | CURATORS,
    "/admin/desk/collection/add/": CURATORS,
    "/admin/desk/lens/add/": CURATORS,
    "/admin/desk/job/add/": IMPORTERS,
    "/admin/desk/job/imports/": IMPORTERS,
    "/admin/auth/user/": {"admin"},
    "/admin/auth/group/": {"admin"},
    "/admin/auth/user/add/": {"admin"},
}
DEEDS = {
    **dict.fromkeys(("correct", "retract", "cite", "link"), ANALYSTS),
    **dict.fromkeys(("judge", "review"), CURATORS),
    "withhold": set[str](),
}


class TestARole:
    def test_is_made_by_the_migrations(self):
        assert {one.name for one in Group.objects.all()} >= EVERYBODY

    def test_keeps_what_was_added_to_it(self):
        group = Group.objects.get(name="viewer")
        added = Group.objects.get(name="analyst").permissions.get(codename="add_claim")
        group.permissions.add(added)

        access.create_roles()

        assert added in group.permissions.all()

    @pytest.mark.parametrize("role", ROLES)
    def test_is_described_in_the_words_of_the_documentation(self, role):
        assert f"| {role} | {access.MAY[role]} |" in DESK.read_text(encoding="utf-8")

    def test_is_described_for_all(self):
        assert access.MAY.keys() == access.ROLES.keys()

    @pytest.mark.parametrize("role", ROLES)
    def test_opens_its_pages_and_no_others(self, role):
        client = in_role(role)

        opened = {page for page in PAGES if client.get(page).status_code == 200}

        assert opened == {page for page, may in PAGES.items() if role in may}

    @pytest.mark.parametrize("role", ROLES)
    def test_does_its_deeds_and_no_others(self, claim_id, role):
        client = in_role(role)

        head = log.head()

        open_ = {deed for deed in DEEDS if client.get(page_of(claim_id, deed)).status_code == 200}

        assert log.head() == head
        assert open_ == {deed for deed, may in DEEDS.items() if role in may}

    @pytest.mark.parametrize("role", ROLES)
    def test_changes_the_words_for_codes_if_it_curates(self, role):
        answer = in_role(role).post(WORDS, {"cue": "zorb", "code": "AID"})

        assert answer.status_code == (302 if role in CURATORS else 403)

    def test_is_refused_in_words_and_nothing_is_written(self, claim_id, written):
        answer = unrecorded(in_role("viewer"), ADD, written())

        assert answer.status_code == 403
        assert "You may not enter claims. That is for the role analyst or admin" in answer.text
        assert "yours is: viewer" in answer.text
        assert "The desk" in answer.text

    def test_sees_beside_its_pages_only_what_it_may_open(self):
        text = in_role("importer").get("/admin/").text

        assert 'href="/admin/desk/job/add/"' in text
        assert f'href="{ADD}"' not in text
        assert 'href="/admin/auth/user/"' not in text


class TestNothing:
    """Of what is on record can be edited or deleted, whoever asks."""

    @pytest.mark.parametrize("view", ["change", "delete"])
    def test_takes_a_post(self, ann, claim_id, view):
        answer = unrecorded(ann, page_of(claim_id, view), {"post": "yes", "status": "retracted"})

        assert answer.status_code == 403
        assert states.claim(claim_id).status == "standing"

    @pytest.mark.parametrize("noun", ["actor", "source", "document"])
    def test_takes_a_post_for_records_either(self, ann, desk, noun):
        row = {"actor": desk.countries["KAZ"], "source": desk.source, "document": desk.document}
        for view in ("change", "delete"):
            path = reverse(f"admin:desk_{noun}_{view}", args=[row[noun]])
            assert ann.post(path, {"post": "yes"}).status_code == 403

    @pytest.mark.parametrize("noun", ["claim", "actor", "source", "document"])
    def test_is_deleted_in_bulk(self, ann, claim_id, noun):
        kept = models.StandingClaim.objects.count(), models.StandingRecord.objects.count()
        chosen = [str(claim_id)]
        form = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}

        ann.post(f"/admin/desk/{noun}/", form)

        now = models.StandingClaim.objects.count(), models.StandingRecord.objects.count()
        assert now == kept
        assert "delete_selected" not in ann.get(f"/admin/desk/{noun}/").text


class TestWhoMay:
    """What, by Django's permissions on the desk's models."""

    def test_read_may_not_write(self, someone, claim_id, written):
        reader = someone("view_claim")

        assert reader.get(page_of(claim_id)).status_code == 200
        assert "Retract" not in reader.get(page_of(claim_id)).text
        assert "Withhold" not in reader.get(page_of(claim_id)).text
        assert reader.post(ADD, written()).status_code == 403
        for view in (
            *("correct", "retract", "judge", "cite", "reinstate"),
            *("review", "resolve", "unlink", "withhold"),
        ):
            sent_there = reader.post(page_of(claim_id, view), {"reason": "no", "version": "1"})
            assert sent_there.status_code == 403

    def test_withhold_words_is_a_superuser_alone(self, someone, claim_id):
        everything = someone(*Permission.objects.values_list("codename", flat=True))
        position = str(log.head().position)
        form = {"position": position, "reason": "a person", "authority": "ann", "version": "1"}

        assert "Withhold" not in everything.get(page_of(claim_id)).text
        assert everything.post(page_of(claim_id, "withhold"), form).status_code == 403
        assert log.at(int(position)).words

    def test_do_nothing_without_logging_in(self, claim_id, written):
        for path in (ADD, page_of(claim_id), page_of(claim_id, "retract")):
            assert Client().post(path, {}).status_code == 302

    def test_not_forge_a_post_from_elsewhere(self, claim_id, ann):
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = ann.cookies

        answer = strict.post(page_of(claim_id, "retract"), {"reason": "no", "version": "1"})

        assert answer.status_code == 403
