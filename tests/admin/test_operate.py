"""How the work in the background goes, as the desk shows it; and tokens."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client

from tracker import log
from tracker.operations import accounts
from tracker.projections import impacts

pytestmark = pytest.mark.django_db
OPERATE = "/admin/desk/claim/operate/"
TOKENS = "/admin/desk/claim/tokens/"


@pytest.fixture
def bea(db):
    def log_in(role):
        user, _made = get_user_model().objects.get_or_create(username="bea", is_staff=True)
        user.groups.set(Group.objects.filter(name=role))
        client = Client()
        client.force_login(user)
        return client

    return log_in


class TestOperate:
    def test_shows_how_far_each_follower_is(self, ann, desk):
        impacts.follow_all()
        desk.asserts()

        [(follower, names)] = ann.get(OPERATE).context["followers"]

        assert (follower.position, follower.lag) == (log.head().position - 1, 1)
        assert set(names) == set(desk.lenses)

    def test_names_the_pairs_that_wait(self, ann, desk, claim_id):
        impacts.follow_all()

        page = ann.get(OPERATE)

        assert [one.pair for one in page.context["dirty"]] == ["KAZ-RUS"]
        assert "Pairs waiting for their scores: 1" in page.text

    def test_hides_jobs_from_those_who_may_not_see_them(self, bea):
        page = bea("curator").get(OPERATE)

        assert page.status_code == 200
        assert "Latest jobs" not in page.text

    def test_is_not_for_whoever_may_not_read(self, db):
        user = get_user_model().objects.create_user("bea", is_staff=True)
        client = Client()
        client.force_login(user)

        assert client.get(OPERATE).status_code == 403
        assert client.get(TOKENS).status_code == 403


class TestTokens:
    FORM = (("account", "ann"), ("name", "a notebook"), ("days", "30"), ("scope", "read"))

    def test_are_issued_and_seen_once(self, ann):
        text = ann.post(TOKENS, dict(self.FORM)).text

        token = re.search(r"<code>(ent_[0-9a-f]+)</code>", text)
        assert token is not None
        [issued] = accounts.tokens()
        assert (issued.account, issued.name, issued.scopes) == ("ann", "a notebook", ("read",))
        assert token[1] not in ann.get(TOKENS).text

    @pytest.mark.parametrize(
        ("wrong", "says"),
        [
            ({"account": "nobody"}, "there is no account"),
            ({"name": " "}, "requires a name"),
            ({"scope": "everything"}, "unknown scope"),
            ({"days": "0"}, "lasts from 1 to 730 days"),
            ({"days": "ever"}, "lasts from 1 to 730 days"),
        ],
    )
    def test_that_cannot_be_say_why_and_keep_what_was_typed(self, ann, wrong, says):
        text = ann.post(TOKENS, {**dict(self.FORM), **wrong}).text

        assert says in text
        assert accounts.tokens() == []
        assert ("a notebook" in text) == ("name" not in wrong)

    def test_are_revoked(self, ann):
        ann.post(TOKENS, dict(self.FORM))
        [issued] = accounts.tokens()

        page = ann.post(TOKENS, {"revoke": issued.prefix}, follow=True)

        assert "is revoked" in page.text
        assert accounts.tokens() == []
        assert (
            "no token begins with" in ann.post(TOKENS, {"revoke": issued.prefix}, follow=True).text
        )

    def test_are_issued_for_oneself_within_ones_role(self, bea):
        client = bea("curator")
        others = {**dict(self.FORM), "account": "ann"}
        get_user_model().objects.create_superuser("ann")

        page = client.get(TOKENS).text
        for_others = client.post(TOKENS, others).text
        beyond = client.post(TOKENS, {**dict(self.FORM), "account": "", "scope": "admin"}).text
        own = client.post(TOKENS, {**dict(self.FORM), "account": "", "scope": ["read", "curate"]})

        assert 'name="account"' not in page
        assert re.findall(r'name="scope" value="([a-z:]+)"', page) == ["read", "curate"]
        assert "you can issue tokens for your own account" in for_others
        assert "the role of bea does not allow admin" in beyond
        assert "ent_" in own.text
        assert [(one.account, one.issued_by) for one in accounts.tokens()] == [("bea", "bea")]

    def test_of_others_are_seen_by_those_who_manage_accounts(self, ann, bea):
        client = bea("curator")
        ann.post(TOKENS, dict(self.FORM))

        assert "a notebook" not in client.get(TOKENS).text
        client = bea("admin")
        assert "a notebook" in client.get(TOKENS).text

    @pytest.mark.parametrize(
        ("role", "says"), [("curator", "no token begins"), ("admin", "rights that your account")]
    )
    def test_of_a_superuser_are_revoked_by_nobody_else(self, ann, bea, role, says):
        ann.post(TOKENS, dict(self.FORM))
        [issued] = accounts.tokens()

        text = bea(role).post(TOKENS, {"revoke": issued.prefix}, follow=True).text

        assert says in text
        assert len(accounts.tokens()) == 1

    def test_of_those_with_fewer_rights_are_revoked_by_who_manages_accounts(self, ann, bea):
        user = get_user_model().objects.create_user("vic")
        user.groups.add(Group.objects.get(name="viewer"))
        ann.post(TOKENS, {**dict(self.FORM), "account": "vic"})
        [issued] = accounts.tokens()

        bea("admin").post(TOKENS, {"revoke": issued.prefix})

        assert accounts.tokens() == []
