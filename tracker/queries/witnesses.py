"""Which witnesses sign the log, and what each said last."""

from datetime import datetime
from typing import NamedTuple

from django.conf import settings

from tracker.domain.proofs import witnessing
from tracker.domain.proofs.witnessing import BadWitnesses, Witness
from tracker.models.seals import SealedCheckpoint, SealWitness
from tracker.queries import log_history


class WitnessState(NamedTuple):
    """A witness signed the first `size` events at `signed_at`. `error` says why it has not signed
    since `failing_since`, `refused` that it refuses this log as another than the one that it
    signed."""

    name: str
    size: int = 0
    signed_at: datetime | None = None
    error: str = ""
    failing_since: datetime | None = None
    refused: str = ""
    refused_at: datetime | None = None


def named() -> list[Witness]:
    """The witnesses that the settings name.

    :raises BadWitnesses:
    """
    return witnessing.parse_witnesses(settings.WITNESSES)


def names() -> list[str]:
    """The names of the witnesses; none if the setting cannot be read, which is an alarm of its
    own."""
    try:
        return [one.key.name for one in named()]
    except BadWitnesses:
        return []


def states() -> list[WitnessState]:
    """What the witnesses said of the log, since it was last reopened."""
    asked = names()
    if not asked:
        return []
    last = SealedCheckpoint.objects.filter(size__gte=log_history.reopened_at()).order_by("-size")
    notes = last.values_list("note", flat=True)[:1]
    return [one for note in notes for one in _states(asked, origin=note.partition("\n")[0])]


def refusal(*, origin: str) -> str:
    """What the first witness says that refuses the log of this name; empty if none does.

    :raises BadWitnesses:
    """
    asked = [one.key.name for one in named()]
    return next((one.refused for one in _states(asked, origin=origin) if one.refused), "")


def _states(asked: list[str], *, origin: str) -> list[WitnessState]:
    rows = SealWitness.objects.filter(origin=origin, name__in=asked) if asked else []
    known = {
        row.name: WitnessState(*(getattr(row, field) for field in WitnessState._fields))
        for row in rows
    }
    return [known.get(name, WitnessState(name)) for name in asked]
