"""Claims in lists and alone, now or as of a position, and their printed titles."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from itertools import batched, chain
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from tracker import log
from tracker.domain import codebooks, codec
from tracker.domain import state as f
from tracker.domain.claim_text import Sentence, printed
from tracker.domain.disclosure import MASK, Reader
from tracker.domain.disclosure import masked as public_part
from tracker.log import Recorded, Stamp
from tracker.log.messages import id_array
from tracker.models.derived import StandingClaim, StandingLink
from tracker.queries import in_force
from tracker.queries.claims import disclosure, voices, words
from tracker.queries.claims.voices import NAMES_PAIR
from tracker.queries.in_force import Condition
from tracker.queries.moment import At
from tracker.queries.records import states
from tracker.queries.records.states import StoredClaim
from tracker.queries.sql import select

type Links = dict[UUID, list[f.LinkState]]

# The public fields of a withheld claim. No other filter finds it in public.
SHOWN = frozenset({"collection", "kind", "status"})


@dataclass(frozen=True, kw_only=True)
class ClaimEntry:
    """A claim as stored, with its first and last event. `version` is the version to expect in a
    correction.

    `links` are those whose other end the reader may see. `attributed`: a party says it, even if
    that link is not among `links`. `masked`: the claim is withheld from the reader, and has only
    its public fields.
    """

    stored: StoredClaim
    first: Stamp
    last: Stamp
    links: tuple[f.LinkState, ...]
    title: str
    attributed: bool = False
    masked: bool = False

    @property
    def version(self) -> int:
        return self.stored.version

    @cached_property
    def state(self) -> f.ClaimState:
        return self.stored.built


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Filters of a list of claims; an absent filter does not apply. `code`: it or one below it.
    `q`: each of its words, or one that begins with it, is in the summary. `happened_after` and
    `happened_before` are the first and the last day on which it may have ended, or through which a
    situation lasts."""

    collection: UUID | None = None
    kind: str | None = None
    code: str | None = None
    status: str | None = None
    actor: UUID | None = None
    document: UUID | None = None
    pair: tuple[UUID, UUID] | None = None
    q: str | None = None
    happened_after: date | None = None
    happened_before: date | None = None

    @property
    def hides_withheld(self) -> bool:
        """Whether the public list leaves out withheld claims: a filter by a field that they hide
        would reveal it. New filters hide them until they are added to `SHOWN`."""
        names = (name for name in self.__slots__ if name not in SHOWN)
        return any(getattr(self, name) is not None for name in names)


def listing(
    filters: Filters, *, after: UUID | None, limit: int, reader: Reader, at: int | None = None
) -> list[ClaimEntry]:
    """Return up to `limit` claims after the id `after`, in id order, as known at `at`."""
    condition = _condition(filters, after=after, reader=reader, at=at)
    columns = _columns(states.STORED, at=at, reader=reader)
    rows = in_force.look_up(StandingClaim, columns, condition, order="id", limit=limit)
    return _filed(rows, at=at, reader=reader, parse=_json)


def identifiers(filters: Filters, *, after: UUID | None, limit: int, reader: Reader) -> list[UUID]:
    """Return the ids of up to `limit` claims after the id `after`, in order."""
    condition = _condition(filters, after=after, reader=reader, at=None)
    rows = in_force.look_up(StandingClaim, "id", condition, order="id", limit=limit)
    return [row[0] for row in rows]


def count(
    filters: Filters, *, reader: Reader, most: int | None = None, at: int | None = None
) -> int:
    """Return the number of claims, now or at a position, counted up to `most`."""
    condition = _condition(filters, after=None, reader=reader, at=at)
    return in_force.count(StandingClaim, condition, most=most)


def claim_entry(claim_id: UUID, *, reader: Reader, as_of: At) -> ClaimEntry | None:
    """Return a claim as known at a moment. None if there was no such claim.

    :raises AheadOfLog: for a moment after the head.
    """
    at = as_of.past
    return next(iter(claim_entries([claim_id], at, reader=reader)), None)


def claim_entries(claim_ids: Iterable[UUID], at: int | None, *, reader: Reader) -> list[ClaimEntry]:
    """Return the claims that existed at a position (None: now), in id order."""
    columns = _columns(states.STORED, at=at, reader=reader)
    rows = states.by_id(StandingClaim, columns, id_array(claim_ids), at=at)
    return _filed(rows, at=at, reader=reader)


def history(claim_id: UUID, *, as_of: At) -> list[Recorded]:
    """Return all events of a claim and of its links, in the order of the log.

    :raises AheadOfLog: for a moment after the head.
    """
    links = StandingLink.objects.filter(Q(from_claim=claim_id) | Q(to_claim=claim_id))
    streams = [claim_id, *links.values_list("id", flat=True)]
    return log.history(streams, until=as_of.position)


def titles(claim_ids: Iterable[UUID], *, reader: Reader, at: int | None = None) -> dict[UUID, str]:
    """Return each claim's printed title, with speaker and verdict if due, as of position `at`
    (None: now)."""
    return _titled(claim_ids, at=at, reader=reader)[0]


# Claims that are read at once if there is no limit.
_MANY = 2_000


def first_titles(
    claim_ids: Sequence[UUID], *, reader: Reader, at: int | None, most: int | None
) -> dict[UUID, str]:
    """Return the titles of the first `most` claims that may be shown, as of position `at`. Withheld
    claims do not count, since their place in an answer would reveal something."""
    shown: dict[UUID, str] = {}
    for batch in batched(claim_ids, most or _MANY, strict=False):
        titles_by_id, hidden = _titled(batch, at=at, reader=reader)
        for key in batch:
            if key in hidden or key not in titles_by_id:
                continue
            shown[key] = titles_by_id[key]
            if len(shown) == most:
                return shown
    return shown


def _titled(
    claim_ids: Iterable[UUID], *, at: int | None, reader: Reader
) -> tuple[dict[UUID, str], set[UUID]]:
    """The title of each claim, and which of them are withheld."""
    columns = _columns(f"id, {states.SENTENCE}", at=at, reader=reader)
    rows = states.by_id(StandingClaim, columns, id_array(claim_ids), at=at)
    sentences = {key: states.sentence(*parts) for key, *parts, _, _ in rows}
    links, hidden = _links(rows, at=at, reader=reader)
    return _titles(sentences, links, at=at, hidden=hidden), hidden


# Whether a claim ever had a link. The LIMIT keeps the planner from hashing the whole table.
_LINKED = (
    "coalesce((SELECT TRUE FROM standing_link l WHERE l.from_claim = {table}.id LIMIT 1),"
    " (SELECT TRUE FROM standing_link l WHERE l.to_claim = {table}.id LIMIT 1), FALSE)"
)


def _columns(columns: str, *, at: int | None, reader: Reader) -> str:
    """Columns of claims, the first of them the id, then whether each may be shown, and whether it
    may have links. Words are read together with the second, so that none are shown that were
    recorded, and withheld, meanwhile."""
    return f"{columns}, {disclosure.column('{table}.id', at=at, reader=reader)}, {_LINKED}"


def _links(
    rows: Sequence[Sequence[Any]], *, at: int | None, reader: Reader
) -> tuple[Links, set[UUID]]:
    """The links of claims with the columns `_columns`, and the withheld ones among these claims
    and those that they are linked with."""
    links: Links = {key: [] for key, *_ in rows}
    links |= states.links([key for key, *_, linked in rows if linked], at=at)
    ends = {end for own in links.values() for link in own for end in (link.from_, link.to)}
    hidden = {key for key, *_, shown, _ in rows if not shown}
    return links, hidden | disclosure.withheld_claims(ends - links.keys(), at=at, reader=reader)


def _condition(
    filters: Filters, *, after: UUID | None, reader: Reader, at: int | None
) -> Condition:
    """The claims after an id that fit the filters, and may be shown if the filters would reveal
    them."""
    fitting = [*_fitting(filters, at=at), *([("id > %s", [after])] if after is not None else [])]
    where = [condition for condition, _ in fitting] or ["TRUE"]
    if filters.hides_withheld:
        where.append(disclosure.condition("id", at=at, reader=reader))
    return Condition(
        where=" AND ".join(where),
        parameters=[value for _, values in fitting for value in values],
        at=at,
        # How claims are best found depends on how many have a value.
        usual=not fitting,
    )


def _fitting(filters: Filters, *, at: int | None) -> Iterator[tuple[str, list[Any]]]:
    """The conditions of the filters, each with its values."""
    yield from _of_columns(filters)
    if filters.actor is not None:
        yield "actors @> %s::uuid[]", [id_array([filters.actor])]
    if filters.document is not None:
        yield "documents @> %s::uuid[]", [id_array([filters.document])]
    if filters.pair is not None:
        yield NAMES_PAIR, voices.of_pair(*filters.pair, at=at).arrays()
    if filters.q is not None:
        yield words.matching(filters.q, at=at)
    if filters.happened_after or filters.happened_before:
        first, last = filters.happened_after or date.min, filters.happened_before or date.max
        yield words.HAPPENED, [first, last, last, last]


def _of_columns(filters: Filters) -> Iterator[tuple[str, list[Any]]]:
    """The conditions of the filters that are a value of a column."""
    for column in ("collection", "kind", "status"):
        if (value := getattr(filters, column)) is not None:
            yield f"{column} = %s", [value]
    if filters.code is not None:
        yield "code = ANY(%s::text[])", [codebooks.family(filters.code)]


type _Parse = Callable[[str], Mapping[str, Any]]


def _filed(
    rows: Sequence[Sequence[Any]], *, at: int | None, reader: Reader, parse: _Parse = json.loads
) -> list[ClaimEntry]:
    """Add to each claim its first and last event, its links and its title, with a fixed number of
    queries. `rows` have the columns `_columns` of `states.STORED`.

    The last event is that of the version that was read: a later one may have been appended since.
    """
    claims = [StoredClaim(key, version, parse(text)) for key, version, text, _, _ in rows]
    links, hidden = _links(rows, at=at, reader=reader)
    sentences = {stored.id: stored.sentence for stored in claims}
    titles_by_id = _titles(sentences, links, at=at, hidden=hidden)
    events = log.ends({stored.id: stored.version for stored in claims})
    # These are in the order of the claims.
    rest = zip(links.values(), titles_by_id.values(), strict=True)
    return [
        _entry(stored, events[stored.id], own, title, hidden)
        for stored, (own, title) in zip(claims, rest, strict=True)
    ]


# The most claims of lists that are kept, and the longest text of one: some 10 MB at most.
_KEPT, _LONGEST_KEPT = 500, 4_000


def _json(text: str) -> Mapping[str, Any]:
    """A claim's JSON. Short ones are kept, since lists are read again after each event, mostly with
    the same claims."""
    state: Mapping[str, Any] = _kept_json(text) if len(text) <= _LONGEST_KEPT else json.loads(text)
    return state


_kept_json: _Parse = lru_cache(maxsize=_KEPT)(json.loads)


def _entry(
    stored: StoredClaim,
    ends: tuple[Stamp, Stamp],
    links: Sequence[f.LinkState],
    title: str,
    hidden: AbstractSet[UUID],
) -> ClaimEntry:
    # Ids are slow to look up.
    masked = bool(hidden) and stored.id in hidden
    return ClaimEntry(
        stored=_mask(stored) if masked else stored,
        first=ends[0],
        last=ends[1],
        # A link would reveal which two claims belong together.
        links=tuple([link for link in links if not {link.from_, link.to} & hidden]),
        title=title,
        attributed=bool(links) and any(_is_said_by(link, stored.id) for link in links),
        masked=masked,
    )


def _mask(stored: StoredClaim) -> StoredClaim:
    state = stored.built
    shown = replace(
        state, claim=public_part(state.claim), verdicts=(), judged_at=(), resolution=None
    )
    return stored._replace(state=codec.plain(shown))


def _titles(
    sentences: Mapping[UUID, Sentence],
    links: Links,
    *,
    at: int | None,
    hidden: Collection[UUID],
) -> dict[UUID, str]:
    speakers = _speakers(links, at=at, hidden=hidden)
    named = {actor for actors in speakers.values() for actor in actors if actor}
    for sentence in sentences.values():
        for verdict in sentence.verdicts:
            named |= {*verdict.parties, *([verdict.source] if verdict.source else [])}
    names = _names(named, at=at)
    return {
        key: MASK
        if hidden and key in hidden
        else printed(
            sentence,
            speakers=[
                names.get(actor, "somebody") if actor else "somebody"
                for actor in (speakers.get(key, ()) if speakers else ())
            ],
            names=names,
        )
        for key, sentence in sentences.items()
    }


def _speakers(
    links: Links, *, at: int | None, hidden: Collection[UUID]
) -> dict[UUID, list[UUID | None]]:
    """The actors who say each claim that is said by somebody; None for the speakers of a withheld
    statement."""
    statements = {
        key: said
        for key, own in links.items()
        if own and (said := [link.from_ for link in own if _is_said_by(link, key)])
    }
    on_record = states.claims(chain.from_iterable(statements.values()), at=at)
    actors: dict[UUID, list[UUID | None]] = {
        key: [None] if key in hidden else [*state.claim.actors("initiator")]
        for key, state in on_record.items()
    }
    return {
        key: [actor for statement in own for actor in actors.get(statement, ())]
        for key, own in statements.items()
    }


def _is_said_by(link: f.LinkState, claim_id: UUID) -> bool:
    return link.type == "says" and link.to == claim_id


def _names(identifiers: set[UUID], *, at: int | None) -> dict[UUID, str]:
    """The printed names of actors and sources, without withheld names."""
    records = states.records(identifiers, at=at) if identifiers else {}
    return {key: name for key, name in states.names(records, at=at).items() if name}


_CURATED = (
    "SELECT id, coalesce(state #>> '{collection,review}', 'false') = 'true' FROM standing_record"
    " WHERE noun = 'collection' AND state #>> '{collection,coding}' = 'curated'"
)


def indexable() -> QuerySet[StandingClaim, UUID]:
    """Return the ids of claims that search engines may index, in order: those in curated
    collections that are in force, not false or disputed, said by no party, accepted if their
    collection asks for review, and public."""
    says_links = StandingLink.objects.filter(type="says", linked=True, to_claim=OuterRef("id"))
    judged = Q()
    for verdict in ("false", "disputed"):
        judged |= Q(state__contains={"verdicts": [{"verdict": verdict}]})
    accepted, rejected = (
        Q(state__contains={"review": outcome}) for outcome in ("accepted", "rejected")
    )
    waiting = Q(collection__in=_curated(reviewed=True)) & ~accepted
    rows = StandingClaim.objects.filter(
        ~Exists(says_links),
        ~(judged | rejected | waiting),
        collection__in=[*_curated(), *_curated(reviewed=True)],
        status="standing",
    )
    public = disclosure.only_disclosed(rows, at=None, reader=Reader.PUBLIC)
    return public.order_by("id").values_list("id", flat=True)


def _curated(*, reviewed: bool = False) -> list[UUID]:
    """The curated collections that ask for review, or those that do not."""
    return [key for key, asks_review in select(_CURATED) if asks_review is reviewed]
