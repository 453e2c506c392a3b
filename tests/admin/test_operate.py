"""How the work in the background goes, as the desk shows it; and tokens."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client

from tracker import log
from tracker.operations import tokens
from tracker.projections import impacts

pytestmark = pytest.mark.django_db
OPERATE = "/admin/desk/claim/operate/"
TOKENS = "/admin/desk/claim/tokens/"


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
        assert "Pairs that wait for their scores: 1" in page.text

    def test_tells_what_is_done_how_often(self, ann, desk):
        text = ann.get(OPERATE).text

        assert "every 5 s" in text
        assert "daily at 02:07 UTC" in text
        assert "every hour at minute 17" in text

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
        [issued] = tokens.issued()
        assert (issued.account, issued.name, issued.scopes) == ("ann", "a notebook", ("read",))
        assert token[1] not in ann.get(TOKENS).text

    @pytest.mark.parametrize(
        ("wrong", "says"),
        [
            ({"account": "nobody"}, "there is no account"),
            ({"name": " "}, "needs a name"),
            ({"scope": "everything"}, "no such scope"),
            ({"days": "0"}, "lasts from 1 to 730 days"),
            ({"days": "ever"}, "lasts from 1 to 730 days"),
        ],
    )
    def test_that_cannot_be_say_why_and_keep_what_was_typed(self, ann, wrong, says):
        text = ann.post(TOKENS, {**dict(self.FORM), **wrong}).text

        assert says in text
        assert tokens.issued() == []
        assert ("a notebook" in text) == ("name" not in wrong)

    def test_are_revoked(self, ann):
        ann.post(TOKENS, dict(self.FORM))
        [issued] = tokens.issued()

        page = ann.post(TOKENS, {"revoke": issued.prefix}, follow=True)

        assert "opens nothing now" in page.text
        assert tokens.issued() == []
        assert (
            "no token begins with" in ann.post(TOKENS, {"revoke": issued.prefix}, follow=True).text
        )

    def test_are_for_those_who_manage_accounts(self, db):
        user = get_user_model().objects.create_user("bea", is_staff=True)
        user.groups.add(Group.objects.get(name="curator"))
        client = Client()
        client.force_login(user)

        page = client.get(OPERATE)
        assert page.status_code == 200
        assert "Latest jobs" not in page.text
        assert client.post(TOKENS, dict(self.FORM)).status_code == 403
        assert tokens.issued() == []
