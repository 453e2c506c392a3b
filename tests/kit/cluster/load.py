"""A bounded load: writers that enter claims, and readers of pages and API.

Writers behave as a careful client: each claim has an idempotency key, and is sent with it again
until the answer says that it is recorded. What was acknowledged is noted.
"""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

import urllib3

from tracker.operations.ids import content_id

# Records of the seed: the collection of the article, and an article.
COLLECTION = "41dec218-9aef-53de-9243-38cd32aac6f7"
DOCUMENT = "106517d7-1bea-5511-828c-1838dcaf57ed"
CODES = ("COOPERATE", "CONSULT", "SANCTION/discontinue", "ACCUSE", "AID")
READS = (
    "/api/v1/pairs/",
    "/api/v1/pairs/KAZ-RUS/scores/?from=2022-01-01&to=2022-05-24&every=month",
    "/api/v1/claims/?limit=20",
    "/api/v1/pairs/KAZ-RUS/explanation/",
    "/",
    "/pairs/KAZ-RUS/",
)
# Between which claims are made.
COUNTRIES = ("KAZ", "RUS", "CHN")
PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 2.0
# Conflict and unavailable: what a client expects while parts are missing.
HONEST = (409, 503)
# No answer: the connection was refused, broke, or was silent for too long.
NO_ANSWER = 0


class Acknowledged(NamedTuple):
    """A claim that the site said is recorded."""

    position: int
    claim: str
    key: str
    # When it was first sent, and when it was acknowledged, by the clock of this process.
    sent: float
    answered: float


class Answer(NamedTuple):
    status: int
    body: bytes
    pause: float


@dataclass(kw_only=True)
class Load:
    """Threads that write and read until they are stopped. Use it as a context."""

    url: str
    token: str
    writers: int = 2
    readers: int = 2
    # Seconds between two requests of one thread.
    pause: float = PAUSE_SECONDS
    timeout: float = 15
    seed: int = 1
    acknowledged: list[Acknowledged] = field(default_factory=list)
    # Of each kind of request: how often which status; 0 is no answer.
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    # The answers that must not be: errors of the site, and of these requests.
    failures: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._actors = [str(content_id("seed", f"actor:{code}")) for code in COUNTRIES]

    def __enter__(self) -> "Load":
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._http = urllib3.PoolManager(maxsize=self.writers + self.readers, retries=False)
        works: list[tuple[str, Callable[[int], None]]] = []
        works += [("writer", self._write)] * self.writers + [("reader", self._read)] * self.readers
        self._threads = [
            threading.Thread(target=work, args=(number,), name=f"{name}-{number}", daemon=True)
            for number, (name, work) in enumerate(works)
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join(timeout=self.timeout + LONGEST_PAUSE_SECONDS)
        self._http.clear()

    @property
    def written(self) -> int:
        """How many claims were acknowledged."""
        return len(self.acknowledged)

    @property
    def last_position(self) -> int:
        """The last position that was acknowledged."""
        return max((one.position for one in self.acknowledged), default=0)

    def claim(self, dice: random.Random) -> dict[str, Any]:
        """The body of a new claim."""
        initiator, recipient = dice.sample(self._actors, 2)
        # Before the article.
        day = f"2022-{dice.randint(1, 4):02}-{dice.randint(1, 28):02}"
        return {
            "collection": COLLECTION,
            "kind": "act",
            "summary": f"Load: an invented act, number {dice.getrandbits(32)}.",
            "code": f"plover-2.0/{dice.choice(CODES)}",
            "occurred": {"edtf": day},
            "parties": [
                {"actor": initiator, "role": "initiator"},
                {"actor": recipient, "role": "recipient"},
            ],
            "citations": [{"document": DOCUMENT}],
        }

    def post(self, body: dict[str, Any], *, key: str) -> Acknowledged | None:
        """Send a claim until it is acknowledged; None if the load is stopped before that, or if the
        site says that the claim is wrong."""
        sent = time.monotonic()
        while not self._stopping.is_set():
            answer = self._ask("POST", "/api/v1/claims/", body=body, key=key)
            if answer.status == 201:
                receipt = json.loads(answer.body)
                return Acknowledged(receipt["position"], receipt["id"], key, sent, time.monotonic())
            if answer.status in (400, 401, 403, 404, 422):
                return None
            self._stopping.wait(answer.pause)
        return None

    def _write(self, number: int) -> None:
        dice = random.Random(f"{self.seed} writer {number}")  # noqa: S311
        while not self._stopping.wait(self.pause):
            key = str(UUID(int=dice.getrandbits(128), version=4))
            if receipt := self.post(self.claim(dice), key=key):
                self._note(receipt)

    def _read(self, number: int) -> None:
        dice = random.Random(f"{self.seed} reader {number}")  # noqa: S311
        while not self._stopping.wait(self.pause):
            answer = self._ask("GET", dice.choice(READS))
            if answer.status not in (200, 304):
                self._stopping.wait(answer.pause)

    def _note(self, receipt: Acknowledged) -> None:
        with self._lock:
            self.acknowledged.append(receipt)

    def _ask(
        self, method: str, path: str, *, body: dict[str, Any] | None = None, key: str = ""
    ) -> Answer:
        headers = {"Authorization": f"Bearer {self.token}"}
        if body is not None:
            headers |= {"Content-Type": "application/json", "Idempotency-Key": key}
        kind = "read" if body is None else "write"
        sent = None if body is None else json.dumps(body)
        try:
            answer = self._http.request(
                method, self.url + path, body=sent, headers=headers, timeout=self.timeout
            )
        except urllib3.exceptions.HTTPError:
            self._count(kind, NO_ANSWER)
            return Answer(NO_ANSWER, b"", PAUSE_SECONDS)
        self._count(kind, answer.status, answer.data)
        wait = answer.headers.get("Retry-After", "")
        pause = float(wait) if wait.isdecimal() else PAUSE_SECONDS
        return Answer(answer.status, answer.data, min(pause, LONGEST_PAUSE_SECONDS))

    def _count(self, kind: str, status: int, body: bytes = b"") -> None:
        with self._lock:
            self.statuses[kind, status] += 1
            if status >= 400 and status not in HONEST and len(self.failures) < 100:
                self.failures.append(f"{kind} {status}: {body[:500].decode(errors='replace')}")
