"""Traces from a request to the score, by OpenTelemetry. Off unless the environment names where
to send them; then nothing is loaded and nothing is measured."""

import os
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from workers.open_telemetry import Traces

WANTED_BY = (
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_TRACES_EXPORTER",
)
_traces: "Traces | None" = None


def start_if_wanted() -> None:
    """Begin to trace this process and its forks.

    :raises ImproperlyConfigured: if the packages are missing.
    """
    if any(os.environ.get(name, "none") not in ("", "none") for name in WANTED_BY):
        try:
            from workers import open_telemetry  # noqa: PLC0415 # optional packages
        except ImportError as problem:
            raise ImproperlyConfigured(
                f"traces need more packages, run make traces: {problem}"
            ) from problem
        start(open_telemetry.from_environment())


def start(traces: "Traces") -> None:
    """Begin to trace."""
    global _traces  # noqa: PLW0603 # one for each process
    _traces = traces


def stop() -> None:
    """Trace no more."""
    global _traces  # noqa: PLW0603 # one for each process
    if _traces:
        _traces.end()
    _traces = None


def current() -> "Traces | None":
    """The traces of this process; None if they are off."""
    return _traces


def task(name: str, request: Any) -> AbstractContextManager[None]:
    """The span of a task, with Celery's request for it."""
    if _traces is None:
        return nullcontext()
    headers = {"traceparent": getattr(request, "traceparent", None)}
    headers |= request.headers or {}
    return _traces.task(name, {name: text for name, text in headers.items() if text})
