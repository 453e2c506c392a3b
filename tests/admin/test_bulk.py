"""Bulk actions on claims: one question that names the number, then all of them or none."""

import pytest

from tests.kit.builders import AT
from tracker import log
from tracker.admin import bulk
from tracker.operations import bulk_changes, claims
from tracker.queries.records import states

pytestmark = pytest.mark.django_db
BULK = "/admin/desk/claim/bulk/"


@pytest.fixture
def three(desk):
    return [desk.asserts(summary=f"Russia closed road {n}.").stream for n in range(3)]


@pytest.fixture
def send(ann):
    def post(action, chosen, **values):
        rows = [f"{claim}:{version}" for claim, version in chosen.items()]
        return ann.post(BULK, {"action": action, "claim": rows, **values})

    return post


def seen(three):
    return dict.fromkeys(three, 1)


class TestABulkAction:
    @pytest.mark.parametrize(
        ("action", "question", "button"),
        [
            ("retract", "Retract 3 claims?", "Retract 3 claims"),
            ("accept", "Accept 3 claims?", "Accept 3 claims"),
            ("tag", "Add a tag to 3 claims?", "Add a tag to 3 claims"),
        ],
    )
    def test_asks_first_and_names_the_number(self, three, send, action, question, button):
        before = log.head()

        page = send(action, seen(three)).text

        assert question in page
        assert button in " ".join(page.split())
        assert page.count("checked>") == 3
        assert log.head() == before

    def test_retracts_all_with_one_reason(self, three, send):
        answer = send("retract", seen(three), confirmed="1", reason="a hoax", query="kind=act&p=2")

        assert answer["Location"] == "/admin/desk/claim/?kind=act"
        assert {states.claim(claim).status for claim in three} == {"retracted"}
        last = log.history(three)[-1]
        assert (last.recorded_by, last.words) == ("ann", {"reason": "a hoax"})

    @pytest.mark.parametrize(
        ("action", "outcome", "reason"),
        [("accept", "accepted", ""), ("reject", "rejected", "no proof")],
    )
    def test_reviews_all(self, three, send, action, outcome, reason):
        send(action, seen(three), confirmed="1", reason=reason)

        assert {states.claim(claim).review for claim in three} == {outcome}

    def test_adds_a_tag_to_all_and_changes_nothing_else(self, three, send):
        before = states.claim(three[0]).claim

        send("tag", seen(three), confirmed="1", tag="roads", reason="to find them")

        after = states.claim(three[0]).claim
        assert after.tags == (*before.tags, "roads")
        assert after.summary == before.summary
        assert [event.kind for event in log.history(three[1:])][-2:] == ["ClaimCorrected"] * 2


class TestAllOrNone:
    def test_is_recorded_if_one_was_changed_meanwhile(self, three, send):
        claims.retract_claim(three[2], reason="no", at=AT, by="bea")
        before = log.head().position

        page = send("retract", seen(three), confirmed="1", reason="a hoax")

        assert page.status_code == 200
        assert "Nothing is changed." in page.text
        assert bulk_changes.CHANGED in page.text
        assert page.text.count("checked>") == 2
        assert log.head().position == before
        assert states.claim(three[0]).status == "standing"

    def test_is_recorded_if_one_has_the_tag_is_retracted_or_unknown(self, desk, three, send):
        claims.retract_claim(three[2], reason="no", at=AT, by="bea")
        tagged = desk.asserts(tags=("roads",)).stream
        unknown = desk.document
        before = log.head().position
        chosen = {**seen(three), three[2]: 2, tagged: 1, unknown: 1}

        page = send("tag", chosen, confirmed="1", tag="roads", reason="to find them").text

        assert "it has the tag roads" in page
        assert "retracted" in page
        assert "there is no such claim" in page
        assert log.head().position == before

    def test_is_recorded_while_the_log_is_busy(self, three, send, monkeypatch):
        def busy(*_args):
            raise log.LogBusy("another change is being recorded")

        monkeypatch.setattr(bulk_changes, "change_all", busy)

        page = send("retract", seen(three), confirmed="1", reason="a hoax")

        assert "Nothing was changed: another change is being recorded." in page.text
        assert page.text.count("checked>") == 3
        assert not page.context["refused"]


class TestWhatIsMissing:
    @pytest.mark.parametrize(
        ("action", "values", "says"),
        [
            ("retract", {}, "say why; the reason is recorded"),
            ("reject", {"reason": " "}, "say why; the reason is recorded"),
            ("tag", {"reason": "to find them"}, "write the tag"),
        ],
    )
    def test_is_asked_for(self, three, send, action, values, says):
        before = log.head()

        assert says in send(action, seen(three), confirmed="1", **values).text
        assert log.head() == before

    @pytest.mark.parametrize("action", ["retract", "burn", ""])
    def test_is_said_where_nothing_can_be_done(self, ann, desk, action, three):
        chosen = [] if action == "retract" else [f"{three[0]}:1"]
        answer = ann.post(BULK, {"action": action, "claim": chosen}, follow=True)

        assert "Tick some claims" in answer.text

    def test_is_nothing_for_a_page_that_is_only_opened(self, ann, desk):
        """Somebody reloads the page or opens its address: nothing was tried."""
        answer = ann.get(BULK, follow=True)

        assert answer.redirect_chain[0][0] == "/admin/desk/claim/?"
        assert "Tick some claims" not in answer.text

    def test_is_said_of_a_version_that_cannot_be_read(self, ann, three):
        form = {"action": "retract", "claim": [f"{three[0]}:x"]}

        answer = ann.post(BULK, {**form, "confirmed": "1", "reason": "a hoax"}, follow=True)

        assert "no version that can be read: reload the list" in answer.text

    def test_is_said_of_too_many(self, ann, three, send, monkeypatch):
        monkeypatch.setattr(bulk, "MOST_CHANGED", 2)

        send("retract", seen(three), confirmed="1", reason="a hoax")

        assert "at most 2 claims at once" in ann.get("/admin/desk/claim/").text

    def test_is_the_permission_of_each_action(self, someone, three):
        bea = someone("view_claim", "change_claim")

        page = bea.get("/admin/desk/claim/").text
        assert 'value="retract"' in page
        assert 'value="accept"' not in page
        answer = bea.post(BULK, {"action": "accept", "claim": [f"{three[0]}:1"]})
        assert answer.status_code == 403
