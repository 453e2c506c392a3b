"""Reviews, resolutions, links undone and words withheld at the desk, and actions on many claims."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.admin.conftest import page_of, unrecorded
from tests.kit.builders import AT, an_id
from tracker import log
from tracker.admin import bulk
from tracker.operations import bulk_changes, claims, links
from tracker.queries.records import states

pytestmark = pytest.mark.django_db


def visible(html):
    """What a page's form says, without its addresses and values."""
    form = html[html.index('<form method="post" class="desk"') :]
    return re.sub(r"<[^>]*>", " ", form[: form.index("</form>")])


def newest():
    return log.at(log.head().position)


@pytest.fixture
def forecast(desk):
    return desk.asserts(
        kind="forecast",
        code=None,
        likelihood="likely",
        resolves_by="2023",
        criterion="a treaty is signed",
    ).stream


class TestReview:
    def test_records_the_outcome_with_its_note(self, ann, claim_id):
        ann.post(
            page_of(claim_id, "review"), {"outcome": "rejected", "note": "a hoax", "version": "1"}
        )

        assert (newest().kind, newest().content_words, newest().recorded_by) == (
            "ClaimReviewed", {"note": "a hoax"}, "ann",
        )  # fmt: skip
        assert states.claim(claim_id).review == "rejected"
        assert "rejected it in review" in ann.get(page_of(claim_id)).text


class TestResolve:
    FORM = (("outcome", "happened"), ("resolved_on", "2023-04-04"), ("reason", "signed"))

    def test_records_how_it_turned_out_and_shows_the_score(self, ann, desk, forecast):
        form = {**dict(self.FORM), "document": "A report", "version": "1"}

        ann.post(page_of(forecast, "resolve"), form)

        resolution = states.claim(forecast).resolution
        assert (resolution.outcome, resolution.resolved_on) == ("happened", date(2023, 4, 4))
        assert resolution.document == desk.document
        text = " ".join(ann.get(page_of(forecast)).text.split())
        assert "Happened on 4 April 2023: signed" in text
        # Likely is .675: (.675 − 1)² = .105625.
        assert "Brier score 0.1056" in text

    @pytest.mark.parametrize("day", ["", "04/05/2023", "2099-01-01", "soon"])
    def test_needs_a_day_that_has_come(self, ann, forecast, day):
        form = {**dict(self.FORM), "resolved_on": day, "version": "1"}

        answer = unrecorded(ann, page_of(forecast, "resolve"), form)

        assert 'id="id_resolved_on_error"' in answer.text


class TestLink:
    def test_joins_the_claim_that_is_picked_with_a_reason(self, ann, desk, claim_id):
        other = desk.asserts(summary="Russia opened a road.").stream
        form = {
            "link": "causes<",
            "other": f"Russia opened a road. (no. {log.firsts([other])[0].position})",
            "note": "so it says",
        }

        ann.post(page_of(claim_id, "link"), {**form, "version": "1"})

        assert newest().kind == "ClaimsLinked"
        assert newest().content == {"type": "causes", "from": str(other), "to": str(claim_id)}
        assert newest().content_words == {"note": "so it says"}
        assert "linked it (causes)" in ann.get(page_of(claim_id)).text

    @pytest.mark.parametrize(
        ("form", "says"),
        [
            ({"other": "", "note": "why"}, "say with which claim"),
            ({"other": "a road", "note": "why"}, "choose a suggested claim"),
            ({"other": "(no. 1)", "note": "why"}, "choose a suggested claim"),
            ({"other": "(no. 99999)", "note": "why"}, "choose a suggested claim"),
            ({"other": "018f3406-9e00-7133-9ee8-426cc0bd58f4", "note": "why"}, "no such claim"),
            ({"note": " "}, "say why; the reason is recorded"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(self, ann, desk, claim_id, form, says):
        other = desk.asserts().stream

        answer = unrecorded(
            ann,
            page_of(claim_id, "link"),
            {"link": "part_of>", "other": str(other), "version": "1", **form},
        )

        assert says in answer.text
        assert '<option value="part_of&gt;" selected>' in answer.text

    def test_to_itself_is_refused(self, ann, claim_id):
        form = {"link": "same_as>", "other": str(claim_id), "note": "x", "version": "1"}

        assert ann.post(page_of(claim_id, "link"), form).status_code == 200
        assert newest().kind == "ClaimAsserted"


class TestUnlink:
    def test_undoes_the_link_that_is_chosen(self, ann, desk, claim_id):
        other, third = desk.asserts().stream, desk.asserts().stream
        links.link("causes", claim_id, other, at=AT, by="bob")
        kept = links.link("causes", claim_id, third, at=AT, by="bob")
        link = log.at(kept.position - 1).stream

        assert "causes →" in ann.get(page_of(claim_id, "unlink")).text
        ann.post(page_of(claim_id, "unlink"), {"link": str(link), "reason": "no", "version": "1"})

        assert (newest().kind, newest().stream) == ("ClaimsUnlinked", link)
        answer = ann.post(page_of(claim_id, "unlink"), {"link": str(link), "reason": "no"})
        assert "Select a valid choice" in answer.text
        assert newest().content_words == {"reason": "no"}


class TestWithhold:
    def test_deletes_all_words_of_the_claim_where_nothing_else_is_chosen(self, ann, desk, claim_id):
        number = log.history([claim_id])[0].position
        again = desk.asserts(note="As before: Russia closed a pipeline.").stream
        claims.retract_claim(claim_id, reason="Mrs X said so", at=AT, by="bob")
        asks = ann.get(page_of(claim_id, "withhold")).text
        form = {"position": "all", "reason": "a person", "authority": "the editor"}

        done = ann.post(
            page_of(claim_id, "withhold"), {**form, "number": str(number), "version": "2"},
            follow=True,
        ).text  # fmt: skip

        assert re.search(
            rf'<dt id="number">Number</dt>\s*<dd>\s*{number}\s', ann.get(page_of(claim_id)).text
        )
        assert '<option value="all">all words of this claim: 2 entries</option>' in asks
        assert "Where the same text remains" in asks
        assert page_of(again) in asks
        assert not any(one.words for one in log.history([claim_id]))
        assert "The words are withheld." in done
        assert re.search(rf'href="{page_of(again)}"[^>]*>position \d+: the first entry of an', done)
        assert "Earlier exports and downloads" in done
        assert "until their space is used again" in done
        assert "until their space is used again" in asks
        assert "closed a pipeline" not in done

    @pytest.mark.parametrize("wrong", ["", "1", "yes", "\0", "٣", "9" * 30])
    def test_asks_for_the_claims_number_and_does_not_print_it(self, ann, claim_id, wrong):
        number = log.history([claim_id])[0].position
        form = {"position": "all", "reason": "a person", "authority": "x", "version": "1"}

        answer = ann.post(page_of(claim_id, "withhold"), {**form, "number": wrong})

        assert answer.status_code == 200
        assert 'id="id_number_error"' in answer.text
        assert f'href="{page_of(claim_id)}#number"' in answer.text
        assert str(number) not in re.findall(r"[0-9]+", visible(answer.text))
        assert log.at(number).words
        assert newest().position == number

    def test_shows_first_what_happened_meanwhile(self, ann, claim_id):
        number = log.history([claim_id])[0].position
        claims.retract_claim(claim_id, reason="Mrs X said so", at=AT, by="bob")
        form = {"position": "all", "reason": "a person", "authority": "x", "version": "1"}

        answer = ann.post(page_of(claim_id, "withhold"), {**form, "number": str(number)})

        assert "retracted it" in answer.text
        assert log.at(number).words

    def test_deletes_the_words_of_the_entry_that_is_chosen(self, ann, claim_id):
        retracted = claims.retract_claim(claim_id, reason="Mrs X said so", at=AT, by="bob")
        position = str(retracted.position)
        number = log.history([claim_id])[0].position
        form = {"position": position, "reason": "a person", "authority": "the editor"}

        ann.post(page_of(claim_id, "withhold"), {**form, "number": str(number), "version": "2"})

        assert (newest().kind, newest().content["position"]) == ("TextWithheld", retracted.position)
        text = ann.get(page_of(claim_id)).text
        assert "Mrs X" not in text
        assert "The words of this entry are withheld." in text
        assert f'value="{position}"' not in ann.get(page_of(claim_id, "withhold")).text

    def test_of_another_claim_cannot_be_chosen_here(self, ann, desk, claim_id):
        other = desk.asserts().position
        form = {"position": str(other), "reason": "a person", "authority": "x", "version": "1"}

        assert "Select a valid choice" in ann.post(page_of(claim_id, "withhold"), form).text
        assert log.at(other).words

    def test_asks_who_decided_it(self, ann, claim_id):
        form = {"position": str(log.head().position), "reason": " ", "version": "1"}

        answer = ann.post(page_of(claim_id, "withhold"), form)

        assert "say who decided it" in answer.text
        assert "say why; the reason is recorded" in answer.text


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
    def test_asks_first_and_names_the_number(self, three, send):
        before = log.head()

        page = send("tag", seen(three)).text

        assert "Add a tag to 3 claims?" in page
        assert page.count("checked>") == 3
        assert log.head() == before

    def test_retracts_all_with_one_reason(self, three, send):
        answer = send("retract", seen(three), confirmed="1", reason="a hoax", query="kind=act&p=2")

        assert answer["Location"] == "/admin/desk/claim/?kind=act"
        assert {states.claim(claim).status for claim in three} == {"retracted"}
        last = log.history(three)[-1]
        assert (last.recorded_by, last.content_words) == ("ann", {"reason": "a hoax"})

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

    def test_looks_up_what_many_refusals_name_as_often_as_what_one_names(self, desk, send):
        def lookups(chosen):
            with CaptureQueriesContext(connection) as asked:
                page = send("retract", dict.fromkeys(chosen, 1), confirmed="1", reason="a hoax")
            assert page.text.count("there is no such claim") == len(chosen)
            return sum("FROM standing_record" in query["sql"] for query in asked)

        unknown = [an_id(number) for number in range(9)]
        assert lookups(unknown[:1]) == lookups(unknown) == 1

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
