"""Writers and readers on a cluster, while its parts are killed, frozen, cut off and replaced."""

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import islice
from urllib.request import Request, urlopen

import pytest

from cluster import chaos
from cluster.chaos import Chaos
from cluster.cluster import Cluster, Options
from cluster.load import Load
from tests.kit.background_work import digests, rows
from tests.kit.clusters import a_cluster, streams
from tests.kit.databases import working_at
from tests.kit.processes import CHECKOUT, eventually
from tests.kit.webhook_receiver import Receiver, a_receiver
from tracker import log

pytestmark = [pytest.mark.faults, pytest.mark.django_db]
WRITERS, READERS = 8, 4
# What a client may meet while parts are missing: done, unchanged, and "try again".
HONEST = {0, 200, 201, 304, 409, 503}
WORKERS = ("beat-1", "beat-2", "worker-1", "worker-2", "importer-1", "importer-2")


@pytest.fixture
def say(capsys) -> Callable[[str], None]:
    """Print a line although the test may pass: it says how to repeat what happened."""

    def line(text: str) -> None:
        with capsys.disabled():
            print(text, flush=True)  # noqa: T201

    return line


class TestAPlan:
    def test_is_the_same_for_the_same_seed(self):
        among = chaos.faults(Options(disk_mb=1, clocks=True), links=True)
        one, again, other = (
            [(step.fault.name, step.hold, step.pause) for step in islice(steps, 80)]
            for steps in (chaos.steps(7, among), chaos.steps(7, among), chaos.steps(8, among))
        )
        assert one == again != other

    def test_has_every_fault_before_any_comes_again(self):
        among = chaos.faults(Options(disk_mb=1, clocks=True), links=True)
        names = [step.fault.name for step in islice(chaos.steps(7, among), 2 * len(among))]
        assert set(Counter(names[: len(among)]).values()) == {1}
        assert set(Counter(names).values()) == {2}


@pytest.mark.timeout(3600)
@pytest.mark.long
class TestACluster:
    @pytest.mark.parametrize(
        ("seconds", "seed"),
        [
            # The same order for every change, so that a failure comes from the change.
            (300, 1),
            (300, random.randrange(1_000_000)),  # noqa: S311
        ],
        ids=["5-minutes", "5-minutes-of-another"],
    )
    def test_loses_and_doubles_nothing_whatever_fails(self, seconds, seed, tmp_path, say):
        seconds = int(os.environ.get("CHAOS_SECONDS") or seconds)
        seed = int(os.environ.get("CHAOS_SEED") or seed)
        say(f"CHAOS_SEED={seed} repeats this order of faults")
        options = with_all_faults()
        with a_cluster(options) as cluster, listening(cluster) as receiver:
            first = subscribed(cluster, receiver)
            load = Load(
                url=cluster.url, token=cluster.token, writers=WRITERS, readers=READERS, seed=seed
            )
            among = chaos.faults(options, links=cluster.network.kind == "namespaces")
            faults = Chaos(cluster=cluster, seed=seed, among=among, report=say)
            with load:
                faults.run(seconds=seconds)
                time.sleep(5)
            say(f"written={load.written} read={load.answered} others={load.problems}")

            assert load.failures == []
            assert {status for _, status in load.statuses} <= HONEST
            with ended(cluster):
                has_what_was_acknowledged(load)
                proves_itself(cluster, tmp_path)
                was_told_in_order(receiver, load, after=first)
                is_what_a_rebuild_gives(cluster)
        assert load.written > seconds
        assert faults.done.keys() == {one.name for one in among}


def with_all_faults() -> Options:
    """A cluster in which everything can fail that can fail here."""
    return Options(
        synchronous=True,
        fast=True,
        disk_mb=2_500 if os.geteuid() == 0 else 0,
        clocks=True,
        environ={"WEBHOOK_NETWORKS": "198.18.0.0/24 127.0.0.0/8"},
    )


@contextmanager
def listening(cluster: Cluster) -> Iterator[Receiver]:
    """A receiver of webhooks on a host of its own."""
    host = cluster.network.add("receiver")
    with ExitStack() as stack:
        with host.inside():
            receiver = stack.enter_context(a_receiver(host.address))
        yield receiver


def subscribed(cluster: Cluster, receiver: Receiver) -> int:
    """Let the receiver be told of new claims; the position after which it is."""
    body = {"url": receiver.url, "kinds": ["claim.asserted"]}
    request = Request(  # noqa: S310
        f"{cluster.url}/api/v1/webhooks/",
        data=json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {cluster.token}", "Content-Type": "application/json"},
    )
    with urlopen(request, timeout=30) as answer:  # noqa: S310
        assert answer.status == 201
    return cluster.primary.position()


@contextmanager
def ended(cluster: Cluster) -> Iterator[None]:
    """When everything is worked off: the workers are stopped, and this process works in the
    database."""
    with working_at(cluster.primary.url_of("entente")):
        head = log.head().position
        with suppress(pytest.fail.Exception):
            eventually(lambda: left(head) == [], what="everything is worked off", within=300)
        assert left(head) == []
        for name in WORKERS:
            cluster.stop(name)
        yield


def left(head: int) -> list[object]:
    """What is not worked off yet."""
    behind = [view for view, position in rows("cursor", "view, position") if position < head]
    late = [one for (one,) in rows("webhook", "position") if one < head]
    late += rows("webhook_message WHERE state = 'waiting'")
    [(sealed,)] = rows("seal_head", "size")
    unsealed = [f"sealed through {sealed}"] * (sealed < head)
    return [*behind, *late, *rows("dirty_pair"), *unsealed]


def has_what_was_acknowledged(load: Load) -> None:
    found = streams()
    lost = [one for one in load.acknowledged if found.get(one.position) != one.claim]
    assert lost == []
    # Each key was recorded once, however often it was sent.
    assert len({one.position for one in load.acknowledged}) == len(load.acknowledged)


def proves_itself(cluster: Cluster, folder) -> None:
    audited = cluster.manage("audit", "--all")
    assert audited.returncode == 0, audited.stdout + audited.stderr
    with urlopen(f"{cluster.url}/.well-known/entente-log-key", timeout=30) as answer:  # noqa: S310
        key = answer.read().decode().strip()
    words = ["tools/verify.py", "log", cluster.url, "--key", key, "--state", str(folder / "state")]
    verified = subprocess.run(
        [sys.executable, *words], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert verified.returncode == 0, verified.stdout + verified.stderr


def was_told_in_order(receiver: Receiver, load: Load, *, after: int) -> None:
    told = list(dict.fromkeys(body["data"]["position"] for body in receiver.bodies()))
    assert told == sorted(told)
    assert {one.position for one in load.acknowledged if one.position > after} <= set(told)


def is_what_a_rebuild_gives(cluster: Cluster) -> None:
    stored = digests()
    rebuilt = cluster.manage("rebuild", owner=True)
    assert rebuilt.returncode == 0, rebuilt.stdout + rebuilt.stderr
    assert digests() == stored
