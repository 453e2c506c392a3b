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

    def claim():
        return api.claims(desk)["id"]

    forecast = api.claims(
        desk, kind="forecast", code=None, resolves_by="2022-12", criterion="It comes about."
    )["id"]
    retracted = api.claims(desk)["id"]
    api.post(f"claims/{retracted}/retraction/", {"reason": "no", "expected_version": 1})
    source = api.post("sources/", {"kind": "outlet", "name": "Zeit"})["id"]
    document = {"source": source, "title": "T"}
    denier = str(desk.countries["CHN"])
    api.post("sources/", {"kind": "agency", "name": "Beijing", "actor": denier})
    actor = {"kind": "person", "names": [{"text": "He"}]}
    collection = {"name": "another", "coding": "curated", "review": True}
    reviewed = api.post("collections/", collection)["id"]
    asked = api.claims(desk, collection=reviewed)["id"]
    lens = api.get("lenses/standing/")
    version = {name: lens[name] for name in ("view", "model", "model_version", "parameters")}
    version["view"] = {name: version["view"][name] for name in ("method", "collections")}
    return {
        "claims/{claim_id}/corrections/": (
            f"claims/{claim()}/corrections/",
            {"claim": a_body(desk, summary="Other words."), "reason": "misread"},
        ),
        "claims/{claim_id}/retraction/": (f"claims/{claim()}/retraction/", {"reason": "no"}),
        "claims/{claim_id}/reinstatement/": (
            f"claims/{retracted}/reinstatement/",
            {"reason": "yes"},
        ),
        "claims/{claim_id}/verdicts/": (
            f"claims/{claim()}/verdicts/",
            {"verdict": "disputed", "reason": "no"},
        ),
        "claims/{claim_id}/citations/": (
            f"claims/{claim()}/citations/",
            {"document": api.post("documents/", document)["id"]},
        ),
        "claims/{claim_id}/denials/": (
            f"claims/{claim()}/denials/",
            {"denied_by": denier, "document": api.post("documents/", document)["id"]},
        ),
        "claims/{claim_id}/reviews/": (f"claims/{asked}/reviews/", {"outcome": "accepted"}),
        "claims/{claim_id}/resolution/": (
            f"claims/{forecast}/resolution/",
            {"outcome": "happened", "resolved_on": "2022-12-01", "reason": "It did."},
        ),
        "actors/{record}/descriptions/": (
            f"actors/{api.post('actors/', actor)['id']}/descriptions/",
            actor,
        ),
        "sources/{record}/descriptions/": (
            f"sources/{source}/descriptions/",
            {"kind": "outlet", "name": "Die Zeit"},
        ),
        "documents/{record}/descriptions/": (
            f"documents/{api.post('documents/', document)['id']}/descriptions/",
            document,
        ),
        "collections/{record}/descriptions/": (
            f"collections/{reviewed}/descriptions/",
            {**collection, "description": "anew"},
        ),
        "lenses/{label}/versions/": ("lenses/standing/versions/", version),
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
