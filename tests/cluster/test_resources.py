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
# From the second third of the time, when caches have filled, to the last.
MOST_RATIO = 1.10
# What is no growth whatever the ratio: connections come and go, and the files of PostgreSQL's.
MOST_MORE = {"own_memory_kb": 1_000, "descriptors": 5, "connections": 5}
# Claims between many countries, so that the pages which are read stay as long as they are.
COUNTRIES = (
    *("KAZ", "RUS", "CHN", "UZB", "KGZ", "TJK", "TKM", "MNG", "JPN", "KOR", "IND", "PAK", "IRN"),
    *("TUR", "AZE", "ARM", "GEO", "UKR", "BLR", "POL", "DEU", "FRA", "GBR", "USA", "BRA", "VNM"),
)


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
    third = len(samples) // 3
    grown = set()
    for name in samples[0]:
        before, after = (
            middle([sample[name] for sample in part])
            for part in (samples[third : 2 * third], samples[2 * third :])
        )
        with capsys.disabled():
            print(line(name, before, after))  # noqa: T201
        grown |= {(name, kind) for kind in MOST_MORE if grows(kind, before[kind], after[kind])}
    assert grown == set()


def middle(samples: Sequence[Resources]) -> dict[str, float]:
    """The median of each kind."""
    return {kind: median(getattr(one, kind) for one in samples) for kind in MOST_MORE}


def line(name: str, before: Mapping[str, float], after: Mapping[str, float]) -> str:
    ratio = after["own_memory_kb"] / before["own_memory_kb"]
    more = {kind: after[kind] - before[kind] for kind in ("descriptors", "connections")}
    return f"resources process={name} memory_ratio={ratio:.3f} " + " ".join(
        f"{kind}={after[kind]:g} {kind}_more={count:g}" for kind, count in more.items()
    )


def grows(kind: str, before: float, after: float) -> bool:
    return after > before * MOST_RATIO and after - before > MOST_MORE[kind]
