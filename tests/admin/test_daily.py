"""The pages of an analyst's day, on a history made for them."""

from datetime import date

import pytest
import time_machine
from django.utils import timezone

from tests.admin.conftest import page_of
from tests.kit.builders import AT, a_citation, a_collection, a_document, a_source, on_record
from tests.kit.proposals import enters_proposed
from tracker import log
from tracker.domain.claims import Occurred
from tracker.operations import claims, links
from tracker.projections import impacts
from tracker.queries.evidence import overnight
from tracker.queries.records import states

pytestmark = pytest.mark.django_db
OVERNIGHT = "/admin/desk/claim/overnight/"
RECONFIRM = "/admin/desk/claim/reconfirm/"
COVERAGE = "/admin/desk/claim/coverage/"
INBOX = "/admin/desk/claim/inbox/"


class TestOvernight:
    """What the builders put on record is years old; what came since yesterday is entered now."""

    def enters(self, desk, **given):
        return claims.assert_claim(desk.claim(**given), at=timezone.now(), by="bob").stream

    def test_shows_what_was_recorded_and_why_it_moves(self, ann, desk, claim_id):
        claims.retract_claim(claim_id, reason="It never was.", at=timezone.now(), by="bob")
        new = self.enters(desk, summary="Kazakhstan thanked Russia.", code="plover-2.0/SUPPORT")
        impacts.follow_all()

        page = ann.get(OVERNIGHT)

        [(moved, pair)] = page.context["moved"]
        assert pair == ("KAZ–RUS", "/pairs/KAZ-RUS/")
        assert moved.pair == "KAZ-RUS"
        assert {why.claim for why in moved.why} == {claim_id, new}
        assert "Kazakhstan thanked Russia." in page.text
        assert "It never was." in page.text
        assert page_of(new) in page.text

    def test_names_pairs_with_too_many_claims_and_compares_the_others(self, ann, desk, monkeypatch):
        monkeypatch.setattr(overnight, "MOST_IMPACTS", 2)
        for ends in (("KAZ", "RUS"), ("KAZ", "RUS"), ("KAZ", "RUS"), ("CHN", "RUS")):
            claims.assert_claim(desk.claim(*ends), at=timezone.now(), by="bob")
        impacts.follow_all()

        page = ann.get(OVERNIGHT)

        assert [one.pair for one, _ in page.context["moved"]] == ["CHN-RUS"]
        assert [one.title for one in page.context["too_large"]] == ["KAZ–RUS"]
        assert "too many claims to compare" in page.text

    def test_of_pairs_that_one_follows_names_those_that_stayed(self, ann, desk):
        desk.asserts("CHN", "RUS")
        self.enters(desk)
        impacts.follow_all()

        ann.post(OVERNIGHT, {"pairs": "rus-kaz KAZ-RUS, CHN – RUS"})
        page = ann.get(OVERNIGHT)

        assert page.context["beat"] == ["CHN-RUS", "KAZ-RUS"]
        assert [(one.pair, bool(one.why)) for one, _ in page.context["moved"]] == [
            ("KAZ-RUS", True), ("CHN-RUS", False),
        ]  # fmt: skip
        assert "Nothing was recorded that moves these." in page.text

    @pytest.mark.parametrize("typed", ["KAZ-XXX", "KAZ", "KAZ-KAZ", "KAZ – Nowhere"])
    def test_refuses_pairs_that_are_none_and_keeps_what_was_typed(self, ann, desk, typed):
        page = ann.post(OVERNIGHT, {"pairs": typed})

        assert f"{typed}: " in page.text
        assert f'value="{typed}"' in page.text


class TestReconfirm:
    @pytest.fixture
    def blockade(self, desk):
        """A situation since March, said to go on by a document of 24 May 2022."""

        def assert_it(edtf="2022-03-01/..", day="2022-05-24", **more):
            made = on_record(a_document(desk.source, title=f"Of {day}", date=day))
            given = {"kind": "situation", "occurred": Occurred(edtf=edtf)}
            return desk.asserts(**given | {"citations": (a_citation(made),)} | more).stream

        return assert_it

    def waiting(self, ann, day):
        with time_machine.travel(day, tick=False):
            return [one.claim for one in ann.get(RECONFIRM).context["waiting"]]

    def test_drops_it_once_somebody_says_that_it_goes_on(self, ann, desk, blockade):
        claim = blockade()
        made = on_record(a_document(desk.source, title="Later", date="2022-10-01"))
        claims.cite(claim, a_citation(made), at=AT, by="x")

        # 1 October and 180 days is 30 March: that day it still counts.
        assert self.waiting(ann, date(2023, 3, 30)) == []
        assert self.waiting(ann, date(2023, 3, 31)) == [claim]

    def test_knows_those_that_ended_were_superseded_or_withdrawn(self, ann, desk, blockade):
        blockade(edtf="2022-03-01/2022-06-01")
        blockade(kind="act", occurred=Occurred(edtf="2022-03-01"))
        withdrawn, older = blockade(day="2022-05-20"), blockade(day="2022-05-21")
        claims.retract_claim(withdrawn, reason="no", at=AT, by="x")
        newer = desk.asserts(summary="It goes on otherwise.").stream
        links.link("supersedes", newer, older, at=AT, by="x")

        assert self.waiting(ann, date(2023, 1, 1)) == []


class TestCoverage:
    def test_counts_months_languages_and_whose_roots_they_are(self, ann, desk):
        """The numbers themselves: tests/projections/test_coverage.py."""
        gazeta = on_record(a_source(name="Gazeta", ownership="state"))
        for _ in range(2):
            desk.asserts()
        desk.asserts(
            occurred=Occurred(edtf="2022-04-01"),
            citations=(a_citation(desk.document, chain=(gazeta,)),),
        )

        found = ann.get(COVERAGE).context["coverage"]

        assert [(one.what, one.claims) for one in found.months] == [("2022-04", 1), ("2022-05", 2)]
        assert [(one.what, one.claims) for one in found.languages] == [("unknown", 3)]
        assert [(one.name, one.claims, one.state_owned) for one in found.roots] == [
            ("The Gazette", 2, False), ("Gazeta", 1, True),
        ]  # fmt: skip
        assert found.state_share == pytest.approx(1 / 3)


class TestCoverageOfProposals:
    def enters(self, desk, proposed, unchanged, *, by="ann", begin=0):
        """Enter claims that a reader proposed, the first of them unchanged."""
        for number in range(proposed):
            was = {} if number < unchanged else {"code": None}
            enters_proposed(desk, number=begin + number, by=by, was=was)

    def test_says_which_share_was_entered_unchanged(self, ann, desk):
        self.enters(desk, 3, 2)
        self.enters(desk, 1, 1, by="bea", begin=10)

        page = ann.get(COVERAGE)

        shown = page.context["proposals"]
        counts = [(one.what, one.proposed, one.unchanged) for one in shown.people]
        assert counts == [("ann", 3, 2), ("bea", 1, 1)]
        assert [(one.what, one.proposed, one.unchanged) for one in shown.months] == [
            ("2024-05", 4, 3)
        ]
        assert [(one.what, one.proposed, one.unchanged) for one in shown.collections] == [
            ("curated", 4, 3)
        ]
        text = " ".join(page.text.split())
        assert "3 of 4 claims (<strong>75 %</strong>) were entered as proposed." in text
        assert "without reading them" not in text

    @pytest.mark.parametrize(
        ("proposed", "unchanged", "says"),
        [(20, 19, True), (19, 19, False), (20, 18, False), (30, 27, False), (30, 28, True)],
    )
    def test_says_so_above_90_per_cent_of_at_least_20(self, ann, desk, proposed, unchanged, says):
        self.enters(desk, proposed, unchanged)

        page = ann.get(COVERAGE)

        assert ("People may be accepting proposals without reading them:" in page.text) is says
        assert (f"<li>ann: {unchanged} of {proposed}</li>" in page.text) is says


class TestTheInbox:
    @pytest.fixture
    def feed(self, desk):
        collection = on_record(a_collection(name="feed", coding="machine", review=True))

        def claim(**given):
            made = desk.claim(collection=collection, **given)
            return claims.assert_claim(made, at=AT, by="feed").stream

        return claim

    def send(self, ann, outcome, *chosen, note=""):
        ticked = [f"{one}:1" for one in chosen]
        form = {"claim": ticked, "outcome": outcome, "note": note}
        return ann.post(INBOX, form, follow=True)

    def test_lists_those_that_nobody_judged_yet(self, ann, desk, feed):
        waits, judged, entered = feed(), feed(summary="Another."), desk.asserts().stream
        self.send(ann, "accepted", judged)

        page = ann.get(INBOX)

        assert [one.id for one in page.context["waiting"]] == [waits]
        assert page.context["total"] == 1
        assert page_of(waits, "correct") in page.text
        assert str(entered) not in page.text

    def test_is_narrowed_to_a_collection_by_its_name(self, ann, desk, feed):
        waits = feed()

        page = ann.get(INBOX, {"collection": "feed"})
        assert [one.id for one in page.context["waiting"]] == [waits]
        assert page.context["chosen"] == states.claim(waits).claim.collection
        assert ann.get(INBOX, {"collection": "curated"}).context["total"] == 0
        assert ann.get(INBOX, {"collection": "food"}).status_code == 404

    def test_accepts_several_at_once_and_they_score(self, ann, desk, feed):
        """Also one's own, where no four eyes are asked for."""
        own = claims.assert_claim(states.claim(feed()).claim, at=AT, by="ann").stream
        two = own, feed(summary="Another.")

        page = self.send(ann, "accepted", *two)

        assert "2 claims accepted." in page.text
        assert [states.claim(one).review for one in two] == ["accepted", "accepted"]
        assert log.at(log.head().position).recorded_by == "ann"

    def test_rejects_with_a_reason(self, ann, desk, feed):
        one = feed()

        assert "Say why they are rejected" in self.send(ann, "rejected", one).text
        assert states.claim(one).review is None

        self.send(ann, "rejected", one, note="A parser's slip.")
        assert states.claim(one).review == "rejected"
        assert log.at(log.head().position).content_words == {"note": "A parser's slip."}

    def test_tells_of_each_that_somebody_changed_meanwhile(self, ann, desk, feed):
        changed, other = feed(), feed(summary="Another.")
        later = a_citation(desk.document, locator="p. 2")
        claims.cite(changed, later, at=AT, by="bob")

        page = self.send(ann, "accepted", changed, other)

        assert "1 claim accepted." in page.text
        assert "1 not accepted: it was changed meanwhile" in page.text
        assert states.claim(changed).review is None

    @pytest.mark.parametrize("outcome", ["", "perhaps"])
    def test_takes_no_other_word(self, ann, desk, feed, outcome):
        one = feed()

        assert "Tick some claims" in self.send(ann, outcome, one).text
        assert states.claim(one).review is None

    def test_with_four_eyes_lets_nobody_accept_but_reject_their_own(
        self, ann, desk, feed, settings
    ):
        settings.FOUR_EYES = True
        own = claims.assert_claim(states.claim(feed()).claim, at=AT, by="ann").stream
        others = feed(summary="Another.")

        page = self.send(ann, "accepted", own, others)

        assert "another user must accept it" in page.text
        assert states.claim(own).review is None
        assert states.claim(others).review == "accepted"
        self.send(ann, "rejected", own, note="Mine, and wrong.")
        assert states.claim(own).review == "rejected"
