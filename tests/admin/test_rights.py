"""No account at the desk grants rights that it lacks, or changes one with more rights."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse

from tracker.admin import access

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
PASSWORD = "long and right 1"


def account(name, *role_names, **given):
    user = User.objects.create_user(name, password=PASSWORD, **{"is_staff": True, **given})
    user.groups.set(Group.objects.filter(name__in=role_names))
    return user


def page(user, view="change"):
    name = "auth_user_password_change" if view == "password" else f"auth_user_{view}"
    return reverse(f"admin:{name}", args=[user.pk])


def form(user, **more):
    """What the browser sends for an account as it stands, with some fields changed."""
    sent = {
        "username": user.username,
        "is_active": "on",
        "is_staff": "on",
        "groups": [one.pk for one in user.groups.all()],
        "user_permissions": [one.pk for one in user.user_permissions.all()],
        "date_joined_0": "2026-01-01",
        "date_joined_1": "00:00:00",
    }
    return sent | more


def new(**more):
    return {
        "username": "new",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
        **more,
    }


@pytest.mark.parametrize("name", ["аnn", "bob"])
def test_a_superuser_gives_no_name_that_may_be_taken_for_another(boss, name):
    account("bob", "viewer").delete()
    viewer, client = account("eve", "viewer"), Client()
    client.force_login(boss)

    added = client.post(ADD_USER, new(username=name, groups=[group("viewer").pk]))
    renamed = client.post(page(viewer), form(viewer, username=name))

    said = {"аnn": "only letters of English", "bob": "was the name of another account"}[name]
    assert said in added.text
    assert said in renamed.text
    client.post(page(viewer), form(viewer, username="evelyn"))
    assert set(User.objects.values_list("username", flat=True)) == {"boss", "evelyn"}


@pytest.fixture
def mallory():
    return account("mallory", "admin")


@pytest.fixture
def boss():
    return account("boss", is_superuser=True)


@pytest.fixture
def desk(mallory):
    client = Client()
    client.force_login(mallory)
    return client


def group(name):
    return Group.objects.get(name=name)


def custom(name, *codenames):
    made = Group.objects.create(name=name)
    made.permissions.set(Permission.objects.filter(codename__in=codenames))
    return made


ADD_USER = "/admin/auth/user/add/"


class TestTheFormOfANewAccount:
    def roles(self, client):
        """What is offered: the label of each box, and whether it is ticked."""
        field = client.get(ADD_USER).context["adminform"].form["groups"]
        return {box.choice_label: box.data["selected"] for box in field}

    def test_says_what_each_role_may_do_and_begins_with_a_viewer(self, desk):
        offered = self.roles(desk)

        names = [label.partition(":")[0] for label in offered]
        assert names == ["viewer", "analyst", "curator", "importer", "admin"]
        assert [label for label, ticked in offered.items() if ticked] == [
            "viewer: read everything at the desk, write briefs"
        ]
        assert "importer: also upload files and withdraw imports" in offered

    def test_offers_a_group_that_is_no_role_by_its_name(self, desk):
        custom("a club", "view_claim")

        assert [*self.roles(desk)][-1] == "a club"

    def test_offers_what_the_editor_may_give(self, clerk):
        _, client = clerk

        assert set(self.roles(client)) == {"clerks"}


ACCOUNTS = ("view_user", "add_user", "change_user", "delete_user")
GROUPS = ("view_group", "add_group", "change_group", "delete_group")


@pytest.fixture
def clerk():
    """Somebody who manages accounts and groups, and does nothing else."""
    user = account("clerk")
    user.groups.add(custom("clerks", *ACCOUNTS, *GROUPS))
    client = Client()
    client.force_login(user)
    return user, client


class TestTheRoleAdmin:
    def test_does_not_become_superuser(self, desk, mallory):
        assert 'name="is_superuser"' not in desk.get(page(mallory)).text

        answer = desk.post(page(mallory), form(mallory, is_superuser="on"))

        assert answer.status_code == 302
        assert not User.objects.get(pk=mallory.pk).is_superuser

    def test_is_given_no_permission_and_joins_no_group_with_rights_that_it_lacks(
        self, desk, mallory
    ):
        missing = Permission.objects.get(codename="delete_session")
        more = custom("more", "delete_session")

        for wrong in ({"user_permissions": [missing.pk]}, {"groups": [group("admin").pk, more.pk]}):
            answer = desk.post(page(mallory), form(mallory, **wrong))

            assert "is not one of the available choices" in answer.text
        assert not mallory.user_permissions.exists()
        assert more not in mallory.groups.all()

    @pytest.mark.parametrize("active", [True, False])
    def test_does_not_change_the_password_of_a_superuser(self, desk, boss, active):
        User.objects.filter(pk=boss.pk).update(is_active=active)
        sent = {
            "usable_password": "true",
            "password1": "taken 99 over",
            "password2": "taken 99 over",
        }

        shown, answer = desk.get(page(boss, "password")), desk.post(page(boss, "password"), sent)

        assert (shown.status_code, answer.status_code) == (403, 403)
        assert "boss has rights that your account lacks" in answer.text
        assert User.objects.get(pk=boss.pk).check_password(PASSWORD)

    @pytest.mark.parametrize("active", [True, False])
    def test_does_not_edit_or_delete_a_superuser(self, desk, boss, active):
        User.objects.filter(pk=boss.pk).update(is_active=active)

        edited = desk.post(page(boss), form(boss, username="nobody", email="m@example.org"))
        deleted = desk.post(page(boss, "delete"), {"post": "yes"})

        assert (edited.status_code, deleted.status_code) == (403, 403)
        assert User.objects.get(pk=boss.pk).username == "boss"

    def test_deletes_no_superuser_in_bulk(self, desk, boss):
        viewer = account("bob", "viewer")
        chosen = {"_selected_action": [boss.pk, viewer.pk]}

        desk.post("/admin/auth/user/", {"action": "delete_selected", "post": "yes", **chosen})

        assert set(User.objects.values_list("username", flat=True)) == {"mallory", "boss", "bob"}

    def test_renames_nobody(self, desk, mallory):
        """Accept, rename, accept again: two names in the log, and one person."""
        for user in (mallory, account("bob", "viewer")):
            desk.post(page(user), form(user, username="rob", email="m@example.org"))

        assert set(User.objects.values_list("username", "email")) == {
            ("mallory", "m@example.org"),
            ("bob", "m@example.org"),
        }

    def test_makes_no_account_that_has_more_rights(self, desk):
        more = custom("more", "delete_session")

        answer = desk.post("/admin/auth/user/add/", new(groups=[more.pk]))

        assert "is not one of the available choices" in answer.text
        assert not User.objects.filter(username="new").exists()
        desk.post("/admin/auth/user/add/", new(groups=[group("viewer").pk], is_superuser="on"))
        assert not User.objects.get(username="new").is_superuser

    def test_adds_no_permission_to_a_group_that_it_lacks_itself(self, desk):
        missing = Permission.objects.get(codename="delete_session")
        viewer = group("viewer")

        answer = desk.post(
            reverse("admin:auth_group_change", args=[viewer.pk]),
            {"name": "viewer", "permissions": [missing.pk]},
        )

        assert "is not one of the available choices" in answer.text
        assert missing not in viewer.permissions.all()

    def test_still_manages_those_with_no_more_rights(self, desk):
        bob = account("bob", "viewer")

        answer = desk.post(
            page(bob), form(bob, groups=[group("curator").pk], email="b@example.org")
        )

        assert answer.status_code == 302
        bob.refresh_from_db()
        assert [one.name for one in bob.groups.all()] == ["curator"]
        assert bob.email == "b@example.org"

    def test_gives_a_new_account_its_role(self, desk):
        without = desk.post("/admin/auth/user/add/", new())
        made = desk.post("/admin/auth/user/add/", new(groups=[group("analyst").pk]))

        assert "Choose at least one role" in without.text
        # All that it needs is in the form.
        assert "be able to edit more user options" not in without.text
        assert made.status_code == 302
        user = User.objects.get(username="new")
        assert [one.name for one in user.groups.all()] == ["analyst"]
        assert user.is_staff


class TestWhoManagesOnlyAccounts:
    def test_does_not_touch_an_account_with_a_role(self, clerk):
        _, client = clerk
        analyst = account("bob", "analyst")

        answer = client.post(page(analyst), form(analyst, username="rob"))

        assert answer.status_code == 403
        assert User.objects.filter(username="bob").exists()

    def test_does_not_change_or_delete_a_group_with_more_rights(self, clerk):
        _, client = clerk
        row = group("viewer")
        kept = set(row.permissions.all())

        for view in ("change", "delete"):
            address = reverse(f"admin:auth_group_{view}", args=[row.pk])
            answer = client.post(address, {"name": "mine", "post": "yes"})
            assert answer.status_code == 403

        assert set(group("viewer").permissions.all()) == kept

    def test_does_not_take_rights_from_a_member_with_more(self, clerk, boss):
        _, client = clerk
        small = custom("small", "view_user")
        analyst = account("bob", "analyst")
        analyst.groups.add(small)

        answer = client.post(reverse("admin:auth_group_change", args=[small.pk]), {"name": "small"})

        assert answer.status_code == 403
        assert small.permissions.count() == 1

    def test_does_not_join_a_role_that_was_emptied(self, clerk):
        """The next `migrate` fills it again."""
        user, client = clerk
        group("curator").permissions.clear()

        client.post(
            page(user),
            form(user, groups=[*user.groups.values_list("pk", flat=True), group("curator").pk]),
        )
        access.create_roles()

        assert not User.objects.get(pk=user.pk).has_perm("desk.judge_claim")

    def test_does_not_name_a_group_as_a_role(self, clerk):
        """The same, by the name."""
        user, client = clerk
        Group.objects.filter(name="curator").delete()
        own = user.groups.get()

        answer = client.post(
            reverse("admin:auth_group_change", args=[own.pk]),
            {"name": "curator", "permissions": [one.pk for one in own.permissions.all()]},
        )

        assert "The role curator has rights that your account lacks" in answer.text

    def test_grants_nothing_by_a_form_that_lets_too_much_through(self, clerk, monkeypatch):
        """Whatever a form takes: what is saved is looked at again."""
        user, client = clerk
        monkeypatch.setattr(
            "tracker.admin.access.grantable_groups", lambda _request: Group.objects.all()
        )

        answer = client.post(page(user), form(user, groups=[group("admin").pk]))

        assert answer.status_code == 403
        assert [one.name for one in user.groups.all()] == ["clerks"]


class TestASuperuser:
    def test_makes_superusers_and_edits_everybody(self, boss):
        client = Client()
        client.force_login(boss)
        bob = account("bob", "viewer")

        assert 'name="is_superuser"' in client.get(page(bob)).text
        assert client.post(page(bob), form(bob, is_superuser="on")).status_code == 302
        assert User.objects.get(pk=bob.pk).is_superuser
        assert client.get(page(bob, "password")).status_code == 200


class TestASession:
    """It lives on, and its account's rights are looked at each time."""

    @pytest.mark.parametrize("lost", ["role", "staff", "active"])
    def test_opens_no_more_than_the_account_may_now(self, desk, mallory, lost):
        assert desk.get("/admin/auth/user/").status_code == 200
        if lost == "role":
            mallory.groups.clear()
        else:
            User.objects.filter(pk=mallory.pk).update(**{f"is_{lost}": False})

        assert desk.get("/admin/auth/user/").status_code == (403 if lost == "role" else 302)


class TestOtherPages:
    def test_of_tokens_and_second_factors_are_the_desks_own(self, boss):
        """Packages bring lists of their own, which would issue tokens and show secrets."""
        client = Client()
        client.force_login(boss)

        for address in (
            "knox/authtoken/",
            "tracker/apitoken/",
            "otp_totp/totpdevice/",
            "otp_static/staticdevice/",
        ):
            assert client.get(f"/admin/{address}").status_code == 404
