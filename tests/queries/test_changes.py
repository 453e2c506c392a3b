"""Why a score moved: the parts sum to the difference, and each has the events that caused it."""

from datetime import date
from uuid import UUID

import pytest

from tests.kit.background_work import work_off
from tests.kit.builders import (
    AT,
    BY,
    a_citation,
    a_collection,
    a_desk,
    a_document,
    a_lens,
    an_actor,
    rate,
)
from tests.kit.histories import LENSES, Step, a_scene, happens, histories, undone
from tests.kit.laws import law
from tests.kit.levels import share
from tests.kit.pulls import still_parameters
from tracker import log
from tracker.domain import events as e
from tracker.domain.claims import Occurred
from tracker.domain.disclosure import Reader
from tracker.domain.records import Party
from tracker.domain.scoring.evidence import by_structure
from tracker.operations import actors, claims, lenses, links, sources
from tracker.queries import moment
from tracker.queries.evidence import changes
from tracker.queries.evidence.changes import Changes

pytestmark = pytest.mark.django_db
DAY = date(2022, 6, 1)
PAIRS = ("CHN-KAZ", "CHN-RUS", "KAZ-RUS")


@pytest.fixture
def desk(db):
    """A level that starts at 0, and that nothing moves but acts."""
    return a_desk(level=still_parameters())


def learnt(known_from: int, known_to: int | None = None, *, of="KAZ-RUS", **asked) -> Changes:
    """What was learnt of the first of June 2022."""
    work_off()
    given = {"lens": "standing", "direction": of, "day": DAY, "reader": Reader.DESK, **asked}
    known = (moment.at(known_from), moment.at(known_to))
    return changes.between_positions(of, known=known, **given)


def passed(first: str, last: str, *, of="KAZ-RUS", lens="standing") -> Changes:
    work_off()
    days = (date.fromisoformat(first), date.fromisoformat(last))
    return changes.between_days(of, direction=of, lens=lens, days=days, as_of=moment.now())


def told(found: Changes) -> dict[UUID, list[tuple[str, str]]]:
    """The kinds of the causes and what they are about, by claim."""
    return {
        one.claim: [(cause.recorded.kind, cause.about) for cause in one.causes]
        for one in found.changes
    }


def sums(found: Changes) -> None:
    parts = [one.amount for one in found.changes]
    unreported = found.after.apart.unreported - found.before.apart.unreported
    assert sum(parts, unreported) == pytest.approx(found.amount, abs=1e-9)
    assert found.remainder == pytest.approx(unreported, abs=1e-9)
    assert found.amount == pytest.approx(found.after.value - found.before.value, abs=1e-12)
    assert [abs(one) for one in parts] == sorted(map(abs, parts), reverse=True)


def is_told_in_full(steps: list[Step]) -> None:
    with undone():
        scene = a_scene()
        before = log.head().position
        for step in steps:
            happens(step, scene)
        work_off()
        head = log.head().position
        for lens in LENSES:
            for pair in PAIRS:
                given = {"direction": pair, "lens": lens, "day": DAY, "reader": Reader.DESK}
                known = (moment.at(before), moment.at(head))
                sums(found := changes.between_positions(pair, known=known, **given))
                has_its_causes(found, given)
                days = (date(2022, 5, 1), DAY)
                sums(
                    changes.between_days(
                        pair, days=days, direction=pair, lens=lens, as_of=moment.at(head - 2)
                    )
                )


def has_its_causes(found: Changes, given) -> None:
    """At each cause the claim begins to do something else, and nowhere in between."""
    pulls = [{pull.claim: pull for pull in end.pulls} for end in (found.before, found.after)]
    for one in found.changes:
        then, now = (_facts(each.get(one.claim)) for each in pulls)
        if one.because == "others":
            assert then == now
            assert one.causes == ()
        for position in (cause.recorded.position for cause in one.causes):
            known = (moment.at(position - 1), moment.at(position))
            step = changes.between_positions(found.after.series.pair, known=known, **given)
            ends = [{pull.claim: pull for pull in end.pulls} for end in (step.before, step.after)]
            before, after = (_facts(each.get(one.claim)) for each in ends)
            assert before == then
            assert after != before
            then = after
        assert then == now


def _facts(pull):
    """What a claim says. Where a level by structure stands depends on the others."""
    if pull and by_structure(pull):
        pull = pull._replace(first=pull.last)
    return pull._replace(roots=(), state_roots=()) if pull else None


class TestWhatWasLearnt:
    def test_of_a_new_grade_is_told_with_its_reason_and_who_gave_it(self, desk):
        made = desk.asserts().stream
        work_off()
        before = log.head().position
        graded = rate(desk.source, "A")

        found = learnt(before)

        (one,) = found.changes
        assert (one.claim, one.because) == (made, "events")
        # −.6 at C .65 and at A .95
        assert one.before == pytest.approx(-0.6 * share(0.65))
        assert one.after == pytest.approx(-0.6 * share(0.95))
        (cause,) = one.causes
        assert cause.recorded.position == graded.position
        assert (cause.recorded.kind, cause.about) == ("SourceRated", "source")
        assert (cause.name, cause.reason) == ("The Gazette", "its record")
        assert (cause.recorded.recorded_by, cause.recorded.recorded_at) == (
            BY,
            graded.recorded_at,
        )
        sums(found)

    @pytest.mark.parametrize(
        ("kind", "deed"),
        [
            (
                "ClaimCorrected",
                lambda desk, one, stamp: claims.correct_claim(
                    one, desk.claim(code="plover-2.0/AGREE"), reason="why", expected=1, **stamp
                ),
            ),
            (
                "ClaimRetracted",
                lambda desk, one, stamp: claims.retract_claim(one, reason="why", **stamp),
            ),
            (
                "VerdictGiven",
                lambda desk, one, stamp: claims.give_verdict(
                    one, e.VerdictGiven(verdict="disputed", reason="why"), **stamp
                ),
            ),
            (
                "CitationAdded",
                lambda desk, one, stamp: claims.cite(
                    one, a_citation(desk.hears(grade="B")), **stamp
                ),
            ),
            (
                "ClaimReviewed",
                lambda desk, one, stamp: claims.review_claim(
                    one, e.ClaimReviewed(outcome="rejected", note="why"), **stamp
                ),
            ),
        ],
    )
    def test_of_a_deed_done_to_the_claim_itself(self, desk, kind, deed):
        made = desk.asserts().stream
        work_off()
        before = log.head().position
        deed(desk, made, {"at": AT, "by": BY})

        found = learnt(before)

        assert told(found) == {made: [(kind, "claim")]}
        assert found.changes[0].causes[0].reason == ("" if kind == "CitationAdded" else "why")
        sums(found)

    @pytest.mark.parametrize(
        ("kind", "about", "deed"),
        [
            (
                "CollectionDescribed",
                "collection",
                lambda desk: sources.describe_collection(
                    a_collection(review=True), at=AT, by=BY, collection_id=desk.collection
                ),
            ),
            (
                "DocumentDescribed",
                "document",
                lambda desk: sources.describe_document(
                    a_document(desk.source, date="2022-05-12"),
                    at=AT,
                    by=BY,
                    document_id=desk.document,
                ),
            ),
            (
                "ActorDescribed",
                "actor",
                lambda desk: actors.describe_actor(
                    an_actor("QQQ"), at=AT, by=BY, actor_id=desk.countries["RUS"]
                ),
            ),
        ],
    )
    def test_of_a_record_around_the_claim(self, desk, kind, about, deed):
        made = desk.asserts(occurred=Occurred(edtf="2022-05")).stream
        # It counts on the day of its document. Where both are true, the first of a month counts.
        cited = (a_citation(desk.hears()),)
        desk.asserts(occurred=Occurred(edtf="2022-05-20"), citations=cited)
        work_off()
        before = log.head().position
        deed(desk)

        found = learnt(before)

        assert told(found)[made] == [(kind, about)]
        sums(found)

    def test_of_a_link_is_told_at_the_claim_at_its_far_end(self, desk):
        old = desk.asserts(summary="Old.").stream
        new = desk.asserts(summary="New.", occurred=Occurred(edtf="2022-06-01")).stream
        work_off()
        before = log.head().position
        links.link("supersedes", new, old, note="better", at=AT, by=BY)

        found = learnt(before)

        assert told(found) == {old: [("ClaimsLinked", "link")]}
        (gone,) = found.changes
        assert (gone.causes[0].name, gone.causes[0].reason) == (
            "New. [supersedes] Old.",
            "better",
        )
        sums(found)

    def test_of_another_claim_is_told_as_what_it_is(self, desk):
        first = desk.asserts(occurred=Occurred(edtf="2022-04-10")).stream
        work_off()
        before = log.head().position
        late = desk.asserts(occurred=Occurred(edtf="2022-05-11")).stream

        found = learnt(before)

        assert told(found) == {late: [("ClaimAsserted", "claim")], first: []}
        new, old = found.changes
        assert new.before == 0
        assert new.after == pytest.approx(-0.6 * share(0.65))
        # Where both are true, 1 − .6/9 is left of the earlier.
        assert old.because == "others"
        assert old.before < old.after <= old.before * (1 - 0.6 / 9) + 1e-9

    def test_of_the_other_direction_is_no_cause_here(self, desk):
        actor = desk.speaker("RUS", "business", kind="company")
        parties = (desk.countries["KAZ"], actor)
        made = desk.asserts(
            parties=tuple(Party(actor=one, role="initiator") for one in parties)
        ).stream
        work_off()
        before = log.head().position
        desk.speaker("RUS", "state media", kind="company", actor_id=actor)
        later = desk.asserts("KAZ", "RUS", occurred=Occurred(edtf="2022-06-01")).stream

        one_way, other_way = (learnt(before, direction=way) for way in ("RUS>KAZ", "KAZ>RUS"))

        assert told(one_way) == {made: [("ActorDescribed", "actor")]}
        assert told(other_way) == {later: [("ClaimAsserted", "claim")], made: []}

    def test_through_a_redefined_lens_is_told_at_every_claim(self, desk):
        made = desk.asserts(code="plover-2.0/AGREE").stream
        work_off()
        before = log.head().position
        parameters = still_parameters(cooperation_in_words="0.4")
        lenses.define_lens(
            a_lens(view=desk.view, parameters=parameters),
            at=AT,
            by=BY,
            lens_id=desk.lenses["standing"],
        )

        found = learnt(before)

        assert told(found) == {made: [("LensDefined", "lens")]}
        assert found.changes[0].causes[0].name == "standing"
        assert (found.before.series.lens.label, found.after.series.lens.label) == (
            "standing@1",
            "standing@2",
        )
        sums(found)

    def test_is_read_at_times_as_at_positions(self, desk):
        desk.asserts()
        work_off()
        head = log.head()
        rate(desk.source, "B")
        work_off()
        later = log.head()

        by_time = learnt(head.recorded_at, later.recorded_at)

        assert by_time == learnt(head.position, later.position)


class TestEveryHistory:
    @law([histories(longest=9)], [histories(longest=25)])
    def test_is_told_in_full(self, tried) -> None:
        tried(is_told_in_full)


class TestDaysThatPassed:
    def test_bring_claims_whose_first_day_they_hold(self, desk):
        old = desk.asserts(occurred=Occurred(edtf="2022-04-10")).stream
        new = desk.asserts(occurred=Occurred(edtf="2022-05-12")).stream

        found = passed("2022-05-11", "2022-05-12")

        assert {one.claim: one.because for one in found.changes} == {new: "began", old: "time"}
        assert found.changes[0].before == 0
        assert told(found) == {new: [], old: []}
        sums(found)

    def test_go_on_for_a_war_and_not_for_another_situation(self, desk):
        lasting = {"kind": "situation", "occurred": Occurred(edtf="2022-04-10/2022-06-30")}
        heard = (a_citation(desk.hears()),)
        begun = desk.asserts(citations=heard, **lasting).stream
        war = desk.asserts(code="plover-2.0/ASSAULT/heavy-weapons", **lasting).stream

        level, tone = (
            passed("2022-05-11", "2022-05-12", lens=lens) for lens in ("standing", "tone")
        )

        assert {one.claim: one.because for one in level.changes} == {war: "goes on", begun: "time"}
        assert {one.because for one in tone.changes} == {"goes on"}
