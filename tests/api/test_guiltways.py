"""The ways around the mask of accusations on an open site: a header that is no token, what a claim
said before it was coded, and what was recorded of those around it."""

from dataclasses import replace

import pytest
from rest_framework.test import APIClient

from tests.api.client import V1, Api
from tests.blaming import a_firm, blames
from tests.builders import AT, an_actor
from tracker import log
from tracker.domain.parties import Affiliation, Name
from tracker.operations import actors, claims

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _opened(settings):
    settings.ANONYMOUS_READERS = True
    settings.RATE_LIMIT = 0


@pytest.fixture
def firm(desk):
    return a_firm(desk)


@pytest.fixture
def anybody():
    return Api(APIClient())


@pytest.mark.parametrize("sent", ["Basic YW5uOnB3", "ent_whatever", ""])
def test_a_header_that_is_no_token_reads_nothing(desk, firm, sent):
    blaming = blames(desk, firm)

    answer = APIClient().get(f"{V1}claims/{blaming}/", headers={"Authorization": sent})

    assert answer.status_code == 401
    assert "Authorization: Bearer ent_" in answer.json()["detail"]


@pytest.mark.parametrize("place", ["log/events/?after={before}", "log/events/{position}/"])
def test_what_a_claim_said_before_it_was_coded_is_not_printed(anybody, desk, firm, place):
    before = log.head().position
    blaming = blames(desk, firm, code="plover-2.0/AGREE")
    coded = replace(claims.records.claim(blaming).claim, code="plover-2.0/COERCE/cyber")
    claims.correct_claim(blaming, coded, reason="coded", expected=1, at=AT, by="ann")

    found = anybody.get(place.format(before=before, position=before + 1))

    assert "Acme" not in str(found)
    assert str(firm) not in str(found)


def test_no_event_of_whom_a_claim_blames_is_told_as_its_cause(anybody, api, desk, firm, catch_up):
    blaming = blames(desk, firm)
    catch_up()
    before = log.head().position
    speaks = Affiliation(country=desk.countries["RUS"], sector="government")
    now = an_actor(None, kind="company", names=(Name(text="Acme"),), affiliations=(speaks,))
    actors.describe_actor(now, actor_id=firm, expected=1, at=AT, by="ann")
    catch_up()
    asked = {"known_from": before, "day": "2022-05-24"}

    told = anybody.get("pairs/KAZ-RUS/changes/", **asked)["changes"]

    assert [(one["claim"], one["because"], one["causes"]) for one in told] == [
        (str(blaming), "events", [])
    ]
    known = api.get("pairs/KAZ-RUS/changes/", **asked)["changes"]
    assert [cause["name"] for one in known for cause in one["causes"]] == ["Acme"]
