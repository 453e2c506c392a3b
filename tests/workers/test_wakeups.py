"""Hints to a real broker, and to one that is away, frozen or full."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import redis

from config.embedded.valkey import Valkey
from tests.kit.private_servers import private_servers
from tests.kit.processes import CHECKOUT, free_port

SPEAKING = "import django; django.setup(); from tests.kit.wakeup_sender import main; main()"
# A write may be held up so long by its hint.
MOST_MILLISECONDS = 1_000


@pytest.fixture(scope="module")
def valkey() -> Iterator[Valkey]:
    with private_servers(base={"DATABASE_URL": "none is needed"}) as servers:
        assert servers.valkey is not None
        yield servers.valkey


@pytest.fixture(autouse=True)
def broker(valkey: Valkey) -> "redis.Redis":
    """The broker, with nothing in it."""
    client = redis.Redis.from_url(valkey.url)
    client.flushall()
    return client


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    milliseconds: float
    warnings: int


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says in a process of its own that the log has grown, or that somebody asked for a job."""

    process: "subprocess.Popen[str]"

    def speak(self, *, times: int = 1, pause: float = 0, of: str = "grown") -> Spoken:
        """Wait for the end of the process, and give what it said."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{times} {pause} {of}\n")
        self.process.stdin.flush()
        said = []
        while not (line := self.process.stdout.readline()).startswith("ended"):
            assert line, "the program is gone"
            said.append(line)
        assert line == "ended 0\n"
        [longest] = [float(line.split()[1]) for line in said if line.startswith("longest")]
        return Spoken(milliseconds=longest, warnings=len(said) - 1)


@contextmanager
def a_speaker(url: str) -> Iterator[Speaker]:
    with subprocess.Popen(
        [sys.executable, "-c", SPEAKING],
        cwd=CHECKOUT,
        env=os.environ | {"REDIS_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Speaker(process)


@pytest.fixture(scope="module")
def speaker(valkey: Valkey) -> Iterator[Speaker]:
    """One that speaks to the broker."""
    with a_speaker(valkey.url) as speaker:
        yield speaker


class TestAHint:
    def test_is_in_the_queue_when_the_program_has_ended(self, speaker, broker) -> None:
        """That of a job goes to those who take long."""
        warnings = [speaker.speak(of=of).warnings for of in ("grown", "asked")]

        assert (broker.llen("follow"), broker.llen("ingest")) == (1, 1)
        assert warnings == [0, 0]

    def test_is_shared_by_a_burst(self, speaker, broker) -> None:
        speaker.speak(times=1000)

        # The first goes out at once, the others some milliseconds later.
        assert 2 <= broker.llen("follow") < 500

    @pytest.mark.long
    def test_of_the_last_event_is_never_left_out(self, speaker, broker) -> None:
        # So far apart that no busy machine takes two of them for a burst.
        speaker.speak(times=3, pause=1.5)

        assert broker.llen("follow") == 3


@pytest.mark.long
class TestAWriter:
    def test_is_not_held_up_by_a_broker_that_is_away(self) -> None:
        # So long that several wakeups are tried.
        with a_speaker(f"redis://127.0.0.1:{free_port()}/0") as speaker:
            spoken = speaker.speak(times=12, pause=0.2)

        assert spoken.milliseconds < MOST_MILLISECONDS
        assert spoken.warnings == 1

    def test_is_not_held_up_by_a_broker_that_is_frozen(self, valkey, speaker) -> None:
        valkey.child.send_signal(signal.SIGSTOP)
        try:
            spoken = speaker.speak(times=20, pause=0.02)
        finally:
            valkey.child.send_signal(signal.SIGCONT)

        assert spoken.milliseconds < MOST_MILLISECONDS
        assert spoken.warnings == 1

    def test_is_not_held_up_by_a_broker_that_is_full(self, speaker, broker) -> None:
        broker.config_set("maxmemory", "1")
        try:
            spoken = speaker.speak(times=20, pause=0.02)
        finally:
            broker.config_set("maxmemory", "0")

        assert spoken.milliseconds < MOST_MILLISECONDS
        assert spoken.warnings == 1
        assert broker.llen("follow") == 0
