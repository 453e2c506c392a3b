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
    def test_has_the_contexts_of_its_row(self, read, row):
        assert read(row).contexts == article.CONTEXTS.get(row, ())

    @every_row
    def test_is_as_strong_as_its_row(self, read, row):
        grade, word = article.STRENGTHS.get(row, (None, ""))
        strength = read(row).strength

        assert (strength and strength.grade) == grade
        assert word in (strength.reason if strength else "")

    @every_row
    def test_is_as_likely_as_its_source_finds_it(self, read, row):
        assert read(row).likelihood == article.LIKELIHOODS.get(row)

    @pytest.mark.parametrize(("row", "hedge"), article.HEDGES.items())
    def test_keeps_the_source_s_own_word(self, read, row, hedge):
        assert read(row).hedge == hedge

    @every_row
    def test_goes_back_to_its_root(self, read, seeded, row):
        (citation,) = read(row).citations

        names = tuple(seeded[source].source.name for source in citation.chain)
        assert names == article.CHAINS.get(row, ())
        assert citation.document == seed_id("document", "china-russia-report-2022-05-24")
        assert citation.stance == "supports"
        assert citation.credibility is None

    @every_row
    def test_names_the_interest_of_its_root(self, read, row):
        wanted = "self-serving" if row in {36, 37} else "none"

        assert read(row).citations[0].interest == wanted

    @every_row
    def test_quotes_what_its_row_quotes(self, read, row):
        assert read(row).citations[0].quote == article.QUOTES.get(row, "")

    @every_row
    def test_names_the_language_of_what_it_goes_back_to(self, read, row):
        wanted = "en" if row in article.QUOTES else "zh" if row in {30, 31} else None

        assert read(row).citations[0].language == wanted

    @pytest.mark.parametrize("row", sorted(article.INFERRED_DATES))
    def test_says_that_its_date_is_inferred(self, read, row):
        assert read(row).occurred.basis == "inferred"

    @every_row
    def test_measures_what_its_row_measures(self, read, row):
        found = read(row).magnitude

        assert (found and (str(found.value), found.unit)) == article.MAGNITUDES.get(row)
        assert found is None or found.change

    @pytest.mark.parametrize("row", [36, 37])
    def test_is_measured_against_february(self, read, row):
        assert read(row).magnitude.baseline == "2022-02"

    @every_row
    def test_is_actual_unless_its_row_says_otherwise(self, read, row):
        wanted = {19: "conditional", 23: "announced"}.get(row, "actual")

        assert (read(row).modality, read(row).polarity) == (wanted, "asserted")
        assert bool(read(row).condition) is (row == 19)

    @pytest.mark.parametrize(("row", "word"), article.NOTES.items())
    def test_carries_the_desk_s_remark(self, read, row, word):
        assert word in read(row).note

    def test_of_a_speech_act_has_not_the_speaker_in_its_chain(self, read, seeded):
        for row in (15, 17, 28, 30, 31, 38, 39, 40, 44):
            (citation,) = read(row).citations
            sources = {seeded[source].source.actor for source in citation.chain}

            assert not sources & set(read(row).actors("initiator"))
