"""What would be known of a pair if something had never been on record, or were. Nothing is
written: the claims concerned are evaluated anew by the domain, from the log up to a position."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db import connection

from tracker.domain import folding as f
from tracker.domain.absence import Absence
from tracker.domain.impacts import evaluate
from tracker.domain.lenses import View, pair_of
from tracker.domain.problems import BadParameter
from tracker.domain.scoring.evidence import Impact
from tracker.queries import guilt, impacts
from tracker.queries.altered import Altered
from tracker.queries.neighbourhood import LinkStreams, Neighbourhood, standing_links
from tracker.queries.snapshot import Snapshot

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


class NotThere(BadParameter):
    """What is to be left out is not on record at that position."""

    parameter = "without"
    code = "unknown"


class TooMuch(BadParameter):
    """More claims would have to be looked at than one answer can wait for."""

    parameter = "without"
    code = "too_much"


def check(absence: Absence, *, position: int) -> None:
    """Refuse to leave out what is not on record.

    :raises NotThere: naming it; in public also a withheld claim: what became of the score without
    it would tell which pair it is about.
    """
    for hidden in sorted(guilt.withheld(absence.claims, at=position)):
        raise NotThere(f"claim:{hidden} is withheld: send a token to leave it out")
    snapshot = Snapshot(position)
    snapshot.load(absence.claims | absence.sources | absence.roots)
    for noun, wanted, kind in (
        ("claim", absence.claims, f.ClaimState),
        ("source", absence.sources, f.SourceState),
        ("root", absence.roots, f.SourceState),
    ):
        for missing in sorted(wanted - snapshot.all(wanted, kind).keys()):
            raise NotThere(f"{noun}:{missing} is not on record at position {position}")


def known(
    view: View, pair: str, ends: tuple[UUID, UUID], *, position: int, absence: Absence
) -> list[Impact]:
    """The impacts on a pair as they would be known at a position; `ends` are its two countries.

    :raises TooMuch: if that rests on too many claims.
    """
    snapshot = Altered(position, absence=absence)
    if absence.sources or absence.roots:
        related = linked(_about(view, pair, ends, position), most=MOST_READ)
        concerned = linked(snapshot.touched(related), most=MOST_EVALUATED)
    else:
        concerned = linked(absence.claims, most=MOST_EVALUATED)
    # In public a withheld claim stays as it is: else the score would tell whose word it rests on.
    concerned -= guilt.withheld(concerned, at=position)
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
            raise TooMuch(f"this depends on more than {most} claims: leave out less at once")
        with connection.cursor() as cursor:
            cursor.execute(_LINKED, {"ends": list(reached)})
            reached = {end for row in cursor.fetchall() for end in row} - found
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
    with connection.cursor() as cursor:
        cursor.execute(_ABOUT, asked)
        return {row[0] for row in cursor.fetchall()}
