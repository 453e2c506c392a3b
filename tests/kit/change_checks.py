"""What was learnt of a pair, and what days changed; and that all of it is told."""

from datetime import date
from uuid import UUID

import pytest

from tests.kit.background_work import work_off
from tests.kit.histories import LENSES, Step, a_scene, happens, undone
from tracker import log
from tracker.domain.disclosure import Reader
from tracker.queries import moment
from tracker.queries.evidence import changes
from tracker.queries.evidence.changes import Changes

DAY = date(2022, 6, 1)
PAIRS = ("CHN-KAZ", "CHN-RUS", "KAZ-RUS")


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
    assert sum(parts) == pytest.approx(found.amount, abs=1e-9)
    assert abs(found.remainder) <= 1e-9
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
    return pull._replace(roots=(), state_roots=()) if pull else None
