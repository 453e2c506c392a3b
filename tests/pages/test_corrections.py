"""The page and the feed of corrections."""

import re
from dataclasses import replace

import feedparser
import pytest

from tests.kit.accusations import a_firm, blames
from tests.kit.builders import AT
from tests.kit.storage import store_as_runs
from tracker.domain import events as e
from tracker.domain.claims import Occurred
from tracker.operations import claims

pytestmark = pytest.mark.django_db

PAGE = "/corrections/"


def texts(page):
    """The texts of the entries, in their order."""
    entries = re.findall(r'<li id="position-\d+">(.*?)</li>', page.text, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", one).split()) for one in entries]


def pages(client):
    """The numbers of the claims on each page, following the links to further pages."""
    more: str | None = ""
    while more is not None:
        page = client.get(PAGE + more)
        yield [re.search(r"Claim (\d)", one)[1] for one in texts(page)]
        found = re.search(r'href="(\?before=\d+)"', page.text)
        more = found[1] if found else None


def verdict(which):
    return e.VerdictGiven(verdict=which, reason="A court found so.")


class TestThePage:
    def test_says_that_nothing_was_corrected(self, client, desk, scored):
        desk.asserts()
        scored()

        assert "Nothing has been corrected or retracted so far." in client.get(PAGE).text

    def test_lists_what_was_changed_and_why_the_last_first(self, client, desk, scored):
        first = desk.asserts(summary="Russia closed a pipeline.").stream
        second = desk.asserts("CHN", "RUS", summary="China closed a port.").stream
        said = claims.states.claim(first).claim
        claims.correct_claim(
            first,
            replace(said, occurred=Occurred(edtf="2022-05-12")),
            expected=1,
            reason="The article says Thursday.",
            at=AT,
            by="ann",
        )
        claims.retract_claim(second, reason="It was a hoax.", at=AT, by="ann")
        claims.reinstate_claim(second, reason="It was none.", at=AT, by="ann")
        claims.give_verdict(first, verdict("false"), at=AT, by="ann")
        scored()

        judged, reinstated, retracted, corrected = texts(client.get(PAGE))

        assert judged.startswith("1 May 2024 · Judged Russia closed a pipeline.")
        assert "“A court found so.”" in judged
        assert "Changed the scores of: KAZ and RUS" in judged
        assert "Reinstated China closed a port." in reinstated
        assert "“It was a hoax.” Changed the scores of: CHN and RUS" in retracted
        assert "2022-05-11 2022-05-12" in corrected
        assert "“The article says Thursday.”" in corrected

    def test_lists_a_verdict_only_if_it_changed_a_score(self, client, desk, scored):
        claim = desk.asserts().stream
        scored()
        claims.give_verdict(claim, verdict("unverifiable"), at=AT, by="ann")
        scored()

        assert texts(client.get(PAGE)) == []

    def test_links_the_scores_before_it(self, client, desk, scored):
        claim = desk.asserts().stream
        scored()
        position = claims.retract_claim(claim, reason="a hoax", at=AT, by="ann").position
        scored()

        page = client.get(PAGE).text

        assert f"/pairs/KAZ-RUS/?as_of={position - 1}" in page
        assert client.get(f"/pairs/KAZ-RUS/?as_of={position - 1}").status_code == 200

    def test_goes_on_where_it_ended(self, client, desk, scored, monkeypatch):
        monkeypatch.setattr("tracker.pages.site_pages.MOST_CORRECTIONS", 2)
        monkeypatch.setattr("tracker.queries.claims.corrections.CHUNK", 2)
        for number in range(5):
            claim = desk.asserts(summary=f"Claim {number}.").stream
            claims.retract_claim(claim, reason="a hoax", at=AT, by="ann")
        scored()

        assert list(pages(client)) == [["4", "3"], ["2", "1"], ["0"]]

    @pytest.mark.parametrize("before", ["soon", "0", "-1", "9" * 40, "²"])
    def test_says_how_to_write_a_position(self, client, before):
        answer = client.get(PAGE, {"before": before})

        assert answer.status_code == 400
        assert "is not a position" in answer.text

    def test_hides_what_is_withheld(self, client, desk, scored):
        """A retraction of an accusation would reveal the accusation."""
        firm = a_firm(desk)
        blaming = blames(desk, firm)
        claims.retract_claim(blaming, reason="Acme sued", at=AT, by="ann")
        scored()

        page = client.get(PAGE).text

        assert "Acme" not in page
        assert texts(client.get(PAGE)) == []


class TestAnImport:
    """What one import changed is one entry of each kind."""

    def test_is_represented_by_the_first_claim_that_may_be_shown(self, client, desk, scored):
        hidden = blames(desk, a_firm(desk))
        shown = [desk.asserts(summary=f"Claim {number}.").stream for number in range(2)]
        for claim in (hidden, *shown):
            claims.retract_claim(claim, reason="a hoax", at=AT, by="ann")
        scored()
        store_as_runs()

        [entry] = texts(client.get(PAGE))

        assert "Retracted Claim 0. [retracted] and 1 more claim of the same import" in entry

    def test_is_represented_by_a_verdict_with_an_effect(self, client, desk, scored):
        first, second = (desk.asserts(summary=f"Claim {n}.").stream for n in range(2))
        scored()
        claims.give_verdict(first, verdict("unverifiable"), at=AT, by="ann")
        claims.give_verdict(second, verdict("false"), at=AT, by="ann")
        scored()
        store_as_runs()

        [entry] = texts(client.get(PAGE))

        assert "Judged Claim 1." in entry
        assert "more claim" not in entry

    def test_has_an_entry_for_each_kind(self, client, desk, scored):
        first, second = (desk.asserts(summary=f"Claim {n}.").stream for n in range(2))
        said = replace(claims.states.claim(first).claim, occurred=Occurred(edtf="2022-05-12"))
        claims.correct_claim(first, said, expected=1, reason="late", at=AT, by="ann")
        claims.retract_claim(second, reason="a hoax", at=AT, by="ann")
        scored()
        store_as_runs()

        retracted, corrected = texts(client.get(PAGE))

        assert "Retracted Claim 1." in retracted
        assert "Corrected Claim 0." in corrected

    def test_names_no_pair_of_which_it_only_entered_claims(self, client, desk, scored):
        first = desk.asserts().stream
        said = replace(claims.states.claim(first).claim, occurred=Occurred(edtf="2022-05-12"))
        claims.correct_claim(first, said, expected=1, reason="late", at=AT, by="ann")
        desk.asserts("CHN", "RUS")
        claims.retract_claim(desk.asserts().stream, reason="a hoax", at=AT, by="ann")
        claims.correct_claim(
            first,
            replace(said, occurred=Occurred(edtf="2022-05-13")),
            expected=2,
            reason="later",
            at=AT,
            by="ann",
        )
        scored()
        store_as_runs()

        assert "CHN" not in client.get(PAGE).text


class TestTheFeed:
    def test_has_an_entry_for_each(self, client, desk, scored):
        claim = desk.asserts(summary="Russia closed a pipeline.").stream
        position = claims.retract_claim(claim, reason="It was a hoax.", at=AT, by="ann").position
        scored()

        found = feedparser.parse(client.get("/corrections/feed.atom").content)

        [entry] = found.entries
        assert not found.bozo
        assert entry.title == "Retracted: Russia closed a pipeline. [retracted]"
        assert entry.id == f"tag:testserver,2026:correction/{position}"
        assert entry.summary == "It was a hoax. Changed: KAZ–RUS."
