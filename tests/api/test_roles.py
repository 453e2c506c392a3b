"""The table of who may do what over the API (docs/roles.md) is complete and true: every address
and method of the OpenAPI document, for every role, on one's own things and on others'."""

import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from tests.kit.api_client import Api
from tests.kit.api_samples import MULTIPART, QUERIES, Estate, an_estate
from tests.kit.builders import a_desk, a_token
from tests.kit.processes import CHECKOUT
from tracker.operations import accounts

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore")]

TABLE = Path(CHECKOUT) / "docs" / "roles.md"
METHODS = {"get", "post", "put", "patch", "delete"}


class Line(NamedTuple):
    """What a line of the table says: the status of the answer by role."""

    method: str
    path: str
    answers: dict[str, str]


def lines() -> list[Line]:
    rows = re.findall(r"^\| (.+) \|$", TABLE.read_text(), re.MULTILINE)
    heads, *cells = [[cell.strip(" `") for cell in row.split("|")] for row in rows]
    return [
        Line(row[0], row[1], dict(zip(heads[2:], row[2:], strict=True)))
        for row in cells
        if not row[0].startswith("-")
    ]


@pytest.fixture(scope="module")
def operations(django_db_setup, django_db_blocker) -> dict[tuple[str, str], str]:
    """The id of each operation of the document, by method and path."""
    with django_db_blocker.unblock():
        document: Any = SchemaGenerator().get_schema(request=None, public=True)
    return {
        (method.upper(), path): operation["operationId"]
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    }


@pytest.fixture(autouse=True)
def _site(settings, tmp_path):
    settings.SPOOL_FOLDER = tmp_path / "spool"
    settings.RATE_LIMIT = 0


def a_client(account: str, *scopes: str) -> APIClient:
    return APIClient(headers={"Authorization": f"Bearer {a_token(*scopes, of=account)}"})


def clients() -> dict[str, APIClient]:
    """Ann in every role, and somebody without a token before a closed or an open site."""
    known = {role: a_client("ann", role) for role in accounts.SCOPES}
    return known | {"no token": APIClient(), "open site": APIClient()}


class TestTheTable:
    def test_has_a_line_for_every_operation_and_no_other(self, operations):
        assert [(one.method, one.path) for one in lines()] == sorted(
            operations, key=lambda one: (one[1], one[0])
        )

    def test_has_a_column_for_every_role(self):
        for line in lines():
            assert [*line.answers] == ["no token", "open site", *accounts.SCOPES]

    @pytest.mark.parametrize(
        "owner",
        [pytest.param("ann", id="own", marks=pytest.mark.long), pytest.param("bob", id="others'")],
    )
    def test_is_true(self, operations, settings, owner):
        desk = a_desk()
        estate = an_estate(Api(a_client(owner, *accounts.SCOPES)), desk)
        wrong = []
        for role, client in clients().items():
            settings.ANONYMOUS_READERS = role == "open site"
            for line in lines():
                operation = operations[line.method, line.path]
                answer = asked(client, line, operation, estate)
                if str(answer.status_code) != line.answers[role]:
                    said = b"" if answer.streaming else answer.content[:300]
                    wrong.append((line.method, line.path, role, answer.status_code, said))
        assert wrong == []


def asked(client: APIClient, line: Line, operation: str, estate: Estate) -> Any:
    """The answer to a request; what it wrote is rolled back."""
    address = estate.address(line.path, operation) + QUERIES.get(operation, "")
    ask, body = getattr(client, line.method.lower()), estate.body(operation)
    kind = "multipart" if operation in MULTIPART else "json"
    with transaction.atomic():
        answer = ask(address) if body is None else ask(address, body, format=kind)
        if answer.streaming:
            answer.getvalue()
        transaction.set_rollback(True)
    return answer


class TestTheOpenAddresses:
    def test_that_are_in_no_document_are_its_own(self, operations, client):
        assert ("GET", "/api/v1/openapi.json") not in operations
        assert client.get("/api/v1/openapi.json").status_code == 200
