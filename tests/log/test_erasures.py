"""An erased body is gone for good, and the log and its tree are as whole as before."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from tests.kit.builders import BY, a_claim
from tests.kit.databases import a_clone, another_connection, working_in
from tests.kit.log_entries import a_draft, append, ask, attempt, run
from tests.kit.seals import without_guards
from tests.log.test_runs import in_rows, in_runs, withhold
from tracker import log
from tracker.domain import events as e
from tracker.log import Draft, integrity, seal, seal_checks

pytestmark = pytest.mark.django_db
KEY = "zq-the-key"
ZEROS = bytes(32)


@pytest.fixture(params=[in_rows, in_runs], ids=["rows", "runs"])
def load(request: pytest.FixtureRequest) -> Callable[..., None]:
    return request.param  # type: ignore[no-any-return]


def erasure(position: int) -> Draft:
    [stored] = log.read(after=position - 1, limit=1)
    leaf_hash = log.erased_leaf(stored).hex()
    event = e.BodyErased(position=position, leaf_hash=leaf_hash, reason="an order", authority="a")
    return a_draft(stored.stream, event)


def erase(position: int) -> None:
    draft = erasure(position)
    append(draft)
    log.erase_body(position, leaf_hash=bytes.fromhex(draft.event.leaf_hash))  # type: ignore[union-attr]


def erase_behind_the_guards(position: int) -> None:
    """With a record, as whoever owns the database can."""
    draft = erasure(position)
    append(draft)
    without_guards()
    log.erase_body(position, leaf_hash=bytes.fromhex(draft.event.leaf_hash))  # type: ignore[union-attr]


def problems() -> list[str]:
    found = [*integrity.gaps(), *seal_checks.problems(whole=True)]
    return found + integrity.damage(after=0, limit=1_000)[1]


@pytest.fixture
def stream(load: Callable[..., None]) -> UUID:
    """Three claims whose second one is at position 2, with its words withheld, retracted, and
    sealed."""
    drafts = [
        a_draft(event=e.ClaimAsserted(claim=a_claim(key=f"{KEY}-{number}", summary="words")))
        for number in range(3)
    ]
    load(*drafts)
    withhold(2)
    append(a_draft(drafts[1].stream, e.ClaimRetracted()))
    seal.extend(most=100)
    return drafts[1].stream


def nonces() -> list[bytes]:
    return [one.nonce for one in seal.leaves(after=0, until=100).values()]


class TestAnErasedBody:
    def test_is_gone_with_its_nonce_and_nothing_else_is(self, stream: UUID) -> None:
        before, tree, root = log.read(after=0, limit=9), nonces(), seal.root_at(5)

        erase(2)

        after = log.read(after=0, limit=9)
        assert after[1] == before[1]._replace(body="null", leaf_hash=log.erased_leaf(before[1]))
        assert [*after[:1], *after[2:5]] == [*before[:1], *before[2:5]]
        assert nonces() == [tree[0], ZEROS, *tree[2:]]
        assert seal.root_at(5) == root

    def test_leaves_a_log_that_is_whole_and_grows(self, stream: UUID) -> None:
        erase(2)
        append()
        seal.extend(most=100)

        assert seal.size() == 7
        assert problems() == []

    def test_reads_as_an_event_that_says_nothing(self, stream: UUID) -> None:
        erase(2)

        read = log.at(2)
        [body] = log.bodies(after=1, until=2)
        [first] = log.firsts([stream])
        assert read is not None
        assert read.erased
        assert (read.content, read.words, read.decoded()) == (None, None, e.Erased())
        assert (body.erased, body.decoded(), first.erased) == (True, e.Erased(), True)
        assert not log.at(1).erased  # type: ignore[union-attr]

    def test_has_the_hash_of_a_leaf_with_no_body(self, stream: UUID) -> None:
        [event] = log.read(after=1, limit=1)
        # The leaf as docs/exporting.md defines it, with the body `null`.
        columns = [
            *(str(log.head().log_id), 2, str(stream), 1, "ClaimAsserted", 1),
            round(event.recorded_at.timestamp() * 1_000_000),
            *(BY, hashlib.sha256(b"null").hexdigest()),
            event.text_sha256.hex(),  # type: ignore[union-attr]
        ]
        text = json.dumps(columns, separators=(",", ":"))

        assert log.erased_leaf(event) == hashlib.sha256(b"\0" + text.encode()).digest()


class TestTheGuards:
    def test_allow_an_erasure_after_a_wrong_record_of_it(self, stream: UUID) -> None:
        """Web and workers may add one, in any form."""
        right = erasure(2)
        for wrong in ("00" * 32, "no hash"):
            append(a_draft(stream, replace(right.event, leaf_hash=wrong)))

        erase(2)

        assert KEY not in log.read(after=1, limit=1)[0].body

    def test_refuse_an_erasure_that_is_not_on_record(self, stream: UUID) -> None:
        leaf = log.erased_leaf(log.read(after=1, limit=1)[0])

        with pytest.raises(DatabaseError, match="only by"), transaction.atomic():
            log.erase_body(2, leaf_hash=leaf)

        assert KEY in log.read(after=1, limit=1)[0].body

    def test_refuse_another_event_than_that_on_record(self, stream: UUID) -> None:
        draft = erasure(2)
        append(draft)

        with pytest.raises(DatabaseError, match="only by"), transaction.atomic():
            log.erase_body(1, leaf_hash=bytes.fromhex(draft.event.leaf_hash))  # type: ignore[union-attr]

    def test_refuse_another_leaf_hash(self, stream: UUID) -> None:
        append(erasure(2))

        with pytest.raises(DatabaseError, match="only by"), transaction.atomic():
            log.erase_body(2, leaf_hash=ZEROS)

    def test_refuse_to_erase_before_words_are_withheld(self, stream: UUID) -> None:
        with pytest.raises(DatabaseError, match="only by"), transaction.atomic():
            erase(1)

    def test_refuse_to_erase_a_record(self) -> None:
        append()
        seal.extend(most=9)

        with pytest.raises(DatabaseError, match="only by"), transaction.atomic():
            erase(1)

    def test_refuse_to_erase_what_is_not_sealed(self) -> None:
        append(a_draft(event=e.ClaimRetracted()))

        with pytest.raises(DatabaseError, match="is not sealed"), transaction.atomic():
            erase(1)

    def test_refuse_every_other_change(self, stream: UUID) -> None:
        erase(2)

        for statement in (
            "UPDATE event SET recorded_by = 'x'",
            "UPDATE event SET body = '{}'",
            "UPDATE event_run SET recorded_by = 'x'",
            "UPDATE event_run SET leaves = leaves",
            "UPDATE event_run_body SET heads = heads",
            "UPDATE event_run_body SET bodies = bodies || ' '::bytea",
        ):
            table = statement.split()[1]
            if ask(f"SELECT FROM {table}"):
                with pytest.raises(DatabaseError, match="only by"):
                    attempt(statement)

    def test_keep_the_nonces_of_all_others(self, stream: UUID) -> None:
        erase(2)
        nonce = "overlay(nonces PLACING decode(repeat('{}', 32), 'hex') FROM {})"

        for byte, start in (("00", 1), ("00", 65), ("01", 33)):
            with pytest.raises(DatabaseError, match="only grows"):
                attempt(f"UPDATE seal_tile SET nonces = {nonce.format(byte, start)}")  # noqa: S608


class TestASealerAtWork:
    def test_is_waited_for(self, template: str) -> None:
        """It would write back the nonces that it has read."""
        with a_clone(template) as name, working_in(name):
            append(a_draft(event=e.ClaimRetracted()))
            seal.extend(most=9)
            append(draft := erasure(1))
            leaf = bytes.fromhex(draft.event.leaf_hash)  # type: ignore[union-attr]
            run("SET lock_timeout = '100ms'")
            with another_connection() as other:
                other.execute("SELECT size FROM seal_head FOR UPDATE")
                with pytest.raises(log.LogBusy):
                    log.erase_body(1, leaf_hash=leaf)

            log.erase_body(1, leaf_hash=leaf)
            assert seal.leaves(after=0, until=1)[1].nonce == ZEROS


class TestTheAudit:
    def test_names_an_event_that_was_erased_behind_the_guards(self, stream: UUID) -> None:
        # What a superuser can do: the body, the leaf hash and the nonce are those of an erasure.
        leaf = log.erased_leaf(log.read(after=1, limit=1)[0])
        without_guards()
        log.erase_body(2, leaf_hash=leaf)

        assert problems() == ["event 2 is erased, but no record says so"]

    def test_names_an_erased_event_with_another_author(self, stream: UUID) -> None:
        erase(2)
        without_guards()
        for table in ("event", "event_run"):
            run(f"UPDATE {table} SET recorded_by = 'another'")  # noqa: S608
        [event] = log.read(after=1, limit=1)
        leaf = log.erased_leaf(event)
        run("UPDATE event SET leaf_hash = %s WHERE position = 2", leaf)
        run("UPDATE event_run SET leaves = overlay(leaves PLACING %s FROM 33)", leaf)

        assert "event 2 is erased, but no record says so" in problems()

    def test_names_an_event_of_a_claim_in_force(self, stream: UUID) -> None:
        append(a_draft(stream, e.ClaimReinstated()))
        erase_behind_the_guards(2)

        assert problems() == ["event 2 is erased, but is none of a retracted claim"]

    def test_names_an_event_that_says_nothing_of_a_claim(self, stream: UUID) -> None:
        erase(2)
        seal.extend(most=9)
        erase_behind_the_guards(6)

        assert "event 6 is erased, but is none of a retracted claim" in problems()

    def test_accepts_an_erasure_after_another_record_of_it(self, stream: UUID) -> None:
        before = erasure(2)
        erase(2)
        append(a_draft(stream, replace(before.event, leaf_hash="00" * 32)))

        assert problems() == []

    def test_names_a_body_that_was_put_back(self, stream: UUID) -> None:
        append(erasure(2))

        assert problems() == ["event 2 was erased, but its body is there"]
