"""Public pages report claims that are on record and that no lens counts."""

from html import unescape
from uuid import UUID

import pytest
from django.test import Client

from tests.kit.accusations import a_firm, blames
from tests.kit.builders import AT, BY, Desk, a_collection, a_lens
from tracker.domain.lenses import View
from tracker.operations import claims, lenses, sources
from tracker.queries.scores import uncounted

pytestmark = pytest.mark.django_db
PASSED_OVER = "3 claims of the collection notes are on record, but no lens counts them."
CLAIM = "No lens counts the collection notes: its claims move no score."


@pytest.fixture
def notes(desk: Desk) -> UUID:
    """A collection with three claims between Russia and Kazakhstan, in no lens's view."""
    notes = sources.describe_collection(a_collection(name="notes"), at=AT, by=BY).stream
    for _ in range(3):
        desk.asserts("RUS", "KAZ", collection=notes)
    return notes


def read(client: Client, path: str) -> str:
    return unescape(client.get(path).content.decode())


class TestAPair:
    def test_says_so_instead_of_nothing_on_record(self, client, notes, scored):
        scored()

        page = read(client, "/pairs/KAZ-RUS/")

        assert "No counted act between KAZ and RUS yet." in page
        assert f'<p class="beside">{PASSED_OVER}' in page
        assert PASSED_OVER in read(client, "/embed/pairs/KAZ-RUS/")
        assert "No reported act between CHN and KAZ yet." in read(client, "/pairs/CHN-KAZ/")

    def test_says_so_beside_what_a_lens_counts(self, client, desk, notes, scored):
        desk.asserts("RUS", "KAZ")
        scored()

        page = read(client, "/pairs/KAZ-RUS/")

        assert f'<p class="note">{PASSED_OVER}</p>' in page
        assert f'<p class="beside">{PASSED_OVER}' not in page

    def test_names_the_lens_that_counts_them(self, client, notes, scored):
        mine = a_lens(name="mine", view=View(method="1", collections=(notes,)))
        lenses.define_lens(mine, at=AT, by=BY)
        scored()

        page = read(client, "/pairs/KAZ-RUS/")

        assert "No reported act between KAZ and RUS yet." in page
        assert (
            "3 claims of the collection notes are on record, but not counted here;"
            " counted by “Mine”."
        ) in page
        assert "on record, but" not in read(client, "/pairs/KAZ-RUS/?lens=mine")

    def test_tells_nothing_of_a_past_moment(self, client, notes, scored):
        scored()

        assert "no lens counts" not in read(client, "/pairs/KAZ-RUS/?as_of=5")

    def test_does_not_count_a_withheld_claim(self, client, desk, notes, scored):
        blames(desk, a_firm(desk), collection=notes)
        scored()

        assert PASSED_OVER in read(client, "/pairs/KAZ-RUS/")

    def test_says_nothing_where_all_are_withheld(self, client, desk, scored):
        only = sources.describe_collection(a_collection(name="notes"), at=AT, by=BY).stream
        blames(desk, a_firm(desk), collection=only)
        scored()

        assert "notes" not in read(client, "/pairs/KAZ-RUS/")


class TestAClaim:
    def test_says_so(self, client, desk, notes, scored):
        passed_over = desk.asserts(collection=notes).stream
        counted = desk.asserts().stream

        assert CLAIM in read(client, f"/claims/{passed_over}/")
        assert "No lens counts" not in read(client, f"/claims/{counted}/")


class TestTheNumberOfClaims:
    @pytest.mark.parametrize(("most", "number"), [(10, 3), (3, 3), (2, 2)])
    def test_leaves_out_what_was_retracted_and_ends_at_the_most(self, desk, notes, most, number):
        """Of five on record two are retracted."""
        for _ in range(2):
            claim = desk.asserts("RUS", "KAZ", collection=notes).stream
            claims.retract_claim(claim, reason="wrong", at=AT, by=BY)

        assert uncounted.standing_claims(notes, most=most) == number
