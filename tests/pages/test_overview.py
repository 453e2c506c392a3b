"""The first page: every pair on record."""

import re

import pytest

from tests.kit.builders import AT, BY, a_citation
from tests.kit.texts import text_of
from tracker.domain.claims import Occurred
from tracker.operations import claims

pytestmark = pytest.mark.django_db


def table_of(answer):
    """The table of pairs."""
    return re.search(r'<table class="pairs.*?</table>', answer.text, re.DOTALL)[0]


class TestTheFirstPage:
    @pytest.mark.parametrize("language", ["", "/ru"])
    def test_is_where_the_network_of_countries_was(self, client, language):
        answer = client.get(f"{language}/network/?show=level")

        assert (answer.status_code, answer["Location"]) == (301, f"{language}/")

    def test_says_what_it_is_when_nothing_is_on_record(self, client, desk):
        said = text_of(client.get("/"))

        assert "Nothing is on record yet." in said
        assert "No pair has a claim that moves its score." in said

    def test_lists_each_pair_with_its_words_and_a_link(self, client, desk, scored):
        desk.asserts("RUS", "KAZ")
        desk.asserts("CHN", "RUS")
        scored()

        answer = client.get("/")

        said = text_of(answer)
        assert "2 claims on record, 2 pairs of countries with a score." in said
        for link, name in (("/pairs/KAZ-RUS/", "KAZ and RUS"), ("/pairs/CHN-RUS/", "CHN and RUS")):
            assert f'<a href="{link}">{name}</a>' in answer.text
        assert table_of(answer).count("level never assessed") == 2
        assert "11 May 2022" in said

    def test_counts_the_claims_that_stand_and_that_its_lens_looks_at(
        self, client, desk, wire, scored
    ):
        desk.asserts("RUS", "KAZ")
        gone = desk.asserts("CHN", "RUS").stream
        claims.retract_claim(gone, reason="a slip", at=AT, by=BY)
        desk.asserts("RUS", "KAZ", collection=wire)
        scored()

        assert "1 claim on record, " in text_of(client.get("/"))

    def test_puts_the_strongest_first_if_asked_to(self, client, desk, scored):
        desk.asserts("CHN", "RUS")
        for _ in range(9):
            desk.asserts("RUS", "KAZ", code="plover-2.0/ASSAULT/heavy-weapons")
        scored()

        said = text_of(client.get("/", {"order": "strongest"}))

        table = said.index("Latest")
        assert said.index("confrontation", table) < said.index("CHN and RUS", table)

    def test_says_of_a_flow_which_way_it_goes_and_nothing_of_a_level(self, client, desk, scored):
        lately = {
            "occurred": Occurred(edtf="2024-04-29"),
            "citations": (a_citation(desk.hears(ends="2024-04-30")),),
        }
        desk.asserts("CHN", "RUS", **lately)
        for _ in range(9):
            desk.asserts("RUS", "KAZ", code="plover-2.0/ASSAULT/heavy-weapons", **lately)
        scored()

        said = text_of(client.get("/", {"lens": "tone"}))

        assert "KAZ and RUS: mostly conflict." in said
        assert "One more pair may be positive or negative." in said
        assert "not anchored" not in said

    def test_narrows_to_a_country_and_keeps_the_lens(self, client, desk, scored):
        desk.asserts("RUS", "KAZ")
        desk.asserts("CHN", "RUS")
        scored()

        answer = client.get("/", {"country": "kaz", "lens": "tone"})

        assert 'href="/pairs/KAZ-RUS/?lens=tone"' in answer.text
        assert "/pairs/CHN-RUS/" not in table_of(answer)
        assert '<option value="KAZ" selected>' in answer.text
