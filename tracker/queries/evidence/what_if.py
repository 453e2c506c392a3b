"""Impacts and scores if some records had never been on record, or if drafts were. Nothing is
written: the claims concerned are evaluated again by the domain, from the log up to a position."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tracker.domain import state as f
from tracker.domain.absence import NOTHING, Absence, CitedRecords
from tracker.domain.around import LinkStreams
from tracker.domain.disclosure import Reader
from tracker.domain.impacts import evaluate
from tracker.domain.lenses import View, pair_of
from tracker.domain.problems import BadParameter
from tracker.domain.scoring.evidence import Impact, Pulls
from tracker.queries.claims import disclosure
from tracker.queries.evidence import impacts
from tracker.queries.evidence.dependents import ON_BOTH, on_both
from tracker.queries.evidence.record import Neighbourhood, Snapshot, standing_links
from tracker.queries.moment import At
from tracker.queries.records import pair_names
from tracker.queries.scores import lenses, pairs
from tracker.queries.scores.pairs import Series
from tracker.queries.sql import select


class AlteredSnapshot(Snapshot):
    """A snapshot without what is absent, and with `drafts`.

    For the public nothing is removed from a withheld claim. It joins claims that are the same, but
    they do not rest on its sources: otherwise an altered score would tell whether a source is one
    of them.
    """

    def __init__(
        self,
        position: int,
        *,
        absence: Absence = NOTHING,
        drafts: Mapping[UUID, f.State] | None = None,
        reader: Reader,
    ) -> None:
        super().__init__(position)
        self.absence, self.reader = absence, reader
        self._states.update(drafts or {})
        self._altered: dict[UUID, f.ClaimState | None] = {}

    def all[T](self, streams: Iterable[UUID], kind: type[T]) -> dict[UUID, T]:
        states = super().all(streams, kind)
        if not self.absence or not issubclass(kind, f.ClaimState):
            return states
        self._remove_absent(states)
        altered = {key: self._altered[key] for key in states}
        return {key: state for key, state in altered.items() if isinstance(state, kind)}

    def touched(self, claims: Iterable[UUID]) -> set[UUID]:
        """Return the claims that are gone, or that lose something."""
        wanted = set(claims)
        self.load(wanted)
        whole = super().all(wanted - self._broken.keys(), f.ClaimState)
        left = self.all(whole, f.ClaimState)
        return {key for key, state in whole.items() if left.get(key) != state}

    def joint_evidence(
        self, state: f.ClaimState, same: tuple[f.ClaimState, ...]
    ) -> tuple[f.ClaimState, ...]:
        if not self.absence or len(same) == 1:
            return same
        hidden = self._withheld(member.id for member in same)
        if state.id in hidden:
            return (state,)
        return tuple(member for member in same if member.id not in hidden)

    def _withheld(self, claims: Iterable[UUID]) -> set[UUID]:
        return disclosure.withheld_claims(claims, at=self.position, reader=self.reader)

    def _remove_absent(self, claims: Mapping[UUID, object]) -> None:
        """Remove what is absent, with three queries for all claims together."""
        new = [
            state
            for key, state in claims.items()
            if key not in self._altered and isinstance(state, f.ClaimState)
        ]
        if not new:
            return
        hidden = self._withheld(state.id for state in new)
        self._altered |= {state.id: state for state in new if state.id in hidden}
        new = [state for state in new if state.id not in hidden]
        documents_found = super().all(set[UUID]().union(*map(_documents, new)), f.DocumentState)
        documents = {key: document.document for key, document in documents_found.items()}
        publishers = {document.source for document in documents.values()}
        chains = {
            link for state in new for citation in state.claim.citations for link in citation.chain
        }
        records = CitedRecords(
            documents=documents, sources=super().all(publishers | chains, f.SourceState)
        )
        self._altered |= {state.id: self.absence.applied_to(state, records) for state in new}


def _documents(state: f.ClaimState) -> set[UUID]:
    verdicts = {verdict.document for verdict in state.verdicts if verdict.document}
    return verdicts | {citation.document for citation in state.claim.citations}


# The most claims that are searched for what is absent, and that are evaluated again.
MOST_READ = 10_000
MOST_EVALUATED = 3_000
_ABOUT = (
    "SELECT claim FROM impact WHERE view = %(view)s AND pair = %(pair)s"  # noqa: S608
    f" AND known_from <= %(position)s UNION {ON_BOTH} LIMIT %(limit)s"
)
_LINKED = (
    "SELECT from_claim, to_claim FROM standing_link WHERE type NOT IN ('causes', 'contradicts')"
    " AND (from_claim = ANY(%(ends)s) OR to_claim = ANY(%(ends)s))"
)


class NotOnRecord(BadParameter):
    """What should be left out is not on record at that position."""

    parameter = "without"
    code = "unknown"


class TooManyClaims(BadParameter):
    """More claims would have to be evaluated than one request allows."""

    parameter = "without"
    code = "too_much"


def check(absence: Absence, *, position: int, reader: Reader) -> None:
    """Check that what should be left out is on record.

    For the public a withheld claim is refused too, since the changed score would reveal its pair.

    :raises NotOnRecord:
    """
    snapshot = Snapshot(position)
    snapshot.load(absence.claims | absence.sources | absence.roots)
    for noun, wanted, kind in (
        ("claim", absence.claims, f.ClaimState),
        ("source", absence.sources, f.SourceState),
        ("root", absence.roots, f.SourceState),
    ):
        for missing in sorted(wanted - snapshot.all(wanted, kind).keys()):
            raise NotOnRecord(f"{noun}:{missing} is not on record at position {position}")
    for hidden in sorted(disclosure.withheld_claims(absence.claims, at=position, reader=reader)):
        raise NotOnRecord(f"claim:{hidden} is withheld: send a token to leave it out")


def impacts_without(
    view: View, pair: str, *, position: int, absence: Absence, reader: Reader
) -> list[Impact]:
    """Return the impacts on a pair as known at a position without what is absent; `ends` are its
    two countries.

    :raises TooManyClaims:
    """
    snapshot = AlteredSnapshot(position, absence=absence, reader=reader)
    if absence.sources or absence.roots:
        related = linked_claims(_about(view, pair, position), most=MOST_READ)
        concerned = linked_claims(snapshot.touched(related), most=MOST_EVALUATED)
    else:
        concerned = linked_claims(absence.claims, most=MOST_EVALUATED)
    if hidden := disclosure.withheld_claims(concerned, at=position, reader=reader):
        concerned = _without_counted_by(hidden, concerned - hidden, view, position)
    current = impacts.on_pair(view.id, pair, position=position)
    return replace_impacts(current, concerned, evaluate_claims(concerned, snapshot, view), pair)


def _without_counted_by(
    hidden: Collection[UUID], claims: Iterable[UUID], view: View, position: int
) -> set[UUID]:
    """The claims without those for which a withheld claim counts, which stays as it is."""
    snapshot = Snapshot(position)
    around = Neighbourhood(snapshot, view).around
    kept = set()
    for key, state in snapshot.readable(claims, f.ClaimState).items():
        with suppress(f.OutOfOrder):
            if around(state).cluster[0].id not in hidden:
                kept.add(key)
    return kept


def replace_impacts(
    current: Iterable[Impact], concerned: Collection[UUID], evaluated: Iterable[Impact], pair: str
) -> list[Impact]:
    """Return the impacts on a pair, with those of the claims concerned replaced by new ones."""
    kept = [impact for impact in current if impact.claim not in concerned]
    new = [impact for impact in evaluated if pair_of(impact.initiator, impact.recipient) == pair]
    return sorted([*kept, *new], key=lambda impact: (impact.claim, impact.initiator))


def evaluate_claims(
    claims: Iterable[UUID], snapshot: Snapshot, view: View, *, links: LinkStreams = standing_links
) -> list[Impact]:
    """Return the impacts of claims as a snapshot has them. A claim that cannot be evaluated has
    none, as for the follower, which quarantines it."""
    around = Neighbourhood(snapshot, view, link_streams=links)
    impacts_found: list[Impact] = []
    for claim in sorted(claims):
        try:
            state = snapshot.get(claim, f.ClaimState)
            impacts_found += evaluate(state, around.around(state)).impacts if state else ()
        except Exception:  # noqa: BLE001, S112 # the follower logs the error
            continue
    return impacts_found


def linked_claims(claims: Iterable[UUID], *, most: int) -> set[UUID]:
    """Return the claims and all claims ever linked to them, near and far, which a change may reach.
    Links by cause or contradiction do not count.

    :raises TooManyClaims: if they are more than `most`.
    """
    claims_found = set(claims)
    reached = claims_found
    while reached:
        if len(claims_found) > most:
            raise TooManyClaims(f"this depends on more than {most} claims: leave out less at once")
        reached = {
            end for row in select(_LINKED, {"ends": list(reached)}) for end in row
        } - claims_found
        claims_found |= reached
    return claims_found


def _about(view: View, pair: str, position: int) -> set[UUID]:
    """The claims that ever moved the pair up to a position, or depend on both of its countries."""
    first, last = pair_names.ends(*pair.split("-"))
    parameters: dict[str, Any] = {
        **on_both(view, first.id, last.id),
        "pair": pair,
        "position": position,
        "limit": MOST_READ + 1,
    }
    return {row[0] for row in select(_ABOUT, parameters)}


@dataclass(frozen=True, kw_only=True)
class SeriesWithout(Series):
    """A series with something left out; `known` are the remaining impacts."""

    known: Sequence[Impact]
    absence: Absence


def series(
    pair: str, *, direction: str, lens: str, as_of: At, absence: Absence, reader: Reader
) -> Series:
    """Return a series without what is absent.

    :raises lenses.NoSuchLens: :raises moment.AheadOfLog: :raises impacts.CatchingUp:
    :raises NotOnRecord: if what should be left out is not on record.
    :raises TooManyClaims: if too many claims would have to be evaluated again.
    """
    if not absence:
        return pairs.series(pair, direction=direction, lens=lens, as_of=as_of)
    until = as_of.position
    chosen = lenses.find(lens, position=until)
    position = min(until, impacts.served_position(chosen.lens.view.id))
    check(absence, position=position, reader=reader)
    remaining = impacts_without(
        chosen.lens.view, pair, position=position, absence=absence, reader=reader
    )
    return SeriesWithout(
        pair=pair,
        direction=direction,
        lens=chosen,
        as_of=position if as_of.is_now else until,
        position=position,
        knots=chosen.scorer.knots(chosen.pulls(remaining, direction)),
        known=remaining,
        absence=absence,
    )


def impacts_of(series: Series) -> Sequence[Impact]:
    """Return the impacts on a series' pair, in both directions, that it is folded from."""
    if isinstance(series, SeriesWithout):
        return series.known
    return impacts.on_pair(series.lens.lens.view.id, series.pair, position=series.position)


def absence_of(series: Series) -> Absence:
    """Return what is left out of a series."""
    return series.absence if isinstance(series, SeriesWithout) else NOTHING


def pulls_of(series: Series) -> Pulls:
    """Return the impacts that a series is folded from, as its lens counts them."""
    return series.lens.pulls(impacts_of(series), series.direction)
