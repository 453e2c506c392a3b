"""The article's claims are on record as the desk read them, with what stands around them."""

from dataclasses import replace

import pytest

from tests.kit.seeded import claim_id
from tracker.domain import state as f
from tracker.domain.facts import rows
from tracker.domain.lenses import Bloc
from tracker.domain.scoring import MODELS
from tracker.operations.seed_files import seed_id

# Without it nothing makes the database that the fixtures read.
pytestmark = pytest.mark.django_db

ROLES = (("initiator", ""), ("recipient", ">"), ("affected", "affected"), ("about", "about"))
# Row, kind, who (initiators > recipients, affected, about; a country's sector where it is not the
# government), code, date, the sources behind the newsletter.
SOME = [
    (1, "assessment", "about RUS KAZ", None, "2022-05", ()),
    (3, "act", "RUS > KAZ affected CHN", "SANCTION/discontinue", "[2022-03-21..2022-03-31]", ()),
    (6, "assessment", "about RUS the-West FRA", None, "2022-03", ()),
    (9, "act", "RUS RUS:society > KAZ", "THREATEN/territory", "2022-03", ()),
    (15, "act", "RUS:state-media > Central-Asia", "SUPPORT", "2022-05-12", ()),
    (16, "situation", "KAZ > UKR", "SUPPORT", "2022-02-24/..", ()),
    (21, "act", "CHN RUS", "CONSULT", "[2022-05-17..2022-05-24]", ("Bloomberg",)),
    (
        26,
        "act",
        "CHN:intelligence > RUS",
        "COERCE/cyber",
        "[..2022-05-24]",
        ("The New York Times", "Check Point"),
    ),
    (32, "act", "USA UKR", None, None, ("Vladimir Putin",)),
    (37, "measure", "CHN > RUS", None, "2022-03", ("Gina Raimondo",)),
]


@pytest.fixture
def read(seeded):
    """Give the claim of a row, as it stands."""
    return lambda row: seeded[claim_id(row)].claim


@pytest.fixture
def actor(seeded):
    return lambda key: seeded[seed_id("actor", key)].actor


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
    for role, sign in ROLES:
        if found := [voice(one, seeded) for one in claim.actors(role)]:
            parts += [sign, *found]
    return " ".join(filter(None, parts))


class TestTheClaims:
    def test_are_all_on_record(self, seeded):
        found = {state.claim.key for state in seeded.values() if isinstance(state, f.ClaimState)}

        assert found == {str(row) for row in range(1, 53)}

    @pytest.mark.parametrize("wanted", SOME, ids=lambda wanted: str(wanted[0]))
    def test_say_what_their_rows_say(self, read, seeded, wanted):
        row, kind, parties, code, day, chain = wanted
        claim = read(row)
        (citation,) = claim.citations

        assert (claim.kind, who(claim, seeded)) == (kind, parties)
        assert claim.code == (code and f"plover-2.0/{code}")
        assert (claim.occurred and claim.occurred.edtf) == day
        assert tuple(seeded[source].source.name for source in citation.chain) == chain
        assert citation.document == seed_id("document", "china-russia-report-2022-05-24")
        assert (citation.stance, citation.credibility) == ("supports", None)

    def test_are_actual_unless_their_rows_say_otherwise(self, read):
        others = {row: read(row).modality for row in range(1, 53) if read(row).modality != "actual"}

        assert others == {19: "conditional", 23: "announced"}
        assert [row for row in range(1, 53) if read(row).condition] == [19]

    def test_of_a_speech_act_have_not_the_speaker_in_their_chain(self, read, seeded):
        for row in (15, 17, 28, 30, 31, 38, 39, 40, 44):
            (citation,) = read(row).citations
            sources = {seeded[source].source.actor for source in citation.chain}

            assert not sources & set(read(row).actors("initiator"))

    def test_are_linked_as_the_rows_say(self, seeded):
        found = {
            (state.from_, state.type, state.to)
            for state in seeded.values()
            if isinstance(state, f.LinkState)
        }
        some = {(2, "causes", 1), (12, "part_of", 11), (28, "says", 29)}

        assert {(claim_id(one), how, claim_id(to)) for one, how, to in some} < found
        assert len(found) == 12

    def test_are_judged_as_the_rows_say(self, seeded):
        found = {row: seeded[claim_id(row)].verdicts for row in range(1, 53)}

        assert {
            row: [(one.verdict, one.source, bool(one.reason)) for one in verdicts]
            for row, verdicts in found.items()
            if verdicts
        } == {
            2: [("confirmed", None, True)],
            32: [("false", seed_id("source", "china-russia-report"), True)],
            51: [("confirmed", None, True)],
            52: [("disputed", None, True)],
        }

    def test_keep_what_was_printed_where_a_slip_is_corrected(self, seed_log):
        printed, corrected = (one for one in seed_log if one.stream == claim_id(36))

        assert (printed.kind, corrected.kind) == ("ClaimAsserted", "ClaimCorrected")
        assert "telecommunications data" in printed.decoded().claim.summary
        assert "telecommunications equipment" in corrected.decoded().claim.summary
        assert "slip" in corrected.decoded().reason
        assert printed.body == corrected.body


class TestTheLenses:
    @pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.name)
    def test_are_one_for_each_model_with_all_it_rests_on(self, seeded, model):
        (lens,) = seeded[seed_id("lens", model.name)].versions

        assert (lens.name, lens.model, lens.model_version) == (model.name, model.name, 1)
        assert lens.parameters == model.defaults
        assert lens.view.collections == ()
        assert (lens.view.method, lens.sectors, lens.view.bloc) == ("1", (), None)

    @pytest.mark.parametrize(("key", "rule"), [("ru-cn", "only"), ("others", "except")])
    def test_look_at_the_level_by_where_the_sources_are(self, seeded, key, rule):
        countries = (seed_id("actor", "CHN"), seed_id("actor", "RUS"))
        [lens], [of_all] = (
            seeded[seed_id("lens", name)].versions for name in (f"standing-{key}", "standing")
        )

        assert lens.view == replace(of_all.view, bloc=Bloc(countries=countries, rule=rule))
        assert (lens.model, lens.model_version) == (of_all.model, of_all.model_version)
        assert lens.parameters == of_all.parameters


class TestTheActors:
    def test_hold_every_country_of_the_reference(self, actor):
        for row in rows("countries"):
            found = actor(row["iso3"])

            assert (found.kind, found.code) == ("state", row["iso3"])
            assert row["iso2"] in found.aliases
            assert not row["capital"] or row["capital"].strip() in {*found.aliases, found.name}
            assert not any("*" in one.text for one in found.names)

    def test_name_a_country_in_three_languages(self, actor):
        assert [(one.language, one.text) for one in actor("KAZ").names] == [
            ("en", "Kazakhstan"),
            ("ru", "Казахстан"),
            ("zh", "哈萨克斯坦"),
        ]

    def test_make_a_group_stand_for_the_members_that_it_lists(self, actor):
        five = {seed_id("actor", code) for code in ("KAZ", "KGZ", "TJK", "TKM", "UZB")}

        assert set(actor("central-asia").members) == five
        assert actor("the-west").members == ()

    def test_let_organisations_of_states_speak_for_no_country(self, actor):
        assert actor("nato").affiliations == actor("eu").affiliations == ()

    def test_are_no_private_individuals(self, seeded):
        persons = {
            one.actor.name
            for one in seeded.values()
            if isinstance(one, f.ActorState) and one.actor.kind == "person"
        }

        assert persons == {"Vladimir Putin", "Qasym-Zhomart Toqaev", "Zhao Lijian", "Gina Raimondo"}
