"""Faults of a cluster in a random order that a seed repeats."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cluster.cluster import Cluster
from cluster.plan import Options

# Between the end of a fault and the next, in seconds.
PAUSE_SECONDS = (0.5, 2.0)
HOLD_SECONDS = (1.0, 4.0)
PROGRAMS = (
    *("web-1", "web-2", "worker-1", "worker-2", "importer-1", "beat-1", "beat-2"),
    *("pooler", "broker", "proxy", "primary", "standby"),
)
LINKS = (
    *(("web-1", "pool"), ("web-2", "broker"), ("work-1", "pool"), ("work-2", "broker")),
    *(("pool", "db-1"), ("pool", "db-2"), ("db-1", "db-2"), ("proxy", "web-2")),
)

# A clock that is ahead or behind: on a web host, and on hosts with workers.
CLOCKS = (("web-1", "+1h"), ("web-2", "-1h"), ("work-1", "+20d"), ("work-2", "-1h"))
# An index that a migration builds beside writers.
INDEX = "event_corrections"
_SPOIL_INDEX = "UPDATE pg_index SET indisvalid = false WHERE indexrelid = %s::regclass"
_SPOILED = "SELECT FROM pg_index WHERE indexrelid = %s::regclass AND NOT indisvalid"

type Act = Callable[[Cluster], object]


class NotMigrated(RuntimeError):
    """`manage.py migrate` failed, or left an index half built."""


def _nothing(_: Cluster) -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is done to a cluster, and how it is put right after `hold` seconds."""

    name: str
    begin: Act
    end: Act = _nothing
    hold: tuple[float, float] = HOLD_SECONDS


class Step(NamedTuple):
    """A fault, how long it lasts, and the pause after it, in seconds."""

    fault: Fault
    hold: float
    pause: float


def kill(name: str) -> Fault:
    """Kill -9 a process with all that it started; a service manager starts it again."""
    return Fault(
        name=f"kill {name}",
        begin=lambda cluster: cluster.kill(name),
        end=lambda cluster: cluster.restart(name),
    )


def freeze(name: str) -> Fault:
    """Stop a process with all that it started, and let it go on."""
    return Fault(
        name=f"freeze {name}",
        begin=lambda cluster: cluster.freeze(name),
        end=lambda cluster: cluster.thaw(name),
    )


def cut(one: str, other: str) -> Fault:
    """Lose all packets between two hosts."""
    return Fault(
        name=f"cut {one} from {other}",
        begin=lambda cluster: cluster.cut(one, other),
        end=lambda cluster: cluster.heal(one, other),
    )


def empty_broker() -> Fault:
    """Start the broker again with nothing in it: it keeps nothing on disk."""
    return Fault(
        name="empty the broker", begin=lambda cluster: cluster.restart("broker"), hold=(0, 0)
    )


def promote() -> Fault:
    """Kill the primary, make the standby the primary, and give it a standby again."""
    return Fault(
        name="promote the standby",
        begin=lambda cluster: cluster.promote(),
        end=lambda cluster: cluster.rejoin(),
    )


def fill_disk() -> Fault:
    """Leave the primary no room; a server that ended because of it is started again."""
    return Fault(
        name="fill the disk of the primary",
        begin=lambda cluster: cluster.fill_disk(cluster.primary.name),
        end=lambda cluster: cluster.free_disk(cluster.primary.name),
    )


def set_clock(host: str, offset: str) -> Fault:
    """Move the clock of a host, and set it right again."""
    return Fault(
        name=f"set the clock of {host} by {offset}",
        begin=lambda cluster: cluster.set_clock(host, offset),
        end=lambda cluster: cluster.set_clock(host, "+0"),
    )


def migrate() -> Fault:
    """Migrate, with an index to build again that an earlier try has left half built."""
    return Fault(name="migrate", begin=_migrate, hold=(0, 0))


def _migrate(cluster: Cluster) -> None:
    cluster.primary.ask(_SPOIL_INDEX, INDEX)
    done = cluster.manage("migrate", owner=True)
    if done.returncode or cluster.primary.ask(_SPOILED, INDEX):
        raise NotMigrated(f"migrate did not build {INDEX} again:\n{done.stdout}{done.stderr}")


def faults(options: Options, *, links: bool) -> list[Fault]:
    """The faults that a cluster with these options can have, and with `links` those of the
    network."""
    found = [make(name) for name in PROGRAMS for make in (kill, freeze)]
    found += [empty_broker(), promote(), migrate()]
    found += [fill_disk()] if options.disk_mb else []
    found += [set_clock(*step) for step in CLOCKS] if options.clocks else []
    found += [cut(*link) for link in LINKS] if links else []
    return found


def steps(seed: int, among: Sequence[Fault]) -> Iterator[Step]:
    """Faults without end: all of them in a random order, then all in another. The same seed gives
    the same steps."""
    dice = random.Random(seed)  # noqa: S311
    while True:
        for fault in dice.sample(among, len(among)):
            yield Step(fault, dice.uniform(*fault.hold), dice.uniform(*PAUSE_SECONDS))


@dataclass(kw_only=True)
class Chaos:
    """Causes faults in a cluster. `report` gets a line for each of them."""

    cluster: Cluster
    seed: int
    among: Sequence[Fault]
    report: Callable[[str], None] = lambda _: None
    # How often each fault was done.
    done: dict[str, int] = field(default_factory=dict)

    def run(self, *, seconds: float, between: Callable[[], object] = lambda: None) -> None:
        """Do faults for so long, and each at least once, each after the one before was put right;
        then nothing is wrong any more. `between` is called after each of them."""
        self.report(f"chaos seed={self.seed} hosts={self.cluster.network.kind}")
        started = time.monotonic()
        for step in steps(self.seed, self.among):
            now = time.monotonic() - started
            if now > seconds and len(self.done) == len(self.among):
                break
            self.report(f"{now:7.1f} s  {step.fault.name}, for {step.hold:.1f} s")
            self._do(step)
            between()

    def _do(self, step: Step) -> None:
        step.fault.begin(self.cluster)
        time.sleep(step.hold)
        step.fault.end(self.cluster)
        # What ended because of the fault, as a service manager would.
        self.cluster.restart_ended()
        self.done[step.fault.name] = self.done.get(step.fault.name, 0) + 1
        time.sleep(step.pause)
