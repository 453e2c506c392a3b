"""What was recorded of claims after they were asserted goes out with them and comes in again:
verdicts, reviews, outcomes, retractions, links."""

import json
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from tests.importers.test_claimlines import later, linked
from tests.kit.background_work import value, work_off
from tests.kit.builders import AT, BY, a_document, a_source
from tests.kit.exported_claims import FIRM, ID, KAZ, NOTE, RUS, TASS
from tests.kit.imports import counts, events, take_in
from tests.kit.seeded import put_seed_on_record
from tests.operations.test_roundtrip import WHOLE, exported, lined
from tracker import log
from tracker.domain import events as e
from tracker.operations import claims, lenses, links, sources
from tracker.queries.records import states

pytestmark = pytest.mark.django_db
# Where a claim lies in a log, when and by whom it was put there, and how often it was corrected
# before it was exported.
LOG = ("version", "asserted", "changed")
NAMES = {"at": AT, "by": BY}
# What describes a source that the line names.
TOLD = later(e.SourceDescribed(source=a_source(name="TASS")), stream=TASS)


@contextmanager
def elsewhere():
    """Another log, of which nothing is left."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    assert log.head().position == 0


def alike(data: bytes, *but: str) -> list[dict[str, Any]]:
    """What lines say, but for their place in the log."""
    lines = [json.loads(line) for line in data.splitlines()]
    return [{name: one for name, one in line.items() if name not in LOG + but} for line in lines]


def ids(data: bytes) -> list[UUID]:
    return [UUID(json.loads(line)["id"]) for line in data.splitlines()]


def a_line(number: int = 1, *events: dict[str, Any], **given: Any) -> dict[str, Any]:
    return WHOLE | {"id": ID[:-1] + str(number), "later": list(events)} | given


def a_link(from_: int, to: int, kind: e.LinkType = "causes") -> e.ClaimsLinked:
    ends = (UUID(ID[:-1] + str(one)) for one in (from_, to))
    return e.ClaimsLinked(type=kind, from_=next(ends), to=next(ends))


def judge(claim: UUID, other: UUID, forecast: UUID) -> None:
    """Do to claims what can be done to them."""
    court = sources.describe_source(a_source(name="A court", kind="organisation"), **NAMES).stream
    ruling = a_document(court, title="A ruling", url="https://court.example/1")
    document = sources.describe_document(ruling, **NAMES).stream
    verdict = e.VerdictGiven(verdict="false", source=court, document=document, reason="As found.")
    claims.give_verdict(claim, verdict, **NAMES)
    claims.review_claim(claim, e.ClaimReviewed(outcome="accepted", note="Read."), **NAMES)
    claims.retract_claim(claim, reason="Said by nobody.", **NAMES)
    claims.reinstate_claim(claim, reason="It was said.", **NAMES)
    claims.retract_claim(other, reason="Entered twice.", **NAMES)
    known = e.ForecastResolved(
        outcome="happened", resolved_on=date(2023, 1, 1), document=document, reason="It came."
    )
    claims.resolve_forecast(forecast, known, **NAMES)
    links.link("same_as", claim, other, note="Two reports.", **NAMES)
    links.link("causes", other, claim, **NAMES)
    links.unlink("causes", other, claim, reason="It does not.", **NAMES)


class TestTheSeed:
    def test_goes_out_and_comes_in_and_goes_out_the_same(self):
        with elsewhere():
            put_seed_on_record(AT, scored=True)
            found = states.claims(ids(exported()), at=None)
            claim, other = [key for key, one in found.items() if one.claim.code][:2]
            expected = {"kind": "forecast", "code": None, "resolves_by": "2022-12"}
            forecast = replace(found[claim].claim, **expected, criterion="It comes.")
            judge(claim, other, claims.assert_claim(forecast, **NAMES).stream)
            work_off()
            data, before = exported(), value()
            lens = [one.lens for one in events(e.LensDefined) if one.lens.name == "standing"][-1]

        taken = take_in(data)

        assert counts(taken) == {"new": 53}
        assert alike(exported()) == alike(data)
        retracted = [one for one in alike(data) if one["status"] == "retracted"]
        assert len(retracted) == 1
        assert sum(len(one["links"]) for one in alike(data)) > 2
        lenses.define_lens(lens, at=AT, by=BY)
        work_off()
        assert value() == before != 0


class TestALine:
    def test_that_names_a_link_twice_links_once(self):
        twice = [linked(a_link(1, 2)), linked(a_link(1, 2))]
        other = [linked(a_link(2, 1, "same_as"))] * 2

        taken = take_in(lined(a_line(1, *twice), a_line(2, *twice, *other)))

        assert counts(taken) == {"new": 2}
        assert [(one.type, str(one.from_)[-1]) for one in events(e.ClaimsLinked)] == [
            ("causes", "1"),
            ("same_as", "2"),
        ]

    def test_may_name_what_its_claim_names(self):
        given = {"source": UUID(TASS), "document": UUID(NOTE), "parties": (UUID(RUS), UUID(KAZ))}
        verdict = e.VerdictGiven(verdict="disputed", reason="Denied.", **given)

        assert counts(take_in(lined(a_line(1, later(verdict), records=[TOLD])))) == {"new": 1}
        assert events(e.VerdictGiven) == [verdict]

    def test_is_led_to_what_goes_by_the_same_names_and_addresses(self):
        tass = sources.describe_source(a_source(name="TASS"), **NAMES).stream
        here = a_document(tass, url="https://tass.example/9")
        document = sources.describe_document(here, **NAMES).stream
        there = later(e.DocumentDescribed(document=here), stream=FIRM[:-1] + "9")
        named = {"source": UUID(TASS), "document": UUID(there["stream"])}
        verdict = later(e.VerdictGiven(verdict="false", reason="So.", **named))

        taken = take_in(lined(a_line(1, verdict, records=[TOLD, there])))
        assert taken.refused == []

        [given] = events(e.VerdictGiven)
        assert (given.source, given.document) == (tass, document)
        assert len([one for one in events(e.SourceDescribed) if one.source.name == "TASS"]) == 1

    @pytest.mark.parametrize(
        ("event", "value", "reason"),
        [
            (e.ClaimRetracted(), "ClaimRetracted", "reason: "),
            (
                e.VerdictGiven(verdict="false", source=UUID(FIRM[:-1] + "9"), reason="So."),
                "VerdictGiven",
                f"source: there is no source {FIRM[:-1]}9",
            ),
            (
                e.VerdictGiven(verdict="false", source=UUID(RUS), reason="So."),
                "VerdictGiven",
                f"source: there is no source {RUS}",
            ),
            (
                e.ForecastResolved(outcome="void", resolved_on=date(2024, 1, 1), reason="So."),
                "",
                "only a forecast can be resolved",
            ),
        ],
        ids=range(4),
    )
    def test_that_brings_what_can_not_be_is_refused(self, event, value, reason):
        status = "retracted" if isinstance(event, e.ClaimRetracted) else "standing"

        [refused] = take_in(lined(a_line(1, later(event), status=status))).refused

        assert (refused.column, refused.value) == ("later", value)
        assert refused.reason.startswith(reason)
        assert events() == []

    def test_accepts_no_claim_where_four_eyes_are_asked_for(self, settings):
        settings.FOUR_EYES = True
        accepted, rejected = (
            later(e.ClaimReviewed(outcome=outcome)) for outcome in ("accepted", "rejected")
        )

        take_in(lined(a_line(1, accepted, rejected)))

        assert [one.outcome for one in events(e.ClaimReviewed)] == ["rejected"]


class TestALink:
    def test_is_made_once_both_claims_are_on_record(self):
        link = a_link(1, 2)
        take_in(lined(a_line(1, linked(link))))
        assert events(e.ClaimsLinked) == []

        take_in(lined(a_line(1, linked(link)), a_line(2, linked(link))))

        assert events(e.ClaimsLinked) == [link]

    def test_leads_to_no_claim_that_is_refused(self):
        link = a_link(1, 2)
        bad = a_line(2, linked(link), summary="")

        taken = take_in(lined(a_line(1, linked(link)), bad))

        assert counts(taken) == {"new": 1, "refused": 1}
        assert events(e.ClaimsLinked) == []

    def test_leads_round_to_no_claim(self):
        there, back = a_link(1, 2, "part_of"), a_link(2, 1, "part_of")
        both = linked(there), linked(back)

        take_in(lined(a_line(1, *both), a_line(2, *both)))

        assert events(e.ClaimsLinked) == [there]
