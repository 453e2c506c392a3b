"""An erased claim is gone from the whole database, and everything else is as it was. Not erased:
claims that are not withheld as a whole, sealed and followed, and other records."""

from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client

from tests.kit import guesses
from tests.kit.background_work import digest, work_off
from tests.kit.builders import AT, BY, Desk, a_desk
from tests.kit.erasures import (
    ARGUMENTS,
    MARKS,
    SAME,
    WHY,
    WORDS,
    a_job,
    a_retracted_claim,
    erase,
    places_of,
    prepare,
    tables,
    withhold,
)
from tests.kit.imports import BY_COLUMNS, counts, take_in
from tests.kit.log_entries import ask, run
from tests.kit.storage import store_as_runs
from tracker import log
from tracker.domain.disclosure import Reader
from tracker.domain.problems import Conflict, Invalid, NotFound
from tracker.domain.state import OutOfOrder
from tracker.imports.files import ImportOptions
from tracker.imports.formats import mappings
from tracker.log import Recorded, seal
from tracker.models.jobs import BatchRow, Job
from tracker.models.operational import DrawnClaim, Idempotency, ImportRun, ImportSpan, SecondCoding
from tracker.operations import claims, erasing, links
from tracker.projections import audit, coverage
from tracker.projections.rebuild import rebuild
from tracker.queries.claims import listing

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    get_user_model().objects.create(username="ann")
    return a_desk()


@pytest.fixture
def claim(desk: Desk) -> Recorded:
    return a_retracted_claim(desk)


def guessed(bodies: set[str], event: Recorded) -> set[str]:
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
        [event] = log.read(after=claim.position - 1, limit=1)
        bodies = guesses.candidates(
            event.body,
            countries=desk.countries.values(),
            days=["2022-05-11", "2022-05-12"],
            codes=[event.content["claim"]["code"], "plover-2.0/ASSAULT"],
        )
        before = guessed(bodies, event)

        erase(claim)

        assert before == {event.body}
        assert guessed(bodies, event) == set()

    def test_is_gone_from_every_answer_at_every_position(self, desk: Desk, claim: Recorded) -> None:
        prepare(claim)
        erase(claim)
        work_off()

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
        work_off()
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

    def test_stays_gone_in_a_rebuild(self, desk: Desk, claim: Recorded) -> None:
        desk.asserts("CHN", "KAZ")
        prepare(claim)
        erase(claim)
        work_off()
        tables_then = {table: digest(table) for table in ("standing_claim", "past_claim", "impact")}

        rebuild(today=AT.date(), report=lambda *_: None)

        assert {table: digest(table) for table in tables_then} == tables_then
        assert [places_of(mark) for mark in MARKS] == [[]] * 4
        assert audit.audit(at=AT, sample=None) == []

    def test_is_gone_from_a_run(self, desk: Desk, claim: Recorded) -> None:
        prepare(claim)
        store_as_runs()
        run("SET CONSTRAINTS ALL DEFERRED")
        desk.asserts()

        erase(claim)
        seal.extend(most=100)
        work_off()

        assert [places_of(mark) for mark in MARKS] == [[]] * 4
        assert audit.audit(at=AT, sample=None) == []

    def test_leaves_no_copy_of_what_was_sent(self, desk: Desk, claim: Recorded) -> None:
        ann, own = get_user_model().objects.get(), str(claim.stream)
        quoted = {"claim": own, "title": "zqkey-1"}
        job = a_job(state="done", told={"reasons": {f"may repeat 'zqkey-1' [{own}]": 1}})
        given = {"claim": claim.stream, "sent": '{"key": "zqkey-1"}', "told": {"key": "zqkey-1"}}
        BatchRow.objects.create(job=job, place=1, **given)
        of_another = BatchRow.objects.create(
            job=job, place=2, claim=UUID(int=2), sent='"kept"', told={"duplicates": [quoted]}
        )
        kept = {"user": ann, "method": "POST", "body_sha256": b"", "created_at": AT}
        Idempotency.objects.create(**kept, path="/", key="1", response=f'["{own}", "zqkey-1"]')
        Idempotency.objects.create(**kept, path="/", key="2", response="[]")
        coded = {"coder": "ann", "coded_at": AT, "collection": desk.collection, "version": 1}
        SecondCoding.objects.create(
            claim=claim.stream, **coded, first={"code": "zqkey-1"}, second={}
        )
        drawn = {"week": AT.date(), "position": 1, "stratum": "zqkey-1", "probability": 0.5}
        DrawnClaim.objects.create(claim=claim.stream, **drawn)
        coverage.follow()
        prepare(claim)
        copies = {"batch_row", "job", "idempotency", "second_coding", "drawn_claim"}
        assert copies <= {*places_of("zqkey-1")}

        erase(claim)

        assert places_of("zqkey-1") == places_of(SAME) == []
        of_another.refresh_from_db()
        assert (of_another.sent, of_another.told) == ('"kept"', {})
        assert BatchRow.objects.count() == 2
        assert Idempotency.objects.count() == 1
        assert [*coverage.wrong_counts()] == []

    def test_leaves_no_preview_of_its_row(self, desk: Desk, claim: Recorded) -> None:
        """A dry run keeps what the first rows say, without the ids that they will have."""
        prepare(claim)
        file = {"kind": "import", "state": "done", "file_sha256": "ab" * 32}
        brought = {"name": "", "started_at": AT, "moved_at": AT, "file_sha256": "ab" * 32}
        ImportRun.objects.create(id=UUID(int=3), **brought)
        ImportSpan.objects.create(run=UUID(int=3), first=claim.position, last=claim.position)
        a_job(**file, told={"remarks": {"zqkey-1": 1}})
        a_job(id=UUID(int=2), kind="import", told={"rows": [{"code": "zqkey-1"}], "rejected": 1})

        erase(claim)

        assert places_of("zqkey-1") == []
        assert [*Job.objects.order_by("id").values_list("told", flat=True)] == [{}, {"rejected": 1}]

    def test_is_not_entered_again_by_an_import(self, desk: Desk) -> None:
        options = ImportOptions(mapping=mappings.read(BY_COLUMNS))
        columns = b"no,what,day,who,whom,title,says\n"
        row = columns + b"1,Something was done.,2022-05-11,RUS,KAZ,A report,\n"
        assert counts(take_in(row, options)) == {"new": 1}
        [stream] = log.streams("ClaimAsserted")
        [first] = log.firsts([stream])
        claims.retract_claim(stream, reason="no", at=AT, by=BY)
        one = log.at(first.position)
        assert one
        prepare(one)
        erase(one)
        corrected = row.replace(b"05-11", b"05-12")

        for again in (row, corrected):
            assert counts(take_in(again, options)) == {"known": 1}

    def test_cannot_be_changed(self, desk: Desk, claim: Recorded) -> None:
        prepare(claim)
        erase(claim)

        for change in (
            lambda: claims.reinstate_claim(claim.stream, reason="no", at=AT, by=BY),
            lambda: desk.asserts(claim_id=claim.stream),
        ):
            with pytest.raises((NotFound, Conflict)):
                change()


class TestWhatIsNotErased:
    @pytest.fixture
    def position(self, desk: Desk) -> int:
        return desk.asserts().position

    def refusal(self, position: int) -> str:
        with pytest.raises(CommandError) as refused:
            call_command("erase", str(position), *ARGUMENTS, "--yes", str(position))
        return str(refused.value)

    def test_is_a_claim_in_force(self, position: int) -> None:
        assert "the claim is in force: retract it first" in self.refusal(position)

    def test_is_a_claim_with_words_that_is_not_sealed_or_followed(self, claim: Recorded) -> None:
        says = f"the claim has words: manage.py withhold {claim.position} deletes them first"
        assert says in self.refusal(claim.position)
        withhold(claim)
        assert "the claim is not sealed yet" in self.refusal(claim.position)
        seal.extend(most=100)

        assert "scores follow the log only up to position" in self.refusal(claim.position)

    def test_is_a_claim_whose_batch_has_not_ended(self, claim: Recorded) -> None:
        prepare(claim)
        BatchRow.objects.create(job=a_job(), place=1, claim=claim.stream, sent="{}")

        assert "a batch with the claim has not ended" in self.refusal(claim.position)

    def test_is_a_claim_that_a_running_import_may_quote(self, claim: Recorded) -> None:
        prepare(claim)
        selected = erasing.select(claim.position)
        a_job(kind="import", state="running")

        assert "an import or a batch is running" in self.refusal(claim.position)
        with pytest.raises(erasing.NotReady):
            erasing.erase(selected, **WHY, at=AT, by=BY)
        assert not log.at(claim.position).erased  # type: ignore[union-attr]

    def test_is_another_record_or_none(self, desk: Desk) -> None:
        assert "is no claim's, but" in self.refusal(1)
        assert "there is no entry at position 9999" in self.refusal(9999)

    def test_is_an_erased_claim(self, claim: Recorded) -> None:
        prepare(claim)
        erase(claim)
        head = log.head()

        assert erase(claim) == "The claim is erased already.\n"
        with pytest.raises(CommandError, match="is erased already"):
            call_command("erase", str(claim.position), *ARGUMENTS, "--dry-run")
        assert log.head() == head

    def test_is_a_claim_that_was_changed_meanwhile(self, claim: Recorded) -> None:
        prepare(claim)
        selected = erasing.select(claim.position)
        claims.reinstate_claim(claim.stream, reason="yes", at=AT, by=BY)

        with pytest.raises(log.VersionConflict):
            erasing.erase(selected, **WHY, at=AT, by=BY)

        assert places_of("zqtag") == ["event", "past_claim", "standing_claim"]

    def test_is_a_claim_that_was_linked_meanwhile(
        self, desk: Desk, position: int, claim: Recorded
    ) -> None:
        """Somebody may think long before they confirm."""
        prepare(claim)
        selected, other = erasing.select(claim.position), log.at(position)
        assert other
        ends = ("same_as", claim.stream, other.stream)
        links.link(*ends, at=AT, by=BY)
        with pytest.raises(OutOfOrder, match="undo its links first"):
            erasing.erase(selected, **WHY, at=AT, by=BY)
        assert "undo its links first" in self.refusal(claim.position)

        links.unlink(*ends, reason="zqnote", at=AT, by=BY)
        with pytest.raises(OutOfOrder, match="the claim has words"):
            erasing.erase(selected, **WHY, at=AT, by=BY)

        assert places_of("zqtag") == ["event", "past_claim", "standing_claim"]

    @pytest.mark.parametrize("field", ["reason", "authority"])
    def test_is_a_claim_without_a_reason(self, claim: Recorded, field: str) -> None:
        prepare(claim)

        with pytest.raises(Invalid):
            erasing.erase(erasing.select(claim.position), **WHY | {field: " "}, at=AT, by=BY)

    def test_is_a_claim_whose_number_is_another(self, claim: Recorded) -> None:
        prepare(claim)
        BatchRow.objects.create(job=a_job(state="done"), place=1, claim=claim.stream, sent="{}")
        words = ("erase", str(claim.position + 1), *ARGUMENTS)
        said = StringIO()

        call_command(*words, "--dry-run", stdout=said)
        for number in ((), ("--yes", str(claim.position + 1))):
            with pytest.raises(CommandError, match="nothing was erased"):
                call_command(*words, *number, stdout=StringIO())

        assert "  ClaimAsserted, " in said.getvalue()
        assert f"  CitationAdded at position {claim.position + 2}, " in said.getvalue()
        assert "  what was sent of it in a batch\n" in said.getvalue()
        assert "Backups and the write-ahead log keep it" in said.getvalue()
        assert str(claim.position) not in said.getvalue().replace(f"position {claim.position}", "")
        assert log.head().position == claim.position + 7
