"""A score with everything that it follows from, as one file that proves itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker import log
from tracker.domain import state as f
from tracker.domain.around import prefetch_claims
from tracker.domain.disclosure import Reader
from tracker.domain.problems import BadParameter, NotFound, NotYet, Unavailable
from tracker.domain.proofs import merkle, scores
from tracker.domain.proofs.scores import FORMAT, CitedEvent, CitedScore
from tracker.domain.recomputing import Answer, Question, recompute
from tracker.domain.state import Entry
from tracker.exports import events
from tracker.exports.events import EventRow
from tracker.log import Recorded, seal
from tracker.log.seal import NotWhole
from tracker.queries import moment, seals
from tracker.queries.evidence import impacts
from tracker.queries.evidence.record import Neighbourhood, Snapshot, prefetched_links
from tracker.queries.moment import At
from tracker.queries.scores import lenses, pairs
from tracker.queries.scores.pairs import Series

# The most claims, and events, that one file holds.
MOST_CLAIMS = 1_000
MOST_EVENTS = 10_000


class NothingToProve(NotFound):
    """There is no score that can be proven, or not to this reader."""


class NotSigned(NotYet):
    """No checkpoint goes so far yet."""


class TooLarge(BadParameter):
    """The score follows from more than one file holds."""

    parameter = "lens"
    code = "too_much"


class Differs(Unavailable):
    """The derived tables do not have the score that follows from the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The score of a series ("KAZ-RUS", "RUS>KAZ") on a day, under a lens, as known at a moment."""

    pair: str
    direction: str
    lens: str
    day: date
    as_of: At


def cited(wanted: Wanted, *, reader: Reader) -> CitedScore:
    """Return a score with its proof. Without a moment it is as known at the last checkpoint.

    :raises NothingToProve: :raises NotSigned: :raises TooLarge: :raises Differs:
    :raises NotWhole: the tree is damaged; also `Refused`.
    """
    last = seals.published_checkpoint()
    if last is None:
        raise NothingToProve("no checkpoint of the log is signed yet")
    series = _series(wanted, last.size)
    question = _question(series, wanted.day, last.size)
    found = _events(series, question)
    rows = list(events.rows_of(found, at=None, reader=reader))
    if any(row.masked for row in rows):
        raise NothingToProve(
            "the score follows from claims that are withheld from the public: ask with a token"
        )
    answer = _answer(series, question, found)
    return CitedScore(
        format=FORMAT,
        pair=series.pair,
        direction=series.direction,
        lens_id=series.lens.id,
        day=wanted.day,
        as_of=series.position,
        **scores.figures(answer, question.claims),
        **_proofs(rows, series.position, last),
    )


def is_small_enough(series: Series) -> bool:
    """Whether a proof holds the claims of a series. Those of its last day are all."""
    return not series.knots or series.knots[-1].claims <= MOST_CLAIMS


def _series(wanted: Wanted, size: int) -> Series:
    """The series, as known at a position that the checkpoint covers."""
    as_of = wanted.as_of
    if as_of.is_now:
        as_of = moment.known_at(min(as_of.position, size))
    if as_of.position > size:
        raise NotSigned(f"the last checkpoint has {size} events, not yet {as_of.position}")
    return pairs.series(wanted.pair, direction=wanted.direction, lens=wanted.lens, as_of=as_of)


def _question(series: Series, day: date, size: int) -> Question:
    """Which claims the series has."""
    lens = series.lens
    known = impacts.on_pair(lens.lens.view.id, series.pair, position=series.position)
    claims = [pull.claim for pull in lens.pulls(known, series.direction)]
    if not claims:
        raise NothingToProve(
            f"no claim counts for {series.direction} under {lens.label}: there is nothing to prove"
        )
    if len(claims) > MOST_CLAIMS:
        raise TooLarge(
            f"the score follows from {len(claims)} claims under {lens.label}; a proof holds at most"
            f" {MOST_CLAIMS}"
        )
    if lenses.defined_at(lens.label) > size:
        raise NotSigned(f"the last checkpoint has {size} events, not yet {lens.label}")
    return Question(
        lens=lens.id,
        version=lens.version,
        direction=series.direction,
        day=day,
        position=series.position,
        claims=claims,
    )


def _events(series: Series, question: Question) -> list[Recorded]:
    """The events of the claims, of everything around them, and of the lens, in order."""
    snapshot = Snapshot(series.position)
    prefetch_claims(question.claims, snapshot)
    links = prefetched_links(question.claims)
    around = Neighbourhood(snapshot, series.lens.lens.view, link_streams=links)
    for state in snapshot.all(question.claims, f.ClaimState).values():
        around.around(state)
    streams = {*around.streams, *question.claims}
    known = log.history(streams, until=series.position)
    # An erased claim says nothing, and no proof of its events can be verified.
    erased = {one.stream for one in known if one.erased}
    found = [
        *(one for one in known if one.stream not in erased),
        *log.history([question.lens], until=lenses.defined_at(series.lens.label)),
    ]
    if len(found) > MOST_EVENTS:
        raise TooLarge(
            f"the score follows from {len(found)} events; a proof holds at most {MOST_EVENTS}"
        )
    return sorted(found, key=lambda one: one.position)


def _answer(series: Series, question: Question, found: Iterable[Recorded]) -> Answer:
    """The score that follows from the events, after comparing it with that of the tables."""
    answer = recompute(question, [_entry(one) for one in found])
    if answer.score != series.score_on(question.day):
        raise Differs("the score does not follow from the log: see the last audit on /status/")
    return answer


def _proofs(rows: Sequence[EventRow], as_of: int, last: seals.SignedCheckpoint) -> dict[str, Any]:
    """The events with the hashes that lead from them to the checkpoint."""
    positions = [row.stored.position for row in rows]
    leaves, subtree = seal.leaves_at(positions)
    if len(leaves) < len(positions):
        raise NotWhole("the tree does not have all events that it should")
    inclusion = merkle.prove_inclusions([one - 1 for one in positions], last.size, subtree)
    consistency = merkle.prove_consistency(as_of, last.size, subtree)
    return {
        "events": tuple(
            CitedEvent(line=events.line(row), nonce=leaves[row.stored.position].nonce.hex())
            for row in rows
        ),
        "root_hash": merkle.root(as_of, subtree).hex(),
        "consistency": tuple(one.hex() for one in consistency),
        "inclusion": tuple(one.hex() for one in inclusion),
        "checkpoint": last.note,
    }


def _entry(one: Recorded) -> Entry:
    """The event without its words, on which no score rests."""
    return one._replace(words=None).entry()
