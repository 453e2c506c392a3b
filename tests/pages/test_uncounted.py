"""What public pages say of claims that no lens counts; and they name no person or firm as
responsible for a crime on one root and one pair of eyes."""

from html import unescape
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from tests.kit.accusations import SENTENCE, a_firm, blames, reviewed, second_root
from tests.kit.background_work import work_off
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


def shown(client: Client, path: str) -> str:
    return unescape(client.get(path).content.decode())


class TestAPair:
    def test_says_so_instead_of_nothing_on_record(self, client, notes, scored):
        scored()

        page = shown(client, "/pairs/KAZ-RUS/")

        assert "No counted act between KAZ and RUS yet." in page
        assert f'<p class="beside">{PASSED_OVER}' in page
        assert PASSED_OVER in shown(client, "/embed/pairs/KAZ-RUS/")
        assert "No reported act between CHN and KAZ yet." in shown(client, "/pairs/CHN-KAZ/")

    def test_says_so_beside_what_a_lens_counts(self, client, desk, notes, scored):
        desk.asserts("RUS", "KAZ")
        scored()

        page = shown(client, "/pairs/KAZ-RUS/")

        assert f'<p class="note">{PASSED_OVER}</p>' in page
        assert f'<p class="beside">{PASSED_OVER}' not in page

    def test_names_the_lens_that_counts_them(self, client, notes, scored):
        mine = a_lens(name="mine", view=View(method="1", collections=(notes,)))
        lenses.define_lens(mine, at=AT, by=BY)
        scored()

        page = shown(client, "/pairs/KAZ-RUS/")

        assert "No reported act between KAZ and RUS yet." in page
        assert (
            "3 claims of the collection notes are on record, but not counted here;"
            " counted by “Mine”."
        ) in page
        assert "on record, but" not in shown(client, "/pairs/KAZ-RUS/?lens=mine")

    def test_tells_nothing_of_a_past_moment(self, client, notes, scored):
        scored()

        assert "no lens counts" not in shown(client, "/pairs/KAZ-RUS/?as_of=5")

    def test_does_not_count_a_withheld_claim(self, client, desk, notes, scored):
        blames(desk, a_firm(desk), collection=notes)
        scored()

        assert PASSED_OVER in shown(client, "/pairs/KAZ-RUS/")

    def test_says_nothing_where_all_are_withheld(self, client, desk, scored):
        only = sources.describe_collection(a_collection(name="notes"), at=AT, by=BY).stream
        blames(desk, a_firm(desk), collection=only)
        scored()

        assert "notes" not in shown(client, "/pairs/KAZ-RUS/")


class TestAClaim:
    def test_says_so(self, client, desk, notes, scored):
        passed_over = desk.asserts(collection=notes).stream
        counted = desk.asserts().stream

        assert CLAIM in shown(client, f"/claims/{passed_over}/")
        assert "No lens counts" not in shown(client, f"/claims/{counted}/")


class TestTheNumberOfClaims:
    @pytest.mark.parametrize(("most", "number"), [(10, 3), (3, 3), (2, 2)])
    def test_leaves_out_what_was_retracted_and_ends_at_the_most(self, desk, notes, most, number):
        """Of five on record two are retracted."""
        for _ in range(2):
            claim = desk.asserts("RUS", "KAZ", collection=notes).stream
            claims.retract_claim(claim, reason="wrong", at=AT, by=BY)

        assert uncounted.standing_claims(notes, most=most) == number


PLACES = ("/", "/claims/feed.atom", "/pairs/KAZ-RUS/", "/pairs/KAZ-RUS/feed.atom", "/shifts/")


@pytest.fixture
def blaming(desk):
    return blames(desk, a_firm(desk))


@pytest.fixture
def read(client, desk, blaming):
    """What a reader finds about it on the public pages."""

    def look():
        work_off()
        own = (f"/claims/{blaming}/", f"/documents/{desk.document}/", f"/sources/{desk.source}/")
        return "\n".join(client.get(path).text for path in (*PLACES, *own))

    return look


class TestAPublicPage:
    def test_names_nobody_on_one_root_and_one_pair_of_eyes(self, read):
        text = read()

        assert "Acme" not in text
        assert "Withheld: this claim accuses" in text

    def test_names_them_on_two_roots_and_two_pairs_of_eyes(self, read, blaming):
        second_root(blaming)
        reviewed(blaming, by="bob")

        assert SENTENCE in read()


class TestTheDesk:
    def test_shows_it_with_what_is_missing(self, client, blaming):
        client.force_login(get_user_model().objects.create_superuser("ann"))

        text = client.get(reverse("admin:desk_claim_change", args=[blaming])).text

        assert SENTENCE in text
        assert "Not on the public pages." in text
        assert "by a second editor" in text
