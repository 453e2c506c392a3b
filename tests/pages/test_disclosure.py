"""A public page never names a person or firm as responsible for a crime on one root and one pair
of eyes."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from tests.kit.accusations import SENTENCE, a_firm, blames, reviewed, second_root
from tests.kit.background_work import work_off

pytestmark = pytest.mark.django_db
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
