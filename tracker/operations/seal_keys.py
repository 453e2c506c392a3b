"""The keys that sign the log: which of them, with which origin, and since when.

The private keys are in a file, never in the database. The log says which are in force: it records
when it was reopened, with another origin, and when the key was changed.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import QuerySet

from tracker import log
from tracker.domain import events as e
from tracker.domain import validity
from tracker.domain.proofs import notes
from tracker.domain.proofs.notes import KeyType, SigningKey, VerifierKey
from tracker.domain.proofs.refusals import Refused
from tracker.log import Draft
from tracker.models.seals import SealedCheckpoint
from tracker.operations import seal_folder
from tracker.projections import standing
from tracker.queries import seals
from tracker.queries.seals import Rotation

KEY = "key"
# How long the key before signs beside the new one.
BOTH_SIGN = timedelta(days=30)


class NotSealed(Exception):
    """Why the log cannot be sealed or signed any further. The text is public: it names no file and
    quotes nothing."""


class Signer(NamedTuple):
    """The key in force, and the one before it until it no longer signs. `known` verify what this
    log has signed since it was last reopened."""

    key: SigningKey
    before: SigningKey | None
    both_until: datetime | None
    known: tuple[VerifierKey, ...]

    def signing(self, at: datetime) -> list[SigningKey]:
        """The keys that sign at a time, the one in force first."""
        both = self.before and self.both_until and at < self.both_until
        return [self.key, *([self.before] if self.before and both else [])]


def configured() -> Signer | None:
    """The signer of this host; None without a key.

    :raises NotSealed: the keys cannot be read, or none is the one in force.
    """
    private, rotations = _private_keys(), _rotations()
    if not private:
        return None
    ours = {str(key.verifier): key for key in private if _is_in_force(key)}
    if not ours:
        raise NotSealed(
            "the log was reopened, and this host has its key from before"
            if seals.reopened()
            else "the key is of another log"
        )
    if not rotations:
        key = next(iter(ours.values()))
        return Signer(key, None, None, (key.verifier,))
    last = rotations[-1]
    if last.event.key not in ours:
        raise NotSealed("the key of the log was changed, and this host does not have the new one")
    return Signer(
        key=ours[last.event.key],
        before=ours.get(last.event.before),
        both_until=last.recorded_at + BOTH_SIGN,
        known=(
            ours[last.event.key].verifier,
            *(notes.parse_verifier_key(one.event.before) for one in reversed(rotations)),
        ),
    )


def make_key(authority: str) -> Signer:
    """Make the key of this log in the folder of seals; an existing one is kept.

    :raises NotSealed: there is none, but checkpoints were signed: with another key that is lost.
    """
    private, last = _private_keys(), seals.reopened()
    if not private or (last and not any(_is_in_force(key) for key in private)):
        if signed().exists():
            raise NotSealed(
                "checkpoints of this log were signed, but their key is missing: restore it"
            )
        _unused_key(f"{authority}/log/{_log_name()}")
    signer = configured()
    assert signer  # noqa: S101 # it was just made
    return signer


def renew() -> None:
    """Make the next key after the log was reopened, if this host has the one before in its folder.

    :raises NotSealed: the keys cannot be read.
    """
    private = _private_keys()
    if private:
        make_key(private[-1].name.partition("/log/")[0])


def rotate(*, reason: str, authority: str, at: datetime, by: str) -> Signer:
    """Change the key of the log. The key before signs beside the new one for 30 days.

    :raises NotSealed: there is no key.
    :raises Invalid: the reason or the authority is missing.
    """
    signer = configured()
    if signer is None:
        raise NotSealed("there is no key")
    event = e.SealKeyRotated(
        before=str(signer.key.verifier),
        key=str(_unused_key(signer.key.name, signer.known).verifier),
        reason=reason,
        authority=authority,
    )
    validity.refuse(list(validity.event_problems(event)))
    log.append([Draft(e.LOG_STREAM, event)], at=at, by=by, project=standing.project)
    changed = configured()
    assert changed  # noqa: S101 # as before
    return changed


def signed() -> QuerySet[SealedCheckpoint]:
    """The checkpoints since the log was last reopened."""
    return SealedCheckpoint.objects.filter(size__gte=seals.reopened_at())


def _log_name() -> str:
    """How the origin of the log ends: its id, and if it was reopened, its incarnation then."""
    name, last = str(log.head().log_id), seals.reopened()
    return f"{name}/{last.event.incarnation}" if last else name


def _rotations() -> list[Rotation]:
    """The changes of the key since the log was last reopened."""
    begun = seals.reopened_at()
    return [one for one in seals.log_history().rotations if one.position > begun]


def _private_keys() -> list[SigningKey]:
    """
    :raises NotSealed: one cannot be read.
    """
    try:
        keys = [notes.parse_signing_key(text) for text in seal_folder.read(KEY).split()]
    except Refused:
        # The problem may quote a part of the key.
        raise NotSealed("the key of the log cannot be read") from None
    if any(key.type is not KeyType.LOG for key in keys):
        raise NotSealed("the key is of another log")
    return keys


def _is_in_force(key: SigningKey) -> bool:
    """Whether a key has the name that signs this log now."""
    return key.name.endswith(f"/log/{_log_name()}")


def _unused_key(name: str, used: Collection[VerifierKey] = ()) -> SigningKey:
    """A key with a name that was never in force; it is made if there is none in the folder."""
    with seal_folder.alone():
        found = _found_unused(name, used)
        if found is None:
            found = SigningKey.generate(name)
            seal_folder.write(KEY, f"{seal_folder.read(KEY)}{found}\n")
    return found


def _found_unused(name: str, used: Collection[VerifierKey]) -> SigningKey | None:
    keys = (key for key in _private_keys() if key.name == name and key.verifier not in used)
    return next(keys, None)
