"""A claim is not dated after its documents: plain dates are compared within the write."""

from dataclasses import replace

import pytest

from tests.kit.builders import AT, BY, Desk, a_citation, a_document
from tracker.domain.attribution import SaidBy, Submission
from tracker.domain.claims import Occurred
from tracker.domain.validity import Invalid
from tracker.operations import batches, claims, entries, references, sources

pytestmark = pytest.mark.django_db
FUTURE = ("/occurred/edtf", "in_future")


def append(desk: Desk, event: str, document: str | None) -> None:
    """Record a claim of one date with a document of another."""
    described = sources.describe_document(a_document(desk.source, date=document), at=AT, by=BY)
    citation = a_citation(described.stream)
    claim = replace(desk.claim(), occurred=Occurred(edtf=event), citations=(citation,))
    claims.assert_claim(claim, at=AT, by=BY)


@pytest.fixture
def _without_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    """The dates may not be read before the write."""
    monkeypatch.delattr(references, "date_warning")


@pytest.mark.usefixtures("_without_comparison")
class TestAPlainDate:
    @pytest.mark.parametrize(
        ("event", "document"),
        [
            ("2022-05-11", "2022-05-11"),
            ("2022-05-11", "2022-05-12"),
            ("2022-05-11", "2022-05"),
            ("2022-05-11", "2022"),
            ("2022-05", "2022-05-01"),
            ("2022-05-11", None),
        ],
    )
    def test_is_compared_within_the_write(self, desk: Desk, event, document) -> None:
        append(desk, event, document)


class TestADateThatIsNotPlain:
    @pytest.mark.parametrize("document", ["2022-05-24?", "2022-05-10/2022-05-12", "2022-XX-XX"])
    def test_is_compared_after_the_write_was_refused(self, desk: Desk, document) -> None:
        append(desk, "2022-05-11", document)

    @pytest.mark.parametrize("document", ["2022-05-10", "2022-04", "2021", "2022-05-10?"])
    def test_is_refused_where_it_is_too_early(self, desk: Desk, document) -> None:
        with pytest.raises(Invalid) as refused:
            append(desk, "2022-05-11", document)

        [problem] = refused.value.problems
        assert (problem.pointer, problem.code) == ("/occurred/edtf", "after_document")

    def test_of_a_missing_document_is_not_compared(self, desk: Desk) -> None:
        claim = replace(desk.claim(), citations=(a_citation(desk.source),))
        with pytest.raises(Invalid) as refused:
            claims.assert_claim(claim, at=AT, by=BY)

        assert [problem.code for problem in refused.value.problems] == ["unknown_reference"]


class TestADateAfterTheDayOfEntry:
    def refused(self, act) -> list[tuple[str, str]]:
        with pytest.raises(Invalid) as refused:
            act()
        return [(one.pointer, one.code) for one in refused.value.problems]

    def test_is_refused_for_one_claim_several_and_a_correction(self, desk: Desk) -> None:
        undated = sources.describe_document(a_document(desk.source, date=None), at=AT, by=BY)
        citations = (a_citation(undated.stream),)
        claim = replace(desk.claim(), occurred=Occurred(edtf="2024-06"), citations=citations)
        one = desk.asserts()
        [found] = batches.problems([Submission(claim=claim)], at=AT)

        assert [(each.pointer, each.code) for each in found] == [FUTURE]
        assert self.refused(lambda: claims.assert_claim(claim, at=AT, by=BY)) == [FUTURE]
        assert self.refused(
            lambda: claims.correct_claim(
                one.stream, claim, reason="later", expected=1, at=AT, by=BY
            )
        ) == [FUTURE]

    def test_is_refused_for_a_statement(self, desk: Desk) -> None:
        said_by = SaidBy(actor=desk.countries["RUS"], occurred=Occurred(edtf="2024-06"))

        found = entries.problems(desk.claim(), said_by, at=AT)

        assert ("/said_by/occurred/edtf", "in_future") in [
            (each.pointer, each.code) for each in found
        ]
