"""On an open site whoever has no token reads no more of an accusation than of a public page: nobody
is named as responsible for a crime on one root and one pair of eyes. Whoever has one reads all."""

import io
import json

import polars as pl
import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests.kit.accusations import SENTENCE, blames, reviewed, second_root
from tests.kit.api_client import V1, api_with
from tests.kit.builders import AT
from tracker import log
from tracker.domain.disclosure import MASK
from tracker.operations import claims, links
from tracker.projections import disclosure

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_site")]
SAID = ("Acme", "acme", "COERCE", "It was")
PLACES = (
    "claims/",
    "claims/?expand=actors,documents&count=exact",
    "claims/?pair=KAZ-RUS",
    "claims/{claim}/",
    "claims/{claim}/?expand=actors",
    "claims/{claim}/history/",
    "claims/{claim}/impacts/",
    "pairs/KAZ-RUS/explanation/?day=2022-05-24",
    "pairs/KAZ-RUS/changes/?from=2022-05-01&to=2022-05-24",
    "pairs/KAZ-RUS/changes/?known_from={before}&day=2022-05-24",
    "pairs/KAZ-RUS/measures/",
    "shifts/",
    "calibration/",
    "sources/{source}/record/",
    "log/events/?after={before}",
    "log/events/{position}/",
)
FILES = ("claims", "log/events")
FORMS = tuple(f"{path}.{form}" for path in FILES for form in ("csv", "ndjson", "parquet"))


@pytest.fixture
def blaming(desk, firm):
    return blames(desk, firm)


@pytest.fixture
def look(desk, blaming, catch_up):
    """What a client reads of it, at all its places, by their addresses."""
    asserted = log.head().position

    def read(client):
        catch_up()
        named = {
            "claim": blaming,
            "source": desk.source,
            "before": asserted - 1,
            "position": asserted,
        }
        found = {}
        for place in PLACES:
            answer = client.get(V1 + place.format(**named))
            assert answer.status_code == 200, answer.content
            found[place] = answer.content.decode()
        for path in FILES:
            for form in ("csv", "ndjson", "parquet"):
                answer = client.get(f"{V1}{path}.{form}")
                lines = read_lines(b"".join(answer.streaming_content), form)
                found[f"{path}.{form}"] = "\n".join(filter(is_of_claims, lines))
        return found

    return read


def read_lines(data, form):
    if form != "parquet":
        return data.decode().splitlines()
    rows = pl.read_parquet(io.BytesIO(data)).to_dicts()
    return [json.dumps(row, default=str, ensure_ascii=False) for row in rows]


def is_of_claims(line):
    """A record names somebody without blaming anybody."""
    return "ActorDescribed" not in line or '"masked"' in line


def leaking(found, firm):
    return {place for place, said in found.items() for word in (*SAID, str(firm)) if word in said}


class TestWithoutAToken:
    def test_nobody_is_named_on_one_root_and_one_pair_of_eyes(self, look, firm):
        found = look(APIClient())

        assert leaking(found, firm) == set()
        for place in ("claims/", "claims/{claim}/", "claims.csv", "claims.ndjson"):
            assert MASK in found[place]
        explained = json.loads(found["pairs/KAZ-RUS/explanation/?day=2022-05-24"])
        assert explained["contributions"] == []
        assert explained["others"]["claims"] == 1
        unreported = explained["start"] + explained["drift"]
        assert explained["others"]["amount"] + unreported == pytest.approx(explained["value"])

    def test_a_masked_claim_is_what_is_described(self, look, blaming):
        claim = json.loads(look(APIClient())["claims/{claim}/"])

        assert (claim["masked"], claim["title"], claim["summary"]) == (True, MASK, MASK)
        assert (claim["parties"], claim["citations"], claim["code"]) == ([], [], None)
        assert (claim["kind"], claim["occurred"]["edtf"]) == ("act", "2022-05-11")
        assert claim["id"] == str(blaming)

    def test_all_are_named_on_two_roots_and_two_pairs_of_eyes(self, look, blaming):
        second_root(blaming)
        reviewed(blaming, by="bob")

        found = look(APIClient())

        for place in ("claims/", "claims/{claim}/", "claims/{claim}/history/", *FORMS):
            assert SENTENCE in found[place], place
        assert "It was Acme." in found["log/events.ndjson"]

    def test_nobody_is_named_who_is_blamed_no_more(self, look, firm, blaming, desk):
        """The claim may be printed as it stands, but not what it said before."""
        harmless = desk.claim(summary="A network was broken into.")
        claims.correct_claim(blaming, harmless, reason="Acme?", expected=1, at=AT, by="ann")
        reviewed(blaming, by="bob")

        found = look(APIClient())

        assert "A network was broken into." in found["claims/{claim}/"]
        assert leaking(found, firm) == set()

    @pytest.mark.parametrize("past", [False, True])
    def test_nobody_is_found_by_whom_a_claim_blames(self, firm, blaming, desk, past):
        other = blames(desk, firm, code="plover-2.0/AGREE", summary="Acme signed.")
        anybody = api_with()
        then = {"as_of": log.head().position} if past else {}

        found = anybody.get("claims/", actor=firm, count="exact", **then)

        assert [one["id"] for one in found["results"]] == [str(other)]
        assert (found["count"], found["next"]) == (1, None)
        about = anybody.get("claims/", actor=desk.countries["KAZ"], count="exact", **then)
        assert about["count"] == 1

    @pytest.mark.parametrize("past", [False, True])
    def test_nor_in_whose_document(self, blaming, desk, past):
        other = desk.asserts(summary="A bridge was opened.").stream
        then = {"as_of": log.head().position} if past else {}

        found = api_with().get("claims/", document=desk.document, count="exact", **then)

        assert [one["id"] for one in found["results"]] == [str(other)]
        assert found["count"] == 1

    @pytest.mark.parametrize("past", [False, True])
    def test_what_may_be_printed_is_found_by_whom_it_names(self, firm, blaming, past):
        second_root(blaming)
        reviewed(blaming, by="bob")
        disclosure.follow_all()
        anybody = api_with()
        then = {"as_of": log.head().position} if past else {}

        found = anybody.get("claims/", actor=firm, count="exact", **then)
        assert [one["id"] for one in found["results"]] == [str(blaming)]
        assert found["count"] == 1

    def test_says_neither_by_whose_word_it_is_nor_what_it_moves(self, api, blaming, catch_up):
        catch_up()
        path = f"claims/{blaming}/impacts/"
        told, whole = api_with().get(path), api.get(path)

        assert (told["p"], told["p_before_verdicts"], told["ungraded"]) == (None, None, None)
        assert (told["roots"], told["steps"]) == ([], [])
        assert whole["p"] > 0
        assert (told["impacts"], len(whole["impacts"])) == ([], 1)
        assert told["silent_because"].startswith("withheld")

    def test_lends_its_sources_to_no_claim_that_says_the_same(self, api, desk, blaming, catch_up):
        public = desk.asserts(code="plover-2.0/COERCE/cyber").stream
        links.link("same_as", public, blaming, at=AT, by="ann")
        catch_up()
        path = f"claims/{public}/impacts/"
        told, whole = api_with().get(path), api.get(path)

        assert whole["roots"]
        assert (told["roots"], told["steps"]) == ([], [])
        assert told["p"] == whole["p"]
        assert [one["roots"] + one["state_roots"] for one in told["impacts"]] == [
            [] for _ in told["impacts"]
        ]

    @pytest.mark.parametrize("path", ["claims/", "log/events/", "claims/?as_of={head}"])
    def test_many_claims_take_as_many_questions_as_one(self, desk, firm, path):
        first = log.head().position
        for _ in range(4):
            blames(desk, firm)
        address = V1 + path.format(head=log.head().position)
        counts = []
        for limit in (1, 4):
            with CaptureQueriesContext(connection) as captured:
                answer = APIClient().get(address, {"limit": limit, **after(path, first)})
            assert len(answer.json()["results"]) == limit
            counts.append(len(captured))

        assert counts[0] == counts[1]


def after(path, position):
    return {"after": position} if path.startswith("log") else {}


class TestWithAToken:
    def test_all_is_read(self, api, look, firm):
        found = look(api.http)

        for place in ("claims/", "claims/{claim}/", "claims/{claim}/history/", *FORMS):
            assert "Acme" in found[place], place
        assert '"masked":false' in found["claims/{claim}/"]
        assert MASK not in "".join(found.values())


class TestWhatIsKept:
    @pytest.mark.parametrize("first", ["api", "anybody"])
    def test_is_kept_apart(self, api, look, firm, first):
        """Whoever asks first, with a token or without one."""
        anybody = APIClient()
        order = (api.http, anybody) if first == "api" else (anybody, api.http)
        found = {id(client): look(client) for client in order}
        again = {id(client): look(client) for client in order}

        assert caches["answers"]._cache
        assert leaking(found[id(anybody)], firm) == leaking(again[id(anybody)], firm) == set()
        assert SENTENCE in found[id(api.http)]["claims/"]
        assert SENTENCE in again[id(api.http)]["claims/"]

    def test_is_another_for_whoever_has_a_token(self, api, look, blaming):
        address = f"{V1}claims/{blaming}/"
        anybody = APIClient()
        known, bare = (one.get(address) for one in (api.http, anybody))

        assert known.headers["ETag"] != bare.headers["ETag"]
        assert known.headers["Cache-Control"] == "private, no-cache"
        assert bare.headers["Cache-Control"] == "public, no-cache"
        assert "Authorization" in bare.headers["Vary"]
        held = {"If-None-Match": known.headers["ETag"]}
        assert anybody.get(address, headers=held).status_code == 200
        held = {"If-None-Match": bare.headers["ETag"]}
        assert api.http.get(address, headers=held).status_code == 200
