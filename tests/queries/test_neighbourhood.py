"""What lies around a claim: the claims it is linked with and the records behind them."""

from datetime import date
from uuid import UUID

import pytest

from tests.kit.builders import AT, BY, a_citation, a_collection
from tracker import log
from tracker.domain import state as f
from tracker.domain.impacts import Evaluation, evaluate
from tracker.domain.scoring.evidence import Impact
from tracker.models.derived import ImpactVersion
from tracker.operations import links, sources
from tracker.queries.evidence import impacts
from tracker.queries.evidence.record import Neighbourhood, Snapshot

pytestmark = pytest.mark.django_db


def seen(desk, claim_id: UUID) -> Evaluation:
    """A claim evaluated at the end of the log."""
    snapshot = Snapshot(log.head().position)
    state = snapshot.get(claim_id, f.ClaimState)
    return evaluate(state, Neighbourhood(snapshot, desk.view).around(state))


def weights(found: Evaluation) -> dict[str, float]:
    return {f"{one.initiator}>{one.recipient}": one.weight for one in found.impacts}


def link(kind: str, one: UUID, other: UUID) -> None:
    links.link(kind, one, other, at=AT, by=BY)  # type: ignore[arg-type]


def elsewhere(desk, *ends: str) -> UUID:
    """A claim of a collection that the desk's view does not hold."""
    feed = sources.describe_collection(a_collection(name="feed"), at=AT, by=BY).stream
    return desk.asserts(*ends, collection=feed).stream


class TestClaimsThatAreTheSame:
    def test_count_once_though_only_a_claim_outside_the_view_joins_them(self, desk):
        first, last = desk.asserts().stream, desk.asserts().stream
        between = elsewhere(desk)
        link("same_as", first, between)
        link("same_as", between, last)

        assert seen(desk, first).silent_because == ""
        assert (
            seen(desk, last).silent_because == f"it is the same as {first}, which counts for both"
        )

    def test_bring_no_citation_from_outside_the_view(self, desk):
        first, other = desk.asserts().stream, elsewhere(desk)
        link("same_as", first, other)

        assert [step.says for step in seen(desk, first).steps] == [
            "a citation supports: C, credibility not given",
            "1 independent root",
            "an act that is attributed or covert: prior odds 1 to 1",
        ]


class TestParts:
    def test_share_a_whole_that_stands_twice(self, desk):
        whole, again, one, other = (desk.asserts().stream for _ in range(4))
        link("same_as", whole, again)
        link("part_of", one, whole)
        link("part_of", other, again)

        assert weights(seen(desk, one)) == weights(seen(desk, other)) == {"RUS>KAZ": 0.5}


class TestActors:
    def test_are_known_behind_the_sources(self, desk):
        document = desk.hears(actor=desk.speaker("RUS"))
        said = desk.asserts("CHN", "KAZ", citations=(a_citation(document),)).stream
        link("says", desk.asserts("RUS", "CHN").stream, said)

        assert (
            seen(desk, said)
            .steps[0]
            .says.endswith("set aside: its root speaks for the state of the speaker or of a party")
        )


VIEW = "a view"
ROOTS = (UUID(int=9), UUID(int=2))


def an_impact(**facts):
    quiet = {
        "claim": UUID(int=1),
        "initiator": "ASH",
        "recipient": "BIR",
        "first": date(2022, 5, 24),
        "last": date(2022, 5, 24),
        "situation": False,
        "fades": False,
        "value": -7.2,
        "weight": 0.6,
        "sectors": ("government",),
        "p": 0.9,
        "roots": ROOTS[:1],
        "state_roots": (),
    }
    return Impact(**quiet | facts)


def put(*known, since=1, until=None):
    ImpactVersion.objects.bulk_create(
        ImpactVersion(
            view=VIEW, pair="ASH-BIR", known_from=since, known_until=until, **one._asdict()
        )
        for one in known
    )


@pytest.mark.django_db
class TestKnown:
    def test_gives_lists_of_none_of_one_and_of_several_as_they_were_put(self):
        few = an_impact(sectors=(), roots=())
        many = an_impact(
            claim=UUID(int=2),
            sectors=("state media", "ruling party"),
            roots=ROOTS,
            state_roots=ROOTS[1:],
        )
        put(few, many)

        assert impacts.on_pair(VIEW, "ASH-BIR", position=1) == [few, many]

    def test_gives_both_directions_of_a_claim_by_initiator_and_claims_by_id(self):
        there, back = an_impact(), an_impact(initiator="BIR", recipient="ASH")
        later = an_impact(claim=UUID(int=2**100))
        put(later, back, there)

        assert impacts.on_pair(VIEW, "ASH-BIR", position=1) == [there, back, later]

    @pytest.mark.parametrize(("position", "weight"), [(2, None), (3, 0.6), (4, 0.6), (5, 0.3)])
    def test_gives_what_was_known_at_the_position(self, position, weight):
        put(an_impact(), since=3, until=5)
        put(an_impact(weight=0.3), since=5)

        found = impacts.on_pair(VIEW, "ASH-BIR", position=position)

        assert [one.weight for one in found] == ([weight] if weight else [])
