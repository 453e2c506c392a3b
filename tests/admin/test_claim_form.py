"""The claim form: which parts are open, the usual form of a code, and a level of a pair."""

from uuid import UUID

import pytest

from tests.admin.conftest import ADD
from tests.kit.builders import SANCTION, an_actor, on_record
from tests.kit.desk_forms import sent, typed
from tracker.admin.claim_entry import ClaimForms
from tracker.domain.records import Name
from tracker.queries.records import states

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


READING = f"{ADD.removesuffix('add/')}form/"


def text_of(page) -> str:
    return " ".join(page.content.decode().split())


class TestTheKind:
    @pytest.mark.parametrize(
        ("code", "kind"),
        [
            (SANCTION, "situation"),
            ("SANCTION", "situation"),
            ("plover-2.0/CONSULT/visit", "act"),
            ("cameo-1.1b3/191", "situation"),
            ("", "act"),
            ("nonsense", "act"),
        ],
    )
    def test_follows_the_code_where_it_is_left_open(self, code, kind):
        entry = ClaimForms(typed(claim__code=code))
        entry.read()

        assert entry.form.cleaned_data["kind"] == kind

    def test_is_what_was_chosen(self):
        entry = ClaimForms(typed(claim__code="SANCTION", claim__kind="act"))
        entry.read()

        assert entry.form.cleaned_data["kind"] == "act"

    def test_left_open_is_recorded_as_the_code_usually_is(self, ann, written):
        data = written(
            claim__code=SANCTION,
            claim__kind="",
            claim__occurred="since 22 March 2022",
            confirmed="2022-03-22/..",
        )
        saved = ann.post(ADD, data)

        assert saved.status_code == 302
        claim_id = saved.headers["Location"].rstrip("/").split("/")[-2]
        assert states.claim(UUID(claim_id)).claim.kind == "situation"


class TestTheReading:
    @pytest.mark.parametrize(
        ("fields", "says", "button"),
        [
            (
                {"claim-code": "SANCTION"},
                "Sanction usually lasts: entered as <strong>a situation</strong>.",
                'value="act"',
            ),
            (
                {"claim-code": "SANCTION", "claim-kind": "act"},
                "Sanction usually lasts: but entered as <strong>an act</strong>.",
                'value="situation"',
            ),
            (
                {"claim-code": "CONSULT/visit"},
                "Consult: visit is usually done on a day: entered as <strong>an act</strong>.",
                'value="situation"',
            ),
            (
                {"claim-code": "SANCTION", "claim-occurred": "11 May 2022"},
                "It counts until 11 May 2022; if it goes on, write “since” before the date.",
                'value="act"',
            ),
        ],
    )
    def test_says_how_it_is_entered_and_offers_the_other(self, ann, desk, fields, says, button):
        page = text_of(ann.get(READING, fields))

        assert says in page
        assert f'name="as_kind" {button}' in page


class TestTheButton:
    def test_enters_the_other_form_and_keeps_what_was_typed(self, ann, written):
        page = ann.post(ADD, written(claim__code=SANCTION, claim__kind="", as_kind="act"))

        form = page.context["entry"].form
        assert form["kind"].value() == "act"
        assert form["summary"].value() == "Russia shut off Kazakh oil."
        assert "usually lasts: but entered as <strong>an act</strong>" in text_of(page)


@pytest.fixture
def a_level(desk):
    """Give what is sent for a level of a pair, with other fields where named."""

    def write(**other):
        fields = {
            "claim__collection": "curated",
            "claim__summary": "The panel puts Kazakhstan and Russia at +4.5.",
            "claim__kind": "level",
            "claim__level_value": "+4.5",
            "claim__level_sd": "1.5",
            "claim__occurred": "31 December 2021",
            "confirmed": "2021-12-31",
            "parties__0__actor": "KAZ",
            "parties__0__role": "about",
            "parties__1__actor": "RUS",
            "parties__1__role": "about",
            "citations__0__document": "A report",
        }
        return typed(**fields | other)

    return write


def problems(data):
    entry = ClaimForms(data)
    entry.read()
    return {field.html_name: list(field.errors) for field in entry.faults}


class TestAnEntry:
    def test_is_recorded(self, ann, a_level):
        saved = ann.post(ADD, a_level())

        assert saved.status_code == 302
        page = ann.get(saved.headers["Location"])
        assert "Level of KAZ and RUS at the end of 2021: +4.5 ± 1.5" in page.text


class TestTheNextEntry:
    def test_begins_with_the_kind_and_the_pair_of_the_last(self, ann, desk):
        last = desk.gives_level().stream

        form = ann.get(ADD, {"after": str(last)}).context["entry"]

        assert form.form["kind"].value() == "level"
        rows = [(row["actor"].value(), row["role"].value()) for row in form.parties]
        assert rows == [("KAZ", "about"), ("RUS", "about")]


class TestEveryProblem:
    @pytest.mark.parametrize(
        ("given", "field", "says"),
        [
            ({"claim__level_value": "10"}, "claim-level_value", "between -9 and 9"),
            ({"claim__level_value": "good"}, "claim-level_value", "Enter a number"),
            ({"claim__level_sd": ""}, "claim-level_sd", "standard deviation"),
            ({"claim__level_sd": "0"}, "claim-level_sd", "between 0.1 and 9"),
            ({"claim__level_rung": "structural-1/pact"}, "claim-level_value", "not both"),
            ({"claim__code": "SANCTION"}, "claim-code", "has no code"),
            ({"claim__strength": "weak"}, "claim-strength", "has no strength"),
            ({"claim__magnitude_value": "0"}, "claim-magnitude_value", "has no amount"),
            ({"claim__polarity": "denied"}, "claim-polarity", "is asserted"),
            ({"claim__kind": "act"}, "claim-level_value", "only a level has this"),
            (
                {"claim__occurred": "2021-12-31/..", "confirmed": "2021-12-31/.."},
                "claim-occurred",
                "open end",
            ),
        ],
    )
    def test_is_at_its_field(self, a_level, given, field, says):
        assert says in problems(a_level(**given))[field][0]

    def test_of_a_party_that_is_no_country_is_with_it(self, ann, a_level):
        on_record(an_actor(None, kind="person", names=(Name(text="Vladimir Putin"),)))

        page = ann.post(ADD, a_level(parties__1__actor="Vladimir Putin"))

        errors = page.context["entry"].party_rows[1].errors
        assert errors == {
            "actor": ["a level is about two countries; the kind of this party is person"]
        }

    def test_of_too_many_parties_is_with_the_parties(self, a_level):
        entry = ClaimForms(a_level(parties__2__actor="CHN", parties__2__role="about"))
        entry.read()

        assert "exactly two parties" in entry.party_problems[0]


class TestACorrection:
    @pytest.mark.parametrize("given", [{}, {"value": "-0.25"}, {"rung": "structural-1/pact"}])
    def test_of_nothing_is_the_level_again(self, desk, given):
        claim = states.claim(desk.gives_level(**given).stream).claim

        assert ClaimForms(sent(ClaimForms(claim=claim)), claim=claim).read() == claim


class TestTheList:
    def test_names_the_pair_and_its_level(self, ann, desk):
        desk.gives_level(rung="structural-1/lesser-rivalry", pair="RUS-CHN")
        desk.asserts(summary="Russia closed a pipeline.")

        text = ann.get("/admin/desk/claim/").text

        assert "CHN–RUS −2 ± 2.5, lesser rivalry" in text
        assert "plover-2.0/MOBILIZE/militia" in text
