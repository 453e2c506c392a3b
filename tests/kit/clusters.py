"""Clusters for tests, where the programs for one are to be had."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from cluster.cluster import Cluster, NotHere, Options, running_cluster
from cluster.debian import NoProgram
from tests.kit.debian import missing


@contextmanager
def a_cluster(options: Options) -> Iterator[Cluster]:
    """Start a cluster. Without the programs for it the test is skipped, and on CI it fails."""
    with ExitStack() as stack:
        try:
            cluster = stack.enter_context(running_cluster(options))
        except (NoProgram, NotHere) as problem:
            missing(problem)
        yield cluster


def network_namespaces() -> set[str]:
    """The network namespaces in which a process is."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            found.add(os.readlink(process / "ns/net"))  # noqa: PTH115
    return found
