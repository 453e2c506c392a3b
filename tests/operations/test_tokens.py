"""Tokens, and the command that issues them."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from tests.builders import AT
from tracker.operations import tokens

pytestmark = pytest.mark.django_db
LONG = timedelta(days=36_500)


@pytest.fixture(autouse=True)
def ann():
    get_user_model().objects.create(username="ann")


def issue(**given):
    asked = {"name": "a feed", "scopes": ("read",), "lasting": LONG, "at": AT, **given}
    return tokens.issue("ann", **asked)


def reads(token):
    client = APIClient(headers={"Authorization": f"Bearer {token}"})
    return client.get("/api/v1/claims/").status_code


class TestIssue:
    def test_gives_a_token_that_opens_what_it_names(self):
        token = issue()

        assert token.startswith("ent_")
        assert reads(token) == 200

    def test_gives_a_token_that_ends(self):
        assert reads(issue(lasting=timedelta(days=1))) == 401

    def test_refuses_a_scope_that_does_not_exist_and_names_those_that_do(self):
        with pytest.raises(tokens.BadToken, match=r"writ; scopes: read, write:claims, curate"):
            issue(scopes=("read", "writ"))

    @pytest.mark.parametrize("given", [{"scopes": ()}, {"name": " "}])
    def test_refuses_a_token_without_scope_or_name(self, given):
        with pytest.raises(tokens.BadToken):
            issue(**given)

    def test_refuses_an_account_that_does_not_exist(self):
        with pytest.raises(tokens.NoSuchAccount, match="'bob'"):
            tokens.issue("bob", name="a feed", scopes=("read",), lasting=LONG, at=AT)


class TestRenew:
    def test_takes_the_place_of_the_token_of_that_name_and_of_no_other(self):
        old, other = issue(), issue(name="another")

        new = tokens.renew("ann", name="a feed", scopes=("read",), lasting=LONG, at=AT)

        assert [reads(one) for one in (old, other, new)] == [401, 200, 200]


class TestRevoke:
    def test_shuts_one_token_and_no_other(self):
        old, other = issue(), issue(name="another")

        gone = tokens.revoke(old[:15])

        assert (gone.name, gone.account, gone.scopes) == ("a feed", "ann", ("read",))
        assert [reads(one) for one in (old, other)] == [401, 200]
        assert [one.name for one in tokens.issued()] == ["another"]

    @pytest.mark.parametrize(
        ("prefix", "words"),
        [("ent_", "2 tokens begin with 'ent_'"), ("", "no token"), ("x", "no token begins")],
    )
    def test_names_what_is_not_one_token(self, prefix, words):
        there = [issue(), issue(name="another")]

        with pytest.raises(tokens.NoSuchToken, match=words):
            tokens.revoke(prefix)

        assert [reads(one) for one in there] == [200, 200]


class TestTheCommand:
    def test_lists_how_tokens_begin_and_nothing_that_opens(self):
        token = issue(scopes=("read", "curate"))
        said = StringIO()

        call_command("token", "list", stdout=said)

        assert said.getvalue().startswith(f"{token[:15]}…  ann  read curate  until 2124-")
        assert "a feed" in said.getvalue()
        assert token not in said.getvalue()

    def test_revokes_the_one_that_begins_so(self):
        token = issue()
        said = StringIO()

        call_command("token", "revoke", token[:12], stdout=said)

        assert said.getvalue().startswith(f"revoked {token[:15]}…  ann")
        assert reads(token) == 401
        with pytest.raises(CommandError, match="no token begins"):
            call_command("token", "revoke", token[:12])

    def test_prints_a_token_that_works(self):
        said = StringIO()

        call_command("token", "create", "--user", "ann", "--scope", "read", stdout=said)

        assert reads(said.getvalue().strip()) == 200

    def test_says_that_there_is_no_such_account(self):
        with pytest.raises(CommandError, match="no account 'bob'"):
            call_command("token", "create", "--user", "bob", "--scope", "read")
