"""The article's claims are on record as the desk read them."""

import pytest

from tests.kit import article
from tracker.domain import state as f
from tracker.operations.seed_files import seed_id

# Without it nothing makes the database that the fixtures read.
pytestmark = pytest.mark.django_db

every_row = pytest.mark.parametrize("row", article.ROWS)


@pytest.fixture
def read(seeded):
    """Give the claim of a row, as it stands."""
    return lambda row: seeded[article.claim_id(row)].claim


def voice(actor_id, seeded):
    """A party as the table has it: the country that it speaks for, or its name."""
    found = seeded[actor_id].actor
    if found.kind == "state":
        return found.code
    if not found.affiliations:
        return found.name.replace(" ", "-")
    (one,) = found.affiliations
    sector = one.sector.replace(" ", "-")
    return seeded[one.country].actor.code + ("" if sector == "government" else f":{sector}")


def who(claim, seeded):
    """The parties as the table has them."""
    parts = []
    for role, sign in article.ROLES:
        if found := [voice(one, seeded) for one in claim.actors(role)]:
            parts += [sign, *found]
    return " ".join(filter(None, parts))


class TestEveryClaim:
    def test_is_on_record(self, seeded):
        found = {state.claim.key for state in seeded.values() if isinstance(state, f.ClaimState)}

        assert found == {str(row) for row in range(1, 53)} == {str(row) for row in article.ROWS}

    @pytest.mark.parametrize("wanted", article.TABLE, ids=lambda wanted: str(wanted[0]))
    def test_says_what_its_row_says(self, read, seeded, wanted):
        row, kind, parties, code, day = wanted
        claim = read(row)

        assert (claim.kind, who(claim, seeded)) == (kind, parties)
        assert claim.code == (code and f"plover-2.0/{code}")
        assert (claim.occurred and claim.occurred.edtf) == day

    @every_row
    def test_goes_back_to_its_root(self, read, seeded, row):
        (citation,) = read(row).citations

        names = tuple(seeded[source].source.name for source in citation.chain)
        assert names == article.CHAINS.get(row, ())
        assert citation.document == seed_id("document", "china-russia-report-2022-05-24")
        assert citation.stance == "supports"
        assert citation.credibility is None

    @every_row
    def test_is_actual_unless_its_row_says_otherwise(self, read, row):
        wanted = {19: "conditional", 23: "announced"}.get(row, "actual")

        assert (read(row).modality, read(row).polarity) == (wanted, "asserted")
        assert bool(read(row).condition) is (row == 19)

    def test_of_a_speech_act_has_not_the_speaker_in_its_chain(self, read, seeded):
        for row in (15, 17, 28, 30, 31, 38, 39, 40, 44):
            (citation,) = read(row).citations
            sources = {seeded[source].source.actor for source in citation.chain}

            assert not sources & set(read(row).actors("initiator"))
