"""What a draft would do is what it does once it is on record."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import strategies as st

from tests.kit.background_work import rows, work_off
from tests.kit.builders import AT, BY, a_citation, a_claim, a_desk, an_actor
from tests.kit.histories import LENSES, Step, a_body, a_scene, happens, histories, undone
from tests.kit.laws import law
from tests.kit.levels import share
from tests.kit.pulls import still_parameters
from tracker import log
from tracker.domain.claims import Claim, Occurred
from tracker.domain.disclosure import Reader
from tracker.operations import actors, claims, entries, ids
from tracker.queries import moment
from tracker.queries.evidence import preview as queries
from tracker.queries.evidence.preview import DraftMove, Preview, preview
from tracker.queries.records import states
from tracker.queries.scores import pairs

pytestmark = pytest.mark.django_db
TODAY = date(2022, 6, 1)
DRAFT = UUID(int=77)


@pytest.fixture
def desk(db):
    """A level that starts at 0, and that nothing moves but acts."""
    return a_desk(level=still_parameters())


def seen(claim: Claim, claim_id: UUID = DRAFT) -> Preview:
    work_off()
    return preview(claim, claim_id=claim_id, today=TODAY, reader=Reader.DESK)


def values(moves: tuple[DraftMove, ...], lens: str = "standing@1") -> dict[str, list[float]]:
    """The values after, by direction: on the draft's own day and today."""
    return {
        one.direction: [step.after.score.value for step in one.on]
        for one in moves
        if one.lens == lens
    }


class TestAPreview:
    def test_gives_the_scores_of_its_day_and_of_today_as_they_are_and_would_be(self, desk):
        desk.asserts(occurred=Occurred(edtf="2022-06-01"))

        found = seen(desk.claim())

        (move,) = [one for one in found.moves if (one.direction, one.lens[0]) == ("RUS>KAZ", "s")]
        assert [step.day for step in move.on] == [date(2022, 5, 11), TODAY]
        own, today = move.on
        assert (own.before.claims, own.after.claims) == (0, 1)
        assert own.before.score.value == 0
        one = -0.6 * share(0.65)
        assert own.after.score.value == pytest.approx(one)
        # Where both are true, the later claim leaves 1 − .6/9 of the draft.
        assert today.before.score.value == pytest.approx(one)
        assert 2 * one < today.after.score.value <= one + one * (1 - 0.6 / 9) + 1e-9

    def test_says_why_it_would_move_nothing(self, desk):
        found = seen(desk.claim(kind="assessment", code=None))

        assert found.moves == ()
        assert found.effects[0].evaluation.silent_because == (
            "a claim of kind assessment moves no score"
        )

    def test_counts_the_pairs_that_are_too_many(self, desk, monkeypatch):
        everybody = an_actor(None, kind="group", members=tuple(desk.countries.values()))
        group = actors.describe_actor(everybody, at=AT, by=BY).stream
        claim = a_claim(
            initiator=group,
            recipient=None,
            collection=desk.collection,
            citations=(a_citation(desk.document),),
        )
        monkeypatch.setattr(queries, "MOST_PAIRS", 2)

        found = seen(claim)

        assert {one.pair for one in found.moves} == {"CHN-KAZ", "CHN-RUS"}
        assert found.left_out == 1

    def test_knows_what_was_described_since_the_workers_looked(self, desk):
        work_off()
        late = desk.hears(grade="B")

        found = preview(
            desk.claim(citations=(a_citation(late),)),
            claim_id=DRAFT,
            today=TODAY,
            reader=Reader.DESK,
        )

        assert found.effects[0].evaluation.p == 0.85
        assert values(found.moves)["RUS>KAZ"][0] == pytest.approx(-0.6 * share(0.85))


class TestDuplicates:
    def test_are_named_with_the_reason(self, desk):
        made = desk.asserts(summary="Russia shut off the oil").stream
        desk.asserts(summary="Moscow raised a duty on timber")

        (found,) = seen(
            desk.claim(summary="Russia shut the oil off", occurred=Occurred(edtf="2022-05-13"))
        ).duplicates

        assert (found.claim, found.title) == (made, "Russia shut off the oil")
        assert found.reason == "KAZ–RUS, the same code, 2 days apart, 5 of 5 words the same"

    @pytest.mark.parametrize(
        ("when", "apart"),
        [
            ("2022-05-14", "3 days apart"),
            ("2022-05-12", "1 day apart"),
            ("2022-05", "at the same time"),
            ("../2022-05-12", "at the same time"),
        ],
    )
    def test_are_at_most_three_days_apart(self, desk, when, apart):
        desk.asserts()

        (found,) = seen(desk.claim(occurred=Occurred(edtf=when))).duplicates

        assert apart in found.reason

    @pytest.mark.parametrize(
        "given",
        [
            {"occurred": Occurred(edtf="2022-05-15")},
            {"occurred": Occurred(edtf="2022-05-07")},
            {"occurred": None},
            {"code": "plover-2.0/ACCUSE"},
            {"summary": "Anything else"},
        ],
    )
    def test_are_none_where_day_code_or_words_are_others(self, desk, given):
        desk.asserts()

        assert seen(desk.claim(**given)).duplicates == ()

    def test_are_neither_retracted_nor_itself_nor_without_a_date(self, desk):
        gone = desk.asserts().stream
        claims.retract_claim(gone, reason="no", at=AT, by=BY)
        own = desk.asserts().stream
        desk.asserts(occurred=None)

        assert seen(desk.claim(), own).duplicates == ()

    def test_are_five_at_most_the_likest_first(self, desk):
        for _ in range(6):
            desk.asserts(summary="Something was done there.")
        likest = desk.asserts().stream

        found = seen(desk.claim()).duplicates

        assert len(found) == 5
        assert found[0].claim == likest


class TestNothing:
    def test_is_written(self, desk):
        desk.asserts()
        work_off()
        head, counts = log.head(), _counts()

        preview(desk.claim(), claim_id=DRAFT, today=TODAY, reader=Reader.DESK)

        assert len(counts) > 20
        assert (log.head(), _counts()) == (head, counts)


def _counts() -> dict[object, int]:
    """The rows of every table that there is."""
    named = rows("pg_tables WHERE schemaname = current_schema()", "tablename")
    return {table: len(rows(str(table))) for (table,) in named}


def comes_true(steps: list[Step], body, place: int | None) -> None:
    """`place`: the claim that is corrected; without it, or any claim, the draft is a new one."""
    with undone():
        scene = a_scene()
        for step in steps:
            happens(step, scene)
        work_off()
        corrects = place is not None and bool(scene.made)
        claim_id = scene.claim(place) if corrects else ids.new_id(AT)
        held = log.history([claim_id])
        if held and held[-1].kind == "ClaimRetracted":
            return
        claim = body(scene)
        if standing := states.claim(claim_id):  # A claim stays in its collection.
            claim = replace(claim, collection=standing.claim.collection)
        if entries.problems(claim, at=AT):  # Such as a level of a company.
            return
        promised = preview(claim, claim_id=claim_id, today=TODAY, reader=Reader.DESK)
        if not corrects:
            claims.assert_claim(claim, at=AT, by=BY, claim_id=claim_id)
        else:
            version = len(held)
            claims.correct_claim(claim_id, claim, reason="no", expected=version, at=AT, by=BY)
        before, after = log.head().position - 1, log.head().position
        work_off()
        _is_so(promised, before, after)


def _is_so(promised: Preview, before: int, after: int) -> None:
    moved = set()
    for move in promised.moves:
        asked = {"direction": move.direction, "lens": move.lens}
        then, now = (
            pairs.series(move.pair, as_of=moment.at(one), **asked) for one in (before, after)
        )
        for step in move.on:
            assert step.before == then.on(step.day)
            assert step.after == now.on(step.day)
        moved.add((move.direction, move.lens))
    for lens in (f"{name}@1" for name in LENSES):
        for pair in ("CHN-KAZ", "CHN-RUS", "KAZ-RUS"):
            for direction in (pair, ">".join(pair.split("-")), ">".join(pair.split("-")[::-1])):
                asked = {"direction": direction, "lens": lens}
                then, now = (
                    pairs.series(pair, as_of=moment.at(one), **asked) for one in (before, after)
                )
                assert then.knots == now.knots or (direction, lens) in moved


PLACES = st.none() | st.integers(0, 3)


class TestEveryPreview:
    @law((histories(longest=9), a_body(), PLACES), (histories(longest=20), a_body(), PLACES))
    def test_comes_true_to_the_bit(self, tried) -> None:
        tried(comes_true)
