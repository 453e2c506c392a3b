"""The log folded up to a position, when very many streams are in it."""

import time
from uuid import UUID

import pytest

from tests.kit.builders import an_id
from tracker.queries.evidence.snapshot import Snapshot

pytestmark = pytest.mark.django_db

STREAM = an_id(1)


def seconds(snapshot: Snapshot) -> float:
    """The least time of ten to ask for a known stream a hundred times."""
    taken = []
    for _ in range(10):
        began = time.process_time()
        for _ in range(100):
            snapshot.load([STREAM])
        taken.append(time.process_time() - began)
    return min(taken)


class TestLoad:
    @pytest.mark.long
    def test_takes_no_longer_beside_a_hundred_thousand_other_streams(self) -> None:
        few, many = Snapshot(0), Snapshot(0)
        few.load([STREAM])
        many.load(UUID(int=n) for n in range(100_000))

        assert seconds(many) < 10 * seconds(few)
