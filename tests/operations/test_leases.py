"""A job is in the hands of one worker, who gives signs of life; whoever dies loses it."""

from datetime import timedelta

import pytest
from django.db import OperationalError

from tests.kit.builders import AT, BY
from tests.kit.imports import a_stranger, archive, claims, days
from tests.kit.jobs import Clock, Meddler, bring, done, job, work
from tracker.imports import queries, spool
from tracker.imports.jobs import leases, requests

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("spool"),
    pytest.mark.usefixtures("chunks_of_two"),
]
FILE = archive(*days(6))
LATER = AT + leases.LEASE


class TestAJobInHand:
    def test_is_nobody_elses_until_its_lease_is_over(self):
        made = bring(FILE)
        first = leases.take(at=AT)

        assert leases.take(at=LATER - timedelta(microseconds=1)) is None
        second = leases.take(at=LATER)

        assert (first.id, second.id) == (made, made)
        assert (first.attempts, second.attempts) == (1, 2)
        assert leases.renew(first, at=LATER, done=99) is None
        assert not leases.end(first, "done", at=LATER)
        assert (job(made).state, job(made).done) == ("running", 0)

    def test_stays_so_as_long_as_its_worker_gives_signs_of_life(self):
        bring(FILE)
        lease = leases.take(at=AT)

        assert leases.renew(lease, at=LATER - timedelta(seconds=1)) is False

        assert leases.take(at=LATER) is None

    def test_is_left_by_a_worker_that_finds_it_in_other_hands(self):
        made = bring(FILE)
        taken = []
        now = Meddler(
            lambda: job(made).done == 2, lambda: taken.append(leases.take(at=AT + 9 * leases.LEASE))
        )

        assert work(now=now)

        assert len(claims()) == 2
        assert (job(made).state, job(made).attempts) == ("running", 2)
        assert queries.run(job(made).run).state == "stopped"

    def test_that_waited_longest_is_taken_first(self):
        second = bring(FILE, at=AT + timedelta(seconds=1), by="bea")
        first = bring(FILE)

        assert [leases.take(at=LATER).id, leases.take(at=LATER).id] == [first, second]


class TestAWorkerThatHasToGo:
    def test_leaves_the_job_to_the_next_and_it_comes_to_the_same(self):
        made = bring(FILE)

        assert work(shutting_down=lambda: len(claims()) >= 2)
        left = job(made)
        assert (left.state, left.attempts, len(claims())) == ("waiting", 0, 2)
        found = done(made)

        assert (found.state, found.attempts, found.counts["new"]) == ("done", 1, 6)
        assert (len(claims()), len(queries.runs(limit=9))) == (6, 1)


class TestAWorkerThatDied:
    def test_five_times_is_enough(self):
        made = bring(FILE)
        for attempt in range(5):
            assert leases.take(at=AT + attempt * leases.LEASE).attempts == attempt + 1

        assert leases.take(at=AT + 5 * leases.LEASE) is None

        assert (job(made).state, job(made).error) == (
            "failed",
            "5 workers stopped while running it",
        )

    def test_takes_a_job_that_was_cancelled_with_it(self):
        made = bring(FILE)
        leases.take(at=AT)
        requests.cancel(made, at=AT)
        assert job(made).state == "running"

        assert leases.take(at=LATER) is None

        assert job(made).state == "cancelled"

    def test_is_followed_by_one_that_comes_to_the_same(self):
        made = bring(FILE)
        broken = Meddler(lambda: job(made).done == 2, lambda: 1 / 0)

        with pytest.raises(ZeroDivisionError):
            work(now=broken)

        assert (job(made).state, job(made).error) == (
            "waiting",
            "ZeroDivisionError('division by zero')",
        )
        assert not work()
        assert work(now=Clock(step=600))
        assert (job(made).counts["new"], len(claims())) == (6, 6)

    def test_right_after_the_last_row_has_not_made_known_what_it_added(self):
        made = bring(FILE)

        def is_through() -> bool:
            run = job(made).run
            return run is not None and queries.run(run).state == "done"

        with pytest.raises(ZeroDivisionError):
            work(now=Meddler(is_through, lambda: 1 / 0))
        assert job(made).state == "running"
        assert work(now=Clock(step=600))

        found = job(made)
        assert (found.state, found.counts["new"], found.done) == ("done", 6, 6)
        assert len(queries.runs(limit=9)) == 1


class TestAHindrance:
    def test_is_waited_for_longer_and_longer_and_five_times(self):
        run = done(bring(FILE)).run
        made = requests.request_withdrawal(run, reason="a wrong file", at=AT, by=BY)
        now = Clock()
        with a_stranger("pg_advisory_lock_shared", run):
            for attempt, wait in enumerate((4, 16, 64, 256), start=1):
                assert work(now=now)
                assert (job(made).state, job(made).attempts) == ("waiting", attempt)
                now.at += timedelta(seconds=wait - 1)
                assert not work(now=now)
                now.at += timedelta(seconds=1)
            assert work(now=now)

        found = job(made)
        assert found.state == "failed"
        assert found.error.startswith("import ")

    def test_may_be_that_this_host_has_another_spool(self):
        made = bring(FILE)
        spool.delete_files(made)

        assert work()

        assert job(made).state == "waiting"
        assert "SPOOL_FOLDER must be one for all hosts" in job(made).error

    def test_that_nobody_waits_for_any_more_ends_with_the_cancellation(self):
        made = bring(FILE)
        spool.delete_files(made)
        now = Meddler(lambda: job(made).state == "running", lambda: requests.cancel(made, at=AT))
        work(now=now)

        assert not work()
        assert job(made).state == "cancelled"

    def test_of_the_database_is_told_where_the_worker_can_hear_of_it(self):
        made = bring(FILE)

        def away():
            raise OperationalError("the connection is lost")

        with pytest.raises(OperationalError):
            work(now=Meddler(lambda: job(made).done == 2, away))
