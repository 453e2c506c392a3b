"""What was recorded of an exported claim later is read with it."""

import json
from uuid import UUID

import pytest

from tests.kit.archive_rows import read
from tests.kit.exported_claims import CLAIM, ID, KAZ, TASS
from tracker.domain import codec
from tracker.domain import events as e
from tracker.imports.formats import claims
from tracker.imports.formats.claims import STATUS_UNEXPLAINED

OTHER = "0197f0a0-0000-7000-8000-000000000002"
REST = "0197f0a0-0000-7000-8000-000000000003"
VERDICT = e.VerdictGiven(verdict="disputed", source=UUID(TASS), reason="Denied in Moscow.")
LINK = e.ClaimsLinked(type="causes", from_=UUID(ID), to=UUID(OTHER), note="So it says.")


def later(event: e.Event, *, stream: str = ID, **given) -> dict:
    kind, schema, body, words = e.encode(event)
    whole = codec.merge(body, words)
    return {"stream": stream, "kind": kind, "schema": schema, "body": whole} | given


def linked(link: e.ClaimsLinked) -> dict:
    return later(link, stream=str(e.link_id(link.type, link.from_, link.to)))


RETRACTED, REINSTATED = (
    later(e.ClaimRetracted(reason="A typo.")),
    later(e.ClaimReinstated(reason="It was none.")),
)


def draft(*events: dict, **given):
    data = json.dumps(CLAIM | {"later": list(events)} | given).encode()
    [found] = read(claims.FORMAT, data)
    return found


class TestADraft:
    def test_has_what_came_later_in_its_order(self):
        reviewed = e.ClaimReviewed(outcome="accepted")

        found = draft(later(VERDICT), later(reviewed), linked(LINK))

        assert found.follow_ups == (VERDICT, reviewed, LINK)

    def test_has_nothing_where_nothing_came(self):
        assert draft().follow_ups == ()
        assert draft(later=None).follow_ups == ()

    def test_may_be_of_a_claim_that_does_not_stand(self):
        retracted = draft(RETRACTED, status="retracted")
        assert retracted.follow_ups == (e.ClaimRetracted(reason="A typo."),)
        assert len(draft(RETRACTED, REINSTATED).follow_ups) == 2
        assert len(draft(RETRACTED, REINSTATED, RETRACTED, status="retracted").follow_ups) == 3

    def test_may_be_at_either_end_of_a_link(self):
        back = e.ClaimsLinked(type="says", from_=UUID(OTHER), to=UUID(ID))

        assert draft(linked(back)).follow_ups == (back,)


class TestRefused:
    @pytest.mark.parametrize(
        ("status", "events"),
        [("retracted", []), ("retracted", [RETRACTED, REINSTATED]), ("standing", [RETRACTED])],
    )
    def test_is_a_status_that_nothing_led_to(self, status, events):
        refused = draft(*events, status=status)

        assert (refused.column, refused.value, refused.reason) == (
            "status",
            status,
            STATUS_UNEXPLAINED,
        )

    @pytest.mark.parametrize(
        "event",
        [
            "VerdictGiven",
            {"kind": "VerdictGiven"},
            later(VERDICT, kind="ClaimAsserted"),
            later(VERDICT, schema=9),
            later(VERDICT, body={"verdict": "true"}),
            later(VERDICT, stream=OTHER),
            later(LINK),
            linked(e.ClaimsLinked(type="causes", from_=UUID(OTHER), to=UUID(REST))),
            later(e.SourceRated(reliability="A", since="2020-01-01"), stream=KAZ),
        ],
        ids=range(9),
    )
    def test_is_what_came_after_no_claim(self, event):
        refused = draft(event)

        assert (refused.column, refused.value) == ("", "")
        assert refused.reason.startswith("is not a claim as the API returns it: ")
