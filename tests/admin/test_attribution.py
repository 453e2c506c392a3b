"""At the desk: what a party says, who denies a claim, and an event dated after its document."""

import pytest

from tests.admin.conftest import ADD, page_of
from tests.kit.builders import AT, BY, an_actor
from tracker import log
from tracker.domain.records import Affiliation, Name
from tracker.operations import actors
from tracker.queries.records import states

pytestmark = pytest.mark.django_db
ASSAULT = "plover-2.0/ASSAULT"
SPEAKER = "/admin/desk/claim/speaker/"


@pytest.fixture
def junta(desk):
    speaks = Affiliation(country=desk.countries["KAZ"], sector="military")
    actor = an_actor(
        None, kind="organisation", names=(Name(text="The junta"),), affiliations=(speaks,)
    )
    return actors.describe_actor(actor, at=AT, by=BY).stream


@pytest.fixture
def attack(written):
    """What is sent for an attack that somebody tells of."""

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
        head = log.head()

        again = attack(claim__said_by="The junta")
        page = ann.post(ADD, again)

        assert page.status_code == 200
        assert log.head() == head
        assert page.text.count("It may be on record already:") == 2

    def test_is_no_further_witness(self, ann, desk, attack, junta):
        other = desk.asserts(summary="Russia attacked a camp.", code=ASSAULT).stream
        head = log.head()

        page = ann.post(ADD, attack(claim__said_by="The junta", _cite_to=str(other)))

        assert "no further evidence" in page.text
        assert log.head() == head


class TestAProposal:
    def proposed(self, ann, data):
        return ann.post(SPEAKER, data).text

    @pytest.mark.parametrize(
        ("summary", "label"),
        [
            ("Russia attacked a camp, the junta said.", "The junta"),
            ("Russia attacked a camp, Kazakh officials said.", "KAZ"),
            ("KAZ accuses Russia of an attack on a camp.", "KAZ"),
            ("According to KAZ, Russia attacked.", "KAZ"),
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
        head = log.head()

        assert "say who denies it" in ann.post(ADD, attack(_deny_to=str(other))).text
        assert log.head() == head
