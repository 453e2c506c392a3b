"""Seals the log: its tree grows by the new events, and a checkpoint of it is signed.

The signer keeps its last checkpoint in a folder outside the database, and signs nothing that does
not continue it. So a log that was rewritten, cut, or restored from an older backup is noticed.
After a loss of events, or of trust in the key, `reopen` goes on and says so on record.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import structlog
from django.db import DatabaseError, transaction
from django.db.models import Q

from tracker import log
from tracker.domain import events as e
from tracker.domain import validity
from tracker.domain.proofs import checkpoints, merkle, notes
from tracker.domain.proofs.checkpoints import Checkpoint
from tracker.domain.proofs.refusals import Reason, Refused
from tracker.domain.proofs.witnessing import BadWitnesses
from tracker.domain.validity import Problem
from tracker.log import Draft, Recorded, seal, seal_checks
from tracker.log.seal import NotWhole
from tracker.log.seal_checks import HostProblem
from tracker.models.seals import SealedCheckpoint, SealHead
from tracker.operations import log_memory, seal_folder, seal_keys
from tracker.operations.log_memory import WentBack
from tracker.operations.seal_keys import NotSealed, Signer, configured
from tracker.projections import standing
from tracker.queries import seals

LAST = "checkpoint"
# Events that are added to the tree in one turn.
MOST = 10_000
NO_ALARM = {"alarm": "", "alarmed_at": None, "alarmed_by": "", "went_back": False}
logger = structlog.get_logger()


class WitnessRefuses(WentBack):
    """A witness says that the log went back; what this host keeps and the database do not."""


def seal_next(*, at: datetime, most: int) -> int:
    """Add up to `most` events to the tree and sign a checkpoint; return how many events. What stops
    this is an alarm, until it works again on a host with the key.

    :raises NotSealed:
    """
    host = seal_folder.host()
    try:
        signer = configured()
        check(signer)
        _check_others(host)
        added = seal.extend(most=most)
        if signer and added is not None:
            _sign(signer, at=at)
        _remember(signer)
    except Exception as problem:
        public = problem if isinstance(problem, NotSealed) else NotSealed(_public(problem))
        _raise_alarm(str(public), problem, host, at=at)
        raise public from problem
    if added is not None:
        _end_alarm(host, signs=signer is not None)
    return added or 0


def _remember(signer: Signer | None) -> None:
    """Keep how far the tree goes. A host without a key may have no folder for it."""
    try:
        log_memory.remember()
    except OSError:
        if signer:
            raise


def adopt(*, at: datetime) -> Checkpoint:
    """Put the last checkpoint of this host's folder, or of the database, in the place where it is
    missing. Its signature is verified, and that the log continues it.

    :raises NotSealed:
    """
    signer = configured()
    if signer is None:
        raise NotSealed("there is no key")
    last = seal_keys.signed().order_by("-size").first()
    with seal_folder.alone():
        before = _last(signer)
        if before is None and last is None:
            raise NotSealed("no checkpoint was signed yet")
        found = before or _ours(last.note if last else "", signer)
        _check_continues(found, seal.size(), seal.subtrees())
        if before:
            _publish(found, seal_folder.read(_file(signer)), signer, at=at)
        elif last:
            seal_folder.write(_file(signer), last.note)
    log_memory.remember(anew=True)
    return found


def problems() -> list[str]:
    """What is wrong with the seal, by the folder of this host and the database. Nothing is
    changed."""
    found = problem()
    return [found.text] if found else [*seal_checks.problems(whole=False)]


def problem() -> HostProblem | None:
    """Why this host does not seal; None if it can. Nothing is changed."""
    try:
        check(configured())
    except (NotSealed, NotWhole, Refused) as found:
        went_back = isinstance(found, WentBack) and not isinstance(found, WitnessRefuses)
        return HostProblem(str(found), went_back=went_back)
    except (OSError, UnicodeDecodeError) as found:
        return HostProblem(f"the folder of the seal cannot be read: {found}")
    return None


def check(signer: Signer | None) -> None:
    """Check that the log continues what this host has seen of it. With a key, also that it
    continues the last checkpoint that this host signed, that the last one in the database is ours,
    and that no witness refuses the log.

    :raises NotSealed:
    """
    log_memory.check()
    if signer is None:
        return
    last = seal_keys.signed().order_by("-size").first()
    before = _last(signer)
    if before is None and last:
        raise NotSealed(
            "checkpoints were signed, but this host has lost its last one: restore its folder, or"
            " adopt the last one in the database"
        )
    size, subtree = seal.size(), seal.subtrees()
    for one in (before, last and _ours(last.note, signer)):
        if one:
            _check_continues(one, size, subtree)
    if last and last.key not in map(str, signer.known):
        raise NotSealed("the last checkpoint in the database was signed with another key")
    try:
        refusal = seals.refusal(origin=signer.key.name)
    except BadWitnesses:
        raise NotSealed("the setting WITNESSES cannot be read") from None
    if refusal:
        raise WitnessRefuses(refusal)


def kept_checkpoint() -> str:
    """The last checkpoint that this host signed, as a note; empty if there is none, or it cannot be
    read."""
    with suppress(OSError, UnicodeDecodeError, Refused, NotSealed):
        signer = configured()
        text = seal_folder.read(_file(signer)) if signer else ""
        checkpoints.parse(notes.parse(text).text)
        return text
    return ""


def _sign(signer: Signer, *, at: datetime) -> None:
    with seal_folder.alone():
        size = seal.size()
        # What the tree has of reopening the log and of another key counts from there on.
        if size < max(1, seals.reopened_at()) or configured() != signer:
            return
        before = _last(signer)
        subtree = seal.subtrees()
        if before:
            _check_continues(before, size, subtree)
        found = Checkpoint(signer.key.name, size, merkle.root(size, subtree))
        note = notes.write(found.text(), [key.sign(found.text()) for key in signer.signing(at)])
        if before is None or before.size < size:
            seal_folder.write(_file(signer), note)
    _publish(found, note, signer, at=at)


def _publish(checkpoint: Checkpoint, note: str, signer: Signer, *, at: datetime) -> None:
    size = checkpoint.size
    made = SealedCheckpoint(size=size, note=note, key=str(signer.key.verifier), signed_at=at)
    SealedCheckpoint.objects.bulk_create([made], ignore_conflicts=True)
    kept = SealedCheckpoint.objects.get(size=size)
    if not kept.note.startswith(note) and _ours(kept.note, signer) != checkpoint:
        raise NotSealed("another checkpoint of this size is in the database")


def _last(signer: Signer) -> Checkpoint | None:
    """The last checkpoint that this host signed.

    :raises NotSealed: the file is damaged, or of another log.
    """
    name = _file(signer)
    return _ours(seal_folder.read(name), signer) if seal_folder.has(name) else None


def _file(signer: Signer) -> str:
    """The file of the last checkpoint with the origin of a key: that of a log that was reopened
    ends with its incarnation."""
    _, _, incarnation = signer.key.name.rpartition("/log/")[2].partition("/")
    return f"{LAST}-{incarnation[:8]}" if incarnation else LAST


def _ours(text: str, signer: Signer) -> Checkpoint:
    """Read a note that must be a checkpoint of this log, signed with one of its keys.

    :raises NotSealed:
    """
    try:
        note = notes.parse(text)
        found = checkpoints.parse(note.text)
        signed = notes.verify(note, signer.known)
    except Refused:
        raise NotSealed("a last checkpoint is damaged") from None
    if not signed or found.origin != signer.key.name:
        raise NotSealed("a last checkpoint is of another log or signed with another key")
    return found


def _check_continues(before: Checkpoint, size: int, subtree: merkle.Subtree) -> None:
    """
    :raises NotSealed: the tree does not begin with the one that was signed.
    :raises Refused: the tree is not whole.
    """
    if size < before.size:
        raise WentBack(
            f"the log has {size} sealed events, but a checkpoint of {before.size} was signed: a"
            " backup was restored, or its end was cut"
        )
    try:
        root = merkle.root(size, subtree)
        proof = merkle.prove_consistency(before.size, size, subtree)
        merkle.verify_consistency(before.size, size, proof, before.root, root)
    except Refused as problem:
        if problem.reason is Reason.MALFORMED:
            raise
        raise WentBack(
            f"the log is not the one whose first {before.size} events were signed"
        ) from None


def _public(problem: Exception) -> str:
    """What everybody may read of a problem."""
    if isinstance(problem, NotWhole):
        return str(problem)
    if isinstance(problem, Refused):
        return "a tile of the tree is missing or cut"
    if isinstance(problem, DatabaseError):
        return "the database refused to seal the log"
    if isinstance(problem, (OSError, UnicodeDecodeError)):
        return "the folder of the key cannot be used"
    return "an unexpected error"


def _check_others(host: str) -> None:
    """
    :raises NotSealed: another host has seen that the log went back.
    """
    alarm = SealHead.objects.filter(went_back=True).exclude(alarmed_by=host)
    for text in alarm.values_list("alarm", flat=True):
        raise NotSealed(text)


def _raise_alarm(text: str, problem: Exception, host: str, *, at: datetime) -> None:
    """Keep the alarm with the time at which it began; a new text goes into the log. That the log
    went back stays, whatever comes after it; once it does, what was read before is no longer
    valid."""
    went_back = isinstance(problem, WentBack)
    with transaction.atomic():
        changed = SealHead.objects.filter(went_back=False).exclude(alarm=text, went_back=went_back)
        updated = changed.update(alarm=text, alarmed_by=host, went_back=went_back)
        # Without its row, `seals.state` gives the alarm.
        if updated or not SealHead.objects.exists():
            logger.error("seal", alarm=text, exc_info=problem)
            if went_back:
                log.renew(uuid4())
        SealHead.objects.filter(alarmed_at=None).update(alarmed_at=at)


def _end_alarm(host: str, *, signs: bool) -> None:
    """End the alarm: that of this host, and any other but that the log went back if this host
    signs, or if nobody ever did."""
    ended = Q(alarmed_by=host)
    if signs or not SealedCheckpoint.objects.exists():
        ended |= Q(went_back=False)
    SealHead.objects.filter(ended).exclude(alarm="").update(**NO_ALARM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Why the log is reopened. `lost_from`: the first position whose event was lost or replaced;
    None if none was."""

    lost_from: int | None
    reason: str
    authority: str


def reopen(request: Request, *, at: datetime, by: str) -> Recorded:
    """Record that the log goes on as another incarnation. If this host signs, it gets another key:
    the checkpoints to come have another origin.

    :raises Invalid: the position is after the end of the log, or the reason or the authority is
        missing.
    """
    event = e.LogReopened(
        incarnation=uuid4(),
        lost_from=request.lost_from,
        checkpoint=_last_checkpoint(),
        reason=request.reason,
        authority=request.authority,
    )
    validity.refuse([*validity.event_problems(event), *_problems(request)])
    draft = Draft(e.LOG_STREAM, event)
    with transaction.atomic():
        [recorded] = log.append([draft], at=at, by=by, project=standing.project)
        log.renew(event.incarnation)
        SealHead.objects.update(**NO_ALARM)
    seal_keys.renew()
    return recorded


def _problems(request: Request) -> Iterator[Problem]:
    following, seen = log.head().position + 1, log_memory.seen_position()
    if request.lost_from is not None and request.lost_from > following:
        yield _out_of_range(
            f"the log goes up to {following - 1}: what was lost begins at {following} or before"
        )
    elif seen >= following and (request.lost_from or seen + 1) > seal.size() + 1:
        yield _out_of_range(
            f"this host has seen event {seen}, but {seal.size()} events are sealed: what was lost"
            f" begins at {seal.size() + 1} or before"
        )


def _out_of_range(detail: str) -> Problem:
    return Problem(pointer="/lost_from", code="out_of_range", detail=detail)


def _last_checkpoint() -> str:
    """The last checkpoint that was signed, as far as this host and the database know."""
    kept = kept_checkpoint()
    if kept:
        return kept
    last = seal_keys.signed().order_by("-size").first()
    return last.note if last else ""
