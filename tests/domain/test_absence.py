"""What is left of a claim once something is taken away, and how it is asked for."""

from uuid import UUID

import pytest

from tests.kit.builders import (
    DOCUMENT,
    ONE,
    SOURCE,
    a_citation,
    a_claim,
    a_document,
    a_source,
    an_id,
)
from tracker.domain import events as e
from tracker.domain.absence import LIMIT, NOTHING, Absence, BadAbsence, CitedRecords, parse, root_of
from tracker.domain.state import ClaimState, SourceState

HEARD, OTHER_SOURCE, REPORT, CLAIM = (an_id(n) for n in (21, 22, 23, 99))
RECORDS = CitedRecords(
    documents={DOCUMENT: a_document(), REPORT: a_document(OTHER_SOURCE)},
    sources={
        SOURCE: SourceState(id=SOURCE, source=a_source()),
        OTHER_SOURCE: SourceState(id=OTHER_SOURCE, source=a_source()),
        HEARD: SourceState(id=HEARD, source=a_source(actor=ONE)),
    },
)


def a_state(*citations, verdicts=(), **given) -> ClaimState:
    return ClaimState(
        id=CLAIM,
        claim=a_claim(citations=citations, **given),
        asserted_at=5,
        verdicts=verdicts,
        judged_at=tuple(range(6, 6 + len(verdicts))),
    )


def left(absence: Absence, state: ClaimState) -> ClaimState | None:
    return absence.applied_to(state, RECORDS)


def of(noun: str, *ids: UUID) -> Absence:
    return Absence(**{noun: frozenset(ids)})


class TestWhatIsLeft:
    def test_is_all_where_nothing_is_absent(self):
        state = a_state(a_citation(), verdicts=(e.VerdictGiven(verdict="false"),))

        assert not NOTHING
        assert left(NOTHING, state) == state

    def test_is_nothing_of_an_absent_claim(self):
        assert left(of("claims", CLAIM), a_state(a_citation())) is None

    @pytest.mark.parametrize("source", [SOURCE, HEARD])
    def test_is_what_does_not_go_through_an_absent_source(self, source):
        through, other = a_citation(chain=(HEARD,)), a_citation(REPORT)

        found = left(of("sources", source), a_state(through, other))

        assert found is not None
        assert found.claim.citations == (other,)
        assert left(of("sources", source), a_state(through)) is None

    def test_is_what_does_not_go_back_to_an_absent_root(self):
        through, own = a_citation(chain=(HEARD,)), a_citation()
        state = a_state(through, own)

        assert left(of("roots", HEARD), state) == a_state(own)
        assert left(of("roots", SOURCE), state) == a_state(through)

    def test_is_a_claim_that_never_had_a_citation(self):
        assert left(of("roots", HEARD), a_state()) == a_state()

    def test_is_without_the_verdicts_of_an_absent_source_or_on_its_documents(self):
        by, on, own, far = (
            e.VerdictGiven(verdict="false", **given)
            for given in (
                {"source": OTHER_SOURCE},
                {"document": REPORT},
                {},
                {"document": an_id(7)},
            )
        )

        found = left(
            of("sources", OTHER_SOURCE), a_state(a_citation(), verdicts=(by, on, own, far))
        )

        assert found is not None
        assert (found.verdicts, found.judged_at) == ((own, far), (8, 9))


class TestARoot:
    def test_is_the_publisher_where_there_is_no_chain(self):
        assert root_of(a_citation(), a_state(), RECORDS) == SOURCE

    @pytest.mark.parametrize(
        ("given", "stance", "root"),
        [
            ({}, "supports", HEARD),
            ({"code": "plover-2.0/ACCUSE"}, "supports", SOURCE),
            ({"code": "plover-2.0/ACCUSE"}, "denies", HEARD),
            ({"code": None}, "supports", HEARD),
        ],
    )
    def test_is_never_the_speaker_of_what_was_said(self, given, stance, root):
        citation = a_citation(chain=(HEARD,), stance=stance)

        assert root_of(citation, a_state(**given), RECORDS) == root

    def test_is_the_speaker_who_published_it(self):
        records = CitedRecords(
            documents={DOCUMENT: a_document(HEARD)}, sources={HEARD: RECORDS.sources[HEARD]}
        )

        assert root_of(a_citation(), a_state(code="plover-2.0/ACCUSE"), records) == HEARD


class TestWords:
    def test_are_read_and_given_back_in_order(self):
        words = [f"source:{an_id(1)}", f"claim:{an_id(9)}", f"claim:{an_id(3)}", f"root:{an_id(2)}"]

        absence = parse(words)

        assert absence == Absence(
            claims=frozenset({an_id(3), an_id(9)}),
            sources=frozenset({an_id(1)}),
            roots=frozenset({an_id(2)}),
        )
        assert absence.words == [words[2], words[1], words[3], words[0]]

    @pytest.mark.parametrize(
        ("word", "detail"),
        [
            ("actor:1", r"'actor:1' must be claim:<id>, source:<id> or root:<id>"),
            ("", "'' must be claim"),
            ("claim:7", "'claim:7' must end in an id"),
        ],
    )
    def test_that_say_nothing_are_named(self, word, detail):
        with pytest.raises(BadAbsence, match=detail):
            parse([word])

    def test_of_too_many_things_are_refused(self):
        with pytest.raises(BadAbsence, match=f"at most {LIMIT}"):
            parse([f"claim:{an_id(n)}" for n in range(LIMIT + 1)])
