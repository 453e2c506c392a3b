"""What no browser sends by itself is answered in words, never by a crash."""

import pytest

from tests.admin.conftest import ADD, page_of, unrecorded
from tests.kit.desk_forms import sent
from tracker.admin.claim_entry import ClaimForms
from tracker.queries.records import states

pytestmark = pytest.mark.django_db

NUMBERS = ["", "x", "-1", "²", "9" * 20, "9" * 5_000, "1\0"]


@pytest.fixture
def correction(claim_id):
    stands = ClaimForms(claim=states.claim(claim_id).claim)
    return sent(stands, version="1", reason="a slip")


class TestARowCount:
    @pytest.mark.parametrize("number", NUMBERS)
    @pytest.mark.parametrize("noun", ["parties", "citations"])
    def test_that_is_none_records_nothing_when_entering(self, ann, written, noun, number):
        data = written()
        data[f"{noun}-TOTAL_FORMS"] = number
        data["claim-code"] = "nonsense"
        data[f"more_{noun}"] = "1"

        answer = unrecorded(ann, ADD, data)

        assert answer.status_code == 200
        assert f'name="{noun}-200-' not in answer.text

    def test_beyond_what_a_claim_can_have_is_refused_and_not_cut(self, ann, written):
        data = written()
        data["parties-TOTAL_FORMS"] = "150"
        for row in range(3, 150):
            data[f"parties-{row}-actor"], data[f"parties-{row}-role"] = "CHN", "affected"

        assert unrecorded(ann, ADD, data).status_code == 200

    @pytest.mark.parametrize("field", ["TOTAL_FORMS", "INITIAL_FORMS"])
    @pytest.mark.parametrize("number", [*NUMBERS, None])
    def test_that_is_none_is_no_crash_when_correcting(
        self, ann, claim_id, correction, number, field
    ):
        if number is None:
            del correction[f"citations-{field}"]
        else:
            correction[f"citations-{field}"] = number

        answer = ann.post(page_of(claim_id, "correct"), correction)

        assert answer.status_code in (200, 302)


class TestAVersion:
    @pytest.mark.parametrize("number", NUMBERS)
    @pytest.mark.parametrize("deed", ["retract", "correct", "review"])
    def test_that_is_none_is_no_crash(self, ann, claim_id, correction, deed, number):
        data = {"reason": "no", "outcome": "accepted"} if deed != "correct" else correction
        data["version"] = number

        answer = ann.post(page_of(claim_id, deed), data)

        assert answer.status_code in (200, 302)

    def test_that_is_too_high_records_nothing(self, ann, claim_id):
        answer = unrecorded(ann, page_of(claim_id, "retract"), {"reason": "no", "version": "9" * 9})

        assert answer.status_code == 200


class TestAnUntypableSign:
    @pytest.mark.parametrize("noun", ["claim", "source", "actor", "document"])
    def test_in_an_address_is_no_crash(self, ann, claim_id, noun):
        for query in (
            *({name: "9" * 5_000} for name in ("o", "p")),
            {"o": "²"},
        ):
            answer = ann.get(f"/admin/desk/{noun}/", query)

            assert answer.status_code in (200, 302, 400), query

    @pytest.mark.parametrize(
        "field",
        [
            *("claim__collection", "claim__summary", "claim__code", "claim__occurred"),
            *("claim__contexts", "claim__kind", "claim__magnitude_value", "claim__hedge"),
            *("parties__0__actor", "citations__0__document", "citations__0__chain"),
            *("parties__0__role", "citations__0__credibility", "confirmed"),
        ],
    )
    def test_in_a_form_records_nothing(self, ann, written, field):
        answer = unrecorded(ann, ADD, written(**{field: "a\0"}))

        assert answer.status_code == 200

    @pytest.mark.parametrize(
        ("deed", "form"),
        [
            ("retract", {"reason": "\0"}),
            ("judge", {"verdict": "false", "reason": "no", "source": "\0", "parties": "\0"}),
            ("cite", {"document": "\0", "stance": "supports", "interest": "none"}),
            ("review", {"outcome": "\0"}),
            ("withhold", {"position": "\0", "reason": "\0", "authority": "\0"}),
            ("unlink", {"link": "\0", "reason": "no"}),
        ],
    )
    def test_in_a_deed_records_nothing(self, ann, claim_id, deed, form):
        answer = unrecorded(ann, page_of(claim_id, deed), {**form, "version": "1"})

        assert answer.status_code == 200

    @pytest.mark.parametrize("noun", ["source", "actor", "document"])
    def test_in_the_form_of_a_record_records_nothing(self, ann, desk, noun):
        form = {
            "kind": {"source": "outlet", "actor": "company"}.get(noun, ""),
            **dict.fromkeys(("name", "title", "source", "country", "url", "since"), "\0"),
        }

        assert unrecorded(ann, f"/admin/desk/{noun}/add/", form).status_code == 200
