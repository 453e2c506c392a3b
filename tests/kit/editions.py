"""A desk whose scores can be kept as editions, and the command that keeps and prints them."""

from datetime import date
from io import StringIO

from django.core.management import call_command
from django.db import connection

from tests.kit.background_work import work_off
from tests.kit.builders import AT, BY, Desk, a_desk
from tracker.operations import claims, editions
from tracker.queries import moment
from tracker.queries.scores.editions import StoredEdition

DAY = date(2022, 5, 24)


def a_scored_desk() -> Desk:
    """Two pairs, one of them with a claim that was retracted, all scored."""
    desk = a_desk()
    desk.asserts()
    gone = desk.asserts("KAZ", "RUS", code="plover-2.0/AGREE")
    desk.asserts("CHN", "KAZ")
    claims.retract_claim(gone.stream, reason="no", at=AT, by=BY)
    work_off()
    return desk


def run_sql(sql: str) -> None:
    """Run a statement that changes at least one row."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        assert cursor.rowcount > 0


def publish(label: str = "standing", day: date = DAY, as_of: int | None = None) -> StoredEdition:
    return editions.publish(label, day, at=AT, as_of=moment.at(as_of))


def print_edition(*arguments: str) -> str:
    """What the command prints."""
    output = StringIO()
    call_command("edition", *arguments, stdout=output)
    return output.getvalue()
