"""What is refused of events, and how names are written."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from hypothesis import given

from tests.domain.test_folding import EVERY, IMPORT, ONE, OTHER
from tests.kit.claim_checks import found, some_positions
from tests.kit.domain_builders import (
    a_citation,
    a_claim,
    a_verdict,
)
from tests.kit.laws import WIDE
from tests.kit.sample_shape import EVENTS
from tests.kit.tables import each
from tracker.domain import events as e
from tracker.domain.records import Actor, Source
from tracker.domain.validity import event_problems


class TestEvents:
    @each("event", EVERY)
    def test_may_be_as_plain_as_this(self, event):
        assert found(event_problems(event)) == []

    @each(
        ("event", "problems"),
        [
            (e.ClaimAsserted(claim=a_claim(summary="")), [("/summary", "required")]),
            (
                e.ClaimCorrected(claim=a_claim(summary=""), reason=" "),
                [("/summary", "required"), ("/reason", "required")],
            ),
            (e.ClaimCorrected(claim=a_claim(), reason="r" * 2_001), [("/reason", "too_long")]),
            (e.ClaimRetracted(), [("/reason", "required")]),
            (e.ClaimReinstated(reason="\n"), [("/reason", "required")]),
            (e.ClaimRetracted(reason="r" * 2_001), [("/reason", "too_long")]),
            (
                e.CitationAdded(citation=a_citation(credibility=1)),
                [("/credibility", "out_of_range")],
            ),
            (e.VerdictGiven(verdict="false"), [("/reason", "required")]),
            (a_verdict("false", "RUS RUS"), [("/parties/1", "repeated")]),
            (a_verdict("false", " ".join(f"A{n}" for n in range(101))), [("/parties", "too_many")]),
            (e.ClaimReviewed(outcome="accepted", note="n" * 2_001), [("/note", "too_long")]),
            (
                e.ForecastResolved(outcome="void", resolved_on=date(22, 4, 4), reason="r" * 2_001),
                [("/resolved_on", "out_of_range"), ("/reason", "too_long")],
            ),
            (e.ClaimsLinked(type="says", from_=ONE, to=ONE), [("/to", "same")]),
            (
                e.ClaimsLinked(type="says", from_=ONE, to=OTHER, note="n" * 2_001),
                [("/note", "too_long")],
            ),
            (
                e.ClaimsUnlinked(type="says", from_=ONE, to=ONE),
                [("/reason", "required")],
            ),
            (e.ActorDescribed(actor=Actor(kind="group")), [("/names", "required")]),
            (e.SourceDescribed(source=Source(kind="outlet")), [("/name", "required")]),
            (
                e.SourceRated(reliability="C", since=date(1, 1, 1), reason="r" * 2_001),
                [("/since", "out_of_range"), ("/reason", "too_long")],
            ),
            (
                e.SourceRated(reliability="G", since=date(2022, 1, 1), reason="its record"),
                [("/reliability", "invalid")],
            ),
            (e.SourceRated(reliability="C", since=date(2022, 1, 1)), [("/reason", "required")]),
            (
                e.ForecastResolved(outcome="happened", resolved_on=date(2023, 4, 4), reason=" "),
                [("/reason", "required")],
            ),
            (
                replace(IMPORT, name="", format="A B", file_sha256="abc", counts={"added": -1}),
                [
                    ("/name", "required"),
                    ("/counts/added", "invalid"),
                    ("/format", "invalid"),
                    ("/file_sha256", "invalid"),
                ],
            ),
            (replace(IMPORT, counts={"added": True}), [("/counts/added", "invalid")]),
            (replace(IMPORT, counts={"added": 0}), []),
            (replace(IMPORT, positions=some_positions((1, 1), (2, 9), (11, 12))), []),
            (replace(IMPORT, positions=some_positions((0, 4))), [("/positions/0", "invalid")]),
            (
                replace(IMPORT, positions=some_positions((3, 5), (9, 8), (9, 9))),
                [("/positions/1", "invalid")],
            ),
            (
                replace(IMPORT, positions=some_positions((3, 5), (5, 6))),
                [("/positions/1", "invalid")],
            ),
            (
                e.TextWithheld(position=0, reason="", authority=" "),
                [
                    ("/reason", "required"),
                    ("/authority", "required"),
                    ("/position", "invalid"),
                ],
            ),
            (
                e.BodyErased(position=0, leaf_hash="x", reason="", authority=" "),
                [
                    ("/leaf_hash", "invalid"),
                    ("/reason", "required"),
                    ("/authority", "required"),
                    ("/position", "invalid"),
                ],
            ),
            (
                e.LogReopened(incarnation=UUID(int=1), lost_from=0, reason="", authority=" "),
                [("/reason", "required"), ("/authority", "required"), ("/lost_from", "invalid")],
            ),
            (
                e.TextWithheld(position=1, reason="r" * 2_001, authority="a" * 501),
                [("/reason", "too_long"), ("/authority", "too_long")],
            ),
        ],
    )
    def test_tell_everything_that_is_wrong_at_once(self, event, problems):
        assert sorted(found(event_problems(event))) == sorted(problems)

    @WIDE
    @given(EVENTS)
    def test_of_any_content_are_answered_with_problems_alone(self, event):
        for one in event_problems(event):
            assert one.pointer.startswith("/")
            assert one.detail
