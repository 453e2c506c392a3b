"""An erased claim is gone from the whole database, and everything else is as it was."""

import json
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client

from tests.kit import guesses
from tests.kit.builders import AT, BY, Desk, a_citation, a_desk
from tests.kit.log_entries import ask
from tracker import log
from tracker.domain.claims import Magnitude, Occurred
from tracker.domain.disclosure import Reader
from tracker.log import Recorded, Stored, seal
from tracker.operations import claims, withholding
from tracker.projections import audit, disclosure, impacts, scores
from tracker.queries.claims import listing

pytestmark = pytest.mark.django_db
# What only the claim says, in its words and in its body.
WORDS = ("zqsummary", "zqquote", "zqnote")
MARKS = ("zqkey", "zqtag", "zqlocator", "987654.25")
WHY = {"reason": "An order.", "authority": "The court"}
ARGUMENTS = ("--reason", "An order.", "--authority", "The court", "--user", "ann")


@pytest.fixture
def desk() -> Desk:
    get_user_model().objects.create(username="ann")
    return a_desk()


@pytest.fixture
def claim(desk: Desk) -> Recorded:
    """A claim that was corrected, cited once more and retracted, with its words withheld."""
    given = {
        "key": "zqkey-1",
        "tags": ("zqtag",),
        "summary": "zqsummary said it",
        "note": "zqnote is a name",
        "magnitude": Magnitude(value=Decimal("987654.25"), unit="t"),
        "occurred": Occurred(edtf="2022-05-11"),
    }
    one = desk.asserts(**given)
    follow()
    revised = desk.claim(**given | {"key": "zqkey-2"})
    claims.correct_claim(one.stream, revised, reason="zqnote", expected=1, at=AT, by=BY)
    cited = a_citation(desk.document, quote="zqquote of it", locator="zqlocator")
    claims.cite(one.stream, cited, at=AT, by=BY)
    claims.retract_claim(one.stream, reason="zqnote again", at=AT, by=BY)
    return one


def follow() -> None:
    disclosure.follow_all()
    impacts.follow_all()
    scores.recompute_all(at=AT, limit=100)


def prepare(one: Recorded) -> None:
    """Withhold all words of a claim, seal, and let the scores follow."""
    withhold(one)
    seal.extend(most=100)
    follow()


def withhold(one: Recorded) -> None:
    record, entries = withholding.select(one.position, every=True)
    request = withholding.Withholding(record=record, entries=entries, number=record.number, **WHY)
    withholding.withhold(request, at=AT, by=BY)


def erase(one: Recorded) -> str:
    said = StringIO()
    call_command("erase", str(one.position), *ARGUMENTS, "--yes", str(one.position), stdout=said)
    return said.getvalue()


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


def guessed(bodies: set[str], event: Stored) -> set[str]:
    """The candidates that something in the database confirms, other than the event itself."""
    rows = [str(row) for table in tables() for row in ask(f"SELECT one::text FROM {table} one")]  # noqa: S608
    log_id = str(log.head().log_id)
    return guesses.confirmed(bodies, event, log_id=log_id, known=guesses.values(rows))


class TestAnErasedClaim:
    def test_is_nowhere_in_the_database(self, desk: Desk, claim: Recorded) -> None:
        prepare(claim)
        assert [places_of(word) for word in WORDS] == [[], [], []]
        assert places_of("zqkey-1") == ["event", "past_claim"]

        erase(claim)

        assert [places_of(mark) for mark in MARKS] == [[]] * 4

    def test_cannot_be_guessed_from_the_whole_database(self, desk: Desk, claim: Recorded) -> None:
        """By whoever has all tables, the rest of the event, and a list of what it may have said."""
        prepare(claim)
        [event] = log.stored(after=claim.position - 1, limit=1)
        bodies = guesses.candidates(
            event.body,
            countries=desk.countries.values(),
            days=["2022-05-11", "2022-05-12"],
            codes=[json.loads(event.body)["claim"]["code"], "plover-2.0/ASSAULT"],
        )
        before = guessed(bodies, event)

        erase(claim)

        assert before == {event.body}
        assert guessed(bodies, event) == set()

    def test_leaves_a_database_that_is_whole(self, desk: Desk, claim: Recorded) -> None:
        desk.asserts()
        prepare(claim)
        said = erase(claim)
        seal.extend(most=100)
        follow()

        assert audit.audit(at=AT, sample=None) == []
        assert f"position {claim.position} is erased; recorded at" in said

    def test_is_gone_from_every_answer_at_every_position(self, desk: Desk, claim: Recorded) -> None:
        prepare(claim)
        erase(claim)
        follow()

        for position in [None, *range(claim.position, log.head().position + 1)]:
            for reader in Reader:
                assert listing.claim_entries([claim.stream], position, reader=reader) == []
        assert not ask("SELECT FROM impact WHERE claim = %s", claim.stream)

    def test_says_so_where_it_was(
        self, client: Client, settings: Any, desk: Desk, claim: Recorded
    ) -> None:
        settings.ANONYMOUS_READERS = True
        prepare(claim)
        erase(claim)
        follow()
        at = log.head().position

        page = client.get(f"/claims/{claim.stream}/")
        answer = client.get(f"/api/v1/claims/{claim.stream}/")
        before = client.get(f"/api/v1/claims/{claim.stream}/?as_of={claim.position}")
        steps = client.get(f"/api/v1/claims/{claim.stream}/history/").json()
        steps = steps["events"]

        assert page.status_code == answer.status_code == before.status_code == 404
        assert "erased, by order of: The court. Reason: An order." in page.content.decode()
        assert f"was erased at position {at}, by order of: The court" in answer.json()["detail"]
        assert f"was erased at position {at}" in before.json()["detail"]
        kinds = [(one["event"]["kind"], one["event"]["erased"]) for one in steps]
        assert kinds[:4] == [
            ("ClaimAsserted", True),
            ("ClaimCorrected", True),
            ("CitationAdded", True),
            ("ClaimRetracted", True),
        ]
        assert [one["event"]["body"] for one in steps[:4]] == [None] * 4
        assert [kind for kind, _ in kinds[-4:]] == ["BodyErased"] * 4
        assert steps[-1]["event"]["body"]["authority"] == "The court"
