"""Statements sent together: in order, all or none, with the rows of the one that is asked."""

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.kit.databases import a_clone, working_in
from tests.kit.log_entries import append
from tests.kit.log_entries import ask as look
from tests.kit.processes import eventually
from tracker.log.messages import (
    ON_DISK,
    Statement,
    ask_all,
    ask_prepared,
    flush,
    planned_once,
    select_prepared,
    send,
    text_array,
)

pytestmark = pytest.mark.django_db
MAKE = Statement("CREATE TEMPORARY TABLE heap (n int, word text)")


def put(number: int, word: str) -> Statement:
    return Statement("INSERT INTO heap VALUES (%s, %s)", [number, word])


class TestSend:
    def test_runs_all_in_order_in_one_message(self) -> None:
        with CaptureQueriesContext(connection) as sent:
            send(MAKE, put(1, "50%; 'x'"), put(2, "é"))

        assert len(sent) == 1
        assert look("SELECT * FROM heap ORDER BY n") == [(1, "50%; 'x'"), (2, "é")]

    def test_runs_none_where_one_fails(self) -> None:
        send(MAKE)

        with pytest.raises(DataError), transaction.atomic():
            send(put(1, "a"), Statement("SELECT 1 / %s", [0]), put(2, "b"))

        assert look("SELECT * FROM heap") == []


class TestAskAll:
    def test_gives_the_rows_of_each(self) -> None:
        rows = ask_all(MAKE, Statement("SELECT 1"), put(1, "a"), Statement("SELECT n FROM heap"))

        assert rows == [[], [(1,)], [], [(1,)]]


class TestOnDisk:
    """The position up to which all events are known to be on disk."""

    SQL = f"SELECT {ON_DISK} FROM log_head h"  # noqa: S608

    def test_is_none_while_something_is_not_flushed(self) -> None:
        append()

        assert look(self.SQL) == [(0,)]

    def test_is_that_of_the_head_after_a_flush(self, template: str) -> None:
        with a_clone(template) as name, working_in(name):
            append()

            def is_head() -> bool:
                flush()
                return look(self.SQL) == [(1,)]

            eventually(is_head, what="nobody else has written since the flush")


class TestATextArray:
    @pytest.mark.parametrize(
        "texts", [[], [""], ["NULL", "null"], ['a "b" c', "d\\e", "f,g", "{h}", " i\n", "é%s"]]
    )
    def test_is_read_as_the_same_texts(self, texts: list[str]) -> None:
        assert ask_prepared(Statement("SELECT %s::text[]", [text_array(texts)])) == [(texts,)]


class TestSelectPrepared:
    KEPT = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%% AS doubled'"
    DOUBLED = "SELECT 2 * %(number)s::int AS doubled"

    def test_is_planned_once_for_work_that_repeats_it(self):
        with planned_once():
            doubled = [select_prepared(self.DOUBLED, {"number": n}) for n in (3, 4)]

        assert doubled == [[(6,)], [(8,)]]
        assert look(self.KEPT) == [(1,)]
        assert connection.connection.prepare_threshold is None

    def test_is_kept_nowhere_if_the_connection_keeps_no_plans(self):
        assert select_prepared(self.DOUBLED, {"number": 3}) == [(6,)]
        assert look(self.KEPT) == [(0,)]
