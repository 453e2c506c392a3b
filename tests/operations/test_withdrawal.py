"""What an import added can be taken back, by events, once."""

from uuid import uuid4

import pytest

from tests.kit.background_work import work_off
from tests.kit.builders import AT, BY, a_desk
from tests.kit.imports import (
    SIGNED,
    a_stranger,
    archive,
    claims,
    counts,
    days,
    events,
    take_in,
)
from tracker import log
from tracker.domain import events as e
from tracker.domain.validity import Invalid
from tracker.imports import queries, runs
from tracker.imports.runs import ImportInUse, Observer
from tracker.imports.withdrawal import NoSuchImport, withdraw_import
from tracker.models.derived import StandingClaim
from tracker.models.operational import ImportSpan
from tracker.operations import claims as desk

pytestmark = pytest.mark.django_db
FILE = archive(*days(5), {"SOURCEURL": "https://other.example/1", "SQLDATE": "20160702"})


def withdraw(run, *, reason="a wrong file", **given):
    found = withdraw_import(run, reason=reason, author=SIGNED, observer=Observer(**given))
    return found.claims, found.already, found.stopped


def statuses() -> set[str]:
    return set(StandingClaim.objects.values_list("status", flat=True))


class TestTheCorrections:
    """A withdrawal is one entry of the page of corrections, however many claims it retracts."""

    def test_have_one_entry_for_a_withdrawal(self, client, monkeypatch):
        monkeypatch.setattr("tracker.log.event_runs.LEAST_IN_RUN", 3)
        a_desk()
        withdraw(take_in(FILE).report.run)
        work_off()

        page = " ".join(client.get("/corrections/").text.split())

        assert page.count("<strong>Retracted</strong>") == 1
        assert "and 4 more claims of the same import" in page
        assert "“a wrong file”" in page


class TestWithdraw:
    def test_retracts_every_claim_that_the_import_added(self):
        run = take_in(FILE).report.run
        before = log.head().position

        assert withdraw(run) == (5, 0, False)

        retracted = log.read(after=before, limit=100)
        asserted = [one for one in log.read(after=0, limit=before) if one.kind == "ClaimAsserted"]
        assert [one.stream for one in retracted] == [one.stream for one in asserted]
        assert {one.kind for one in retracted} == {"ClaimRetracted"}
        assert {one.content_words["reason"] for one in retracted} == {"a wrong file"}
        assert statuses() == {"retracted"}
        assert queries.run(run).state == "withdrawn"

    def test_leaves_what_others_added_and_what_was_retracted_before(self, chunks):
        chunks(2)
        other = take_in(archive(*days(2, since=20)))
        run = take_in(FILE).report.run
        mine = [one.stream for one in log.read(after=0, limit=99) if one.kind == "ClaimAsserted"]
        desk.retract_claim(mine[3], reason="no", at=AT, by=BY)
        told = []

        found = withdraw(run, progress=lambda *at: told.append(at))

        assert found == (4, 1, False)
        assert counts(other) == {"new": 2}
        assert StandingClaim.objects.filter(status="standing").count() == 2
        [(first, last)] = runs.spans(run)
        assert told[-1] == (last - first + 1, last - first + 1)
        assert [done for done, _ in told] == sorted(done for done, _ in told)

    def test_has_nothing_to_do_where_nothing_was_added(self):
        take_in(FILE)
        again = take_in(FILE).report.run

        assert withdraw(again) == (0, 0, False)

    def test_of_a_part_is_finished_by_the_next(self, chunks):
        chunks(9)
        run = take_in(FILE).report.run

        first = withdraw(run, stop=lambda: True)
        assert first[0] in range(1, 5)
        assert queries.run(run).state == "done"
        assert withdraw(run) == (5 - first[0], first[0], False)

    def test_takes_back_an_import_that_never_ended(self):
        answers = iter([True])
        stopped = take_in(FILE, stop=lambda: next(answers))
        assert len(claims()) == 5

        assert withdraw(stopped.report.run) == (5, 0, False)

    def test_knows_from_the_log_alone_what_was_added(self):
        run = take_in(FILE).report.run
        ImportSpan.objects.all().delete()

        assert withdraw(run) == (5, 0, False)

    def test_waits_for_nobody_who_is_busy_with_the_import(self):
        run = take_in(FILE).report.run

        with a_stranger("pg_advisory_lock_shared", run), pytest.raises(ImportInUse):
            withdraw(run)
        assert statuses() == {"standing"}

    def test_needs_a_reason_and_an_import(self):
        run = take_in(FILE).report.run

        with pytest.raises(Invalid, match="/reason"):
            withdraw(run, reason=" ")
        for nobody in (uuid4(), log.read(after=0, limit=1)[0].stream):
            with pytest.raises(NoSuchImport, match=str(nobody)):
                withdraw(nobody)
        assert events(e.ClaimRetracted) == []
