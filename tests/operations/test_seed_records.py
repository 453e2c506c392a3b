"""What stands around the article's claims: links, verdicts, sources, lenses and actors."""

from dataclasses import replace

import pytest

from tests.kit import article
from tests.kit.article import claim_id
from tests.kit.models import FIRST, MODELS
from tracker.domain import state as f
from tracker.domain.facts import rows
from tracker.domain.lenses import Bloc
from tracker.operations.seed_files import seed_id

# Without it nothing makes the database that the fixtures read.
pytestmark = pytest.mark.django_db

every_row = pytest.mark.parametrize("row", article.ROWS)


@pytest.fixture
def actor(seeded):
    return lambda key: seeded[seed_id("actor", key)].actor


class TestTheSeed:
    def test_is_linked_as_the_rows_say(self, seeded):
        found = {
            (state.from_, state.type, state.to)
            for state in seeded.values()
            if isinstance(state, f.LinkState)
        }

        assert found == {(claim_id(one), how, claim_id(to)) for one, how, to in article.LINKS}

    @every_row
    def test_is_judged_as_its_row_says(self, seeded, row):
        verdicts = [
            (one.verdict, one.source, bool(one.reason)) for one in seeded[claim_id(row)].verdicts
        ]
        verdict, source = article.VERDICTS.get(row, ("", None))

        assert verdicts == [(verdict, source and seed_id("source", source), True)][: bool(verdict)]

    def test_corrects_a_slip_and_keeps_what_was_printed(self, seed_log):
        printed, corrected = (one for one in seed_log if one.stream == claim_id(36))

        assert (printed.kind, corrected.kind) == ("ClaimAsserted", "ClaimCorrected")
        assert "telecommunications data" in printed.decoded().claim.summary
        assert "telecommunications equipment" in corrected.decoded().claim.summary
        assert "slip" in corrected.decoded().reason
        assert printed.body == corrected.body

    @pytest.mark.parametrize("model", FIRST.values(), ids=lambda model: model.name)
    def test_has_a_lens_for_each_model_with_all_it_rests_on(self, seeded, model):
        lens, _ = seeded[seed_id("lens", model.name)].versions

        assert (lens.name, lens.model, lens.model_version) == (model.name, model.name, 1)
        assert lens.parameters == model.defaults
        assert lens.view.collections == ()
        assert (lens.view.method, lens.sectors, lens.view.bloc) == ("1", (), None)

    @pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.name)
    def test_has_a_second_version_of_each_lens_by_method_2(self, seeded, model):
        first, second = seeded[seed_id("lens", model.name)].versions

        assert second.view == replace(first.view, method="2")
        assert (second.name, second.model) == (first.name, first.model)
        assert (second.model_version, second.parameters) == (model.version, model.defaults)

    @pytest.mark.parametrize(("key", "rule"), [("ru-cn", "only"), ("others", "except")])
    def test_looks_at_the_level_by_where_the_sources_are(self, seeded, key, rule):
        countries = (seed_id("actor", "CHN"), seed_id("actor", "RUS"))
        own, whole = (
            seeded[seed_id("lens", name)].versions for name in (f"standing-{key}", "standing")
        )

        for lens, of_all in zip(own, whole, strict=True):
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
