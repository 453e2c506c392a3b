"""Levels of pairs over the API: recorded, read, corrected, exported, and what one would do."""

import csv
import io

import pytest

from tests.kit.api_client import a_body, pointers, same
from tests.kit.builders import AT, BY, a_lens, an_actor
from tracker.domain.lenses import View
from tracker.domain.scoring import MODELS
from tracker.operations import actors, lenses

pytestmark = pytest.mark.django_db
RUNG = "structural-1/negative-peace"


def a_level(desk, **given):
    parties = [{"actor": str(desk.countries[code]), "role": "about"} for code in ("KAZ", "RUS")]
    level = {
        "kind": "level",
        "code": None,
        "parties": parties,
        "summary": "The panel puts Kazakhstan and Russia at +4.5.",
        "occurred": {"edtf": "2021-12-31"},
        "level": {"value": "4.5", "sd": "1.5", "rung": None},
    }
    return a_body(desk, **level | given)


@pytest.fixture
def levels(desk):
    """The name of a lens that sees levels: standing of version 2."""
    model = MODELS["standing"]
    lens = a_lens(
        name="levels",
        view=View(method="1", collections=(desk.collection,)),
        model_version=model.version,
        parameters=model.defaults,
    )
    lenses.define_lens(lens, at=AT, by=BY)
    return "levels@1"


class TestALevel:
    @pytest.mark.parametrize("given", [{}, {"level": {"value": None, "sd": None, "rung": RUNG}}])
    def test_is_given_back_as_it_was_sent(self, api, desk, given):
        body = a_level(desk, **given)

        made = api.post("claims/", body)

        assert same(api.get(f"claims/{made['id']}/"), body) == body
        [listed] = api.get("claims/", kind="level")["results"]
        assert listed["id"] == made["id"]

    @pytest.mark.parametrize(
        ("given", "pointer"),
        [
            ({"level": None}, "/level"),
            ({"level": {"rung": "structural-1/war"}}, "/level/rung"),
            ({"kind": "act", "level": {"rung": RUNG}}, "/level"),
        ],
    )
    def test_is_refused_at_the_field_that_is_wrong(self, api, desk, given, pointer):
        body = a_level(desk, **given)

        for path in ("claims/", "claims/preview/"):
            assert pointer in pointers(api.post(path, body, expect=400))

    def test_is_about_countries_alone(self, api, desk):
        """By itself and in a batch."""
        person = str(actors.describe_actor(an_actor(None, kind="person"), at=AT, by=BY).stream)
        ends = (str(desk.countries["KAZ"]), person)
        wrong = a_level(desk, parties=[{"actor": one, "role": "about"} for one in ends])
        batch = {"mode": "atomic", "claims": [wrong]}

        assert pointers(api.post("claims/", wrong, expect=400)) == ["/parties/1"]
        assert pointers(api.post("claims/batch/", batch, expect=400)) == ["/claims/0/parties/1"]


class TestAPreview:
    def test_says_from_which_level_to_which(self, api, desk, levels, catch_up):
        """The first level that is assessed is the start, as it stands."""
        catch_up()

        found = api.post("claims/preview/", a_level(desk), expect=200)

        moves = {(one["lens"], one["direction"]): one["on"] for one in found["moves"]}
        own, _today = moves[levels, "KAZ-RUS"]
        assert own["day"] == "2021-12-31"
        assert own["before"]["value"] == pytest.approx(0, abs=1e-9)
        assert own["after"]["value"] == pytest.approx(4.5)

    def test_of_a_batch_counts_its_levels_together(self, api, desk, levels, catch_up):
        """Two roots at 4.5 and 1.5 with the same p and sd meet in the middle."""
        catch_up()
        other = desk.hears(name="Another", grade="C")
        rows = [
            a_level(desk),
            a_level(
                desk,
                level={"value": "1.5", "sd": "1.5"},
                citations=[{"document": str(other)}],
                summary="Another member puts them at +1.5.",
            ),
        ]

        found = api.post(
            "claims/batch/", {"mode": "atomic", "dry_run": True, "claims": rows}, expect=200
        )

        moves = {(one["lens"], one["direction"]): one["on"] for one in found["moves"]}
        assert moves[levels, "KAZ-RUS"][0]["after"]["value"] == pytest.approx(3)
        assert found["rows"][0]["effects"]


class TestATable:
    def test_has_its_number_and_its_rung(self, api, desk):
        api.post("claims/", a_level(desk))
        api.post("claims/", a_level(desk, level={"rung": RUNG}))

        text = api.http.get("/api/v1/claims.csv").getvalue().decode()

        rows = csv.DictReader(io.StringIO(text))
        cells = {(row["level"], row["level_sd"], row["rung"], row["about"]) for row in rows}
        assert cells == {("4.5", "1.5", "", "KAZ; RUS"), ("2.0", "2.5", RUNG, "KAZ; RUS")}
