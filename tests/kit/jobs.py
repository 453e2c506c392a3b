"""Asks for jobs as people do, and works on them as a worker does."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tests.kit.builders import AT, BY
from tracker.imports import spool
from tracker.imports.jobs import requests
from tracker.imports.jobs.requests import Options
from tracker.imports.jobs.runner import run_next
from tracker.imports.queries import JobSummary
from tracker.imports.queries import job as on_record


class Clock:
    """Tells a time that goes on by some seconds whenever it is asked."""

    def __init__(self, *, step: float = 0.0) -> None:
        self.at = AT
        self.step = timedelta(seconds=step)

    def __call__(self) -> datetime:
        self.at += self.step
        return self.at


class Meddler:
    """Tells a time that goes on by two seconds, and once does something as soon as that is to be
    done: between two chunks, where a worker asks for the time."""

    def __init__(self, when: Callable[[], object], do: Callable[[], object]) -> None:
        self._clock = Clock(step=2)
        self._when = when
        self._do: Callable[[], object] | None = do

    def __call__(self) -> datetime:
        if self._do and self._when():
            do, self._do = self._do, None
            do()
        return self._clock()


def bring(
    data: bytes, *, name: str = "table.csv", by: str = BY, at: datetime = AT, **options: Any
) -> UUID:
    received = spool.receive(data, name=name)
    try:
        return requests.request_import(received, Options(**options), at=at, by=by)
    finally:
        received.discard()


def work(
    *, now: Callable[[], datetime] | None = None, shutting_down: Callable[[], bool] = lambda: False
) -> bool:
    return run_next(now=now or Clock(), shutting_down=shutting_down)


def job(job_id: UUID) -> JobSummary:
    found = on_record(job_id)
    assert found is not None
    return found


def done(job_id: UUID) -> JobSummary:
    """Work on the job that waits, and give what came of it."""
    assert work()
    return job(job_id)
