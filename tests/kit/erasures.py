"""Claims that are erased, and the places in the database that have what they said."""

from decimal import Decimal
from io import StringIO
from typing import Any
from uuid import UUID

from django.core.management import CommandError, call_command

from tests.kit.background_work import work_off
from tests.kit.builders import AT, BY, Desk, a_citation
from tests.kit.log_entries import ask
from tests.kit.processes import eventually
from tracker.domain.claims import Magnitude, Occurred
from tracker.log import Recorded, seal
from tracker.models.jobs import Job
from tracker.operations import claims, withholding

# What only `a_retracted_claim` says, in its words and in its body.
WORDS = ("zqsummary", "zqquote", "zqnote")
MARKS = ("zqkey", "zqtag", "zqlocator", "987654.25")
WHY = {"reason": "An order.", "authority": "The court"}
# A job's hash of the rows that were sent.
SAME = "5a" * 32
ARGUMENTS = ("--reason", "An order.", "--authority", "The court", "--user", "ann")


def a_retracted_claim(desk: Desk) -> Recorded:
    """A claim that was corrected, cited once more and retracted."""
    given = {
        "key": "zqkey-1",
        "tags": ("zqtag",),
        "summary": "zqsummary said it",
        "note": "zqnote is a name",
        "magnitude": Magnitude(value=Decimal("987654.25"), unit="t"),
        "occurred": Occurred(edtf="2022-05-11"),
    }
    one = desk.asserts(**given)
    work_off()
    revised = desk.claim(**given | {"key": "zqkey-2"})
    claims.correct_claim(one.stream, revised, reason="zqnote", expected=1, at=AT, by=BY)
    cited = a_citation(desk.document, quote="zqquote of it", locator="zqlocator")
    claims.cite(one.stream, cited, at=AT, by=BY)
    claims.retract_claim(one.stream, reason="zqnote again", at=AT, by=BY)
    return one


def prepare(one: Recorded) -> None:
    """Withhold all words of a claim, seal, and let the scores follow."""
    withhold(one)
    seal.extend(most=100)
    work_off()


def withhold(one: Recorded) -> None:
    record, entries = withholding.select(one.position, every=True)
    request = withholding.Withholding(record=record, entries=entries, number=record.number, **WHY)
    withholding.withhold(request, at=AT, by=BY)


def erase(one: Recorded) -> str:
    said = StringIO()
    call_command("erase", str(one.position), *ARGUMENTS, "--yes", str(one.position), stdout=said)
    return said.getvalue()


def erased(claim: Recorded) -> str:
    """Erase the claim, again while autovacuum reads an old state."""
    said = ""

    def done() -> bool:
        nonlocal said
        try:
            said = erase(claim)
        except CommandError:
            return False
        return True

    eventually(done, what="the files are rewritten")
    return said


def a_job(**given: Any) -> Job:
    about = {
        "id": UUID(int=1),
        "kind": "batch",
        "recorded_by": "ann",
        "same": SAME,
        "asked_at": AT,
        "moved_at": AT,
    }
    return Job.objects.create(**about | given)


def tables() -> list[str]:
    """The tables of the whole database, and the planner's statistics of them."""
    return [
        table
        for (table,) in ask(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid ="
            " relnamespace WHERE relkind IN ('r', 'm') AND nspname <> 'information_schema'"
            " AND (nspname <> 'pg_catalog' OR relname = 'pg_statistic') ORDER BY 1"
        )
    ]


def places_of(text: str) -> list[str]:
    """The tables that have a text in a row, as text or as bytes."""
    rows = "SELECT FROM {} AS one WHERE strpos(one::text, %s) + strpos(one::text, %s) > 0 LIMIT 1"
    return [one for one in tables() if ask(rows.format(one), text, text.encode().hex())]
