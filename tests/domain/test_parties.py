"""Actors, the countries that they speak for, sources and documents."""

from datetime import date

import pytest

from tests.kit.domain_builders import (
    a_claim,
    a_country,
    a_document,
    an_id,
    ids,
    somebody,
    speaks_for,
)
from tests.kit.tables import each
from tracker.domain.records import Actor, Source, dated


class TestAffiliation:
    TERM = speaks_for("USA", since="2021-03-03", until="2025-01-20")

    @each(
        ("first", "last", "held"),
        [
            ("2021-03-02", "2021-03-02", False),
            ("2021-03-03", "2021-03-03", True),
            ("2025-01-19", "2025-01-19", True),
            ("2025-01-20", "2025-01-20", False),
            ("2020-01-01", "2021-03-03", True),
            ("2025-01-19", "2026-01-01", True),
            ("2020-01-01", "2026-01-01", True),
        ],
    )
    def test_holds_from_its_first_day_and_before_its_last(self, first, last, held):
        assert self.TERM.overlaps(date.fromisoformat(first), date.fromisoformat(last)) is held

    def test_without_dates_always_holds(self):
        assert speaks_for("USA").overlaps(date.min, date.min)
        assert speaks_for("USA").overlaps(date.max, date.max)


class TestActor:
    def test_is_printed_by_its_first_name(self):
        assert a_country("KAZ").name == "KAZ"

    def test_has_no_name_once_its_words_are_withheld(self):
        assert Actor(kind="person").name == ""

    def test_speaks_for_whom_it_is_affiliated_with_at_the_time(self):
        early, late = speaks_for("UKR", until="2022-03-01"), speaks_for("RUS", since="2022-03-01")
        turncoat = somebody(early, late)

        assert turncoat.speaks_for(date(2022, 2, 1), date(2022, 2, 28)) == (early,)
        assert turncoat.speaks_for(date(2022, 2, 1), date(2022, 3, 1)) == (early, late)


class TestAClaimsActors:
    def test_come_by_role_in_the_order_that_the_person_gave(self):
        claim = a_claim("RUS BLR>UKR", affected="KAZ", about="CHN")

        assert claim.actors("initiator") == ids("RUS BLR")
        assert claim.actors("recipient", "affected") == ids("UKR KAZ")
        assert claim.actors("about") == (an_id("CHN"),)


class TestASource:
    @each(
        ("ownership", "owned"),
        [
            ("state", True),
            ("ruling party", True),
            ("party", False),
            ("public", False),
            ("private", False),
            ("society", False),
            (None, False),
        ],
    )
    def test_is_state_owned_where_it_says_what_the_state_wants_said(self, ownership, owned):
        source = Source(kind="outlet", name="The Gazette", ownership=ownership)

        assert source.state_owned is owned


class TestADocumentsDate:
    @pytest.mark.parametrize(
        ("published", "day"),
        [
            ("2022-05-24", date(2022, 5, 24)),
            ("2022-05", date(2022, 5, 31)),
            ("[2022-05-20..2022-05-24]", date(2022, 5, 24)),
            (None, None),
        ],
    )
    def test_is_the_last_day_that_it_can_be_of(self, published, day):
        assert dated(a_document("newsletter", published)) == day
