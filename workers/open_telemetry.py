"""Spans of OpenTelemetry. Imported only if traces are wanted: its packages are optional.

Spans are made here and by the signals of what they are about, so no other module needs the packages
and nothing is patched.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from celery.signals import before_task_publish
from opentelemetry.propagate import extract, inject
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import (
    BatchSpanProcessor,
    ConsoleSpanExporter,
    SimpleSpanProcessor,
)
from opentelemetry.trace import Span, SpanKind, Tracer

from tracker import log
from tracker.projections import scores

SIGNALS = "traces"


class Traces:
    """Makes the spans of this process."""

    def __init__(self, processor: SpanProcessor) -> None:
        self._provider = TracerProvider(resource=Resource.create({"service.name": "entente"}))
        self._provider.add_span_processor(processor)
        self._tracer: Tracer = self._provider.get_tracer("entente")
        before_task_publish.connect(self._send_along, dispatch_uid=SIGNALS, weak=False)
        log.appended.connect(self._append, dispatch_uid=SIGNALS, weak=False)
        scores.computed.connect(self._score, dispatch_uid=SIGNALS, weak=False)

    def end(self) -> None:
        """Make no more spans."""
        before_task_publish.disconnect(dispatch_uid=SIGNALS)
        log.appended.disconnect(dispatch_uid=SIGNALS)
        scores.computed.disconnect(dispatch_uid=SIGNALS)
        self._provider.shutdown()

    @contextmanager
    def request(self) -> Iterator[Span]:
        """The span of a request. It has no parent: anybody can send the header of one."""
        with self._tracer.start_as_current_span("request", kind=SpanKind.SERVER) as span:
            yield span

    @contextmanager
    def task(self, name: str, headers: dict[str, str]) -> Iterator[None]:
        """The span of a task, if what woke it is in a trace: one of the timetable is in none."""
        if "traceparent" not in headers:
            yield
            return
        context, kind = extract(headers), SpanKind.CONSUMER
        with self._tracer.start_as_current_span(f"task {name}", context=context, kind=kind):
            yield

    def _send_along(self, headers: dict[str, Any] | None = None, **_: object) -> None:
        """Write the current span into the headers of a message."""
        if headers is not None:
            inject(headers)

    def _append(
        self, *, position: int | None = None, seconds: float | None = None, **_: object
    ) -> None:
        if position is not None:
            self._past("append", seconds or 0.0, {"entente.position": position})

    def _score(self, *, view: str, pairs: list[str], seconds: float, **_: object) -> None:
        self._past("score", seconds, {"entente.view": view, "entente.pairs": pairs})

    def _past(self, name: str, seconds: float, attributes: dict[str, Any]) -> None:
        """A span of what has just ended."""
        end = time.time_ns()
        span = self._tracer.start_span(
            name, start_time=end - int(seconds * 1e9), attributes=attributes
        )
        span.end(end)


def from_environment() -> Traces:
    """Traces as the environment says, by the variables of OpenTelemetry."""
    if os.environ.get("OTEL_TRACES_EXPORTER") == "console":
        return Traces(SimpleSpanProcessor(ConsoleSpanExporter(formatter=_line)))
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415 # takes long
        OTLPSpanExporter,
    )

    return Traces(BatchSpanProcessor(OTLPSpanExporter()))


def _line(span: ReadableSpan) -> str:
    return f"{span.to_json(indent=None)}\n"
