"""A trace from a request to the score, in one process; tests/faults has real ones."""

import subprocess
import sys
import threading

import pytest
from celery.signals import before_task_publish
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tests.kit.api_client import api_with
from tests.kit.background_work import work_off
from tests.kit.databases import a_clone, working_in
from tests.kit.processes import CHECKOUT, shell
from workers import open_telemetry, tasks, traces

pytestmark = pytest.mark.django_db


@pytest.fixture
def spans():
    exporter = InMemorySpanExporter()
    traces.start(open_telemetry.Traces(SimpleSpanProcessor(exporter)))
    yield exporter
    traces.stop()


@pytest.fixture
def sent():
    """The headers of the messages that wake workers."""
    found, some = [], threading.Event()

    def keep(headers, **_):
        found.append(headers)
        some.set()

    before_task_publish.connect(keep)
    yield lambda: some.wait(10) and found
    before_task_publish.disconnect(keep)


def by_name(exporter):
    return {span.name: span for span in exporter.get_finished_spans()}


def test_one_trace_leads_from_a_request_to_the_score(desk_template, spans, sent):
    """In a database of its own, where the request commits."""
    facts = desk_template.facts
    with a_clone(desk_template.name) as name, working_in(name):
        work_off(at=timezone.now())
        spans.clear()
        api_with(facts["token"]).post("claims/", facts["body"])
        tasks.follow.apply(headers=sent()[-1])

    found = by_name(spans)
    request, follow = found["POST api:claims"], found["task follow"]
    of_trace = {name for name, one in found.items() if one.context.trace_id == trace_of(request)}
    assert of_trace == {"POST api:claims", "append", "task follow", "score"}
    assert found["append"].parent.span_id == request.context.span_id
    assert follow.parent.span_id == request.context.span_id
    assert found["score"].parent.span_id == follow.context.span_id
    assert found["score"].attributes["entente.pairs"] == ("KAZ-RUS",)
    assert request.attributes["http.response.status_code"] == 201


def trace_of(span):
    return span.context.trace_id


def test_a_task_of_the_timetable_is_in_no_trace(desk, spans):
    work_off(at=timezone.now())
    spans.clear()
    tasks.follow.apply()

    assert "task follow" not in by_name(spans)


def test_a_request_does_not_continue_the_trace_of_a_stranger(client, desk, spans):
    of_stranger = "0af7651916cd43dd8448eb211c80319c"
    client.get("/healthz", headers={"traceparent": f"00-{of_stranger}-b7ad6b7169203331-01"})

    [span] = spans.get_finished_spans()
    assert (span.name, span.parent) == ("GET config.readiness.healthz", None)
    assert f"{trace_of(span):032x}" != of_stranger


def test_nothing_is_loaded_while_traces_are_off():
    says = "import django, sys; django.setup(); print('workers.open_telemetry' in sys.modules)"
    environ = shell(DJANGO_SETTINGS_MODULE="config.settings")
    done = subprocess.run(
        [sys.executable, "-c", says], cwd=CHECKOUT, env=environ, capture_output=True, check=False
    )
    assert done.stdout == b"False\n", done.stderr


def test_missing_packages_are_named(monkeypatch):
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "console")
    monkeypatch.setitem(sys.modules, "workers.open_telemetry", None)
    monkeypatch.delattr("workers.open_telemetry")

    with pytest.raises(ImproperlyConfigured, match="make traces"):
        traces.start_if_wanted()


def test_are_sent_where_the_environment_says(monkeypatch):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    traces.start_if_wanted()

    assert traces.current() is not None
    traces.stop()
    assert traces.current() is None
