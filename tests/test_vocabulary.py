"""Words of the record in the languages of the pages."""

from typing import get_args, get_type_hints

import pytest
from django.utils.translation import override

from tests.kit.pseudo_language import CLOSE, OPEN, marked
from tracker.domain import claims, events, records
from tracker.domain.scoring.bands import BANDS
from tracker.vocabulary import WORDS, group_name, word

VOCABULARIES = {
    "kind": claims.Kind,
    "polarity": claims.Polarity,
    "modality": claims.Modality,
    "basis": claims.Basis,
    "grade": claims.Grade,
    "likelihood": claims.Likelihood,
    "role": records.Role,
    "responsibility": records.Responsibility,
    "ownership": records.Ownership,
    "kind of source": get_type_hints(records.Source)["kind"],
    "verdict": events.Verdict,
    "link": events.LinkType,
    "outcome": get_type_hints(events.ForecastResolved)["outcome"],
}


class TestAWord:
    @pytest.mark.parametrize("name", VOCABULARIES)
    def test_is_there_for_all_that_the_record_can_hold(self, name) -> None:
        assert [one for one in get_args(VOCABULARIES[name]) if one not in WORDS] == []

    def test_is_there_for_each_band(self) -> None:
        assert [one for one in BANDS if one not in WORDS] == []

    def test_is_in_the_language_of_the_page(self) -> None:
        assert word("ruling party") == "ruling party"
        with override("ru"):
            assert word("ruling party") == "правящая партия"

    def test_that_nobody_knows_stays_as_it_is(self) -> None:
        with override("ru"):
            assert word("something else") == "something else"
            assert word(None) == ""

    def test_with_a_context_is_marked_without_it(self) -> None:
        with marked("ru"), override("ru"):
            assert word("act") == f"{OPEN}act{CLOSE}"


class TestAGroupOfJudgedClaims:
    @pytest.mark.parametrize(
        ("label", "in_russian"),
        [
            ("reliability C", "надёжность C"),
            ("0.1 to 0.2", "от 0,1 до 0,2"),
            ("10 or more", "10 и больше"),
            ("3", "3"),
        ],
    )
    def test_has_a_name_in_the_language_of_the_page(self, label, in_russian) -> None:
        assert group_name(label) == label
        with override("ru"):
            assert group_name(label) == in_russian
