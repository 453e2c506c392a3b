"""A public page never names a person or firm as responsible for a crime on one root and one pair
of eyes."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from tests.builders import AT, a_citation, a_desk, a_document, a_source, an_actor
from tracker.domain import events as e
from tracker.domain.parties import Affiliation, Name, Party
from tracker.operations import actors, claims, sources
from tracker.projections import impacts, scores

pytestmark = pytest.mark.django_db
SENTENCE = "Acme broke into the network of a ministry."
PLACES = ("/", "/claims/feed.atom", "/pairs/KAZ-RUS/", "/pairs/KAZ-RUS/feed.atom", "/shifts/")


@pytest.fixture
def desk(db):
    return a_desk()


@pytest.fixture
def blaming(desk):
    """Acme, a firm in Russia, is said by one report to have spied."""
    speaks = Affiliation(country=desk.countries["RUS"], sector="business")
    firm = an_actor(None, kind="company", names=(Name(text="Acme"),), affiliations=(speaks,))
    acme = actors.describe_actor(firm, at=AT, by="ann").stream
    parties = (
        Party(actor=acme, role="initiator"),
        Party(actor=desk.countries["KAZ"], role="recipient"),
    )
    made = desk.claim(summary=SENTENCE, code="plover-2.0/COERCE/cyber", parties=parties)
    return claims.assert_claim(made, at=AT, by="ann").stream


@pytest.fixture
def read(client, desk, blaming):
    """What a reader finds about it on the public pages."""

    def look():
        impacts.follow_all()
        scores.recompute_all(at=AT)
        own = (f"/claims/{blaming}/", f"/documents/{desk.document}/", f"/sources/{desk.source}/")
        return "\n".join(client.get(path).text for path in (*PLACES, *own))

    return look


def second_root(desk, claim):
    wire = sources.describe_source(a_source(name="A Wire"), at=AT, by="ann").stream
    document = sources.describe_document(a_document(wire), at=AT, by="ann").stream
    claims.cite(claim, a_citation(document), at=AT, by="ann")


def reviewed(claim, by):
    claims.review_claim(claim, e.ClaimReviewed(outcome="accepted"), at=AT, by=by)


class TestAPublicPage:
    def test_names_nobody_on_one_root_and_one_pair_of_eyes(self, read):
        text = read()

        assert "Acme" not in text
        assert "not printed until" in text

    def test_names_nobody_on_two_roots_and_one_pair_of_eyes(self, read, desk, blaming):
        second_root(desk, blaming)
        reviewed(blaming, by="ann")

        assert "Acme" not in read()

    def test_names_nobody_on_one_root_and_two_pairs_of_eyes(self, read, blaming):
        reviewed(blaming, by="bob")

        assert "Acme" not in read()

    def test_names_them_on_two_roots_and_two_pairs_of_eyes(self, read, desk, blaming):
        second_root(desk, blaming)
        reviewed(blaming, by="bob")

        assert SENTENCE in read()

    def test_names_them_after_an_official_finding(self, read, desk, blaming):
        court = sources.describe_source(a_source(name="The Court"), at=AT, by="bob").stream
        finding = e.VerdictGiven(verdict="confirmed", reason="judged", source=court)
        claims.give_verdict(blaming, finding, at=AT, by="bob")

        assert SENTENCE in read()

    def test_names_nobody_once_the_second_pair_of_eyes_wrote_on_it_too(self, read, desk, blaming):
        second_root(desk, blaming)
        reviewed(blaming, by="bob")
        claims.cite(blaming, a_citation(desk.document, locator="p. 9"), at=AT, by="bob")

        assert "Acme" not in read()


class TestTheDesk:
    def test_shows_it_with_what_is_missing(self, client, blaming):
        client.force_login(get_user_model().objects.create_superuser("ann"))

        text = client.get(reverse("admin:desk_claim_change", args=[blaming])).text

        assert SENTENCE in text
        assert "Not on the public pages." in text
        assert "a second pair of eyes" in text
