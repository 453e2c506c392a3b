"""Stamps are the first query of a request, and find out whether the connection still works."""

from tests.kit.databases import a_clone, another_connection, working_in
from tests.kit.log_entries import ask
from tracker.queries import progress


def test_a_lost_connection_is_opened_again(template, db):
    with a_clone(template) as name, working_in(name):
        stamp = progress.of_log()
        [(lost,)] = ask("SELECT pg_backend_pid()")
        with another_connection() as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [lost])

        assert progress.of_log() == stamp
        assert ask("SELECT pg_backend_pid()") != [(lost,)]
