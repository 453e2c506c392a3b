"""The article's claims are on record as the desk read them, with what stands around them. The seed
can be loaded again, taken up where it was cut short, and mended where it is wrong."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.kit.seeded import claim_id, put_seed_on_record
from tracker import log
from tracker.domain import state as f
from tracker.domain.facts import rows
from tracker.domain.lenses import Bloc
from tracker.domain.records import Actor, Name
from tracker.domain.scoring import MODELS
from tracker.operations import claims, links, seed
from tracker.operations.actors import describe_actor
from tracker.operations.lenses import define_lens
from tracker.operations.seed_files import FOLDER, BadSeed, seed_id
from tracker.queries.records import states
from tracker.queries.scores import lenses

# Without it nothing makes the database that the fixtures read.
pytestmark = pytest.mark.django_db

ROLES = (("initiator", ""), ("recipient", ">"), ("affected", "affected"))
# Row, kind, who (initiators > recipients, affected; a country's sector where it is not the
# government), code, date, the sources behind the newsletter.
SOME = [
    (3, "act", "RUS > KAZ affected CHN", "SANCTION/discontinue", "[2022-03-21..2022-03-31]", ()),
    (9, "act", "RUS RUS:society > KAZ", "THREATEN/territory", "2022-03", ()),
    (16, "situation", "KAZ > UKR", "SUPPORT", "2022-02-24/..", ()),
    (
        26,
        "act",
        "CHN:intelligence > RUS",
        "COERCE/cyber",
        "[..2022-05-24]",
        ("The New York Times", "Check Point"),
    ),
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
    """A party as the table has it: the country that it speaks for."""
    found = seeded[actor_id].actor
    if found.kind == "state":
        return found.code
    (one,) = found.affiliations
    sector = "" if one.sector == "government" else f":{one.sector}"
    return f"{seeded[one.country].actor.code}{sector}"


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

    def test_are_no_private_individuals(self, seeded):
        persons = {
            one.actor.name
            for one in seeded.values()
            if isinstance(one, f.ActorState) and one.actor.kind == "person"
        }

        assert persons == {"Vladimir Putin", "Qasym-Zhomart Toqaev", "Zhao Lijian", "Gina Raimondo"}


NOW = datetime(2022, 5, 25, tzinfo=UTC)


class Cut(Exception):
    """The run was cut short."""


def cut_after(step: str):
    def progress(_done: int, _total: int, what: str) -> None:
        if what == step:
            raise Cut

    return progress


def kinds(row: int) -> list[str]:
    return [one.kind for one in log.history([claim_id(row)])]


def members(key: str) -> int:
    [state] = states.records([seed_id("actor", key)], at=None).values()
    return len(state.actor.memberships)


@pytest.mark.long
class TestARunThatWasCutShort:
    def test_is_taken_up_where_it_ended(self):
        with pytest.raises(Cut):
            seed.load_seed(at=NOW, progress=cut_after("claim 36"))
        there = log.head().position
        counts = seed.load_seed(at=NOW)

        assert counts.on_record == there
        assert kinds(36) == ["ClaimAsserted", "ClaimCorrected"]
        assert log.head().position == there + sum(counts.added.values())
        assert seed.load_seed(at=NOW).added == {}

    def test_leaves_what_people_did_meanwhile(self):
        with pytest.raises(Cut):
            seed.load_seed(at=NOW, progress=cut_after("claim 36"))
        claims.retract_claim(claim_id(36), reason="a slip", at=NOW, by="ada")
        seed.load_seed(at=NOW)

        assert kinds(36) == ["ClaimAsserted", "ClaimRetracted"]

    def test_leaves_an_organisation_and_a_lens_that_people_described_anew(self):
        with pytest.raises(Cut):
            seed.load_seed(at=NOW, progress=cut_after("lens tone"))
        [own] = [one for one in lenses.latest() if one.lens.name == "tone"]
        changed = replace(own.lens, description="Ours.")
        define_lens(changed, at=NOW, by="ada", lens_id=own.id, expected=1)
        union = Actor(kind="organisation", names=(Name(text="The Union"),), code="EU")
        describe_actor(union, actor_id=seed_id("actor", "eu"), at=NOW, by="ann")
        counts = seed.load_seed(at=NOW)

        [kept] = [one for one in lenses.latest() if one.lens.name == "tone"]
        assert kept.lens == changed
        [state] = states.records([seed_id("actor", "eu")], at=None).values()
        assert state.actor == union
        assert counts.added["membership list"] == 59


class TestMemberships:
    def test_of_organisations_cite_their_lists_and_the_decisions_on_suspensions(self):
        put_seed_on_record(NOW)

        assert [members(key) for key in ("eu", "nato", "un")] == [28, 32, 193]
        [league] = states.records([seed_id("actor", "arab-league")], at=None).values()
        [document] = [
            one.document
            for one in league.actor.memberships
            if one.country == seed_id("actor", "LBY") and one.status == "suspended"
            if one.document
        ]
        [cited] = states.records([document], at=None).values()
        assert (cited.document.title, cited.document.date) == (
            "Statement of the Council of the League on Libya, 22 February 2011",
            "2011-02-22",
        )


@pytest.mark.long
class TestLoadingAgain:
    def test_undoes_nothing_that_people_did(self):
        put_seed_on_record(NOW)
        links.unlink("causes", claim_id(3), claim_id(5), reason="only after it", at=NOW, by="ada")
        claims.retract_claim(claim_id(3), reason="contested", at=NOW, by="ada")
        before = log.head()

        assert seed.load_seed(at=NOW).added == {}
        assert log.head() == before


class TestAMistakeThatOnlyTheOperationsFind:
    def test_names_file_entry_and_field(self, tmp_path):
        folder = shutil.copytree(FOLDER, tmp_path / "seed")
        file = folder / "claims.yaml"
        wrong = file.read_text().replace("plover-2.0/CONSULT/visit", "plover-2.0/CONSULT/dinner")
        file.write_text(wrong)

        with pytest.raises(BadSeed, match=r"claims\.yaml, entry 11, code: .*no mode 'dinner'"):
            seed.load_seed(at=NOW, folder=folder)
