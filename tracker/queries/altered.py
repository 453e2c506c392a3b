"""A snapshot of a log in which some things never were, and some claims say something else."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from tracker.domain import folding as f
from tracker.domain.absence import NOTHING, Absence, Records
from tracker.queries.snapshot import Snapshot


class Altered(Snapshot):
    """What is absent is left out of every claim that is read. `drafts` stand as they are given."""

    def __init__(
        self,
        position: int,
        *,
        absence: Absence = NOTHING,
        drafts: Mapping[UUID, f.State] | None = None,
    ) -> None:
        super().__init__(position)
        self.absence = absence
        self._states.update(drafts or {})
        self._left: dict[UUID, f.ClaimState | None] = {}

    def all[T](self, streams: Iterable[UUID], kind: type[T]) -> dict[UUID, T]:
        found = super().all(streams, kind)
        if not self.absence or not issubclass(kind, f.ClaimState):
            return found
        self._thin(found)
        left = {key: self._left[key] for key in found}
        return {key: one for key, one in left.items() if isinstance(one, kind)}

    def touched(self, claims: Iterable[UUID]) -> set[UUID]:
        """Those of the claims that are gone, or say less than they do on record."""
        wanted = set(claims)
        self.load(wanted)
        whole = super().all(wanted - self._broken.keys(), f.ClaimState)
        left = self.all(whole, f.ClaimState)
        return {key for key, one in whole.items() if left.get(key) != one}

    def _thin(self, claims: Mapping[UUID, object]) -> None:
        """Leave out what is absent, with three questions to the log for all claims together."""
        new = [
            one
            for key, one in claims.items()
            if key not in self._left and isinstance(one, f.ClaimState)
        ]
        if not new:
            return
        named = super().all(set[UUID]().union(*map(_documents, new)), f.DocumentState)
        documents = {key: one.document for key, one in named.items()}
        publishers = {one.source for one in documents.values()}
        chains = {link for one in new for each in one.claim.citations for link in each.chain}
        records = Records(
            documents=documents, sources=super().all(publishers | chains, f.SourceState)
        )
        self._left |= {one.id: self.absence.left_of(one, records) for one in new}


def _documents(state: f.ClaimState) -> set[UUID]:
    judged = {one.document for one in state.verdicts if one.document}
    return judged | {one.document for one in state.claim.citations}
