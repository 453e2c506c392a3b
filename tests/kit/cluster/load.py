"""A bounded load: writers that enter claims, and readers of pages and API.

Writers behave as a careful client: each claim has an idempotency key, and is sent with it again
until the answer says that it is recorded. What was acknowledged is noted.
"""

import json
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

import urllib3

from tracker.operations.ids import content_id

# Records of the seed: the collection of the article, and an article.
COLLECTION = "41dec218-9aef-53de-9243-38cd32aac6f7"
DOCUMENT = "106517d7-1bea-5511-828c-1838dcaf57ed"
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
TIMEOUT_SECONDS = 15
LONGEST_PAUSE_SECONDS = 2.0
# Conflict and unavailable: what a client expects while parts are missing.
HONEST = (409, 503)


class Acknowledged(NamedTuple):
    """A claim that the site said is recorded."""

    position: int
    claim: str


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
    acknowledged: list[Acknowledged] = field(default_factory=list)
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
            thread.join(timeout=TIMEOUT_SECONDS + LONGEST_PAUSE_SECONDS)
        self._http.clear()

    @property
    def written(self) -> int:
        """How many claims were acknowledged."""
        return len(self.acknowledged)

    @property
    def last_position(self) -> int:
        """The last position that was acknowledged."""
        return max((one.position for one in self.acknowledged), default=0)

    def _claim(self, dice: random.Random) -> dict[str, Any]:
        """The body of a new claim."""
        initiator, recipient = dice.sample(self._actors, 2)
        return {
            "collection": COLLECTION,
            "kind": "act",
            "summary": f"Load: an invented act, number {dice.getrandbits(32)}.",
            "code": "plover-2.0/CONSULT",
            # Before the article.
            "occurred": {"edtf": f"2022-{dice.randint(1, 4):02}-{dice.randint(1, 28):02}"},
            "parties": [
                {"actor": initiator, "role": "initiator"},
                {"actor": recipient, "role": "recipient"},
            ],
            "citations": [{"document": DOCUMENT}],
        }

    def _write(self, number: int) -> None:
        dice = random.Random(f"writer {number}")  # noqa: S311
        while not self._stopping.wait(PAUSE_SECONDS):
            key = str(UUID(int=dice.getrandbits(128), version=4))
            if receipt := self._post(self._claim(dice), key=key):
                with self._lock:
                    self.acknowledged.append(receipt)

    def _post(self, body: dict[str, Any], *, key: str) -> Acknowledged | None:
        """Send a claim until it is acknowledged; None if the load is stopped before that, or if the
        site says that the claim is wrong."""
        while not self._stopping.is_set():
            answer = self._ask("POST", "/api/v1/claims/", body=body, key=key)
            if answer.status == 201:
                receipt = json.loads(answer.body)
                return Acknowledged(receipt["position"], receipt["id"])
            if answer.status in (400, 401, 403, 404, 422):
                return None
            self._stopping.wait(answer.pause)
        return None

    def _read(self, number: int) -> None:
        dice = random.Random(f"reader {number}")  # noqa: S311
        while not self._stopping.wait(PAUSE_SECONDS):
            answer = self._ask("GET", dice.choice(READS))
            if answer.status not in (200, 304):
                self._stopping.wait(answer.pause)

    def _ask(
        self, method: str, path: str, *, body: dict[str, Any] | None = None, key: str = ""
    ) -> Answer:
        headers = {"Authorization": f"Bearer {self.token}"}
        if body is not None:
            headers |= {"Content-Type": "application/json", "Idempotency-Key": key}
        sent = None if body is None else json.dumps(body)
        try:
            answer = self._http.request(
                method, self.url + path, body=sent, headers=headers, timeout=TIMEOUT_SECONDS
            )
        except urllib3.exceptions.HTTPError:
            # It was refused, broke, or was silent for too long.
            return Answer(0, b"", PAUSE_SECONDS)
        if answer.status >= 400 and answer.status not in HONEST:
            said = answer.data[:500].decode(errors="replace")
            self.failures.append(f"{method} {answer.status}: {said}")
        wait = answer.headers.get("Retry-After", "")
        pause = float(wait) if wait.isdecimal() else PAUSE_SECONDS
        return Answer(answer.status, answer.data, min(pause, LONGEST_PAUSE_SECONDS))
