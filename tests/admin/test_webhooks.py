"""Webhooks at the desk: seen and tested by those who run the site, and by nobody else."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from tests.kit.builders import AT, BY
from tracker.webhooks import delivery, registry
from tracker.webhooks import queries as told

pytestmark = pytest.mark.django_db
LIST = "/admin/desk/webhook/"


@pytest.fixture
def hook(receiver, desk):
    order = registry.Subscription(url=receiver.url, kinds=("claim.asserted",), name="The newsroom")
    return registry.create(order, site="https://entente.example/", at=AT, by=BY)[0]


def does(client, hook, what):
    return client.post(reverse(f"admin:desk_webhook_{what}", args=[hook]), follow=True).text


def in_role(django_user_model, role):
    user = django_user_model.objects.create(username=role, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client


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
    def test_that_does_not_run_the_site_sees_and_does_nothing_here(
        self, django_user_model, hook, role
    ):
        client = in_role(django_user_model, role)

        assert client.get(LIST).status_code == 403
        assert client.get(f"{LIST}{hook}/change/").status_code == 403
        for what in ("test", "pause", "resume", "secret"):
            answer = client.post(reverse(f"admin:desk_webhook_{what}", args=[hook]))
            assert answer.status_code == 403

    def test_that_runs_it_does(self, django_user_model, hook):
        client = in_role(django_user_model, "admin")

        assert "Accepted" in does(client, hook, "test")
