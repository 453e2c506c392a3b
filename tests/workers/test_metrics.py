"""How far the work is, for whoever watches it."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from workers import doctor
from workers.doctor import Finding

pytestmark = pytest.mark.django_db


def read(client):
    answer = client.get("/metrics")
    families = text_string_to_metric_families(answer.content.decode())
    return answer, {
        f'{one.name}{{view="{one.labels["view"]}"}}' if one.labels else one.name: one.value
        for family in families
        for one in family.samples
    }


class TestMetrics:
    def test_say_how_far_the_work_is(self, client, desk):
        desk.asserts("RUS", "KAZ")

        answer, values = read(client)

        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert values["entente_log_position"] == 11
        # The view's first lens is at position 8, two more and the claim came after it.
        assert values[f'entente_follower_lag_events{{view="{desk.view.id}"}}'] == 3
        assert values["entente_pairs_waiting"] == 0
        assert values["entente_broker_up"] == 1
        assert abs(values["entente_clock_skew_seconds"]) < 1
        assert values["entente_log_ahead_seconds"] == 0
        assert values["entente_sealed_position"] == values["entente_seal_alarm"] == 0

    def test_are_a_503_without_a_database(self, client, monkeypatch):
        gone = Finding(check="database", ok=False, detail="gone")
        monkeypatch.setattr(doctor, "database", lambda: gone)

        assert client.get("/metrics").status_code == 503
