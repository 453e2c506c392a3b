"""What the health check, the metrics, the status page and the checks say of witnesses."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from tests.kit.builders import AT
from tests.kit.log_entries import append
from tests.kit.processes import free_port
from tests.kit.seals import published, sign_all
from tests.kit.texts import text_of
from tracker.checks import check_witnesses
from tracker.domain.proofs.notes import KeyType, SigningKey
from tracker.models.seals import SealWitness
from tracker.queries import seals
from workers import doctor, sweeper

pytestmark = pytest.mark.django_db
NAMES = ("north.example/w", "south.example/w")
WITNESSES = ",".join(
    f"{SigningKey.generate(name, KeyType.WITNESS).verifier} https://{name}" for name in NAMES
)


@pytest.fixture
def signed(settings) -> None:
    """One of two witnesses signed the log; the other fails."""
    settings.WITNESSES = WITNESSES
    append()
    sign_all()
    said(NAMES[0], size=1, signed_at=timezone.now())
    said(NAMES[1], error="it does not answer", failing_since=timezone.now())


def said(name: str, **values: Any) -> None:
    origin = published()[-1].partition("\n")[0]
    SealWitness.objects.update_or_create(name=name, origin=origin, defaults=values)


def check(seconds: int = 0) -> doctor.Finding:
    return doctor.log_witnesses(at=timezone.now() + timedelta(seconds=seconds))


class TestTheHealthCheck:
    def test_is_content_without_witnesses_and_fails_when_they_cannot_be_read(
        self, settings
    ) -> None:
        assert (check().ok, check().detail) == (True, "none is named")
        assert check_witnesses() == []
        settings.WITNESSES = f"{WITNESSES},key http://other.example"

        says = "the setting WITNESSES cannot be read: witness 3: "
        assert (check().ok, check().warning) == (False, False)
        assert check().detail.startswith(says)
        [problem] = check_witnesses()
        assert problem.id == "tracker.E002"
        assert problem.msg.startswith(says)

    def test_is_content_for_a_minute(self, signed) -> None:
        assert (check(59).ok, check(59).detail) == (True, "2 sign the log")

    def test_warns_of_those_that_have_not_signed_since(self, signed) -> None:
        said(NAMES[0], signed_at=timezone.now() + timedelta(seconds=60))

        found = check(61)

        assert (found.ok, found.warning) == (False, True)
        assert found.detail == "south.example/w has not signed: it does not answer"

    def test_warns_where_nobody_asks_them(self, signed) -> None:
        SealWitness.objects.all().delete()

        assert check().warning
        assert check().detail == (
            "north.example/w has not signed: not asked; south.example/w has not signed: not asked"
        )

    def test_fails_when_one_refuses_the_log(self, signed) -> None:
        said(NAMES[0], refused="the witness refuses the log", refused_at=AT)

        assert (check().ok, check().warning) == (False, False)
        assert check().detail == "the witness refuses the log"


def test_metrics_name_the_witnesses(client, signed) -> None:
    said(NAMES[0], refused="the witness refuses the log", refused_at=AT)

    families = text_string_to_metric_families(client.get("/metrics").content.decode())
    values = {
        (sample.name.removeprefix("entente_witness_"), sample.labels["witness"]): sample.value
        for family in families
        for sample in family.samples
        if "witness" in sample.labels
    }

    assert values == {
        ("signed_position", NAMES[0]): 1,
        ("signed_position", NAMES[1]): 0,
        ("failing", NAMES[0]): 0,
        ("failing", NAMES[1]): 1,
        ("refuses", NAMES[0]): 1,
        ("refuses", NAMES[1]): 0,
    }


class TestTheStatusPage:
    def test_says_how_many_signed_and_who_does_not(self, client, signed, settings) -> None:
        said(NAMES[1], failing_since=AT)

        page = text_of(client.get("/status/"))

        assert "signed by the log and by 0 of 2 witnesses" in page
        assert "no signature of south.example/w since 1 May 2024" in page
        said(NAMES[1], error="", failing_since=None)
        assert "no signature of" not in text_of(client.get("/status/"))
        settings.WITNESSES = ""
        assert "Witnesses of the log" not in text_of(client.get("/status/"))


class TestTheSweeper:
    @pytest.mark.parametrize("work", [sweeper.ask_witnesses, lambda: sweeper.finish(at=AT)])
    def test_asks_witnesses_as_the_task_does(self, settings, tmp_path, work) -> None:
        settings.SEAL_FOLDER = tmp_path
        key = SigningKey.generate("gone.example/w", KeyType.WITNESS).verifier
        settings.WITNESSES = f"{key} http://127.0.0.1:{free_port()}"
        append()
        sign_all()

        work()

        assert [one.error for one in seals.witness_states()] == ["it does not answer"]
