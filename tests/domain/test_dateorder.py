"""An event is not dated after the document that reports it, unless it was announced or forecast."""

from datetime import UTC, date, datetime

import pytest

from tests.kit.builders import DOCUMENT, a_citation, a_claim, an_id
from tests.kit.tables import each
from tracker.domain import validity
from tracker.domain.claims import Occurred

WAYS = (
    ": if it was announced or is conditional, set the modality; if it was predicted, make it a"
    " forecast; otherwise correct one of the two dates"
)
AHEAD = ({"kind": "forecast"}, {"modality": "announced"}, {"modality": "conditional"})
DENIED = {"citations": (a_citation(stance="denies"),)}


def late(edtf, published, **given):
    claim = a_claim(occurred=Occurred(edtf=edtf), **given)
    return list(validity.claim_order_problems(claim, {DOCUMENT: published}))


def since(edtf, **given):
    occurred = Occurred(edtf=edtf) if edtf else None
    return validity.dated_since(a_claim(occurred=occurred, **given))


class TestTheDocumentsOfAClaim:
    @pytest.mark.parametrize(
        ("edtf", "first"), [("2022-04-03", date(2022, 4, 3)), ("2022-04/..", date(2022, 4, 1))]
    )
    def test_are_dated_on_the_first_day_of_the_event_or_later(self, edtf, first):
        assert since(edtf) == {DOCUMENT: first}

    @pytest.mark.parametrize("edtf", [None, "../2022-05-01", "nonsense"])
    def test_may_have_any_date_if_the_event_has_no_first_day(self, edtf):
        assert since(edtf) == {}

    @pytest.mark.parametrize("given", [*AHEAD, DENIED])
    def test_may_have_any_date_if_they_come_first(self, given):
        assert since("2022-04-03", **given) == {}


class TestAClaim:
    def test_names_both_dates_at_the_event(self):
        (problem,) = late("2022-04-03", "2022-03-28")

        assert problem.pointer == "/occurred/edtf"
        assert problem.code == "after_document"
        assert problem.detail == (
            "the event is dated 3 April 2022, after its document, dated 28 March 2022" + WAYS
        )

    def test_says_which_day_of_a_span_is_meant(self):
        (problem,) = late("2022-04/..", "2022-03")

        assert problem.detail == (
            "the event is dated 1 April 2022 at the earliest, after its document, dated"
            " 31 March 2022 at the latest" + WAYS
        )

    @each(
        ("event", "document"),
        [
            ("2022-03-28", "2022-03-28"),
            ("2022-03", "2022-03-01"),
            ("[2022-03-21..2022-04-30]", "2022-03-21"),
            ("../2022-05-01", "2022-03-01"),
            ("2022-04-03", "2022"),
            ("2022-04-03", None),
            ("nonsense", "2022-03-28"),
            ("2022-04-03", "nonsense"),
            ("2022-04-03", "2022-03-28/.."),
        ],
    )
    def test_may_be_dated_where_it_can_have_come_first(self, event, document):
        assert late(event, document) == []

    @pytest.mark.parametrize("given", [*AHEAD, DENIED])
    def test_may_look_ahead_or_be_denied_beforehand(self, given):
        assert late("2022-04-03", "2022-03-28", **given) == []

    def test_without_a_date_is_never_late(self):
        assert list(validity.claim_order_problems(a_claim(occurred=None), {DOCUMENT: "2022"})) == []

    def test_is_named_once_whatever_the_number_of_documents(self):
        other = an_id(4)
        claim = a_claim(
            occurred=Occurred(edtf="2022-04-03"),
            citations=(a_citation(), a_citation(other)),
        )

        found = validity.claim_order_problems(claim, {DOCUMENT: "2022-03-28", other: "2022-03-29"})

        assert [one.rests_on[-1] for one in found] == ["/citations/0"]


class TestAFurtherCitation:
    def test_is_refused_at_its_document(self):
        claim = a_claim(occurred=Occurred(edtf="2022-04-03"))

        (problem,) = validity.citation_order_problems(claim, a_citation(), {DOCUMENT: "2022-03-28"})

        assert problem.pointer == "/document"
        assert "3 April 2022, after its document, dated 28 March 2022" in problem.detail

    def test_that_denies_may_be_older(self):
        claim = a_claim(occurred=Occurred(edtf="2022-04-03"))
        denial = a_citation(stance="denies")

        assert not [*validity.citation_order_problems(claim, denial, {DOCUMENT: "2022-03-28"})]


class TestADateAfterTheDayOfEntry:
    """At 09:00 in UTC it is 2 May in Kiribati, where the day begins first, only from 10:00 on."""

    def found(self, edtf, *, hour=9, **given):
        claim = a_claim(occurred=Occurred(edtf=edtf), **given)
        at = datetime(2024, 5, 1, hour, tzinfo=UTC)
        return [(one.pointer, one.code) for one in validity.future_problems(claim, at=at)]

    @pytest.mark.parametrize("edtf", ["2024-05-02", "2024-05-02/2024-06-01", "2025", "2024-06/.."])
    def test_is_refused(self, edtf):
        assert self.found(edtf) == [("/occurred/edtf", "in_future")]

    @pytest.mark.parametrize("edtf", ["2024-05-01", "2024-05", "2024", "../2025", "2024-05-01/.."])
    def test_is_none_where_it_may_have_begun(self, edtf):
        assert self.found(edtf) == []

    def test_is_none_where_the_day_has_begun_somewhere(self):
        assert self.found("2024-05-02", hour=10) == []

    @pytest.mark.parametrize("given", AHEAD)
    def test_is_none_for_what_is_to_come(self, given):
        assert self.found("2025", **given) == []

    def test_says_what_to_do(self):
        claim = a_claim(occurred=Occurred(edtf="2024-05-02"))
        (problem,) = validity.future_problems(claim, at=datetime(2024, 5, 1, tzinfo=UTC))

        ways = WAYS.replace("one of the two dates", "the date")
        assert problem.detail == "the event is dated 2 May 2024, after today" + ways
