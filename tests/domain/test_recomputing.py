"""A score from events alone, worked out by hand. The newsletter is graded C, and the act can be
checked, so p is .9435: the sanction is true in 242 of 256 worlds, and there −.6 from 0."""

from datetime import date

import pytest

from tests.kit import cited_logs
from tests.kit.cited_logs import LENS, MemoryLog, a_lens, link
from tests.kit.domain_builders import a_claim, an_id
from tests.kit.pulls import still_parameters
from tracker.domain import events as e
from tracker.domain.claims import Claim
from tracker.domain.recomputing import Answer, NotEnough, Question, recompute

VALUE = pytest.approx(-0.6 * 242 / 256)


def a_log(*claims: Claim) -> MemoryLog:
    return cited_logs.a_log(*claims, parameters=still_parameters())


def question(log: MemoryLog, *claims: str, **given: object) -> Question:
    values = {
        "lens": LENS,
        "version": 1,
        "direction": "KAZ-RUS",
        "day": date(2022, 5, 24),
        "position": len(log.entries),
        "claims": sorted(map(an_id, claims)),
        **given,
    }
    return Question(**values)


def answer(log: MemoryLog, *claims: str, **given: object) -> Answer:
    return recompute(question(log, *claims, **given), log.entries)


class TestAScore:
    def test_follows_from_a_claim(self):
        found = answer(a_log(a_claim()), "one")

        assert found.score.value == VALUE
        assert found.lens.label == "standing@1"
        assert [part.amount for part in found.explanation.parts] == [VALUE]

    def test_is_that_of_its_day(self):
        log = a_log(a_claim())

        assert answer(log, "one", day=date(2022, 5, 10)).score.value == 0

    def test_is_that_of_its_series(self):
        log = a_log(a_claim())

        assert answer(log, "one", direction="RUS>KAZ").score.value == VALUE
        assert answer(log, "one", direction="KAZ>RUS").score.value == 0

    def test_leaves_out_other_pairs_of_its_claims(self):
        log = a_log(a_claim("RUS>KAZ CHN"))

        assert [one.claim for one in answer(log, "one").explanation.parts] == [an_id("one")]
        assert answer(log, "one", direction="CHN-RUS").score.value == VALUE

    def test_is_that_of_its_position(self):
        log = a_log(a_claim())
        before = len(log.entries)
        log.add("one", e.ClaimRetracted(reason="wrong"))

        assert answer(log, "one", position=before).score.value == VALUE
        assert answer(log, "one").score.value == 0

    def test_is_that_of_a_version_of_the_lens(self):
        log = a_log(a_claim())
        parameters = still_parameters(conflict_in_deeds="-1.2")
        log.add("lens", e.LensDefined(lens=a_lens(parameters=parameters)))

        values = [answer(log, "one", version=one).score.value for one in (1, 2)]
        assert values == [VALUE, pytest.approx(-1.2 * 242 / 256)]

    def test_counts_claims_that_are_the_same_once(self):
        log = a_log(a_claim(), a_claim())
        link(log, "same_as", "one", "two")

        found = answer(log, "one", "two")
        assert [part.claim for part in found.explanation.parts] == [an_id("one")]
        assert found.score.value == VALUE


class TestWhatIsMissing:
    @pytest.mark.parametrize(
        ("missing", "says"),
        [
            ("lens", "version 1 of the lens is missing"),
            ("one", "is missing"),
            ("KAZ", "a record behind claim"),
            ("article", "a record behind claim"),
            ("curated", "a record behind claim"),
        ],
    )
    def test_is_named(self, missing, says):
        log = a_log(a_claim())
        entries = [one for one in log.entries if one.stream != an_id(missing)]

        with pytest.raises(NotEnough, match=says):
            recompute(question(log, "one"), entries)

    def test_is_a_version_that_was_not_defined(self):
        with pytest.raises(NotEnough, match="version 2"):
            answer(a_log(a_claim()), "one", version=2)

    def test_is_a_series_that_no_pair_has(self):
        with pytest.raises(NotEnough, match="RUS-KAZ is no series of KAZ-RUS"):
            answer(a_log(a_claim()), "one", direction="RUS-KAZ")
