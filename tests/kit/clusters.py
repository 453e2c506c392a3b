"""Clusters for tests, where the programs for one are to be had."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tests.kit.cluster.cluster import Cluster, NotHere, Options, running_cluster
from tests.kit.debian import missing
from tests.kit.debian_programs import NoProgram
from tracker import log
from tracker.log.integrity import gaps


@contextmanager
def a_cluster(options: Options) -> Iterator[Cluster]:
    """Start a cluster. Without the programs for it the test is skipped, and on CI it fails."""
    with ExitStack() as stack:
        try:
            cluster = stack.enter_context(running_cluster(options))
        except (NoProgram, NotHere) as problem:
            missing(problem)
        yield cluster


def streams() -> dict[int, str]:
    """The stream of each event of the log, by position. The log has no gaps."""
    assert [*gaps()] == []
    found: dict[int, str] = {}
    after = 0
    while events := log.read(after=after, limit=2_000, words=False):
        found |= {one.position: str(one.stream) for one in events}
        after = events[-1].position
    assert sorted(found) == list(range(1, len(found) + 1))
    return found
