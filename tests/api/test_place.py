"""A field of claims that is declared once goes in and out everywhere."""

import json

import pytest
from django.core.management import call_command

from tests.api.client import a_body

pytestmark = pytest.mark.django_db
PLACE = "Aktau, at the port"


def test_goes_in_and_comes_out(api, desk):
    made = api.post("claims/", a_body(desk, place=PLACE), expect=201)

    assert api.get(f"claims/{made['id']}/")["place"] == PLACE
    table = b"".join(api.http.get("/api/v1/claims.csv").streaming_content).decode()
    assert PLACE in table


def test_is_limited_and_described(api, desk, tmp_path):
    problem = api.post("claims/", a_body(desk, place="a" * 201), expect=400)
    call_command("spectacular", "--format", "openapi-json", file=tmp_path / "api.json")
    described = json.loads((tmp_path / "api.json").read_text())["components"]["schemas"]

    assert [one["pointer"] for one in problem["errors"]] == ["/place"]
    assert described["ClaimBody"]["properties"]["place"]["maxLength"] == 200
    assert "place" in described["ClaimOut"]["properties"]
