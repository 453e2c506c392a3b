"""How long the web server waits for a client."""

from dataclasses import dataclass
from enum import Enum


class Phase(Enum):
    """What a connection is doing."""

    IDLE = "idle"
    HEAD = "head"
    BODY = "body"
    WORKING = "working"
    ANSWERING = "answering"
    LINGERING = "lingering"


# Seconds that a phase may last. An hour is enough for a gigabyte at 280 kB a second.
MOST_SECONDS = {Phase.HEAD: 10.0, Phase.ANSWERING: 3_600.0, Phase.LINGERING: 1.5}
# The mean rate in bytes per second that a phase must reach, after the seconds of grace.
LEAST_RATES = {Phase.BODY: 8_000, Phase.ANSWERING: 4_000}
GRACE_SECONDS = 20.0
# The phases without a complete request.
NO_REQUEST = (Phase.HEAD, Phase.BODY, Phase.IDLE)


@dataclass(slots=True, kw_only=True)
class PhaseTimer:
    """The timer of one connection. `idle`: seconds that it may stay open without a request."""

    idle: float
    now: float
    phase: Phase = Phase.HEAD
    # The number of the request that the phase belongs to.
    number: int = 0
    since: float = 0.0
    moved: int = 0

    def __post_init__(self) -> None:
        self.since = self.now

    def expired(self, phase: Phase, *, number: int, moved: int, now: float) -> bool:
        """Whether the client's time is up. `moved`: its bytes so far in this direction."""
        if (phase, number) != (self.phase, self.number):
            self.phase, self.number, self.since, self.moved = phase, number, now, moved
            return False
        waited = now - self.since
        most = self.idle if phase is Phase.IDLE else MOST_SECONDS.get(phase)
        if most is not None and waited > most:
            return True
        expected = (waited - GRACE_SECONDS) * LEAST_RATES.get(phase, 0)
        return moved - self.moved < expected
