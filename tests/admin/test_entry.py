"""A claim as it is typed: what is read from the forms, and where each problem is shown."""

from decimal import Decimal

import pytest

from tests.kit.builders import a_citation
from tests.kit.desk_forms import sent
from tracker.admin.claim_entry import ClaimForms
from tracker.domain.claims import Citation, Magnitude, Occurred, Strength
from tracker.domain.records import Party
from tracker.domain.validity import Problem

pytestmark = pytest.mark.django_db


def read(data):
    claim = ClaimForms(data).read()
    assert claim is not None
    return claim


def problems(data):
    entry = ClaimForms(data)
    entry.read()
    return {field.html_name: list(field.errors) for field in entry.faults}


class TestAnEntry:
    def test_is_the_claim_that_was_typed(self, desk, written):
        claim = read(written(claim__phrase="in late March", claim__note="so it says"))

        assert claim == desk.claim(
            summary="Russia shut off Kazakh oil.",
            occurred=Occurred(edtf="[2022-03-21..2022-03-31]", phrase="in late March"),
            note="so it says",
        )


class TestEveryProblem:
    """All at once, each at its field."""

    def test_of_reading_and_of_meaning_comes_at_once(self, written):
        found = problems(
            written(
                claim__summary=" ",
                claim__code="plover-2.0/SANCTON",
                claim__occurred="05/03/2024",
                parties__1__actor="Kazakstan",
                citations__0__credibility="3",
                citations__0__chain="Nobody's Gazette",
            )
        )

        assert set(found) == {
            "claim-summary",
            "claim-code",
            "claim-occurred",
            "parties-1-actor",
            "citations-0-chain",
        }

    def test_is_named_in_the_order_of_the_page(self, written):
        found = problems(
            written(
                claim__code="nonsense",
                claim__note="x" * 100_000,
                claim__occurred="never",
                claim__hedge="apparently",
                claim__condition="x" * 100_000,
                parties__1__actor="Nobody",
                citations__0__chain="Nobody",
            )
        )

        assert list(found) == [
            "claim-code", "parties-1-actor", "claim-occurred", "citations-0-chain",
            "claim-note", "claim-likelihood", "claim-condition",
        ]  # fmt: skip

    def test_with_a_repeated_party_is_at_its_row_though_one_before_is_empty(self, written):
        found = problems(
            written(
                parties__0__actor="",
                parties__1__role="initiator",
                parties__2__actor="KAZ",
                parties__2__role="initiator",
            )
        )

        assert found["parties-2-actor"] == ["duplicate party"]

    def test_of_a_party_at_both_ends_names_it(self, written):
        entry = ClaimForms(written(parties__2__actor="RUS", parties__2__role="recipient"))
        entry.read()

        assert entry.party_problems == [
            "RUS is initiator and recipient; for a mutual act list only initiators"
        ]

    def test_keeps_a_party_without_a_role_from_being_recorded(self, written):
        assert "parties-2-role" in problems(written(parties__2__actor="CHN", parties__2__role=""))

    def test_of_a_citation_without_a_document_is_at_the_document(self, written):
        found = problems(written(citations__0__document="", citations__0__quote="So it is."))

        assert list(found) == ["citations-0-document"]

    def test_of_an_entry_without_a_citation_is_at_the_first_document(self, written):
        entry = ClaimForms(written(citations__0__document=""))

        assert entry.read() is None
        assert entry.general == []
        [fault] = entry.faults
        assert fault.html_name == "citations-0-document"
        assert "at least one citation" in str(fault.errors)

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({"claim__hedge": "apparently"}, "claim-likelihood"),
            ({"claim__hedge": "may"}, "claim-kind"),
            ({"claim__strength_reason": "only in part"}, "claim-strength"),
            ({"claim__magnitude_unit": "%"}, "claim-magnitude_value"),
            ({"claim__occurred": "unknown", "claim__phrase": "once"}, "claim-phrase"),
            ({"claim__occurred": ""}, "claim-occurred"),
            ({"claim__modality": "conditional"}, "claim-condition"),
            ({"claim__kind": "measure"}, "claim-magnitude_value"),
            ({"claim__kind": "forecast"}, "claim-resolves_by"),
            ({"claim__collection": ""}, "claim-collection"),
            ({"claim__contexts": "weather"}, "claim-contexts"),
        ],
    )
    def test_of_what_is_half_said_is_where_the_other_half_belongs(self, written, typed, field):
        assert field in problems(written(**typed))

    def test_found_while_recording_is_shown_with_names(self, desk, written):
        entry = ClaimForms(written())
        entry.read()

        entry.show([Problem(pointer="/elsewhere", code="x", detail=f"{desk.document} is wrong")])

        assert entry.general == ["A report is wrong"]


class TestTheDate:
    def test_is_not_confirmed_until_its_reading_was_seen(self, written):
        entry = ClaimForms(written(confirmed=""))

        assert entry.read() is not None
        assert not entry.is_confirmed
        assert entry.reading is not None
        assert entry.reading.says == "one day in 21–31 March 2022"


class TestACorrection:
    """Begins with the claim as it stands, and loses nothing of it."""

    def test_of_nothing_is_the_claim_again(self, desk):
        full = a_full_claim(desk)

        assert ClaimForms(sent(ClaimForms(claim=full)), claim=full).read() == full


def a_full_claim(desk):
    """Everything that a claim can say, filled in."""
    return desk.claim(
        key="row 36",
        kind="forecast",
        contexts=("economic", "military"),
        polarity="denied",
        modality="conditional",
        condition="if it rains",
        occurred=Occurred(edtf="2022-03/2022-05", basis="inferred", phrase="in spring"),
        strength=Strength(grade="weak", reason="a hint"),
        likelihood="likely",
        hedge="apparently",
        magnitude=Magnitude(value=Decimal("-40.50"), unit="%", change=True, baseline="2022-02"),
        resolves_by="2023",
        criterion="it happens",
        tags=("oil", "pipe line"),
        note="one\ntwo",
        parties=(
            Party(actor=desk.countries["KAZ"], role="initiator", responsibility="state-ordered"),
            Party(actor=desk.countries["RUS"], role="recipient"),
        ),
        citations=(a_full_citation(desk), a_citation(desk.document)),
    )


def a_full_citation(desk):
    return Citation(
        document=desk.document,
        chain=(desk.source,),
        stance="denies",
        interest="self-serving",
        credibility=6,
        language="ru",
        locator="p. 3",
        quote="Так\nи есть.",
        translation="So it is.",
        note="found late",
    )
