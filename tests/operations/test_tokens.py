"""Tokens, and the command that issues them."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.urls import get_resolver
from rest_framework.test import APIClient

from tests.kit.builders import AT, an_account
from tracker.models.operational import ApiToken
from tracker.operations import accounts

pytestmark = pytest.mark.django_db
LONG = timedelta(days=36_500)


@pytest.fixture(autouse=True)
def ann():
    # To load the pages may take longer than a transaction may be idle.
    assert get_resolver().url_patterns
    an_account()


def issue(account="ann", by=accounts.COMMAND_LINE, **given):
    asked = {"name": "a feed", "scopes": ("read",), "lasting": LONG, "at": AT, **given}
    return accounts.issue(account, by=by, **asked)


def reads(token):
    client = APIClient(headers={"Authorization": f"Bearer {token}"})
    return client.get("/api/v1/claims/").status_code


class TestIssue:
    def test_gives_a_token_that_ends(self):
        assert reads(issue(lasting=timedelta(days=1))) == 401

    def test_refuses_a_scope_that_does_not_exist_and_names_those_that_do(self):
        with pytest.raises(
            accounts.BadToken, match=r"writ; expected one of: read, write:claims, curate"
        ):
            issue(scopes=("read", "writ"))

    @pytest.mark.parametrize("given", [{"scopes": ()}, {"name": " "}])
    def test_refuses_a_token_without_scope_or_name(self, given):
        with pytest.raises(accounts.BadToken):
            issue(**given)


def a_user(name="bea", *role_names, **given):
    user = get_user_model().objects.create(username=name, **given)
    user.groups.set(Group.objects.filter(name__in=role_names))
    return user


def scopes_of(*role_names):
    return accounts.allowed_scopes(a_user("bea", *role_names))


class TestTheScopes:
    """What each role allows, by docs/roles.md."""

    @pytest.mark.parametrize(
        ("role", "scopes"),
        [
            ("viewer", ("read",)),
            ("analyst", ("read", "write:claims")),
            ("curator", ("read", "curate")),
            ("importer", ("read", "import")),
            ("admin", ("read", "write:claims", "curate", "import", "admin")),
        ],
    )
    def test_are_those_of_the_role(self, role, scopes):
        assert accounts.allowed_scopes(a_user("carl")) == ()
        assert scopes_of(role) == scopes

    def test_of_a_superuser_are_all_while_the_account_is_active(self):
        user = a_user(is_superuser=True)

        assert accounts.allowed_scopes(user) == accounts.SCOPES
        user.is_active = False
        assert accounts.allowed_scopes(user) == ()

    def test_beyond_the_role_are_not_issued(self):
        a_user("bea", "viewer")

        says = r"the role of bea does not allow curate \(it allows read\)"
        with pytest.raises(accounts.BadToken, match=says):
            issue("bea", scopes=("read", "curate"))


class TestTheIssuer:
    """`ann` is a superuser."""

    def test_is_recorded(self):
        a_user("bea", "viewer")
        issue("bea", "bea")
        issue("bea", "ann")
        issue()
        ApiToken.objects.filter(user__username="ann").update(issued_by="")

        by = [(one.account, one.issued_by) for one in accounts.tokens()]

        assert sorted(by) == [("ann", "unknown"), ("bea", "ann"), ("bea", "bea")]

    @pytest.mark.parametrize("account", ["ann", "carl", "nobody"])
    def test_who_is_no_superuser_issues_for_nobody_else(self, account):
        a_user("bea", "admin")
        a_user("carl", "viewer")

        with pytest.raises(accounts.TokenNotAllowed, match="for your own account"):
            issue(account, "bea")

    @pytest.mark.parametrize("lost", ["is_superuser", "is_active"])
    def test_who_lost_their_rights_leaves_no_token_behind(self, lost):
        """Who issued a token for somebody else may have kept it."""
        a_user("bea", "viewer")
        token = issue("bea", "ann")
        assert reads(token) == 200

        get_user_model().objects.filter(username="ann").update(**{lost: False})

        assert reads(token) == 403

    def test_who_is_deleted_leaves_no_token_behind(self):
        a_user("bea", "viewer")
        token, own = issue("bea", "ann"), issue("bea", "bea")

        get_user_model().objects.get(username="ann").delete()

        assert [reads(one) for one in (token, own)] == [401, 200]


class TestAToken:
    """Of an account whose rights change."""

    @pytest.fixture
    def bea(self):
        return a_user("bea", "curator")

    @pytest.fixture
    def token(self, bea):
        return issue("bea", "bea", scopes=("read", "curate"))

    def curates(self, token):
        client = APIClient(headers={"Authorization": f"Bearer {token}"})
        return client.post("/api/v1/sources/", {}, format="json").status_code

    def test_ends_with_the_role_and_says_so(self, bea, token):
        assert (reads(token), self.curates(token)) == (200, 400)

        bea.groups.set(Group.objects.filter(name="viewer"))

        assert (reads(token), self.curates(token)) == (200, 403)
        client = APIClient(headers={"Authorization": f"Bearer {token}"})
        said = client.post("/api/v1/sources/", {}, format="json").json()["detail"]
        assert "the role of bea does not allow curate" in said
        bea.groups.clear()
        assert reads(token) == 403

    def test_without_rights_reads_no_more_on_an_open_site(self, bea, token, settings):
        """With a token one is shown what is not printed for everybody."""
        settings.ANONYMOUS_READERS = True
        bea.groups.clear()

        assert reads(token) == 403
        assert APIClient().get("/api/v1/claims/").status_code == 200

    def test_that_does_not_read_is_told_how_to_on_an_open_site(self, settings):
        settings.ANONYMOUS_READERS = True
        token = issue(scopes=("curate",))
        client = APIClient(headers={"Authorization": f"Bearer {token}"})

        answer = client.get("/api/v1/claims/")

        assert answer.status_code == 403
        assert "without a token you can read what is public" in answer.json()["detail"]

    @pytest.mark.parametrize("superuser", [True, False])
    def test_withholds_words_only_if_its_account_may_at_the_desk(self, superuser):
        a_user("boss", "admin", is_superuser=superuser)
        token = issue("boss", "boss", scopes=("admin",))
        client = APIClient(headers={"Authorization": f"Bearer {token}"})

        answer = client.post("/api/v1/log/events/1/withholding/", {}, format="json")
        listed = client.get("/api/v1/webhooks/")

        assert answer.status_code == (400 if superuser else 403)
        assert listed.status_code == 200


class TestRenew:
    def test_takes_the_place_of_the_token_of_that_name_and_of_no_other(self):
        old, other = issue(), issue(name="another")

        new = accounts.renew(
            "ann", by=accounts.COMMAND_LINE, name="a feed", scopes=("read",), lasting=LONG, at=AT
        )

        assert [reads(one) for one in (old, other, new)] == [401, 200, 200]


class TestRevoke:
    @pytest.mark.parametrize(
        ("prefix", "words"),
        [("ent_", "2 tokens begin with 'ent_'"), ("", "no token"), ("x", "no token begins")],
    )
    def test_names_what_is_not_one_token(self, prefix, words):
        there = [issue(), issue(name="another")]

        with pytest.raises(accounts.NoSuchToken, match=words):
            accounts.revoke(prefix)

        assert [reads(one) for one in there] == [200, 200]


class TestTheCommand:
    def test_lists_how_tokens_begin_and_nothing_that_opens(self):
        token = issue(scopes=("read", "curate"))
        said = StringIO()

        call_command("token", "list", stdout=said)

        assert said.getvalue().startswith(f"{token[:15]}…  ann  read curate  until 2124-")
        assert "issued by command line  a feed" in said.getvalue()
        assert token not in said.getvalue()

    def test_revokes_the_one_that_begins_so(self):
        token, other = issue(), issue(name="another")
        said = StringIO()

        call_command("token", "revoke", token[:15], stdout=said)

        assert said.getvalue().startswith(f"revoked {token[:15]}…  ann")
        assert [reads(one) for one in (token, other)] == [401, 200]
        assert [one.name for one in accounts.tokens()] == ["another"]
        with pytest.raises(CommandError, match="no token begins"):
            call_command("token", "revoke", token[:15])

    def test_prints_a_token_that_works(self):
        said = StringIO()

        call_command("token", "create", "--user", "ann", "--scope", "read", stdout=said)

        token = said.getvalue().strip()
        assert (token[:4], reads(token)) == ("ent_", 200)

    def test_says_which_scopes_do_not_work_any_more(self):
        bea = a_user("bea", "curator")
        issue("bea", "bea", scopes=("read", "curate"))
        bea.groups.set(Group.objects.filter(name="viewer"))
        said = StringIO()

        call_command("token", "list", stdout=said)

        assert "bea  read curate  (not usable now: curate)" in said.getvalue()

    def test_says_that_there_is_no_such_account(self):
        with pytest.raises(CommandError, match="no account 'bob'"):
            call_command("token", "create", "--user", "bob", "--scope", "read")
