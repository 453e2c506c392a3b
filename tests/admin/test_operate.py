"""How the work in the background goes, as the desk shows it; tokens; and webhooks."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.urls import reverse

from tests.admin.conftest import in_role
from tests.kit.builders import AT, BY
from tracker import log
from tracker.operations import accounts
from tracker.projections import impacts
from tracker.webhooks import delivery, registry
from tracker.webhooks import queries as told

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
        assert "Pairs waiting for their scores: 1" in page.text

    def test_hides_jobs_from_those_who_may_not_see_them(self, db):
        page = in_role("curator").get(OPERATE)

        assert page.status_code == 200
        assert "Latest jobs" not in page.text

    def test_is_not_for_whoever_may_not_read(self, someone):
        client = someone()

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

    def test_are_issued_for_oneself_within_ones_role(self, db):
        client = in_role("curator")
        others = {**dict(self.FORM), "account": "ann"}
        get_user_model().objects.create_superuser("ann")

        page = client.get(TOKENS).text
        for_others = client.post(TOKENS, others).text
        beyond = client.post(TOKENS, {**dict(self.FORM), "account": "", "scope": "admin"}).text
        own = client.post(TOKENS, {**dict(self.FORM), "account": "", "scope": ["read", "curate"]})

        assert 'name="account"' not in page
        assert re.findall(r'name="scope" value="([a-z:]+)"', page) == ["read", "curate"]
        assert "you can issue tokens for your own account" in for_others
        assert "the role of a-curator does not allow admin" in beyond
        assert "ent_" in own.text
        assert [(one.account, one.issued_by) for one in accounts.tokens()] == [
            ("a-curator", "a-curator")
        ]

    def test_of_others_are_seen_by_those_who_manage_accounts(self, ann):
        client = in_role("curator")
        ann.post(TOKENS, dict(self.FORM))

        assert "a notebook" not in client.get(TOKENS).text
        client = in_role("admin")
        assert "a notebook" in client.get(TOKENS).text

    @pytest.mark.parametrize(
        ("role", "says"), [("curator", "no token begins"), ("admin", "rights that your account")]
    )
    def test_of_a_superuser_are_revoked_by_nobody_else(self, ann, role, says):
        ann.post(TOKENS, dict(self.FORM))
        [issued] = accounts.tokens()

        text = in_role(role).post(TOKENS, {"revoke": issued.prefix}, follow=True).text

        assert says in text
        assert len(accounts.tokens()) == 1

    def test_of_those_with_fewer_rights_are_revoked_by_who_manages_accounts(self, ann):
        user = get_user_model().objects.create_user("vic")
        user.groups.add(Group.objects.get(name="viewer"))
        ann.post(TOKENS, {**dict(self.FORM), "account": "vic"})
        [issued] = accounts.tokens()

        in_role("admin").post(TOKENS, {"revoke": issued.prefix})

        assert accounts.tokens() == []


LIST = "/admin/desk/webhook/"


@pytest.fixture
def hook(receiver, desk):
    order = registry.Subscription(url=receiver.url, kinds=("claim.asserted",), name="The newsroom")
    return registry.create(order, site="https://entente.example/", at=AT, by=BY)[0]


def does(client, hook, what):
    return client.post(reverse(f"admin:desk_webhook_{what}", args=[hook]), follow=True).text


class TestTheList:
    def test_leads_to_each_with_its_deliveries(self, ann, hook, desk):
        made = desk.asserts()
        delivery.deliver(now=lambda: AT)

        page = ann.get(f"{LIST}{hook}/change/").text

        assert "The newsroom" in ann.get(LIST).text
        assert "claim.asserted" in page
        assert "delivered" in page
        assert str(made.stream) in page


class TestTheButtons:
    def test_send_a_test_and_say_how_that_went(self, ann, hook, receiver):
        well = does(ann, hook, "test")
        receiver.answers = [(500, {})]
        ill = does(ann, hook, "test")

        assert "Accepted: 204" in well
        assert "Not accepted: answered 500" in ill
        assert receiver.kinds() == ["webhook.test"] * 2

    def test_pause_it_and_let_it_go_on(self, ann, hook):
        assert "Resume" in does(ann, hook, "pause")
        assert told.hook(hook).state == "paused"
        assert "Pause" in does(ann, hook, "resume")
        assert told.hook(hook).state == "active"

    def test_show_a_new_secret_once(self, ann, hook):
        assert "whsec_" in does(ann, hook, "secret")
        assert "whsec_" not in ann.get(f"{LIST}{hook}/change/").text

    def test_are_no_links(self, ann, hook):
        for what in ("test", "pause", "resume", "secret"):
            assert ann.get(reverse(f"admin:desk_webhook_{what}", args=[hook])).status_code == 405


class TestARole:
    @pytest.mark.parametrize("role", ["viewer", "analyst", "curator", "importer"])
    def test_that_does_not_run_the_site_sees_and_does_nothing_here(self, hook, role):
        client = in_role(role)

        assert client.get(LIST).status_code == 403
        assert client.get(f"{LIST}{hook}/change/").status_code == 403
        for what in ("test", "pause", "resume", "secret"):
            answer = client.post(reverse(f"admin:desk_webhook_{what}", args=[hook]))
            assert answer.status_code == 403

    def test_that_runs_it_does(self, hook):
        client = in_role("admin")

        assert "Accepted" in does(client, hook, "test")
