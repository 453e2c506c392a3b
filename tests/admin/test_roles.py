"""Each role may do what its row says, and is refused the rest in words, by address as well."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client

from tests.admin.conftest import ADD, page_of
from tests.kit.processes import CHECKOUT
from tracker import log
from tracker.admin import access

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


@pytest.fixture
def as_role():
    def log_in(role):
        user = get_user_model().objects.create_user(f"a-{role}", is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        client = Client()
        client.force_login(user)
        return client

    return log_in


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
    def test_opens_its_pages_and_no_others(self, as_role, role):
        client = as_role(role)

        opened = {page for page in PAGES if client.get(page).status_code == 200}

        assert opened == {page for page, may in PAGES.items() if role in may}

    @pytest.mark.parametrize("role", ROLES)
    def test_does_its_deeds_and_no_others(self, as_role, claim_id, role):
        client = as_role(role)

        open_ = {deed for deed in DEEDS if client.get(page_of(claim_id, deed)).status_code == 200}

        assert open_ == {deed for deed, may in DEEDS.items() if role in may}

    @pytest.mark.parametrize("role", ROLES)
    def test_changes_the_words_for_codes_if_it_curates(self, as_role, role):
        answer = as_role(role).post(WORDS, {"cue": "zorb", "code": "AID"})

        assert answer.status_code == (302 if role in CURATORS else 403)

    def test_is_refused_in_words_and_nothing_is_written(self, as_role, claim_id, written):
        head = log.head()

        answer = as_role("viewer").post(ADD, written())

        assert answer.status_code == 403
        assert "You may not enter claims. That is for the role analyst or admin" in answer.text
        assert "yours is: viewer" in answer.text
        assert "The desk" in answer.text
        assert log.head() == head

    def test_sees_beside_its_pages_only_what_it_may_open(self, as_role):
        text = as_role("importer").get("/admin/").text

        assert 'href="/admin/desk/job/add/"' in text
        assert f'href="{ADD}"' not in text
        assert 'href="/admin/auth/user/"' not in text
