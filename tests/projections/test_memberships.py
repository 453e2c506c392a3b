"""Acts of organisations in the log's derived tables: a changed membership moves what follows from
it, and the old answer stays as of its position."""

import pytest

from tests.kit.background_work import rows, work_off
from tests.kit.builders import AT, BY, a_desk, an_actor
from tracker import log
from tracker.domain.records import Membership
from tracker.operations import actors, links
from tracker.projections.audit import audit
from tracker.queries.evidence.impacts import on_pair

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return a_desk("ARM", "BLR", "KAZ", "RUS", "USA")


def describe(desk, union=None, **given):
    """Describe a union of Belarus, Kazakhstan and Russia, or the members given instead with the day
    on which they left."""
    members = given or dict.fromkeys(("BLR", "KAZ", "RUS"))
    memberships = tuple(
        Membership(
            country=desk.countries[code], since="2015-01-01", until=until, document=desk.document
        )
        for code, until in members.items()
    )
    actor = an_actor(None, kind="organisation", memberships=memberships)
    return actors.describe_actor(actor, at=AT, by=BY, actor_id=union)


def open_impacts():
    work_off()
    assert audit(at=AT, sample=None) == []
    return sorted(rows("impact WHERE known_until IS NULL", "initiator, recipient, weight, p"))


class TestAPlainClaim:
    def test_counts_in_full_for_each_member(self, desk):
        desk.asserts(describe(desk).stream, "USA")

        # A source graded C is worth .65.
        assert open_impacts() == [(one, "USA", 1.0, 0.65) for one in ("BLR", "KAZ", "RUS")]


@pytest.mark.parametrize("plain", [True, False])
class TestAChangedMembership:
    def test_moves_the_claims_and_leaves_the_old_answer(self, desk, plain):
        union = describe(desk).stream
        claim = desk.asserts(union, "USA", note="" if plain else "It is said.")
        if not plain:
            links.link("causes", claim.stream, desk.asserts("ARM", "USA").stream, at=AT, by=BY)
        work_off()
        before = log.head().position

        describe(desk, union, BLR=None, KAZ="2022-05-11", RUS=None, ARM=None)
        work_off()

        assert {one.initiator for one in on_pair(desk.view.id, "KAZ-USA", position=before)} == {
            "KAZ"
        }
        assert on_pair(desk.view.id, "KAZ-USA", position=log.head().position) == []
        now = {one for one, *_ in open_impacts()}
        assert now == {"ARM", "BLR", "RUS"}


class TestAnotherDescriptionOfAMember:
    def test_moves_the_claims_of_its_organisations(self, desk):
        desk.asserts(describe(desk).stream, "USA")
        assert len(open_impacts()) == 3

        state = an_actor("KAZ", kind="group")
        actors.describe_actor(state, at=AT, by=BY, actor_id=desk.countries["KAZ"])

        assert [one for one, *_ in open_impacts()] == ["BLR", "RUS"]
