from datetime import date
from uuid import UUID

import pytest

from tracker.domain.scoring.evidence import Impact
from tracker.models.derived import ImpactVersion
from tracker.queries.evidence import impacts

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
