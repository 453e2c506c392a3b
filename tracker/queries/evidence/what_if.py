"""What would be known of a pair if something had never been on record, or were. Nothing is
written: the claims concerned are evaluated anew by the domain, from the log up to a position."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from tracker.domain import state as f
from tracker.domain.absence import NOTHING, Absence, Records
from tracker.domain.disclosure import Reader
from tracker.domain.impacts import evaluate
from tracker.domain.lenses import View, pair_of
from tracker.domain.problems import BadParameter
from tracker.domain.scoring.evidence import Impact
from tracker.domain.scoring.moments import Explanation
from tracker.queries.claims import disclosure
from tracker.queries.evidence import impacts
from tracker.queries.evidence.neighbourhood import LinkStreams, Neighbourhood, standing_links
from tracker.queries.evidence.snapshot import Snapshot
from tracker.queries.moment import At
from tracker.queries.records import pair_names
from tracker.queries.scores import lenses, pairs
from tracker.queries.scores.pairs import Series
from tracker.queries.sql import select


class AlteredSnapshot(Snapshot):
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
        self._left |= {one.id: self.absence.applied_to(one, records) for one in new}


def _documents(state: f.ClaimState) -> set[UUID]:
    judged = {one.document for one in state.verdicts if one.document}
    return judged | {one.document for one in state.claim.citations}


# Claims that are looked through for what is absent, and those that are evaluated anew.
MOST_READ = 10_000
MOST_EVALUATED = 3_000
_ABOUT = (
    "SELECT claim FROM impact WHERE view = %(view)s AND pair = %(pair)s"
    " AND known_from <= %(position)s UNION SELECT one.claim FROM dependency one"
    " JOIN dependency other ON other.view = one.view AND other.claim = one.claim"
    " WHERE one.view = %(view)s AND one.stream = %(first)s AND other.stream = %(last)s"
    " LIMIT %(limit)s"
)
_LINKED = (
    "SELECT from_claim, to_claim FROM standing_link WHERE type NOT IN ('causes', 'contradicts')"
    " AND (from_claim = ANY(%(ends)s) OR to_claim = ANY(%(ends)s))"
)


class NotOnRecord(BadParameter):
    """What is to be left out is not on record at that position."""

    parameter = "without"
    code = "unknown"


class TooManyClaims(BadParameter):
    """More claims would have to be looked at than one answer can wait for."""

    parameter = "without"
    code = "too_much"


def check(absence: Absence, *, position: int, reader: Reader) -> None:
    """Refuse to leave out what is not on record.

    :raises NotThere: naming it; in public also a withheld claim: what became of the score without
    it would tell which pair it is about.
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
    for hidden in sorted(disclosure.withheld(absence.claims, at=position, reader=reader)):
        raise NotOnRecord(f"claim:{hidden} is withheld: send a token to leave it out")


def known_without(
    view: View,
    pair: str,
    ends: tuple[UUID, UUID],
    *,
    position: int,
    absence: Absence,
    reader: Reader,
) -> list[Impact]:
    """The impacts on a pair as they would be known at a position; `ends` are its two countries.

    :raises TooMuch: if that rests on too many claims.
    """
    snapshot = AlteredSnapshot(position, absence=absence)
    if absence.sources or absence.roots:
        related = linked(_about(view, pair, ends, position), most=MOST_READ)
        concerned = linked(snapshot.touched(related), most=MOST_EVALUATED)
    else:
        concerned = linked(absence.claims, most=MOST_EVALUATED)
    # In public a withheld claim stays as it is: else the score would tell whose word it rests on.
    concerned -= disclosure.withheld(concerned, at=position, reader=reader)
    held = impacts.known(view.id, pair, position=position)
    return replaced(held, concerned, evaluated(concerned, snapshot, view), pair)


def replaced(
    held: Iterable[Impact], concerned: Collection[UUID], anew: Iterable[Impact], pair: str
) -> list[Impact]:
    """The impacts on a pair, with those of the claims concerned replaced by new ones."""
    kept = [one for one in held if one.claim not in concerned]
    new = [one for one in anew if pair_of(one.initiator, one.recipient) == pair]
    return sorted([*kept, *new], key=lambda one: (one.claim, one.initiator))


def evaluated(
    claims: Iterable[UUID],
    snapshot: Snapshot,
    view: View,
    *,
    links: LinkStreams = standing_links,
) -> list[Impact]:
    """What claims do as a snapshot has them. One that cannot be evaluated does nothing, as for
    the follower, which sets it aside."""
    around = Neighbourhood(snapshot, view, link_streams=links)
    found: list[Impact] = []
    for one in sorted(claims):
        try:
            state = snapshot.get(one, f.ClaimState)
            found += evaluate(state, around.around(state)).impacts if state else ()
        except Exception:  # noqa: BLE001, S112 # the follower says what is wrong with it
            continue
    return found


def linked(claims: Iterable[UUID], *, most: int) -> set[UUID]:
    """The claims and all that links ever joined to them, near and far, which a change of one may
    reach. Claims that cause or contradict one another do not count together.

    :raises TooMuch: if they are more than `most`.
    """
    found = set(claims)
    reached = found
    while reached:
        if len(found) > most:
            raise TooManyClaims(f"this depends on more than {most} claims: leave out less at once")
        reached = {end for row in select(_LINKED, {"ends": list(reached)}) for end in row} - found
        found |= reached
    return found


def _about(view: View, pair: str, ends: tuple[UUID, UUID], position: int) -> set[UUID]:
    """The claims that ever moved the pair up to a position, or look at both of its countries."""
    asked: dict[str, Any] = {
        "view": view.id,
        "pair": pair,
        "position": position,
        "first": ends[0],
        "last": ends[1],
        "limit": MOST_READ + 1,
    }
    return {row[0] for row in select(_ABOUT, asked)}


@dataclass(frozen=True, kw_only=True)
class SeriesWithout(Series):
    """A series from which something is left out; `known` is what is left of the impacts."""

    known: Sequence[Impact]
    absence: Absence


def series(
    pair: str, *, direction: str, lens: str, as_of: At, absence: Absence, reader: Reader
) -> Series:
    """Give a series; where something is absent, one that never had it.

    :raises lenses.NoSuchLens: :raises moment.AheadOfLog: :raises impacts.CatchingUp:
    :raises otherwise.NotThere: if what is to be absent is not on record.
    :raises otherwise.TooMuch: if too many claims would have to be evaluated anew.
    """
    if not absence:
        return pairs.series(pair, direction=direction, lens=lens, as_of=as_of)
    asked = as_of.position
    chosen = lenses.named(lens, position=asked)
    position = min(asked, impacts.served(chosen.lens.view.id))
    check(absence, position=position, reader=reader)
    first, last = (end.id for end in pair_names.ends(*pair.split("-")))
    left = known_without(
        chosen.lens.view,
        pair,
        (first, last),
        position=position,
        absence=absence,
        reader=reader,
    )
    return SeriesWithout(
        pair=pair,
        direction=direction,
        lens=chosen,
        as_of=position if as_of.is_now else asked,
        position=position,
        knots=chosen.scorer(direction).knots(chosen.pulls(left, direction)),
        known=left,
        absence=absence,
    )


def known(series: Series) -> Sequence[Impact]:
    """The impacts on a series' pair, in both directions, that it is folded from."""
    if isinstance(series, SeriesWithout):
        return series.known
    return impacts.known(series.lens.lens.view.id, series.pair, position=series.position)


def absent(series: Series) -> Absence:
    """What is left out of a series."""
    return series.absence if isinstance(series, SeriesWithout) else NOTHING


def explanation(series: Series, day: date) -> Explanation:
    """Take the score of a series on a day apart, claim by claim."""
    pulls = series.lens.pulls(known(series), series.direction)
    return series.scorer.contributions(pulls, day)
