"""Half an hour of writers and readers: no process grows."""

import os
import time
from collections.abc import Mapping, Sequence
from statistics import median

import pytest

from cluster.cluster import Options
from cluster.load import Load
from cluster.measures import Resources
from tests.kit.clusters import a_cluster

pytestmark = [pytest.mark.faults, pytest.mark.long, pytest.mark.timeout(3600)]
SECONDS = int(os.environ.get("RESOURCES_SECONDS") or 1_800)
EVERY_SECONDS = 5
# Of the second third of the time, to the last: caches have filled by then.
MOST_MEMORY = 1.10
# Claims between many countries, so that the pages which are read stay as long as they are.
COUNTRIES = (
    *("KAZ", "RUS", "CHN", "UZB", "KGZ", "TJK", "TKM", "MNG", "JPN", "KOR", "IND", "PAK", "IRN"),
    *("TUR", "AZE", "ARM", "GEO", "UKR", "BLR", "POL", "DEU", "FRA", "GBR", "USA", "BRA", "VNM"),
)
# Connections come and go, as processes of PostgreSQL and pools of threads do.
MOST_MORE = 5


def test_memory_descriptors_and_connections_stay_flat(capsys):
    with a_cluster(Options(synchronous=True, fast=True)) as cluster:
        load = Load(url=cluster.url, token=cluster.token, writers=8, readers=8, countries=COUNTRIES)
        samples: list[Mapping[str, Resources]] = []
        with load:
            end = time.monotonic() + SECONDS
            while time.monotonic() < end:
                time.sleep(EVERY_SECONDS)
                samples.append(cluster.resources())

    assert load.failures == []
    grown = {name: growth([one[name] for one in samples]) for name in samples[0]}
    with capsys.disabled():
        for name, (memory, descriptors, connections) in grown.items():
            print(  # noqa: T201
                f"resources process={name} memory_ratio={memory:.3f}"
                f" descriptors_more={descriptors:g} connections_more={connections:g}"
            )
    too_large = {
        name: one for name, one in grown.items() if one[0] > MOST_MEMORY or max(one[1:]) > MOST_MORE
    }
    assert too_large == {}


def growth(samples: Sequence[Resources]) -> tuple[float, float, float]:
    """By which factor memory grew, and by how many descriptors and connections."""
    third = len(samples) // 3
    before, after = samples[third : 2 * third], samples[2 * third :]

    def middle(name: str, some: Sequence[Resources]) -> float:
        return median(getattr(one, name) for one in some)

    return (
        middle("memory_kb", after) / middle("memory_kb", before),
        middle("descriptors", after) - middle("descriptors", before),
        middle("connections", after) - middle("connections", before),
    )
