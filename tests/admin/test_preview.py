"""The desk says what a claim would do, and what may be on record already, before it saves."""

import pytest

from tests.admin.conftest import ADD, page_of
from tests.kit.builders import AT, BY, a_document, an_actor
from tests.kit.desk_forms import sent
from tracker import log
from tracker.admin.claim_entry import ClaimForms
from tracker.domain.records import Actor, Membership, Name
from tracker.operations import actors, sources
from tracker.projections import impacts
from tracker.queries.records import states

pytestmark = pytest.mark.django_db


@pytest.fixture
def ahead(ann, written):
    """Ask what a claim would do; give the page."""

    def ask(**fields):
        page = ann.post(ADD, {**_fields(written(**fields)), "_preview": "1"})
        assert page.status_code == 200
        return page

    return ask


def _fields(data):
    return {name: data.getlist(name) for name in data}


class TestTheEffectPanel:
    def test_shows_the_scores_as_they_are_and_would_be(self, ahead):
        impacts.follow_all()
        head = log.head()

        page = ahead()

        assert log.head() == head
        effect = page.context["effect"]
        assert {one.direction for one in effect.moves} == {"KAZ-RUS", "RUS>KAZ"}
        said = page.content.decode()
        assert "<h2>Effect</h2>" in said
        assert "−0.390" in said
        assert "a citation supports: C, credibility not given" in said
        assert "Nothing is recorded yet." in said

    def test_of_an_organisation_shows_what_is_alike_as_one(self, desk, ahead):
        impacts.follow_all()
        states = [
            actors.describe_actor(an_actor(code), at=AT, by=BY).stream for code in ("ARM", "BLR")
        ]
        members = [desk.countries["RUS"], desk.countries["CHN"], *states]
        memberships = tuple(Membership(country=one, document=desk.document) for one in members)
        union = Actor(kind="organisation", names=(Name(text="Union"),), memberships=memberships)
        actors.describe_actor(union, at=AT, by=BY)

        page = ahead(parties__0__actor="Union")

        # Four members, each with the score of the pair and that of its own acts.
        [(_, [alike]), *_] = page.context["moved"]
        assert len(alike.rows) == 8
        assert {change for _, change in alike.changes} >= {"−0.390"}
        said = " ".join(page.text.split())
        assert "8 scores, such as" in said
        assert ": −0.390 each on " in said
        assert "<summary>All 8</summary>" in said

    def test_names_likely_duplicates(self, desk, ahead):
        made = desk.asserts(summary="Russia shut off Kazakh oil.").stream

        said = ahead(claim__occurred="2022-05-11").content.decode()

        assert "It may be on record already" in said
        assert page_of(made) in said
        assert "KAZ–RUS, the same code, at the same time, 5 of 5 words the same" in said

    def test_is_not_there_while_something_is_to_be_mended(self, ahead):
        page = ahead(claim__summary="")

        assert page.context["effect"] is None
        assert "Please fix" in page.content.decode()

    def test_of_a_correction_shows_what_would_change(self, desk, ann, claim_id):
        impacts.follow_all()
        version = len(log.history([claim_id]))
        entry = ClaimForms(claim=states.claim(claim_id).claim)
        data = _fields(sent(entry, claim__code="plover-2.0/AGREE"))

        page = ann.post(page_of(claim_id, "correct"), {**data, "reason": "", "_preview": "1"})

        moves = [one for one in page.context["effect"].moves if one.lens == "standing@1"]
        for one in moves:
            assert one.on[0].before.score.value == pytest.approx(-0.39)
            assert one.on[0].after.score.value > 0
        assert len(moves) == 2
        assert len(log.history([claim_id])) == version


class TestWhatItSays:
    def test_comes_while_somebody_types(self, ann, written):
        impacts.follow_all()
        head = log.head()

        page = ann.post("/admin/desk/claim/foresee/", _fields(written()))

        assert {one.direction for one in page.context["effect"].moves} == {"KAZ-RUS", "RUS>KAZ"}
        assert "desk-spark" in page.text
        assert log.head() == head

    def test_waits_in_silence_for_the_rest(self, ann, written):
        page = ann.post("/admin/desk/claim/foresee/", _fields(written(claim__summary="")))

        assert page.status_code == 200
        assert "Enter summary, parties, date and document" in page.text
        assert "Please fix" not in page.text


NEAR = "Moscow shut off the oil of Kazakhstan."


class TestALikelyDuplicate:
    """Three of nine words the same, a day apart, the same code."""

    @pytest.fixture
    def other(self, desk):
        made = desk.asserts(summary="Russia shut off Kazakh oil from Kazakhstan.")
        return made.stream

    def send(self, ann, written, **more):
        fields = {"claim__summary": NEAR, "claim__occurred": "2022-05-12"}
        data = _fields(written(**fields, confirmed="2022-05-12"))
        return ann.post(ADD, data | more)

    def test_is_warned_of_before_anything_is_saved(self, ann, other, written):
        head = log.head()

        page = self.send(ann, written)

        assert log.head() == head
        assert "Nothing is recorded yet." in page.text
        assert "1 claim on record may say the same" in page.text
        assert "KAZ–RUS, the same code, 1 day apart" in page.text
        assert f'name="seen" value="{other}"' in page.text

    def test_may_be_saved_by_somebody_who_has_seen_it(self, ann, other, written):
        answer = self.send(ann, written, seen=str(other))

        assert answer.status_code == 302
        assert log.at(log.head().position).kind == "ClaimAsserted"

    def test_of_another_that_was_seen_is_still_warned_of(self, ann, desk, other, written):
        assert self.send(ann, written, seen=str(desk.source)).status_code == 200

    def test_may_be_linked_instead(self, ann, other, written):
        self.send(ann, written, _same_as=str(other))

        linked = log.at(log.head().position)
        made = log.at(log.head().position - 1)
        assert (linked.kind, made.kind) == ("ClaimsLinked", "ClaimAsserted")
        assert linked.body == {"type": "same_as", "from": str(made.stream), "to": str(other)}

    def test_may_be_cited_instead(self, ann, desk, other, written):
        document = a_document(desk.source, title="Another report")
        other_document = sources.describe_document(document, at=AT, by="x").stream
        head = log.head().position

        self.send(ann, written, _cite_to=str(other), **{"citations-0-document": "Another report"})

        assert log.head().position == head + 1
        assert states.claim(other).claim.citations[1].document == other_document

    @pytest.mark.parametrize("instead", ["_same_as", "_cite_to"])
    @pytest.mark.parametrize("target", ["018f3406-9e00-7133-9ee8-426cc0bd58f4", "nonsense"])
    def test_that_is_none_is_refused_whole(self, ann, written, other, instead, target):
        head = log.head()

        page = self.send(ann, written, **{instead: target})

        assert page.status_code == 200
        assert log.head() == head
        assert NEAR in page.text
