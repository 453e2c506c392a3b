"""Asks witnesses to sign the last checkpoint, and keeps their signatures and refusals.

A witness that knows another history of the log, or a longer one, is an alarm: `operations.sealing`
signs nothing more until that witness signs again. A witness that does not answer is no alarm.
"""

import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import urlsplit

import structlog
from django.db import transaction

from tracker.domain.proofs import checkpoints, merkle, notes, witnessing
from tracker.domain.proofs.checkpoints import Checkpoint
from tracker.domain.proofs.notes import Signature
from tracker.domain.proofs.refusals import Refused
from tracker.domain.proofs.witnessing import BadWitnesses, Witness
from tracker.log import seal
from tracker.models.seals import SealedCheckpoint, SealWitness
from tracker.operations import seal_keys
from tracker.operations.outside_posts import NoAnswer, post
from tracker.queries import seals

# Seconds for each step, and for the whole answer once there is a connection.
SECONDS = 5.0
MOST_BYTES = 10_000


def add_checkpoint(url: str, body: str) -> tuple[int, str]:
    """The status and the text of a witness's answer.

    :raises NoAnswer:
    """
    place = urlsplit(f"{url}/add-checkpoint")
    kind = "text/plain; charset=utf-8"
    status, data = post(place, body.encode(), kind, seconds=SECONDS, most=MOST_BYTES)
    try:
        return status, data.decode()
    except ValueError as problem:
        raise NoAnswer(str(problem)) from problem


# For all answers of a round. A witness that takes longer is asked again in the next one.
ROUND_SECONDS = 8.0
# How often a witness may name the size that it signed last, before it signs.
MOST_TRIES = 3
# Signatures of the log's own keys that are sent.
MOST_OWN = 4
_NO_ANSWER = "it does not answer"
_FAILURES: dict[int, str] = {
    HTTPStatus.FORBIDDEN: "it does not know the key of this log",
    HTTPStatus.NOT_FOUND: "it does not know this log",
}
logger = structlog.get_logger()


class _Refuses(NamedTuple):
    """A witness that knows another history of the log, or a longer one."""

    says: str


class _Fails(NamedTuple):
    """A witness that did not sign, for another reason."""

    says: str


class _Knows(NamedTuple):
    """A witness that has to be asked again, since it signed another size last."""

    size: int


# None: a newer checkpoint was signed meanwhile.
type _Outcome = Signature | _Refuses | _Fails | None


class _Sent(NamedTuple):
    """The checkpoint of a round: the text of its note, and the note with the signatures of the
    log."""

    checkpoint: Checkpoint
    text: str
    note: str


class _Try(NamedTuple):
    """A request to a witness, with the size that it is said to have signed last."""

    witness: Witness
    old: int
    number: int = 1


def run_round(*, at: datetime) -> None:
    """Send the last checkpoint to all witnesses at the same time, also to those that signed it: so
    it is noticed that the log went back to an earlier one."""
    try:
        asked, sent = seals.named_witnesses(), _last()
        if not asked or sent is None:
            return
        sizes = dict(
            SealWitness.objects.filter(origin=sent.checkpoint.origin).values_list("name", "size")
        )
        tries = [_Try(one, min(sizes.get(one.key.name, 0), sent.checkpoint.size)) for one in asked]
        for witness, outcome in _outcomes(sent, tries):
            _keep(witness, outcome, sent, at=at)
    except (BadWitnesses, Refused):
        # The setting, the checkpoint or the tree cannot be read, which is an alarm of the seal.
        return


def _last() -> _Sent | None:
    """
    :raises Refused: the last checkpoint in the database is damaged.
    """
    row = seal_keys.signed().order_by("-size").first()
    if row is None:
        return None
    note = notes.parse(row.note)
    found = checkpoints.parse(note.text)
    own = [one for one in note.signatures if one.name == found.origin][:MOST_OWN]
    return _Sent(found, note.text, notes.write(note.text, own))


def _outcomes(sent: _Sent, tries: list[_Try]) -> Iterator[tuple[Witness, _Outcome]]:
    """What each witness answers, in the order of their answers.

    :raises Refused: the tree is damaged.
    """
    end = time.monotonic() + ROUND_SECONDS
    pool = ThreadPoolExecutor(len(tries), thread_name_prefix="witness")
    try:
        pending = {_send(pool, one, sent): one for one in tries}
        while pending:
            done, _ = wait(pending, max(end - time.monotonic(), 0), FIRST_COMPLETED)
            if not done:
                break
            for future in done:
                one = pending.pop(future)
                outcome = _outcome(one, future, sent)
                if isinstance(outcome, _Knows):
                    again = _Try(one.witness, outcome.size, one.number + 1)
                    pending[_send(pool, again, sent)] = again
                else:
                    yield one.witness, outcome
        for one in pending.values():
            yield one.witness, _Fails(_NO_ANSWER)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _send(pool: ThreadPoolExecutor, one: _Try, sent: _Sent) -> Future[tuple[int, str]]:
    """
    :raises Refused: the tree is damaged.
    """
    proof = []
    if one.old:
        proof = merkle.prove_consistency(one.old, sent.checkpoint.size, seal.subtrees())
    body = witnessing.write(one.old, proof, sent.note)
    return pool.submit(add_checkpoint, one.witness.url, body)


def _outcome(one: _Try, future: Future[tuple[int, str]], sent: _Sent) -> _Outcome | _Knows:
    name = one.witness.key.name
    try:
        status, text = future.result()
        if status == HTTPStatus.OK:
            return witnessing.read_answer(sent.text, text, one.witness.key)
    except NoAnswer:
        return _Fails(_NO_ANSWER)
    except Refused:
        return _Fails("it answers without its signature")
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        return _Refuses(f"the witness {name} refuses the log: it signed another history of it")
    if status == HTTPStatus.CONFLICT:
        return _after_conflict(one, text, sent)
    says = _FAILURES.get(status, f"it answers with the status {status}")
    return _Fails(says)


def _after_conflict(one: _Try, text: str, sent: _Sent) -> _Outcome | _Knows:
    """What it means that a witness signed another size last than it was told."""
    size = witnessing.read_size(text)
    if size is None or one.number == MOST_TRIES:
        return _Fails("it does not say what it signed last")
    if size <= sent.checkpoint.size:
        return _Knows(size)
    # What the witness signed was in the database before.
    newest = SealedCheckpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0
    if size <= newest:
        return None
    return _Refuses(
        f"the witness {one.witness.key.name} signed {size} events of the log, but the last"
        f" checkpoint here has {newest}: a backup was restored, the end of the log was cut, or"
        " somebody else signs with its key"
    )


def _keep(witness: Witness, outcome: _Outcome, sent: _Sent, *, at: datetime) -> None:
    """Keep what a witness said, with the time at which that began."""
    name, checkpoint = witness.key.name, sent.checkpoint
    if outcome is None:
        return
    with transaction.atomic():
        SealWitness.objects.get_or_create(name=name, origin=checkpoint.origin)
        row = SealWitness.objects.select_for_update().get(name=name, origin=checkpoint.origin)
        if isinstance(outcome, _Fails):
            row.error, row.failing_since = outcome.says, row.failing_since or at
        else:
            row.error, row.failing_since = "", None
        # The first refusal stands, so that a witness does not raise a new alarm every time.
        if isinstance(outcome, _Refuses) and not row.refused:
            logger.error("witness", alarm=outcome.says)
            row.refused, row.refused_at = outcome.says, at
        if isinstance(outcome, Signature):
            row.refused, row.refused_at = "", None
            row.size, row.signed_at = checkpoint.size, at
            _add(outcome, checkpoint.size)
        row.save()


def _add(signature: Signature, size: int) -> None:
    """Add the signature of a witness to the checkpoint of a size, if it has none."""
    row = SealedCheckpoint.objects.select_for_update().get(size=size)
    known = {one[:2] for one in notes.parse(row.note).signatures}
    if signature[:2] not in known:
        row.note += notes.line(signature)
        row.save(update_fields=["note"])
