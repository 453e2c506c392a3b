"""What counts as lost, and the ratios of two processes to one."""

import pytest

from benchmarks.cluster import Acknowledged, count_lost
from benchmarks.sharing import Phase, ratio
from tests.kit.builders import a_desk


@pytest.mark.django_db
class TestLost:
    def test_is_an_acknowledged_claim_that_is_not_at_its_position(self):
        claim = a_desk().asserts()
        kept = Acknowledged(claim.position, str(claim.stream))

        assert count_lost([]) == 0
        assert count_lost([kept, kept]) == 0
        # Another claim is there; nothing is there.
        moved = Acknowledged(claim.position - 1, str(claim.stream))
        gone = Acknowledged(claim.position + 1, str(claim.stream))
        assert count_lost([kept, moved, gone]) == 2


class TestTheRatio:
    def test_is_that_of_the_mean_rates(self):
        # (90 + 110) / 2 against (60 + 65) / 2
        rates = ((1, 60.0), (2, 90.0), (2, 110.0), (1, 65.0))
        phases = [Phase(number, rate, cpu=1, server=1, prepared=0.5) for number, rate in rates]

        assert ratio(phases) == 1.6
