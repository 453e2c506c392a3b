"""Whoever changes what others may have changed says which version was seen: on every such route."""

import pytest

from tests.kit.api_client import V1, a_body
from tracker import log

pytestmark = pytest.mark.django_db


def routes(client):
    """The addresses of the writes that need a version, by the OpenAPI document."""
    described = client.get(V1 + "openapi.json").json()
    for path, methods in described["paths"].items():
        names = {one["name"] for one in methods.get("post", {}).get("parameters", ())}
        if "If-Match" in names:
            yield path.removeprefix(V1)


@pytest.fixture
def written(api, desk):
    """By route: the address of something in version 1, and a body that fits."""
    lens = api.get("lenses/standing/")
    version = {name: lens[name] for name in ("view", "model", "model_version", "parameters")}
    version["view"] = {name: version["view"][name] for name in ("method", "collections")}
    return {
        **claim_changes(api, desk),
        **claim_reports(api, desk),
        **record_changes(api),
        "lenses/{label}/versions/": ("lenses/standing/versions/", version),
    }


def a_claim(api, desk, **fields):
    """The id of a new claim."""
    return api.claims(desk, **fields)["id"]


def a_document(api, source):
    return api.post("documents/", {"source": source, "title": "T"})["id"]


def claim_changes(api, desk):
    """Changes of a claim's content, and of whether it counts."""
    retracted = a_claim(api, desk)
    api.post(f"claims/{retracted}/retraction/", {"reason": "no", "expected_version": 1})
    collection = {"name": "reviewed", "coding": "curated", "review": True}
    proposed = a_claim(api, desk, collection=api.post("collections/", collection)["id"])
    forecast = a_claim(
        api, desk, kind="forecast", code=None, resolves_by="2022-12", criterion="It comes about."
    )
    bodies = {
        "corrections": (
            a_claim(api, desk),
            {"claim": a_body(desk, summary="Other words."), "reason": "misread"},
        ),
        "retraction": (a_claim(api, desk), {"reason": "no"}),
        "reinstatement": (retracted, {"reason": "yes"}),
        "verdicts": (a_claim(api, desk), {"verdict": "disputed", "reason": "no"}),
        "reviews": (proposed, {"outcome": "accepted"}),
        "resolution": (
            forecast,
            {"outcome": "happened", "resolved_on": "2022-12-01", "reason": "It did."},
        ),
    }
    return {
        f"claims/{{claim_id}}/{change}/": (f"claims/{claim}/{change}/", body)
        for change, (claim, body) in bodies.items()
    }


def claim_reports(api, desk):
    """A further citation of a claim, and a denial."""
    denier = str(desk.countries["CHN"])
    api.post("sources/", {"kind": "agency", "name": "Beijing", "actor": denier})
    source = str(desk.source)
    return {
        "claims/{claim_id}/citations/": (
            f"claims/{a_claim(api, desk)}/citations/",
            {"document": a_document(api, source)},
        ),
        "claims/{claim_id}/denials/": (
            f"claims/{a_claim(api, desk)}/denials/",
            {"denied_by": denier, "document": a_document(api, source)},
        ),
    }


def record_changes(api):
    actor = {"kind": "person", "names": [{"text": "He"}]}
    collection = {"name": "another", "coding": "curated", "review": True}
    source = api.post("sources/", {"kind": "outlet", "name": "Zeit"})["id"]
    records = {
        "actors": (api.post("actors/", actor)["id"], actor),
        "sources": (source, {"kind": "outlet", "name": "Die Zeit"}),
        "documents": (a_document(api, source), {"source": source, "title": "T"}),
        "collections": (
            api.post("collections/", collection)["id"],
            {**collection, "description": "anew"},
        ),
    }
    return {
        f"{noun}/{{record}}/descriptions/": (f"{noun}/{record}/descriptions/", body)
        for noun, (record, body) in records.items()
    }


class TestEveryChange:
    def test_needs_the_version_that_was_seen(self, api, client, written):
        assert set(routes(client)) == written.keys()
        for address, body in written.values():
            seen = 2 if "reinstatement" in address else 1
            before = log.head().position

            silent = api.post(address, body, expect=428)
            stale = api.post(address, body, expect=412, If_Match='"9"')
            late = api.post(address, {**body, "expected_version": 9}, expect=409)
            unclear = api.post(address, {**body, "expected_version": 2}, expect=400, If_Match='"9"')

            assert log.head().position == before
            kinds = [one["type"].split("/")[-2] for one in (silent, stale, late, unclear)]
            assert kinds == [
                "precondition-required",
                "precondition-failed",
                "version-conflict",
                "invalid",
            ], address
            done = api.post(address, body, If_Match=f'"{seen}"')
            assert done["version"] == seen + 1, address
            assert log.head().position == before + 1
            assert done["position"] == before + 1, address
