"""A score with its proof, as readers get it: it verifies, and says what the API says."""

from itertools import product
from types import SimpleNamespace

import pytest
from django.db import transaction

from tests.kit.accusations import a_firm, blames
from tests.kit.api_client import api_with
from tests.kit.background_work import work_off
from tests.kit.builders import AT, BY, a_lens, a_token
from tests.kit.erasures import WHY, prepare
from tests.kit.log_entries import ask, run
from tests.kit.seals import seal_all, sign_all
from tests.kit.seeded import put_seed_on_record
from tools import verify
from tracker import log
from tracker.domain.claims import Occurred
from tracker.domain.proofs import notes, scores
from tracker.exports import cited_scores
from tracker.operations import claims, erasing, lenses, links, seal_keys
from tracker.queries import seals
from tracker.queries.scores.pairs import Series

pytestmark = pytest.mark.django_db

DAY = "2022-05-24"
PROOF = "pairs/KAZ-RUS/scores.proof.json"
# The series of the seed that are compared under every lens, and those under one.
SERIES = (("RUS>KAZ", DAY), ("CHN-RUS", "2023-01-01"))
OTHERS = ("KAZ-RUS", "KAZ-UKR", "RUS-UKR")


def key():
    return notes.parse_verifier_key(seals.last_checkpoint().key)


def proof(api, pair: str, **query):
    answer = api.http.get(f"/api/v1/pairs/{pair}/scores.proof.json", query)
    assert answer.status_code == 200, answer.text
    verify.verify_score(answer.text, [key()])
    return scores.parse(answer.text)


def compared(api, direction: str, **query) -> SimpleNamespace | None:
    """The score of a file, and what the API says at the same position; None without claims."""
    pair = "-".join(sorted(direction.replace(">", "-").split("-")))
    query["direction"] = direction
    explained = api.get(f"pairs/{pair}/explanation/", **query)
    if not explained["contributions"]:
        return None
    cited = proof(api, pair, **query)
    assert cited.as_of == explained["as_of"]
    return SimpleNamespace(cited=cited, explained=explained)


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """Scores of the seed, read once for all tests of this file, then rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        put_seed_on_record(scored=True)
        sign_all()
        api = api_with(a_token("read"))
        labels = [one["label"] for one in api.get("lenses/")["results"]]
        found = [
            compared(api, direction, day=day, lens=label)
            for label, (direction, day) in product(labels, SERIES)
        ]
        found += [compared(api, pair, day="2022-03-01") for pair in OTHERS]
        transaction.set_rollback(True)
    return [one for one in found if one]


class TestTheFile:
    def test_has_the_figures_of_the_api(self, seeded):
        assert len(seeded) > 10
        for one in seeded:
            cited, score = one.cited, one.explained["score"]
            figures = (cited.value, cited.sd, cited.low, cited.high)
            assert [float(one) if one else None for one in figures] == [
                score[name] for name in ("value", "sd", "low", "high")
            ]
            assert (cited.lens, str(cited.day)) == (one.explained["lens"], one.explained["day"])

    def test_has_the_contributions_of_the_api(self, seeded):
        for one in seeded:
            parts = {part["claim"]: part["amount"] for part in one.explained["contributions"]}
            amounts = {str(part.claim): part.amount for part in one.cited.claims if part.amount}
            assert {claim: float(amount) for claim, amount in amounts.items()} == parts
            for name in ("start", "drift"):
                assert float(getattr(one.cited, name)) == one.explained[name]


@pytest.fixture
def signed(desk, catch_up, open_site, settings, tmp_path):
    """Two claims on a pair, scored and signed."""
    settings.SEAL_FOLDER = tmp_path / "seal"
    seal_keys.make_key("news.example")
    desk.asserts("RUS", "KAZ")
    desk.asserts("RUS", "KAZ", occurred=Occurred(edtf="2022-05-20"))
    catch_up()
    seal_all()
    return log.head().position


class TestAnErasedClaim:
    def test_leaves_the_scores_of_others_as_they_were_proven(self, api, desk, signed):
        counted, gone = desk.asserts("RUS", "KAZ"), desk.asserts("RUS", "KAZ")
        links.link("same_as", gone.stream, counted.stream, at=AT, by=BY)
        linked = log.head().position
        links.unlink("same_as", gone.stream, counted.stream, reason="no", at=AT, by=BY)
        claims.retract_claim(gone.stream, reason="no", at=AT, by=BY)
        prepare(gone)
        erasing.erase(erasing.select(gone.position), **WHY, at=AT, by=BY)
        seal_all()
        work_off()

        assert len(proof(api, "KAZ-RUS", day=DAY).claims) == 3
        # While the erased claim was linked.
        found = proof(api, "KAZ-RUS", day=DAY, as_of=linked)
        assert len(found.claims) == 3
        assert str(gone.stream) not in "".join(
            one.line for one in found.events if '"ClaimsLinked"' not in one.line
        )


class TestAMoment:
    def test_is_that_of_the_last_checkpoint(self, api, desk, catch_up, signed):
        desk.asserts("RUS", "KAZ", occurred=Occurred(edtf="2022-05-21"))
        catch_up()

        found = proof(api, "KAZ-RUS", day=DAY)
        assert (found.as_of, len(found.claims)) == (signed, 2)

    def test_may_be_an_earlier_one(self, api, signed):
        found = proof(api, "KAZ-RUS", day=DAY, as_of=signed - 1)

        assert (found.as_of, len(found.claims)) == (signed - 1, 1)

    def test_that_is_not_signed_yet_is_refused(self, api, desk, catch_up, signed):
        desk.asserts("RUS", "KAZ")
        catch_up()

        problem = api.get(PROOF, expect=503, as_of=signed + 1)
        assert f"the last checkpoint has {signed} events, not yet {signed + 1}" in problem["detail"]

    def test_before_anything_was_known_has_nothing_to_prove(self, api, signed):
        for as_of in (0, 1):
            assert "no claim counts" in api.get(PROOF, expect=404, as_of=as_of)["detail"]

    def test_may_be_before_the_version_of_the_lens(self, api, desk, catch_up, signed):
        again = a_lens(view=desk.view, description="anew")
        lenses.define_lens(again, at=AT, by=BY, lens_id=desk.lenses["standing"])
        catch_up()
        query = {"day": DAY, "as_of": signed, "lens": "standing@2"}

        assert "not yet standing@2" in api.get(PROOF, expect=503, **query)["detail"]
        seal_all()
        assert proof(api, "KAZ-RUS", **query).lens == "standing@2"


class TestWhatCannotBeProven:
    def test_is_a_score_without_a_checkpoint(self, api, desk, catch_up):
        desk.asserts("RUS", "KAZ")
        catch_up()

        assert "no checkpoint" in api.get(PROOF, expect=404)["detail"]

    def test_is_a_score_of_withheld_claims_to_the_public(self, api, client, desk, catch_up, signed):
        assert client.get(f"/api/v1/{PROOF}").status_code == 200
        blames(desk, a_firm(desk))
        catch_up()
        seal_all()

        answer = client.get(f"/api/v1/{PROOF}")
        assert answer.status_code == 404
        assert "withheld from the public" in answer.json()["detail"]
        assert "Acme" not in answer.text
        assert len(proof(api, "KAZ-RUS", day=DAY).claims) == 3

    def test_is_a_score_of_too_many_claims_or_events(self, api, signed, monkeypatch):
        monkeypatch.setattr(cited_scores, "MOST_EVENTS", 5)
        [error] = api.get(PROOF, expect=400)["errors"]
        assert (error["code"], error["pointer"]) == ("too_much", "/lens")
        assert "a proof holds at most 5" in error["detail"]

        monkeypatch.setattr(cited_scores, "MOST_CLAIMS", 1)
        [error] = api.get(PROOF, expect=400)["errors"]
        assert "from 2 claims" in error["detail"]

    def test_is_a_score_that_the_tables_have_otherwise(self, api, signed, monkeypatch):
        other = Series.score_on
        monkeypatch.setattr(Series, "score_on", lambda *asked: other(*asked)._replace(value=1.0))

        assert "does not follow from the log" in api.get(PROOF, expect=503)["detail"]

    def test_is_a_score_over_a_damaged_tree(self, api, signed):
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run("ALTER TABLE seal_tile DISABLE TRIGGER USER")
        run("DELETE FROM seal_tile")

        assert "log/seal/ has the alarm" in api.get(PROOF, expect=503)["detail"]
        assert ask("SELECT size FROM seal_head") == [(signed,)]

    def test_is_a_pair_or_a_series_that_is_not_there(self, api, signed):
        api.get("pairs/KAZ-XXX/scores.proof.json", expect=404)
        assert api.refused(PROOF, direction="CHN>KAZ") == ["/direction"]
        assert api.refused(PROOF, lens="no-such") == ["/lens"]
