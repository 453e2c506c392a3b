"""Errors at the desk have names and titles, and no ids."""

import re

import pytest

from tests.admin.conftest import ADD, page_of
from tests.kit.builders import AT, an_actor, an_id, on_record
from tracker import log
from tracker.domain.records import Name
from tracker.operations import links
from tracker.queries.records.problem_words import in_words

pytestmark = pytest.mark.django_db
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def errors(page):
    """The texts of a page's errors."""
    found = re.findall(r'class="desk-errors"[^>]*>(.*?)</ul>', page, re.DOTALL)
    found += re.findall(r'role="alert">(.*?)</div>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", " ".join(found)).split())


class TestAMessage:
    def test_has_names_and_titles_in_place_of_ids(self, desk, claim_id):
        detail = f"{desk.document} and {desk.countries['RUS']} of {claim_id}"

        assert in_words(detail) == "A report and RUS of “Russia closed a pipeline.”"

    def test_has_words_for_what_is_not_on_record(self, db):
        assert in_words(f"there is no claim {an_id(7)}") == "there is no such claim"
        assert (
            in_words(f"{an_id(7)} is nothing on record") == "an unknown record is nothing on record"
        )


class TestAnAction:
    @pytest.mark.parametrize(
        ("action", "form", "says"),
        [
            ("judge", {"verdict": "false", "reason": "no", "parties": "CHN"}, "CHN is not a party"),
            ("link", {"link": "same_as>", "other": str(an_id(7)), "note": "x"}, "no such claim"),
            ("deny", {}, "say who denies it"),
            ("cite", {"stance": "supports", "interest": "none"}, "in which document it is"),
            ("retract", {"reason": ""}, "reason"),
            ("review", {"outcome": "maybe"}, "Select a valid choice"),
        ],
    )
    def test_says_in_words_what_is_wrong(self, ann, claim_id, action, form, says):
        page = ann.post(page_of(claim_id, action), {**form, "version": "1"}).text

        assert says in errors(page)
        assert not ID.search(errors(page))

    def test_names_the_claims_of_a_loop(self, ann, desk, claim_id):
        other = desk.asserts(summary="Russia closed a road.").stream
        links.link("part_of", other, claim_id, at=AT, by="x")
        form = {"link": "part_of>", "other": str(other), "note": "x", "version": "1"}

        page = ann.post(page_of(claim_id, "link"), form).text

        assert "“Russia closed a road.” already leads back to “Russia closed a" in errors(page)

    def test_to_link_suggests_all_claims_but_itself(self, ann, desk, claim_id):
        other = desk.asserts(summary="Russia closed a road.").stream
        page = ann.get(page_of(claim_id, "link")).text
        assert f'data-without="{claim_id}"' in page

        asked = {"noun": "claim", "q": "Russia closed", "without": str(claim_id)}
        found = ann.get("/admin/desk/claim/suggest/", asked).json()["found"]

        [first] = log.firsts([other])
        assert [one["value"] for one in found] == [f"Russia closed a road. (no. {first.position})"]

    def test_suggests_nothing_without_what_is_no_id(self, ann, desk):
        asked = {"noun": "claim", "q": "Russia", "without": "this"}

        assert ann.get("/admin/desk/claim/suggest/", asked).status_code == 404


class TestAForm:
    def test_asks_to_choose_where_a_name_is_shared(self, ann, desk, written):
        for _ in range(2):
            on_record(an_actor(None, kind="person", names=(Name(text="A Minister"),)))

        page = ann.post(ADD, written(parties__0__actor="A Minister")).text

        assert "several records are called" in errors(page)
        assert not ID.search(errors(page))

    @pytest.mark.parametrize("button", ["_same_as", "_cite_to", "_deny_to"])
    def test_says_so_where_the_duplicate_is_not_on_record(self, ann, written, button):
        data = written(claim__said_by="KAZ" if button == "_deny_to" else "")

        page = ann.post(ADD, {**data.dict(), button: str(an_id(7))}).text

        assert "there is no such claim" in errors(page)
        assert not ID.search(errors(page))
