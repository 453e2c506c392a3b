"""Claims at the desk, as a person meets them: entered, corrected, retracted, never edited."""

from dataclasses import replace

import pytest

from tests.admin.conftest import ADD, page_of, unrecorded
from tests.kit.builders import AT, a_citation, a_document, on_record, withhold_text
from tests.kit.desk_forms import sent
from tests.kit.placed_quotes import a_placed_citation
from tracker import log
from tracker.admin.claim_entry import ClaimForms
from tracker.admin.claim_forms import ClaimForm
from tracker.domain import fields
from tracker.domain.claims import Claim, Level, Magnitude
from tracker.domain.records import Source
from tracker.operations import claims
from tracker.queries.records import states

pytestmark = pytest.mark.django_db


def newest():
    return log.at(log.head().position)


@pytest.fixture
def correction(claim_id):
    """Give what is sent to correct the claim: the form as it stood, with these changes."""

    def send(*, version="1", reason="a slip", **changed):
        stands = ClaimForms(claim=states.claim(claim_id).claim)
        return sent(stands, version=version, reason=reason, **changed)

    return send


class TestTheForm:
    def test_has_every_field_of_a_claim(self):
        """One that it lacks would be lost by a correction at the desk."""
        converted = {"key", "parties", "citations", "magnitude", "level"}
        parts = {f"magnitude_{one.name}" for one in fields.of(Magnitude)}
        parts |= {f"level_{one.name}" for one in fields.of(Level)}

        assert {one.name for one in fields.of(Claim)} - set(ClaimForm.base_fields) == converted
        assert parts <= set(ClaimForm.base_fields)


class TestEntering:
    def test_loses_nothing_that_was_typed_when_something_is_wrong(self, ann, written):
        answer = unrecorded(ann, ADD, written(claim__code="nonsense", claim__note="<b>kept</b>"))

        assert "unknown codebook" in answer.text
        assert "&lt;b&gt;kept&lt;/b&gt;" in answer.text
        assert 'value="late March 2022"' in answer.text

    @pytest.mark.parametrize("noun", ["parties", "citations"])
    def test_gives_one_more_row_and_records_nothing(self, ann, written, noun):
        data = written()
        data[f"more_{noun}"] = "1"

        answer = unrecorded(ann, ADD, data)

        total = int(data[f"{noun}-TOTAL_FORMS"])
        assert f'name="{noun}-{total}-' in answer.text
        assert 'value="late March 2022"' in answer.text

    def test_keeps_document_source_and_pair_for_the_next_one(self, ann, desk, written):
        other = on_record(Source(kind="outlet", name="A Wire"))
        data = written(citations__0__chain="A Wire", claim__note="of this one alone")
        data["_addanother"] = "1"

        answer = ann.post(ADD, data, follow=True)

        entry = answer.context["entry"]
        assert [row["actor"].value() for row in entry.parties] == ["RUS", "KAZ", None]
        assert [row["role"].value() for row in entry.parties] == [
            "initiator", "recipient", "affected",
        ]  # fmt: skip
        [cited] = entry.citations
        assert cited["document"].value() == "A report"
        assert cited.initial["chain"] == (other,)
        assert entry.form["collection"].value() == "curated"
        assert not any(entry.form[name].value() for name in ("summary", "code", "note"))


class TestThePlaceOfAQuote:
    """The selector of a citation, through a correction at the desk."""

    @pytest.fixture
    def claim_id(self, desk):
        return desk.asserts(citations=(a_placed_citation(desk.document),)).stream

    def cited(self, claim_id):
        return states.claim(claim_id).claim.citations[0]

    def test_stays_if_quote_and_document_do(self, ann, claim_id, correction):
        page = ann.get(page_of(claim_id, "correct")).text
        before = self.cited(claim_id)

        answer = ann.post(
            page_of(claim_id, "correct"), correction(citations__0__locator="p. 2"), follow=True
        )

        assert "Its place in the document is on record." in page
        assert self.cited(claim_id) == replace(before, locator="p. 2")
        assert "is dropped" not in answer.text

    def test_is_dropped_with_a_word_when_the_quote_changes(self, ann, claim_id, correction):
        data = correction(citations__0__quote="Russia closed it")

        answer = ann.post(page_of(claim_id, "correct"), data, follow=True)

        assert self.cited(claim_id).quote == "Russia closed it"
        assert self.cited(claim_id).selector is None
        assert "The place of a changed quote in its document is dropped." in answer.text

    def test_is_dropped_when_the_document_changes(self, ann, desk, claim_id, correction):
        data = correction(citations__0__document=str(desk.hears(name="Far Herald")))

        ann.post(page_of(claim_id, "correct"), data)

        assert newest().kind == "ClaimCorrected"
        assert self.cited(claim_id).selector is None

    def test_is_gone_when_the_words_are_withheld(self, ann, claim_id, correction):
        first = log.head().position
        withhold_text(first, reason="law", authority="court", at=AT, by="bob")
        data = correction(claim__summary="Withheld.", version="2")

        ann.post(page_of(claim_id, "correct"), data)

        assert newest().kind == "ClaimCorrected"
        assert self.cited(claim_id).selector is None

    @pytest.mark.parametrize(
        "garbage", ["{", "[" * 100_000, "[]", '{"document": "x"}', '{"quote": "x"}']
    )
    def test_that_cannot_be_read_is_an_error(self, ann, claim_id, correction, garbage):
        answer = ann.post(page_of(claim_id, "correct"), correction(citations__0__selector=garbage))

        assert newest().kind == "ClaimAsserted"
        assert "Place in the document</a>:" in answer.text

    def test_is_where_the_desk_opens_the_original(self, ann, desk):
        document = on_record(a_document(desk.source, url="https://example.org/a"))
        claim = desk.asserts(citations=(a_placed_citation(document),)).stream

        page = ann.get(page_of(claim)).text

        assert 'href="https://example.org/a#:~:text=11%20May%20the%20' in page


class TestCorrecting:
    def test_asks_for_a_reason_and_shows_every_other_problem_too(self, ann, claim_id, correction):
        data = correction(claim__code="nonsense", reason=" ")

        answer = unrecorded(ann, page_of(claim_id, "correct"), data)

        assert "say why; the reason is recorded" in answer.text
        assert "unknown codebook" in answer.text

    def test_that_changes_nothing_is_refused(self, ann, claim_id, correction):
        answer = unrecorded(ann, page_of(claim_id, "correct"), correction())

        assert "the claim says all this already" in answer.text

    def test_tells_the_second_of_two_and_keeps_what_was_typed(self, ann, claim_id, correction):
        data = correction(claim__summary="Mine.", version="1", reason="because")
        claims.retract_claim(claim_id, reason="wrong pipe", at=AT, by="bob")
        claims.reinstate_claim(claim_id, reason="right pipe", at=AT, by="bob")

        answer = ann.post(page_of(claim_id, "correct"), data)

        assert newest().kind == "ClaimReinstated"
        assert "The record was changed meanwhile" in answer.text
        assert "wrong pipe" in answer.text
        assert "right pipe" in answer.text
        assert "Mine." in answer.text
        assert "because" in answer.text
        assert 'name="version" value="3"' in answer.text

    def test_says_what_would_be_undone_of_what_was_done_meanwhile(self, ann, claim_id, correction):
        theirs = replace(states.claim(claim_id).claim, summary="Theirs.")
        data = correction(claim__note="Mine.", version="1", reason="because")
        claims.correct_claim(claim_id, theirs, reason="better", expected=1, at=AT, by="bob")

        answer = ann.post(page_of(claim_id, "correct"), data)

        yours = {one.where: (one.before, one.after) for one in answer.context["yours"]}
        assert yours == {
            "summary": ("Theirs.", "Russia closed a pipeline."),
            "note": ("", "Mine."),
        }


class TestDeeds:
    def test_retract_and_reinstate_with_a_reason(self, ann, claim_id):
        ann.post(page_of(claim_id, "retract"), {"reason": "not so", "version": "1"})
        assert newest().kind == "ClaimRetracted"
        assert newest().content_words["reason"] == "not so"

        ann.post(page_of(claim_id, "reinstate"), {"reason": "so after all", "version": "2"})
        assert newest().kind == "ClaimReinstated"

    def test_judge_for_some_parties_after_a_source(self, ann, desk, claim_id):
        form = {
            "verdict": "false",
            "reason": "no proof",
            "source": "the gazette",
            "parties": "RUS\r\nKAZ",
            "version": "1",
        }
        ann.post(page_of(claim_id, "judge"), form)

        verdict = states.claim(claim_id).verdicts[0]
        assert (verdict.verdict, verdict.source) == ("false", desk.source)
        assert verdict.parties == (desk.countries["RUS"], desk.countries["KAZ"])

    def test_cite_a_further_document(self, ann, desk, claim_id):
        form = {
            "document": "A report",
            "stance": "denies",
            "interest": "none",
            "credibility": "3",
            "version": "1",
        }
        ann.post(page_of(claim_id, "cite"), form)

        added = states.claim(claim_id).claim.citations[1]
        assert (added.document, added.stance, added.credibility) == (desk.document, "denies", 3)


class TestAClaimsPage:
    def test_says_what_it_says_how_sure_it_is_and_what_happened_to_it(self, ann, desk, claim_id):
        claims.cite(claim_id, a_citation(desk.document, quote="So <i>it</i> is."), at=AT, by="bob")

        text = ann.get(page_of(claim_id)).text

        assert "Russia closed a pipeline." in text
        assert "on 11 May 2022" in text
        assert "So &lt;i&gt;it&lt;/i&gt; is." in text
        assert "1 independent root" in text
        assert "0.6500" in text
        assert "RUS → KAZ" in text
        assert "added a citation" in text
        assert "bob" in text

    def test_of_nothing_is_not_found(self, ann, desk):
        assert ann.get(page_of(desk.document)).status_code == 404
        assert ann.get("/admin/desk/claim/nonsense/change/").status_code == 404
