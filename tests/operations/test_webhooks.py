"""Messages are made from the log in its order, sent at least once, and tried again for long."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from tests.kit.background_work import work_off
from tests.kit.builders import AT, BY, a_citation, a_collection, withhold_text
from tests.kit.webhook_clock import START, hooked, positions
from tests.kit.webhook_receiver import a_receiver
from tracker.domain import events as e
from tracker.models.webhooks import Webhook, WebhookMessage
from tracker.operations import claims, sources
from tracker.projections import leases
from tracker.webhooks import delivery, registry, transport
from tracker.webhooks.delivery import FIRST_WAIT, LONGEST_WAIT, deliver

pytestmark = pytest.mark.django_db


class TestTheOrder:
    def test_is_that_of_the_log_also_after_failures(self, desk, receiver, clock):
        hooked(receiver)
        made = [desk.asserts().position for _ in range(4)]
        receiver.answers = [(204, {}), (500, {}), (500, {}), (204, {})]

        for _ in range(4):
            deliver(now=clock)
            clock.later(minutes=1)

        first, second, third, fourth = made
        assert positions(receiver) == [first, second, second, second, third, fourth]

    def test_sends_a_message_again_in_time_with_its_id_and_its_body(self, desk, receiver, clock):
        hooked(receiver)
        desk.asserts()
        receiver.answers = [(500, {})]

        deliver(now=clock)
        clock.later(seconds=4)
        deliver(now=clock)
        assert len(receiver.got) == 1
        clock.later(seconds=1)
        deliver(now=clock)

        (one, first), (other, second) = receiver.got
        assert first == second
        assert one["webhook-id"] == other["webhook-id"]
        assert int(other["webhook-timestamp"]) == int(one["webhook-timestamp"]) + 5

    def test_has_no_gap_where_the_log_is_long(self, desk, receiver, clock, monkeypatch):
        monkeypatch.setattr("tracker.webhooks.delivery.STRETCH", 2)
        hooked(receiver)
        made = [desk.asserts().position for _ in range(7)]

        assert deliver(now=clock) == 7

        assert positions(receiver) == made

    def test_lets_each_webhook_have_its_turn(self, desk, receiver, clock, monkeypatch):
        monkeypatch.setattr("tracker.webhooks.delivery.MOST_MESSAGES", 2)
        hooked(receiver)
        hooked(receiver, at=START + timedelta(seconds=1))
        for _ in range(3):
            desk.asserts()

        assert deliver(now=clock) == 4


class TestAFailure:
    def test_waits_twice_as_long_each_time(self):
        waits = [
            leases.backoff(n, first=FIRST_WAIT, longest=LONGEST_WAIT).total_seconds()
            for n in range(1, 5)
        ]

        assert waits == [5, 10, 20, 40]
        assert leases.backoff(100, first=FIRST_WAIT, longest=LONGEST_WAIT) == timedelta(hours=6)

    def test_waits_as_long_as_the_receiver_asks(self, desk, receiver, clock):
        made = hooked(receiver)
        desk.asserts()
        receiver.answers = [(429, {"Retry-After": "120"})]

        deliver(now=clock)

        assert Webhook.objects.get(id=made).not_before == START + timedelta(seconds=120)

    def test_of_five_days_disables_the_webhook_and_says_why(self, desk, receiver, clock):
        made = hooked(receiver)
        desk.asserts()
        receiver.answers = [(500, {})] * 60

        for _ in range(60):
            deliver(now=clock)
            clock.later(hours=6)

        row = Webhook.objects.get(id=made)
        assert (row.state, row.because) == (
            "disabled",
            "nothing was taken for 5 days: answered 500",
        )
        # at once and then every six hours, the last after five days
        assert len(receiver.got) == 21
        registry.update(made, lambda order: order, active=True, after=None)
        receiver.answers = []
        assert deliver(now=clock) == 1

    def test_that_says_gone_disables_it_at_once(self, desk, receiver, clock):
        made = hooked(receiver)
        desk.asserts()
        receiver.answers = [(410, {})]

        deliver(now=clock)

        assert Webhook.objects.get(id=made).state == "disabled"

    def test_of_one_webhook_holds_up_no_other(self, desk, receiver, clock):
        with a_receiver() as other:
            hooked(other)
            hooked(receiver, at=START + timedelta(seconds=1))
            desk.asserts()
            other.answers = [(500, {})]

            assert deliver(now=clock) == 1


class TestAWorker:
    def test_that_was_killed_in_mid_message_leaves_it_for_later(
        self, desk, receiver, clock, monkeypatch
    ):
        made = hooked(receiver)
        desk.asserts()
        with monkeypatch.context() as patched:
            patched.setattr(delivery, "_sent", _killed)
            with pytest.raises(KeyboardInterrupt):
                deliver(now=clock)
        # What a process that died cannot do itself.
        Webhook.objects.filter(id=made).update(lease=uuid4(), lease_until=START + delivery.LEASE)

        assert deliver(now=clock) == 0
        clock.later(minutes=3)
        assert deliver(now=clock) == 1
        assert WebhookMessage.objects.get().attempts == 2


def _killed(*_):
    raise KeyboardInterrupt


class TestASecretKey:
    def test_that_was_changed_is_noticed_and_said(self, desk, receiver, clock, settings):
        made = hooked(receiver)
        desk.asserts()
        settings.SECRET_KEY = "another"

        deliver(now=clock)

        assert receiver.got == []
        assert "the key of its secret is gone" in WebhookMessage.objects.get().error
        registry.renew_secret(made, at=clock.at)
        row = Webhook.objects.get(id=made)
        assert transport.headers(row.secrets[:1], "msg_1", "{}", at=clock.at)

    @pytest.mark.parametrize("fallbacks", ["SECRET_KEY_FALLBACKS", "WEBHOOK_KEY_FALLBACKS"])
    def test_that_is_a_fallback_still_signs(self, desk, receiver, clock, settings, fallbacks):
        salts = [transport.new_salt()]
        before = transport.headers(salts, "msg_1", "{}", at=START)
        secret = transport.secret(salts)

        setattr(settings, fallbacks, ["one", settings.SECRET_KEY])
        settings.SECRET_KEY, settings.WEBHOOK_KEY = "another", "of webhooks"

        assert transport.headers(salts, "msg_1", "{}", at=START) == before
        assert transport.secret(salts) == secret
        assert transport.secret([transport.new_salt()]) != secret

    def test_of_webhooks_outlives_a_new_secret_key(self, desk, receiver, clock, settings):
        settings.WEBHOOK_KEY = "of webhooks"
        hooked(receiver)
        desk.asserts()
        settings.SECRET_KEY = "another"

        assert deliver(now=clock) == 1

    def test_leaves_no_secret_in_the_database(self, desk, receiver):
        order = registry.Subscription(url=receiver.url, kinds=("claim.asserted",))
        made, secret = registry.create(order, site="https://e.example/", at=START, by=BY)

        held = str(Webhook.objects.filter(id=made).values())
        assert secret.removeprefix("whsec_") not in held


class TestWhatWasTold:
    def test_is_forgotten_after_sixty_days_and_what_waits_is_not(self, desk, receiver, clock):
        hooked(receiver)
        desk.asserts()
        deliver(now=clock)
        desk.asserts()
        receiver.answers = [(500, {})]
        deliver(now=clock)

        clock.later(days=60)
        assert delivery.forget(at=clock.at) == 1
        assert [one.state for one in WebhookMessage.objects.all()] == ["waiting"]

    def test_is_told_again_to_whoever_asks_for_it_and_what_waits_is_passed_over(
        self, desk, receiver, clock
    ):
        made = hooked(receiver)
        one, other = (desk.asserts().position for _ in range(2))
        receiver.answers = [(204, {}), (500, {})]
        deliver(now=clock)

        registry.update(made, lambda order: order, active=True, after=one - 1)
        deliver(now=clock)

        assert positions(receiver) == [one, other, one, other]
        states = WebhookMessage.objects.order_by("id").values_list("state", flat=True)
        assert list(states) == ["delivered", "dropped", "delivered", "delivered"]


class TestNews:
    def test_of_claims_go_by_their_kinds(self, desk, receiver, clock):
        kinds = ("claim.corrected", "claim.retracted", "claim.reinstated", "claim.cited")
        hooked(receiver, *kinds, "claim.judged")
        stamp = {"at": AT, "by": BY}
        claim = desk.asserts().stream
        other = desk.hears()
        claims.cite(claim, a_citation(other), **stamp)
        claims.give_verdict(claim, e.VerdictGiven(verdict="disputed", reason="so"), **stamp)
        claims.retract_claim(claim, reason="so", **stamp)
        claims.reinstate_claim(claim, reason="so", **stamp)

        delivery.deliver(now=clock)

        assert receiver.kinds() == [
            "claim.cited",
            "claim.judged",
            "claim.retracted",
            "claim.reinstated",
        ]

    def test_of_a_pair_are_of_claims_that_name_both_or_did(self, desk, receiver, clock):
        hooked(receiver, "claim.asserted", "claim.corrected", pair="KAZ-RUS")
        ours = desk.asserts("RUS", "KAZ")
        desk.asserts("RUS", "CHN")
        moved = claims.correct_claim(
            ours.stream, desk.claim("RUS", "CHN"), reason="so", expected=1, at=AT, by=BY
        )

        delivery.deliver(now=clock)

        assert positions(receiver) == [ours.position, moved.position]

    def test_of_a_lens_are_of_claims_in_its_collections(self, desk, receiver, clock):
        hooked(receiver, lens="standing")
        other = sources.describe_collection(
            a_collection(name="machine", coding="machine"), at=AT, by=BY
        ).stream
        ours = desk.asserts()
        desk.asserts(collection=other)

        delivery.deliver(now=clock)

        assert positions(receiver) == [ours.position]

    def test_of_a_pair_that_changed_come_once_its_evidence_did(self, desk, receiver, clock):
        work_off()
        hooked(receiver, "pair.changed")
        made = desk.asserts("RUS", "KAZ")
        desk.asserts("RUS", "CHN", kind="assessment", code=None)
        assert delivery.deliver(now=clock) == 0  # the workers have not looked yet

        work_off()
        rated = sources.rate_source(
            desk.source,
            e.SourceRated(reliability="A", since=date(2020, 1, 1), reason="so"),
            at=AT,
            by=BY,
        )
        work_off()
        delivery.deliver(now=clock)

        told = [(one["data"]["position"], one["data"]["pairs"]) for one in receiver.bodies()]
        assert told == [(made.position, ["KAZ-RUS"]), (rated.position, ["KAZ-RUS"])]
        assert receiver.bodies()[0]["data"]["lens"] == "standing"

    def test_of_withheld_words_tell_whose_to_forget(self, desk, receiver, clock):
        hooked(receiver, "text.withheld")
        made = desk.asserts()
        withhold_text(made.position, reason="a person", authority="the editor", at=AT, by=BY)
        delivery.deliver(now=clock)

        (told,) = receiver.bodies()
        assert told["data"]["withheld"] == made.position
        assert told["data"]["url"] == (
            f"https://entente.example/api/v1/log/events/{made.position + 1}/"
        )
