"""How long the web server waits for a client: worked out by hand from its seconds and rates."""

import pytest

from config.web.patience import Patience, Phase


@pytest.fixture
def patience() -> Patience:
    return Patience(idle=5, now=100.0)


class TestAHead:
    def test_has_ten_seconds_however_much_comes(self, patience):
        assert not patience.over(Phase.HEAD, number=0, moved=9, now=110.0)
        assert patience.over(Phase.HEAD, number=0, moved=10, now=110.1)


class TestABody:
    """Twenty seconds of grace, then 8,000 bytes a second in the mean."""

    @pytest.fixture(autouse=True)
    def begun(self, patience):
        patience.over(Phase.BODY, number=0, moved=200, now=100.0)

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
    def test_must_keep_a_rate(self, patience, now, moved, over):
        assert patience.over(Phase.BODY, number=0, moved=moved, now=now) is over


class TestAnAnswer:
    def test_must_be_taken_at_a_rate(self, patience):
        """4,000 bytes a second after twenty seconds."""
        patience.over(Phase.ANSWERING, number=1, moved=0, now=100.0)

        assert not patience.over(Phase.ANSWERING, number=1, moved=40_000, now=130.0)
        assert patience.over(Phase.ANSWERING, number=1, moved=39_999, now=130.0)

    def test_has_an_hour_however_much_is_taken(self, patience):
        patience.over(Phase.ANSWERING, number=1, moved=0, now=100.0)

        assert not patience.over(Phase.ANSWERING, number=1, moved=10**12, now=3_700.0)
        assert patience.over(Phase.ANSWERING, number=1, moved=10**12, now=3_700.1)


class TestAPhase:
    def test_begins_anew_with_the_next_request(self, patience):
        patience.over(Phase.IDLE, number=1, moved=0, now=100.0)

        assert not patience.over(Phase.IDLE, number=2, moved=0, now=104.0)
        assert not patience.over(Phase.IDLE, number=2, moved=0, now=109.0)
        assert patience.over(Phase.IDLE, number=2, moved=0, now=109.1)

    def test_of_work_has_no_end(self, patience):
        patience.over(Phase.WORKING, number=0, moved=0, now=100.0)

        assert not patience.over(Phase.WORKING, number=0, moved=0, now=9_000.0)
