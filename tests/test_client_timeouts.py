"""How long the web server waits for a client: worked out by hand from its seconds and rates."""

import pytest

from config.web.client_timeouts import Phase, PhaseTimer


@pytest.fixture
def timer() -> PhaseTimer:
    return PhaseTimer(idle=5, now=100.0)


class TestAHead:
    def test_has_ten_seconds_however_much_comes(self, timer):
        assert not timer.expired(Phase.HEAD, number=0, moved=9, now=110.0)
        assert timer.expired(Phase.HEAD, number=0, moved=10, now=110.1)


class TestABody:
    """Twenty seconds of grace, then 8,000 bytes a second in the mean."""

    @pytest.fixture(autouse=True)
    def begun(self, timer):
        timer.expired(Phase.BODY, number=0, moved=200, now=100.0)

    @pytest.mark.parametrize(
        ("now", "moved", "over"),
        [
            (120.0, 200, False),
            # Ten seconds after the grace 80,000 bytes are due, beside the 200 from before.
            (130.0, 80_200, False),
            (130.0, 80_199, True),
            # A byte every five seconds.
            (121.0, 204, True),
            # 300 MB at 10 kB a second, after nine hours.
            (100.0 + 30_000, 300_000_200, False),
        ],
    )
    def test_must_keep_a_rate(self, timer, now, moved, over):
        assert timer.expired(Phase.BODY, number=0, moved=moved, now=now) is over


class TestAnAnswer:
    def test_must_be_taken_at_a_rate(self, timer):
        """4,000 bytes a second after twenty seconds."""
        timer.expired(Phase.ANSWERING, number=1, moved=0, now=100.0)

        assert not timer.expired(Phase.ANSWERING, number=1, moved=40_000, now=130.0)
        assert timer.expired(Phase.ANSWERING, number=1, moved=39_999, now=130.0)

    def test_has_an_hour_however_much_is_taken(self, timer):
        timer.expired(Phase.ANSWERING, number=1, moved=0, now=100.0)

        assert not timer.expired(Phase.ANSWERING, number=1, moved=10**12, now=3_700.0)
        assert timer.expired(Phase.ANSWERING, number=1, moved=10**12, now=3_700.1)


class TestAPhase:
    def test_begins_anew_with_the_next_request(self, timer):
        timer.expired(Phase.IDLE, number=1, moved=0, now=100.0)

        assert not timer.expired(Phase.IDLE, number=2, moved=0, now=104.0)
        assert not timer.expired(Phase.IDLE, number=2, moved=0, now=109.0)
        assert timer.expired(Phase.IDLE, number=2, moved=0, now=109.1)

    def test_of_work_has_no_end(self, timer):
        timer.expired(Phase.WORKING, number=0, moved=0, now=100.0)

        assert not timer.expired(Phase.WORKING, number=0, moved=0, now=9_000.0)
