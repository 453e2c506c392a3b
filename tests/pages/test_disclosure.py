"""A public page never names a person or firm as responsible for a crime on one root and one pair
of eyes."""

from dataclasses import replace

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from tests.kit.accusations import SENTENCE, a_firm, blames, reviewed, second_root
from tests.kit.background_work import work_off
from tests.kit.builders import AT, a_citation, a_document, a_source
from tracker.domain import events as e
from tracker.operations import claims, sources
from tracker.queries.records import states

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

    def test_names_nobody_on_two_roots_and_one_pair_of_eyes(self, read, blaming):
        second_root(blaming)
        reviewed(blaming, by="ann")

        assert "Acme" not in read()

    def test_names_nobody_on_one_root_and_two_pairs_of_eyes(self, read, blaming):
        reviewed(blaming, by="bob")

        assert "Acme" not in read()

    def test_names_them_on_two_roots_and_two_pairs_of_eyes(self, read, blaming):
        second_root(blaming)
        reviewed(blaming, by="bob")

        assert SENTENCE in read()

    def test_names_them_after_an_official_finding(self, read, desk, blaming):
        of_court = a_source(kind="organisation", name="The Court", ownership="state")
        court = sources.describe_source(of_court, at=AT, by="bob").stream
        finding = e.VerdictGiven(verdict="confirmed", reason="judged", source=court)
        claims.give_verdict(blaming, finding, at=AT, by="bob")

        assert SENTENCE in read()

    @pytest.mark.parametrize("judge", ["paper", "root", "party"])
    def test_names_nobody_after_a_finding_that_is_not_official_or_not_independent(
        self, read, desk, blaming, judge
    ):
        """A state's paper; a court that is the root already; a state that is a party."""
        kazakhstan = a_source(kind="agency", actor=desk.countries["KAZ"])
        of_court = a_source(kind="organisation", name="The Court", ownership="state")
        source = sources.describe_source(
            {"paper": a_source(name="A Paper", ownership="state"), "root": of_court}.get(
                judge, kazakhstan
            ),
            at=AT,
            by="bob",
        ).stream
        if judge == "root":
            report = sources.describe_document(a_document(source), at=AT, by="bob").stream
            held = states.claim(blaming).claim
            moved = replace(held, citations=(a_citation(report),))
            claims.correct_claim(blaming, moved, reason="moved", expected=1, at=AT, by="ann")
        finding = e.VerdictGiven(verdict="confirmed", reason="judged", source=source)
        claims.give_verdict(blaming, finding, at=AT, by="bob")

        assert "Acme" not in read()

    def test_names_nobody_once_the_second_pair_of_eyes_wrote_on_it_too(self, read, desk, blaming):
        second_root(blaming)
        reviewed(blaming, by="bob")
        claims.cite(blaming, a_citation(desk.document, locator="p. 9"), at=AT, by="bob")

        assert "Acme" not in read()

    def test_names_nobody_whom_the_claim_blames_no_more(self, read, desk, blaming):
        harmless = desk.claim(summary="A network was broken into.")
        claims.correct_claim(blaming, harmless, reason="Acme sued", expected=1, at=AT, by="ann")
        claims.retract_claim(blaming, reason="as Acme says", at=AT, by="ann")

        text = read()

        assert "A network was broken into." in text
        assert "Acme" not in text


class TestTheDesk:
    def test_shows_it_with_what_is_missing(self, client, blaming):
        client.force_login(get_user_model().objects.create_superuser("ann"))

        text = client.get(reverse("admin:desk_claim_change", args=[blaming])).text

        assert SENTENCE in text
        assert "Not on the public pages." in text
        assert "by a second editor" in text
