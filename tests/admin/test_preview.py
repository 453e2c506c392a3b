"""The desk says what a claim would do and what may be on record already, before it saves; and what
a party says, and who denies a claim."""

import pytest

from tests.admin.conftest import ADD, page_of, unrecorded
from tests.kit.builders import a_desk, a_document, an_actor, on_record
from tests.kit.desk_forms import sent
from tests.kit.pulls import still_parameters
from tracker import log
from tracker.admin.claim_entry import ClaimForms
from tracker.domain.records import Actor, Affiliation, Membership, Name
from tracker.projections import impacts
from tracker.queries.records import states

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(db):
    """A record on which nothing happens unreported: see `still_parameters`."""
    return a_desk(level=still_parameters())


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
        """A sanction of −.6, in 166 of 256 worlds with p .65: −.389."""
        impacts.follow_all()
        head = log.head()

        page = ahead()

        assert log.head() == head
        effect = page.context["effect"]
        assert {one.direction for one in effect.moves} == {"KAZ-RUS", "RUS>KAZ"}
        said = page.content.decode()
        assert "<h2>Effect</h2>" in said
        assert "−0.389" in said
        assert "a citation supports: C, credibility not given" in said
        assert "Nothing is recorded yet." in said

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
            assert one.on[0].before.score.value == pytest.approx(-0.6 * 166 / 256)
            assert one.on[0].after.score.value > 0
        assert len(moves) == 2
        assert len(log.history([claim_id])) == version


class TestAnActOfAnOrganisation:
    @pytest.fixture
    def desk(self, db):
        """Where they start differs between the worlds of pairs, so that an act moves each a little
        differently."""
        return a_desk(level={**still_parameters(), "unknown": "1"})

    def test_is_shown_as_one_where_pairs_change_alike(self, desk, ahead):
        impacts.follow_all()
        states = [on_record(an_actor(code)) for code in ("ARM", "BLR")]
        members = [desk.countries["RUS"], desk.countries["CHN"], *states]
        memberships = tuple(Membership(country=one, document=desk.document) for one in members)
        on_record(Actor(kind="organisation", names=(Name(text="Union"),), memberships=memberships))

        page = ahead(parties__0__actor="Union")

        # Four members, each with the score of the pair and that of its own acts.
        [(_, [alike]), *_] = page.context["moved"]
        assert len(alike.rows) == 8
        assert {change for _, change in alike.changes} == {"−0.4"}
        said = " ".join(page.text.split())
        assert "8 scores, such as" in said
        assert ": −0.4 each on " in said
        assert "<summary>All 8</summary>" in said

    def test_is_a_table_of_pairs_that_change_in_different_ways(self, desk, ahead):
        """An act of −.389 moves a level of +8 by −.389·(1 + 8/9), and one of −8 by next to
        nothing."""
        members = [desk.countries["RUS"], desk.countries["CHN"]]
        for pair, value in (("CHN-KAZ", "8"), ("KAZ-RUS", "-8")):
            desk.assesses(value, "0.5", pair=pair)
        impacts.follow_all()
        memberships = tuple(Membership(country=one, document=desk.document) for one in members)
        on_record(Actor(kind="organisation", names=(Name(text="Union"),), memberships=memberships))

        page = ahead(parties__0__actor="Union")

        [(_, [rest]), *_] = page.context["moved"]
        assert len(rest.rows) == 4
        assert not rest.folded
        assert "would change alike with standing" not in page.text


class TestWhatItSays:
    def test_comes_while_somebody_types(self, ann, written):
        impacts.follow_all()

        page = unrecorded(ann, "/admin/desk/claim/foresee/", _fields(written()))

        assert {one.direction for one in page.context["effect"].moves} == {"KAZ-RUS", "RUS>KAZ"}
        assert "desk-spark" in page.text

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
        assert page_of(other) in page.text

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
        assert linked.content == {"type": "same_as", "from": str(made.stream), "to": str(other)}

    def test_may_be_cited_instead(self, ann, desk, other, written):
        other_document = on_record(a_document(desk.source, title="Another report"))
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


ASSAULT = "plover-2.0/ASSAULT"
SPEAKER = "/admin/desk/claim/speaker/"


@pytest.fixture
def junta(desk):
    speaks = Affiliation(country=desk.countries["KAZ"], sector="military")
    return on_record(
        an_actor(None, kind="organisation", names=(Name(text="The junta"),), affiliations=(speaks,))
    )


@pytest.fixture
def attack(written):
    """The fields of a form for an attack that a source reports."""

    def write(**other):
        fields = {"claim__code": ASSAULT, "claim__summary": "Russia attacked a camp."}
        return written(**fields | other)

    return write


def kinds(after):
    return [one.kind for one in log.read(after=after, limit=10)]


class TestSaidBy:
    def test_records_two_claims_and_their_link_in_one_save(self, ann, attack, junta):
        head = log.head().position

        answer = ann.post(ADD, attack(claim__said_by="The junta"))

        assert answer.status_code == 302
        assert kinds(head) == ["SourceDescribed", "ClaimAsserted", "ClaimAsserted", "ClaimsLinked"]
        statement = log.at(head + 3).decoded().claim
        assert statement.actors("initiator") == (junta,)
        assert statement.code == "plover-2.0/ACCUSE/allege"
        assert statement.summary == "The junta said: Russia attacked a camp."
        assert "The junta alleges" in ann.get(answer.url).text

    def test_names_what_is_wrong_at_its_field(self, ann, attack, junta):
        page = ann.post(ADD, attack(claim__said_by="The junta", claim__said_as="NOTHING")).text

        assert 'id="id_claim-said_as_error"' in page
        page = ann.post(ADD, attack(claim__said_by="Nobody I know")).text
        assert 'id="id_claim-said_by_error"' in page

    def test_warns_of_a_statement_that_is_on_record(self, ann, desk, attack, junta):
        ann.post(ADD, attack(claim__said_by="The junta"))

        again = attack(claim__said_by="The junta")
        page = unrecorded(ann, ADD, again)

        assert page.status_code == 200
        assert page.text.count("It may be on record already:") == 2

    def test_is_no_further_witness(self, ann, desk, attack, junta):
        other = desk.asserts(summary="Russia attacked a camp.", code=ASSAULT).stream

        page = unrecorded(ann, ADD, attack(claim__said_by="The junta", _cite_to=str(other)))

        assert "no further evidence" in page.text


class TestAProposal:
    def proposed(self, ann, data):
        return ann.post(SPEAKER, data).text

    @pytest.mark.parametrize(
        ("summary", "label"),
        [
            ("Russia attacked a camp, the junta said.", "The junta"),
            ("Russia attacked a camp, Kazakh officials said.", "KAZ"),
        ],
    )
    def test_names_the_speaker(self, ann, attack, junta, summary, label):
        page = self.proposed(ann, attack(claim__summary=summary))

        assert "Is this what a party says?" in page
        assert f'data-value="{label}"' in page
        assert "Alt+S" in page

    def test_asks_the_parties_where_a_government_speaks(self, ann, attack):
        page = self.proposed(ann, attack(claim__summary="Russia attacked, the ministry said."))

        assert page.index('data-value="KAZ"') < page.index('data-value="RUS"')

    @pytest.mark.parametrize(
        "fields",
        [
            {},
            {"claim__summary": "Russia attacked, Reuters said."},
            {"claim__summary": "Russia attacked in May, it said."},
            {"claim__summary": "Russia attacked, the junta said.", "claim__said_by": "The junta"},
            {
                "claim__summary": "KAZ accused Russia.",
                "claim__code": "plover-2.0/ACCUSE/allege",
            },
        ],
    )
    def test_is_none_where_no_party_says_it_or_that_is_known(self, ann, attack, junta, fields):
        assert "data-fill" not in self.proposed(ann, attack(**fields))


class TestDeniedBy:
    def form(self, **given):
        return {"version": "1", "denied_by": "RUS", "document": "A report", "interest": "", **given}

    def test_is_a_citation_that_denies_with_the_denier_at_its_end(self, ann, desk, claim_id):
        answer = ann.post(page_of(claim_id, "deny"), self.form(locator="paragraph 3"))

        assert answer.status_code == 302
        denial = states.claim(claim_id).claim.citations[-1]
        assert (denial.stance, denial.interest) == ("denies", "self-serving")
        assert denial.locator == "paragraph 3"
        (source,) = denial.chain
        state = log.history([source])[0].decoded()
        assert state.source.actor == desk.countries["RUS"]

    @pytest.mark.parametrize(
        ("given", "interest"),
        [
            ({"denied_by": "CHN"}, "none"),
            # One who speaks for a party.
            ({"denied_by": "The junta"}, "self-serving"),
            ({"denied_by": "CHN", "interest": "against interest"}, "against interest"),
        ],
    )
    def test_is_in_the_interest_of_who_denies_it(self, ann, claim_id, junta, given, interest):
        ann.post(page_of(claim_id, "deny"), self.form(**given))

        assert states.claim(claim_id).claim.citations[-1].interest == interest

    def test_takes_the_place_of_a_claim_in_the_duplicates_box(self, ann, desk, attack):
        other = desk.asserts(summary="Russia attacked a camp.", code=ASSAULT).stream
        when = {"claim__occurred": "2022-05-11", "confirmed": "2022-05-11"}
        page = ann.post(ADD, attack(claim__said_by="CHN", _preview="1", **when)).text
        assert f'name="_deny_to" value="{other}"' in page

        ann.post(ADD, attack(claim__said_by="CHN", _deny_to=str(other)))

        denial = states.claim(other).claim.citations[-1]
        assert (denial.stance, denial.interest) == ("denies", "none")

    def test_in_the_duplicates_box_needs_a_denier(self, ann, desk, attack):
        other = desk.asserts(summary="Russia attacked a camp.", code=ASSAULT).stream

        assert "say who denies it" in unrecorded(ann, ADD, attack(_deny_to=str(other))).text
