"""The entry form follows the usual form of a code, says so, and offers the other."""

from uuid import UUID

import pytest

from tests.admin.conftest import ADD
from tests.kit.builders import SANCTION
from tests.kit.desk_forms import typed
from tracker.admin.claim_entry import ClaimForms
from tracker.queries.records import states

pytestmark = pytest.mark.django_db
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
