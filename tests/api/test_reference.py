"""The API's description of itself: its page, its catalog, and examples that run."""

import json
import re
from datetime import date
from html import unescape

import pytest
from django.utils import timezone

from tests.kit.api_client import V1
from tests.kit.histories import undone
from tests.kit.seals import sign_all
from tracker.api.examples import READS, WRITES
from tracker.operations import editions, seed
from tracker.projections import impacts, scores, shifts
from tracker.queries import moment

pytestmark = pytest.mark.django_db
EXAMPLE = re.compile(r"Example: `(GET|POST) (\S+)`")
# Operations on what the seed does not hold: other tests are about them.
ELSEWHERE = re.compile("job|import|webhook|batch|edition")


@pytest.fixture
def described(client):
    return client.get(V1 + "openapi.json").json()


def operations(described, method):
    return {
        methods[method]["operationId"]: (path, methods[method])
        for path, methods in described["paths"].items()
        if method in methods
    }


def examples(described, method):
    """Name, address and body of each example that stands in the description."""
    for name, (_, operation) in operations(described, method).items():
        if found := EXAMPLE.search(operation["description"]):
            content = operation.get("requestBody", {}).get("content", {})
            yield name, found[2], content.get("application/json", {}).get("example")


class TestTheDescription:
    def test_is_the_same_for_as_long_as_the_program_is(self, client):
        first = client.get(V1 + "openapi.json")
        again = client.get(V1 + "openapi.json", headers={"If-None-Match": first.headers["ETag"]})

        assert first.headers["Content-Type"] == "application/vnd.oai.openapi+json"
        assert again.status_code == 304

    def test_is_json_for_a_client_that_asks_for_json_alone(self, client, described):
        answer = client.get(V1 + "openapi.json", headers={"Accept": "application/json"})

        assert answer.headers["Content-Type"] == "application/json"
        assert answer.json() == described

    def test_has_an_example_of_every_read(self, described):
        named = {name for name in operations(described, "get") if not ELSEWHERE.search(name)}

        assert named - READS.keys() == set()
        assert READS.keys() - operations(described, "get").keys() == set()
        assert WRITES.keys() - operations(described, "post").keys() == set()

    def test_has_the_examples_beside_parameters_and_bodies(self, described):
        _, scored = operations(described, "get")["pairs_scores"]
        _, created = operations(described, "post")["claims_create"]

        given = {one["name"]: one.get("example") for one in scored["parameters"]}
        assert (given["one"], given["other"], given["every"]) == ("KAZ", "RUS", "week")
        assert created["requestBody"]["content"]["application/json"]["example"]["kind"] == "act"


@pytest.fixture(scope="class")
def _seed(django_db_setup, django_db_blocker):
    now = timezone.now()
    with django_db_blocker.unblock(), undone():
        seed.load_seed(at=now)
        impacts.follow_all()
        scores.recompute_all(at=now)
        shifts.find(today=now.date())
        editions.publish("standing", date(2022, 5, 24), at=now, as_of=moment.now())
        sign_all()
        yield


@pytest.mark.usefixtures("_seed")
class TestEveryExample:
    """As they stand in the description, on the record that is shipped: the seed is recorded on the
    day on which it is loaded."""

    def test_runs_on_the_seed(self, api, described):
        found = {name: address for name, address, _ in examples(described, "get")}
        assert found.keys() == READS.keys()
        for name, address in found.items():
            answer = api.http.get(address)
            assert answer.status_code == 200, (name, answer.content)
            is_json = "json" in answer.headers["Content-Type"]
            page = json.loads(answer.content) if not answer.streaming and is_json else {}
            # Nothing in it shifted by so much, no triangle is strained, no draft is handed in.
            empty = ("shifts_list", "triads_list", "documents_drafts_list")
            assert page.get("results") != [] or name in empty, name

    @pytest.mark.parametrize("name", WRITES)
    def test_of_a_write_runs_on_the_seed(self, api, described, name):
        [(address, body)] = [
            (address, body) for key, address, body in examples(described, "post") if key == name
        ]

        answer = api.http.post(address, body, format="json")

        plain = ("claims_preview", "claims_batch", "reading", "documents_drafts_hand_in")
        assert answer.status_code == (200 if name in plain else 201), answer.content


class TestThePage:
    def test_tells_every_operation_and_kind_of_problem(self, client, described):
        page = client.get(V1 + "docs/")
        text = unescape(page.content.decode())

        assert page.headers["Content-Type"] == "text/html; charset=utf-8"
        for path, methods in described["paths"].items():
            for method, operation in methods.items():
                assert f"{method.upper()} {path}" in text
                assert f'id="{operation["operationId"]}"' in text
        assert "The record was changed meanwhile" in text

    def test_loads_nothing_from_elsewhere(self, client):
        page = client.get(V1 + "docs/")
        text = page.content.decode()

        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert not re.search(r'(?:src|href)="(?:https?:)?//', text)
        assert " style=" not in text
        assert "<script>" not in text


class TestAKindOfProblem:
    def test_is_a_page_for_whoever_comes_with_a_browser(self, client):
        answer = client.get(V1 + "problems/invalid/", headers={"Accept": "text/html,*/*;q=0.8"})

        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "Invalid request" in answer.content.decode()

    def test_that_nobody_knows_is_a_problem_for_everybody(self, client):
        for accept in ("text/html", "application/json"):
            answer = client.get(V1 + "problems/nonsense/", headers={"Accept": accept})

            assert answer.status_code == 404
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert answer.json()["status"] == 404


class TestTheCatalog:
    def test_leads_to_all_that_describes_the_api(self, client):
        answer = client.get("/.well-known/api-catalog")
        (links,) = json.loads(answer.content)["linkset"]

        assert answer.headers["Content-Type"].startswith("application/linkset+json; profile=")
        assert links["anchor"] == f"http://testserver{V1}"
        for rel in ("service-desc", "service-doc", "status"):
            (link,) = links[rel]
            found = client.get(link["href"].removeprefix("http://testserver"))
            assert found.status_code in (200, 503)
            assert found.headers["Content-Type"].startswith(link["type"])
