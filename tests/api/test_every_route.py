"""What holds of every route of a kind, as the OpenAPI document names them: what is not on record is
a 404, an unknown parameter is refused by name, and whoever changes what others may have changed
says which version was seen."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.kit.api_client import V1
from tests.kit.api_samples import MULTIPART, QUERIES, Estate, an_estate
from tracker import log

pytestmark = pytest.mark.django_db
NOBODY = "331823dd-0988-470a-9d45-e95f3ddfd0cc"


@pytest.fixture
def estate(api, desk, settings, tmp_path) -> Estate:
    settings.SPOOL_FOLDER, settings.RATE_LIMIT = tmp_path / "spool", 0
    return an_estate(api, desk)


def routes(client) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each method and address, with its operation."""
    described = client.get(V1 + "openapi.json").json()
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def parameters(operation: dict[str, Any], place: str) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in operation["parameters"] if one["in"] == place}


class TestARecordThatThereIsNot:
    def test_is_a_404_at_every_address(self, api, client, estate):
        """Neither an id that no record has nor that of a record of another kind."""
        others = {"claim_id": estate.desk.source, "record": estate.places["claim_id"]}
        found = []
        for method, path, operation in routes(client):
            ids = {
                name: (NOBODY, *([str(others[name])] if name in others else []))
                for name, one in parameters(operation, "path").items()
                if one["schema"].get("format") == "uuid"
            }
            name = operation["operationId"]
            kind = "multipart" if name in MULTIPART else "json"
            for part, wrong in ((part, one) for part, some in ids.items() for one in some):
                own = estate.places | estate.places.get(name, {}) | {part: wrong}
                places = {key: one for key, one in own.items() if isinstance(one, str)}
                address = path.format(**places) + QUERIES.get(name, "")
                ask = getattr(api.http, method)
                body = {} if method == "get" else estate.body(name)
                with transaction.atomic():
                    answer = ask(address, body, format=kind)
                    transaction.set_rollback(True)
                found.append((method, address, answer.status_code))
                if answer.status_code == 404:
                    assert answer.json()["type"].endswith("/not-found/"), address

        assert len(found) > 50
        assert [one for one in found if one[2] != 404] == []


class TestAnUnknownParameter:
    def test_is_refused_by_name_at_every_address(self, api, client, estate):
        """And so is `as_of` where nothing has a past."""
        timeless = []
        for method, path, operation in routes(client):
            if method != "get":
                continue
            name = operation["operationId"]
            address = estate.address(path, name) + QUERIES.get(name, "?")
            unknown = {"colour": "expected"}
            if "as_of" not in parameters(operation, "query"):
                unknown["as_of"] = "`as_of` is not supported here"
                timeless.append(name)
            for one, says in unknown.items():
                [fault] = api.get(f"{address}&{one}=1", expect=400)["errors"]
                told = (fault["in"], fault["pointer"], fault["code"])
                assert told == ("query", f"/{one}", "unknown"), address
                assert says in fault["detail"], address

        # Jobs and what belongs to them, webhooks, what is the program's own, the search, the seal,
        # and an event, which is what it is. Everything else that is read has a past.
        assert len(timeless) == 21


class TestAChange:
    def test_needs_the_version_that_was_seen(self, api, client, estate):
        """And is one event: who denies a claim is a source already."""
        china = str(estate.desk.countries["CHN"])
        api.post("sources/", {"kind": "agency", "name": "Beijing", "actor": china})
        changes = [
            (path, operation["operationId"])
            for method, path, operation in routes(client)
            if method == "post" and "If-Match" in parameters(operation, "header")
        ]
        assert len(changes) == 13
        for path, name in changes:
            address, body = estate.address(path, name), estate.body(name)
            seen = body.pop("expected_version")
            before = log.head().position

            silent = api.post(address, body, expect=428)
            stale = api.post(address, body, expect=412, If_Match='"9"')
            late = api.post(address, {**body, "expected_version": 9}, expect=409)
            unclear = api.post(address, {**body, "expected_version": 8}, expect=400, If_Match='"9"')

            assert log.head().position == before
            kinds = [one["type"].split("/")[-2] for one in (silent, stale, late, unclear)]
            assert kinds == [
                "precondition-required",
                "precondition-failed",
                "version-conflict",
                "invalid",
            ], address
            with transaction.atomic():
                done = api.post(address, body, If_Match=f'"{seen}"')
                assert (done["version"], done["position"]) == (seen + 1, before + 1), address
                assert log.head().position == before + 1
                transaction.set_rollback(True)
