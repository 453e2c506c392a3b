"""How far the work is, for whoever watches it, and what the processes of a host
count."""

import math
import os
import signal
import subprocess
import sys
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from tests.kit.api_client import V1, a_body, api_with
from tests.kit.background_work import work_off
from tests.kit.builders import a_token
from tests.kit.processes import CHECKOUT
from tracker.projections import audit
from workers import doctor, tasks
from workers.doctor import Finding
from workers.metrics import counted
from workers.metrics.shapes import GAUGES

pytestmark = pytest.mark.django_db
PREFIX = "entente_"


def read(client):
    answer = client.get("/metrics")
    return answer, samples(answer.content.decode())


def samples(text):
    return {
        (one.name.removeprefix(PREFIX), *one.labels.values()): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


class TestMetrics:
    def test_say_how_far_the_work_is(self, client, desk):
        desk.asserts("RUS", "KAZ")

        answer, values = read(client)

        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert values["log_position",] == 11
        # The view's first lens is at position 8, two more and the claim came after it.
        assert values["follower_lag_events", desk.view.id] == 3
        assert values["follower_lag_seconds", desk.view.id] > 0
        assert values["pairs_waiting",] == 0
        assert values["broker_up",] == 1
        assert abs(values["clock_skew_seconds",]) < 1
        assert values["log_ahead_seconds",] == 0
        assert values["sealed_position",] == values["seal_alarm",] == 0
        assert values["connections_used",] >= 1
        assert values["connections_max",] > values["connections_used",]
        assert values["database_bytes",] > 1_000_000
        assert values["appends_waiting",] == 0
        assert values["jobs_waiting",] == values["webhook_messages_waiting",] == 0

    def test_are_those_that_are_declared(self, client, desk):
        _, values = read(client)

        declared = {*GAUGES, *(name.removeprefix(PREFIX) for name in counted.NAMES)}
        ends = ("_total", "_bucket", "_count", "_sum", "_created")
        found = {name for name, *_ in values if name not in declared}
        assert {name for name in found if not name.endswith(ends)} == set()

    def test_say_how_old_the_last_backup_and_audit_are(self, client, desk, settings, tmp_path):
        _, values = read(client)
        names = {name for name, *_ in values}
        absent = {"backup_age_seconds", "archive_age_seconds", "archive_failing"}
        absent |= {"standby_lag_bytes", "checkpoint_age_seconds", "audit_age_seconds"}
        assert not names & absent
        settings.BACKUP_STAMP = tmp_path / "backup"
        assert read(client)[1]["backup_age_seconds",] == math.inf
        settings.BACKUP_STAMP.touch()
        work_off(at=timezone.now())
        audit.audit(at=timezone.now() - timedelta(minutes=9), sample=1)

        _, values = read(client)

        assert 0 <= values["backup_age_seconds",] < 60
        assert 540 <= values["audit_age_seconds",] < 600
        assert values["audit_differences",] == 0

    def test_say_what_waits(self, client, desk, settings):
        settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO webhook (id, name, url, site, kinds, secrets, state, because,"
                " position, recorded_by, made_at) VALUES (%s, '', '', '', '[]', '[]', 'active', '',"
                " 0, 'ann', now())",
                [UUID(int=1)],
            )
            cursor.execute(
                "INSERT INTO webhook_message (webhook_id, key, kind, news, body, state, attempts,"
                " error, made_at) VALUES (%s, %s, '', '', '', 'waiting', 0, '',"
                " now() - interval '5 minutes')",
                [UUID(int=1), UUID(int=2)],
            )

        _, values = read(client)

        assert values["webhook_messages_waiting",] == 1
        assert 300 <= values["webhook_messages_oldest_seconds",] < 360

    def test_take_few_queries(self, client, desk):
        """Whatever the log holds: it is read every few seconds."""
        with CaptureQueriesContext(connection) as few:
            read(client)
        for _ in range(5):
            desk.asserts()
        with CaptureQueriesContext(connection) as more:
            read(client)

        assert len(more) <= len(few) + 1 < 40

    def test_are_a_503_without_a_database(self, client, monkeypatch):
        gone = Finding(check="database", ok=False, detail="gone")
        monkeypatch.setattr(doctor, "database", lambda: gone)

        assert client.get("/metrics").status_code == 503

    def test_are_printed_for_a_host_without_a_web_server(self, client, desk, capsys):
        call_command("metrics")

        assert samples(capsys.readouterr().out)["log_position",] == 10


class TestWhoMayRead:
    def test_is_this_host(self, client):
        assert client.get("/metrics", REMOTE_ADDR="127.0.0.1").status_code == 200
        assert client.get("/metrics", REMOTE_ADDR="::1").status_code == 200

    def test_is_nobody_without_the_token_behind_a_proxy(self, client, settings):
        """A proxy on this host need not send a header."""
        settings.PROXIES, settings.METRICS_TOKEN = 1, "of-prometheus"

        assert client.get("/metrics", REMOTE_ADDR="127.0.0.1").status_code == 403
        headers = {"Authorization": "Bearer of-prometheus"}
        assert client.get("/metrics", headers=headers).status_code == 200

    @pytest.mark.parametrize(
        "meta",
        [
            {"REMOTE_ADDR": "192.0.2.1"},
            {"REMOTE_ADDR": ""},
            {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
            {"HTTP_X_REAL_IP": "127.0.0.1"},
            {"HTTP_FORWARDED": "for=127.0.0.1"},
        ],
    )
    def test_is_nobody_else_without_the_token(self, client, settings, meta):
        assert client.get("/metrics", **meta).status_code == 403
        settings.METRICS_TOKEN = "of-prometheus"
        for given in ("", "Bearer ", "Bearer of-others", "of-prometheus"):
            answer = client.get("/metrics", headers={"Authorization": given}, **meta)
            assert answer.status_code == 403
        headers = {"Authorization": "Bearer of-prometheus"}
        assert client.get("/metrics", headers=headers, **meta).status_code == 200


class TestCounts:
    def test_are_of_requests_by_the_name_of_the_route(self, client, desk):
        before = read(client)[1]
        api = api_with(a_token())
        for _ in range(3):
            api.get(f"claims/{desk.asserts().stream}/")
        api.get(f"claims/{UUID(int=99)}/", expect=404)
        client.get(f"{V1}nothing-here/")
        client.generic("BREW", "/about/")

        after = read(client)[1]

        def more(*labels):
            return after.get(labels, 0) - before.get(labels, 0)

        # The labels by their names: method, route, status.
        assert more("requests_total", "GET", "api:claim", "200") == 3
        assert more("requests_total", "GET", "api:claim", "404") == 1
        assert more("request_seconds_count", "api:claim") == 4
        assert more("requests_total", "other", "pages:about", "405") == 1
        assert not [labels for labels in after if "/" in str(labels)]

    def test_are_of_appends(self, client, desk, django_capture_on_commit_callbacks):
        before = read(client)[1].get(("append_seconds_count", "no"), 0)
        with django_capture_on_commit_callbacks(execute=True):
            api_with(a_token()).post("claims/", a_body(desk))

        assert read(client)[1]["append_seconds_count", "no"] == before + 1

    def test_are_of_tasks_and_their_failures(self, client, desk, monkeypatch):
        def fails(*, at):
            raise ZeroDivisionError

        before = read(client)[1]
        tasks.draw()
        monkeypatch.setattr("workers.tasks.blind_review.draw_due", fails)
        with pytest.raises(ZeroDivisionError):
            tasks.draw()

        after = read(client)[1]
        number = ("task_seconds_count", "draw")
        assert after[number] == before.get(number, 0) + 2
        failures = ("task_failures_total", "draw")
        assert after[failures] == before.get(failures, 0) + 1


COUNTS = """
import os, pathlib
from django.conf import settings
settings.configure(METRICS_FOLDER=pathlib.Path(os.environ["METRICS_FOLDER"]))
from workers.metrics import counted
def count(number):
    for _ in range(number):
        counted.request(route="a", method="GET", status=200, seconds=0.02)
{does}
"""
SUMS = """
samples = [one for family in counted.sums() for one in family.samples]
found = {one.name: one.value for one in samples if one.labels.get("le", "0.05") == "0.05"}
print(found["entente_requests_total"], found["entente_request_seconds_bucket"])
"""


@pytest.fixture
def environ(tmp_path):
    settings = {"METRICS_FOLDER": str(tmp_path / "counts")}
    return {**os.environ, **settings, "DJANGO_SETTINGS_MODULE": "config.settings"}


def runs(does, environ):
    command = [sys.executable, "-c", COUNTS.format(does=does)]
    done = subprocess.run(
        command, cwd=CHECKOUT, env=environ, capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode, done.stdout.strip(), done.stderr


def test_counts_of_forks_and_of_the_dead_are_summed_and_never_fall(environ, tmp_path):
    forks = "\n".join(
        (
            "count(1)",
            "for _ in range(3):",
            "    if not os.fork():",
            "        count(2); os.kill(os.getpid(), 9)",
            "    os.wait()",
            SUMS,
        )
    )
    assert runs(forks, environ)[:2] == (0, "7.0 7.0")
    assert runs(f"count(1)\nos.kill(os.getpid(), {signal.SIGKILL})", environ)[0] == -signal.SIGKILL
    for total in (9, 10, 11):
        assert runs(f"count(1)\n{SUMS}", environ)[1] == f"{total}.0 {total}.0"

    # Two kinds for each process that ran at the same time: the parent and one child.
    assert len(list((tmp_path / "counts").glob("*.db"))) == 4


def test_a_command_that_counts_nothing_leaves_no_file(environ, tmp_path):
    assert runs("", environ)[0] == 0
    assert list((tmp_path / "counts").iterdir()) == []


def test_each_process_counts_for_itself_without_a_folder(environ):
    environ["METRICS_FOLDER"] = "/proc/nowhere"

    assert runs(f"count(2)\n{SUMS}", environ)[:2] == (0, "2.0 2.0")


def test_a_full_disk_fails_no_request(environ):
    """The size of files is limited instead: a write beyond it fails as on a full disk."""
    limited = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
    ignored = "import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"

    status, output, errors = runs(f"{limited}{ignored}count(2)\nprint('goes on')", environ)

    assert (status, output) == (0, "goes on"), errors


def test_files_of_before_this_boot_are_deleted_and_fail_no_request(environ, tmp_path):
    """A power cut may have torn them."""
    folder = tmp_path / "counts"
    folder.mkdir()
    torn = folder / "counter_7.db"
    torn.write_bytes(b"torn" * 1_000)
    os.utime(torn, (1, 1))

    assert runs(f"count(2)\n{SUMS}", environ)[:2] == (0, "2.0 2.0")
    assert not torn.exists()
