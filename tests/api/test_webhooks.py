"""Webhooks, as those who run them and those who receive them see them."""

from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from tracker.webhooks import delivery

pytestmark = pytest.mark.django_db


def now():
    return datetime.now(UTC)


def subscribes(api, receiver, *kinds, **given):
    wanted = {"url": receiver.url, "kinds": kinds or ["claim.asserted"], **given}
    return api.post("webhooks/", wanted)


class TestAMessage:
    def test_is_verified_by_another_library_with_the_secret_that_was_shown(
        self, api, desk, receiver
    ):
        made = subscribes(api, receiver)
        claim = api.claims(desk)

        assert delivery.deliver(now=now) == 1

        ((headers, body),) = receiver.got
        told = Webhook(made["secret"]).verify(body, headers)
        assert told["type"] == "claim.asserted"
        assert told["data"] == {
            "position": claim["position"],
            "claim": claim["id"],
            "version": 1,
            "url": f"http://testserver/api/v1/claims/{claim['id']}/",
        }
        assert datetime.fromisoformat(told["timestamp"]) == datetime.fromisoformat(
            claim["recorded_at"]
        )
        assert headers["Content-Type"] == "application/json"


class TestASecret:
    def test_is_shown_once(self, api, receiver):
        body = {"url": receiver.url, "kinds": ["claim.asserted"]}
        made = api.send("webhooks/", body, idempotency_key="k")
        again = api.send("webhooks/", body, idempotency_key="k")

        assert made.json()["secret"].startswith("whsec_")
        assert again.headers["Idempotency-Replayed"] == "true"
        assert again.json() == {**made.json(), "secret": None}
        assert made.headers["Cache-Control"] == "no-store"
        assert made.headers["Location"].endswith(f"/webhooks/{made.json()['id']}/")
        shown = str(api.get("webhooks/")) + str(api.get(f"webhooks/{made.json()['id']}/"))
        assert "whsec_" not in shown
        assert "secret" not in shown

    def test_that_is_new_and_the_old_one_both_verify_for_a_day(self, api, desk, receiver):
        made = subscribes(api, receiver)
        new = api.post(f"webhooks/{made['id']}/secret/", None)
        api.claims(desk)

        delivery.deliver(now=now)

        ((headers, body),) = receiver.got
        assert new["secret"] != made["secret"]
        for secret in (new["secret"], made["secret"]):
            assert Webhook(secret).verify(body, headers)["type"] == "claim.asserted"


class TestTheTest:
    def test_sends_a_message_at_once_and_says_how_that_went(self, api, receiver):
        made = subscribes(api, receiver)

        well = api.post(f"webhooks/{made['id']}/test/", None, expect=200)
        receiver.answers.append((500, {}))
        ill = api.post(f"webhooks/{made['id']}/test/", None, expect=200)

        assert (well["state"], well["status"], well["error"]) == ("delivered", 204, "")
        assert (ill["state"], ill["status"], ill["error"]) == ("dropped", 500, "answered 500")
        assert receiver.kinds() == ["webhook.test"] * 2
        headers, body = receiver.got[0]
        assert Webhook(made["secret"]).verify(body, headers)["data"]["webhook"] == made["id"]
        assert headers["webhook-id"] == well["id"]


class TestDeliveries:
    def test_are_listed_the_newest_first_with_what_became_of_them(self, api, desk, receiver):
        made = subscribes(api, receiver)
        for day in ("10", "11", "12"):
            api.claims(desk, occurred={"edtf": f"2022-05-{day}"})
        receiver.answers += [(204, {}), (503, {})]

        delivery.deliver(now=now)

        path = f"webhooks/{made['id']}/deliveries/"
        listed = api.get(path)["results"]
        assert [one["state"] for one in listed] == ["waiting", "waiting", "delivered"]
        assert [one["attempts"] for one in listed] == [0, 1, 1]
        assert listed[1]["error"] == "answered 503"
        assert listed[2]["body"] == receiver.bodies()[0]
        first = api.get(path, limit=2)
        assert [*first["results"], *api.get(first["next"])["results"]] == listed
        shown = api.get(f"webhooks/{made['id']}/")
        assert shown["waiting"] == 2
        assert shown["failing_since"]


class TestAWebhook:
    def test_is_read_changed_and_deleted(self, api, receiver, desk):
        made = subscribes(api, receiver, "claim.asserted", pair="rus-kaz", name="News")
        path = f"/api/v1/webhooks/{made['id']}/"

        changed = api.http.patch(path, {"kinds": ["claim.retracted"], "pair": None}, format="json")

        assert made["pair"] == "KAZ-RUS"
        assert (changed.json()["kinds"], changed.json()["pair"]) == (["claim.retracted"], None)
        assert changed.json()["name"] == "News"
        assert api.get(path) == changed.json()
        assert [one["id"] for one in api.get("webhooks/")["results"]] == [made["id"]]
        assert api.http.delete(path).status_code == 204
        api.get(path, expect=404)
        assert api.http.delete(path).status_code == 404

    def test_begins_after_the_position_that_is_asked_for(self, api, receiver, desk):
        before = [api.claims(desk) for _ in range(3)]

        subscribes(api, receiver, after=before[1]["position"])
        delivery.deliver(now=now)

        assert [one["data"]["claim"] for one in receiver.bodies()] == [before[2]["id"]]

    def test_names_all_that_is_wrong_with_what_is_asked_for(self, api):
        problem = api.post(
            "webhooks/",
            {
                "url": "ftp://example.org/",
                "kinds": ["claim.asserted"],
                "pair": "KAZ-XYZ",
                "lens": "nobody",
                "after": 10**9,
            },
            expect=400,
        )

        pointers = [one["pointer"] for one in problem["errors"]]
        assert pointers == ["/url", "/pair", "/lens", "/after"]

    @pytest.mark.parametrize("kinds", [[], ["claim.moved"], "claim.asserted", None])
    def test_needs_kinds_of_news_that_there_are(self, api, kinds):
        body = {"url": "https://example.org/", "kinds": kinds}

        (error,) = api.post("webhooks/", body, expect=400)["errors"]
        assert error["pointer"].startswith("/kinds")

    def test_that_is_paused_is_told_later_what_happened_meanwhile(self, api, receiver, desk):
        made = subscribes(api, receiver)
        path = f"/api/v1/webhooks/{made['id']}/"
        assert api.http.patch(path, {"active": False}, format="json").json()["state"] == "paused"
        api.claims(desk)
        assert delivery.deliver(now=now) == 0

        assert api.http.patch(path, {"active": True}, format="json").json()["state"] == "active"

        assert delivery.deliver(now=now) == 1
