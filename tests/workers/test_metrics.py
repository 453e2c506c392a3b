"""How far the work is, for whoever watches it."""

import re

import pytest

from tests.builders import a_desk
from workers import doctor, metrics
from workers.doctor import Finding


@pytest.fixture
def desk(db):
    return a_desk()


pytestmark = pytest.mark.django_db


def read(client):
    answer = client.get("/metrics")
    lines = answer.content.decode().splitlines()
    values = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return answer, lines, values


class TestMetrics:
    def test_say_how_far_the_work_is(self, client, desk):
        desk.asserts("RUS", "KAZ")

        answer, lines, values = read(client)

        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert values["entente_log_position"] == "11"
        # The view's first lens is at position 8, two more and the claim came after it.
        assert values[f'entente_follower_lag_events{{view="{desk.view.id}"}}'] == "3"
        assert values["entente_pairs_waiting"] == "0"
        assert values["entente_broker_up"] == "1"
        for line in lines:
            assert re.fullmatch(
                r'# (HELP|TYPE) entente_\w+ .+|entente_\w+(\{view="[^"]*"\})? \d+', line
            )

    def test_are_a_503_without_a_database(self, client, monkeypatch):
        gone = Finding(what="database", well=False, says="gone")
        monkeypatch.setattr(doctor, "database", lambda: gone)

        assert read(client)[0].status_code == 503

    def test_escape_what_a_label_must_not_hold(self):
        gauge = metrics.Gauge(name="a", says="b", values={'x"\\\n': 1})

        assert list(gauge.lines())[2] == r'entente_a{view="x\"\\\n"} 1'
