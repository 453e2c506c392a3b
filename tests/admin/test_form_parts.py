"""Which parts of the claim form are open."""

import pytest

from tests.kit.desk_forms import sent
from tracker.admin.claim_entry import ClaimForms
from tracker.domain.claims import Magnitude, Occurred, Strength

pytestmark = pytest.mark.django_db
# What an act has open that is entered as its code is.
ACT = {"Said by a party"}


def parts(entry):
    shown = entry.folded
    return [shown.date_words, shown.said_by, *shown.rest]


def opened(entry):
    return {part.title for part in parts(entry) if part.is_open}


class TestAPart:
    @pytest.mark.parametrize(
        ("kind", "titles"),
        [
            ("", ACT),
            ("act", ACT),
            ("situation", ACT),
            ("measure", ACT | {"Amounts"}),
            ("forecast", ACT | {"Forecast", "How sure, how strong"}),
            ("assessment", set()),
            ("level", set()),
        ],
    )
    def test_is_open_where_the_kind_needs_it(self, desk, kind, titles):
        assert opened(ClaimForms(sent(ClaimForms(), claim__kind=kind))) == titles

    @pytest.mark.parametrize(
        ("field", "typed", "title"),
        [
            ("note", "so it says", "Contexts, note and tags"),
            ("strength", "weak", "How sure, how strong"),
            ("magnitude_change", "on", "Amounts"),
            ("resolves_by", "2024", "Forecast"),
            ("modality", "announced", "Denial, announcement, condition and collection"),
            ("basis", "inferred", "Its words, and how it is known"),
        ],
    )
    def test_is_open_where_something_is_in_it(self, desk, field, typed, title):
        entry = ClaimForms(sent(ClaimForms(), **{f"claim__{field}": typed}))

        assert opened(entry) == ACT | {title}

    def test_is_open_where_something_in_it_is_wrong(self, written):
        entry = ClaimForms(written(claim__collection="nowhere", claim__hedge="apparently"))
        entry.read()

        assert opened(entry) == ACT | {
            "Denial, announcement, condition and collection",
            "How sure, how strong",
        }

    def test_of_a_claim_on_record_shows_all_of_it(self, desk):
        claim = desk.claim(
            kind="assessment",
            code=None,
            note="so it says",
            occurred=Occurred(edtf="2022-03", basis="inferred"),
            strength=Strength(grade="weak", reason="so it reads"),
            magnitude=Magnitude(value=3, unit="%"),
        )
        entry = ClaimForms(claim=claim)

        assert opened(entry) == {
            "Its words, and how it is known",
            "Contexts, note and tags",
            "How sure, how strong",
            "Amounts",
        }
        assert not entry.citations[0].has_rare_fields


class TestADateBox:
    @pytest.mark.parametrize(
        ("box", "typed", "says"),
        [
            ("date", "late March 2022", "one day in 21–31 March 2022"),
            ("date", "unknown", "the date is unknown"),
            ("day", "11 May 2022", "11 May 2022"),
            ("day", "May 2022", "in May 2022: write one day, such as 11 May 2022"),
            ("first-day", "May 2022", "2022-05-01"),
            ("first-day", "2022", "2022-01-01"),
            ("first-day", "summer 2022", "write a day, a month or a year"),
            ("day", "05/03/2024", "day first or month first"),
        ],
    )
    def test_answers_under_itself(self, ann, desk, box, typed, says):
        answer = ann.get("/admin/desk/claim/date/", {"box": box, "since": typed})

        assert says in answer.text
        assert "confirmed" not in answer.text

    def test_is_one_of_a_few(self, ann, desk):
        assert ann.get("/admin/desk/claim/date/", {"box": "year"}).status_code == 404
