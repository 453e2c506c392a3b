"""Organisations over the API: their memberships, and the scores that follow with the reason."""

import pytest

from tests.kit.builders import AT, BY, an_actor
from tracker.domain.records import Membership
from tracker.operations import actors

pytestmark = pytest.mark.django_db


@pytest.fixture
def union(desk):
    """Kazakhstan, a member since 2015, and Russia, as the desk's document says."""
    memberships = (
        Membership(country=desk.countries["KAZ"], since="2015-01-01", document=desk.document),
        Membership(country=desk.countries["RUS"], until="2030", document=desk.document),
    )
    body = an_actor(None, kind="organisation", memberships=memberships)
    return actors.describe_actor(body, at=AT, by=BY).stream


class TestAnOrganisation:
    def body(self, desk, **given):
        membership = {
            "country": str(desk.countries["KAZ"]),
            "since": "2015-01-01",
            "document": str(desk.document),
        }
        return {
            "kind": "organisation",
            "names": [{"text": "The Union"}],
            "memberships": [membership | given],
        }

    def test_has_memberships_with_names(self, api, desk):
        made = api.post("actors/", self.body(desk, status="suspended", until="2016"))

        [found] = api.get(f"actors/{made['id']}/")["memberships"]

        assert found == {
            "country": str(desk.countries["KAZ"]),
            "since": "2015-01-01",
            "until": "2016",
            "status": "suspended",
            "document": str(desk.document),
            "name": "KAZ",
            "code": "KAZ",
            "title": "A report",
        }

    def test_refuses_a_member_that_is_no_state(self, api, desk, union):
        body = self.body(desk, country=str(union))

        [error] = api.post("actors/", body, expect=400)["errors"]

        assert error["pointer"] == "/memberships/0/country"
        assert "Somebody is no state but of the kind organisation" in error["detail"]

    @pytest.mark.parametrize(
        ("given", "pointer", "says"),
        [
            ({"status": "observer"}, "/memberships/0/status", "suspended"),
            (
                {"document": "00000000-0000-0000-0000-000000000001"},
                "/memberships/0/document",
                "is nothing on record; expected a document",
            ),
        ],
    )
    def test_refuses_a_membership_that_is_none(self, api, desk, given, pointer, says):
        [error] = api.post("actors/", self.body(desk, **given), expect=400)["errors"]

        assert error["pointer"] == pointer
        assert says in error["detail"]
