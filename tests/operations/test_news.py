"""What webhooks are told, and of what."""

from datetime import date

import pytest

from tests.kit.background_work import work_off
from tests.kit.builders import AT, BY, a_citation, a_collection, withhold_text
from tests.kit.webhook_clock import hooked, positions
from tracker.domain import events as e
from tracker.operations import claims, sources
from tracker.webhooks import delivery

pytestmark = pytest.mark.django_db


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
