"""Which claims may not be printed in public yet, since they blame a person or a firm, and which
events of the log say so."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import batched
from uuid import UUID

from django.db.models import QuerySet

from tracker import log
from tracker.domain import codec, disclosure
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.claims import Claim
from tracker.domain.disclosure import Backing
from tracker.domain.records import ActorKind
from tracker.log import Recorded
from tracker.models.derived import StandingClaim, StandingLink
from tracker.queries.records import states

# Whether what is read now is printed for everybody. Set by the public pages' middleware, and by
# `printed_for_all` where an answer is read after it was begun.
in_public: ContextVar[bool] = ContextVar("in_public", default=False)
_SAYS = ("ClaimAsserted", "ClaimCorrected")
_OF_CLAIMS = (
    *_SAYS,
    "CitationAdded",
    "ClaimReinstated",
    "ClaimRetracted",
    "ClaimReviewed",
    "ForecastResolved",
    "TextWithheld",
    "VerdictGiven",
)
_LINKS = ("ClaimsLinked", "ClaimsUnlinked")
# Their bodies hold a digest of the imported file: who guesses the rows of a small one can confirm
# the guess.
_DIGESTED = "ImportRecorded"
# Claims that are looked through at once for all that may be named.
_MANY = 2_000
# What `domain.guilt.blamed` finds, of claims as they stand and of what their parties are now.
_BLAMES = """
coalesce(standing_claim.code = ANY(%s) OR standing_claim.state #> '{claim,contexts}' ?| %s, false)
AND standing_claim.state #>> '{claim,polarity}' IS DISTINCT FROM 'denied'
AND EXISTS (
  SELECT FROM jsonb_array_elements(standing_claim.state #> '{claim,parties}') party
  JOIN standing_record r ON r.id = (party ->> 'actor')::uuid AND r.noun = 'actor'
  WHERE r.state #>> '{actor,kind}' = ANY(%s) AND party ->> 'role' = ANY(
    CASE WHEN standing_claim.code = ANY(%s) THEN %s::text[] ELSE %s::text[] END))
"""
# Whether anybody vouched for it at any time. Of those that somebody did, history says the rest.
_VOUCHED_FOR = """
coalesce(standing_claim.state ->> 'review' = 'accepted', false)
OR coalesce(standing_claim.state -> 'verdicts' @> '[{"verdict": "confirmed"}]', false)
"""
_WROTE = ("ClaimAsserted", "ClaimCorrected", "CitationAdded")
_VOUCHED = ("ClaimReviewed", "VerdictGiven")


@contextmanager
def printed_for_all(public: bool) -> Iterator[None]:  # noqa: FBT001 # the state, not a switch
    """What is read within is printed for everybody, or not."""
    before = in_public.set(public)
    try:
        yield
    finally:
        in_public.reset(before)


def unprinted(held: Iterable[f.ClaimState], *, at: int | None = None) -> dict[UUID, list[str]]:
    """Give the claims that may not be printed in public, each with what is missing; `at` is the
    position as of which that is asked. Where no claim is about anything grave, nothing is read."""
    grave = [one for one in held if disclosure.grave(one.claim)]
    if not grave:
        return {}
    kinds = _kinds([one.claim for one in grave], at=at)
    blaming = [one for one in grave if disclosure.blamed(one.claim, kinds)]
    backed = _backing(blaming, at=at) if blaming else {}
    return {key: lacks for key, one in backed.items() if (lacks := disclosure.missing(one))}


def unprinted_then(held: Iterable[f.ClaimState], *, at: int | None) -> set[UUID]:
    """Those claims that may not be printed as they were at a position, or that are hushed now."""
    found = list(held)
    quiet = set(unprinted(found, at=at))
    if at is None:
        return quiet
    rest = [one for one in found if one.id not in quiet]
    # What is known now of their parties may be something else as well.
    more = corrected(one.id for one in rest) | {
        one.id for one in rest if disclosure.grave(one.claim)
    }
    return quiet | hushed(more) if more else quiet


def named(claims: Sequence[UUID], *, at: int | None, most: int | None = None) -> list[UUID]:
    """Give the first `most` of some claims that may be named where their place in the answer says
    something of them that is not printed while they are withheld: which pair they move, say.

    Outside of public answers those are the first of all.
    """
    if not in_public.get():
        return list(claims[:most])
    found: list[UUID] = []
    for some in batched(claims, most or _MANY, strict=False):
        quiet = withheld(some, at=at)
        found += [one for one in some if one not in quiet]
        if most is not None and len(found) >= most:
            break
    return found[:most]


def first_named(ask: Callable[[int], Sequence[UUID]], *, limit: int, at: int | None) -> list[UUID]:
    """Give the first `limit` claims that may be named of those that a question finds; `ask` gives
    the first so many of them. A list that is cut before withheld claims are left out would show by
    its length that there are some."""
    most = limit
    while True:
        claims = ask(most)
        found = named(claims, at=at, most=limit)
        if len(found) == limit or len(claims) < most:
            return found
        most *= 4


def withheld(claims: Iterable[UUID], *, at: int | None) -> set[UUID]:
    """Of these claims, those that are withheld where they are read; none outside of public
    answers."""
    if not in_public.get():
        return set()
    return unprinted_then(states.claims(claims, at=at).values(), at=at)


def without_unvouched(rows: QuerySet[StandingClaim]) -> QuerySet[StandingClaim]:
    """Leave out claims that are withheld since nobody vouched for them, which the database can
    tell."""
    where = f"NOT ({_BLAMES} AND NOT ({_VOUCHED_FOR}))"
    return rows.extra(where=[where], params=_blaming())  # noqa: S610 # no words of others


def vouched(rows: QuerySet[StandingClaim]) -> set[UUID]:
    """Those of some claims that are withheld though somebody vouched for them."""
    where = [_BLAMES, _VOUCHED_FOR]
    held = rows.extra(where=where, params=_blaming())  # noqa: S610 # no words of others
    found = held.values_list("state", flat=True).iterator()
    return set(unprinted(codec.build(f.ClaimState, state) for state in found))


def _blaming() -> list[object]:
    """What `_BLAMES` is asked with."""
    return [
        disclosure.codes(disclosure.EVENTS),
        sorted(disclosure.CONTEXTS),
        sorted(disclosure.BLAMED),
        disclosure.codes({disclosure.ACCUSES}),
        list(disclosure.ACCUSED),
        list(disclosure.ACTING),
    ]


def blamable(record: f.State | None) -> bool:
    """Whether a record is of somebody whom claims may blame."""
    return isinstance(record, f.ActorState) and record.actor.kind in disclosure.BLAMED


def corrected(claims: Iterable[UUID]) -> set[UUID]:
    """Of these claims, those of which more is on record: what they say now may be grave, and what
    they said before not."""
    rows = StandingClaim.objects.filter(id__in=list(claims), version__gt=1)
    return set(rows.values_list("id", flat=True))


def hushed(claims: Iterable[UUID], *, at: int | None = None) -> set[UUID]:
    """Of these claims, those whose past may not be printed in public: they may not themselves, or
    they once blamed somebody whom they blame no more. What is so now was always so: as of a
    position before it was known to be grave, it would say whom it blames."""
    wanted = set(claims)
    found = _hushed(wanted, at=at)
    return found if at is None else found | _hushed(wanted - found, at=None)


def _hushed(claims: Iterable[UUID], *, at: int | None) -> set[UUID]:
    versions: dict[UUID, list[Claim]] = defaultdict(list)
    for recorded in log.history(claims, until=at, words=False):
        if recorded.kind in _SAYS:
            versions[recorded.stream].append(_claim(recorded))
    grave = {key: some for key, some in versions.items() if any(map(disclosure.grave, some))}
    if not grave:
        return set()
    kinds = _kinds([one for some in grave.values() for one in some], at=at)
    blamed = {
        key: [set(disclosure.blamed(one, kinds)) for one in some] for key, some in grave.items()
    }
    found = {key for key, some in blamed.items() if set().union(*some) - some[-1]}
    rest = [key for key, some in blamed.items() if some[-1] and key not in found]
    return found | unprinted(states.claims(rest, at=at).values(), at=at).keys() if rest else found


def masked(told: Iterable[Recorded], *, at: int | None = None) -> set[int]:
    """The positions of those events that may not be printed in public. What a new claim says is
    looked at first: nothing is read of what is not about anything grave, and was not corrected."""
    held = list(told)
    more = corrected(one.stream for one in held if one.kind == "ClaimAsserted")
    ends = _ends(one.stream for one in held if one.kind == "TextWithheld")
    about = {one.position: some for one in held if (some := set(_about(one, more, ends)))}
    quiet = hushed(set().union(*about.values()), at=at) if about else set()
    found = {position for position, some in about.items() if some & quiet}
    return found | {one.position for one in held if one.kind == _DIGESTED}


def _ends(streams: Iterable[UUID]) -> dict[UUID, tuple[UUID, UUID]]:
    """Those of some streams that are of links, with the claims that they link."""
    wanted = set(streams)
    rows = StandingLink.objects.filter(id__in=wanted) if wanted else StandingLink.objects.none()
    return {row.id: (row.from_claim, row.to_claim) for row in rows}


def tells_stream(kind: str) -> bool:
    """Whether a masked event of a kind may say which stream it is of. The id of a link follows
    from the claims that it links, and words are withheld of links as well."""
    return kind not in (*_LINKS, "TextWithheld")


def _about(
    recorded: Recorded, more: Collection[UUID], ends: Mapping[UUID, tuple[UUID, UUID]]
) -> Iterator[UUID]:
    """The claims that an event may say something grave of."""
    if recorded.kind in _LINKS:
        yield from (UUID(recorded.body[end]) for end in ("from", "to"))
    elif recorded.kind in _OF_CLAIMS and (
        # Most events there are. What comes later may also say why it was done.
        recorded.kind != "ClaimAsserted"
        or recorded.stream in more
        or disclosure.grave(_claim(recorded))
    ):
        yield from ends.get(recorded.stream, (recorded.stream,))


def _claim(recorded: Recorded) -> Claim:
    event = recorded.decoded()
    assert isinstance(event, e.ClaimAsserted | e.ClaimCorrected)  # noqa: S101 # by its kind
    return event.claim


def _kinds(claims: Iterable[Claim], *, at: int | None) -> Mapping[UUID, ActorKind]:
    """What the parties of some claims are."""
    actors = states.records({party.actor for one in claims for party in one.parties}, at=at)
    return {key: one.actor.kind for key, one in actors.items() if isinstance(one, f.ActorState)}


def _backing(blaming: list[f.ClaimState], *, at: int | None) -> dict[UUID, Backing]:
    cited = {one.document for state in blaming for one in state.claim.citations}
    documents = states.records(cited, at=at)
    publishers = {
        key: one.document.source
        for key, one in documents.items()
        if isinstance(one, f.DocumentState)
    }
    told: dict[UUID, list[Recorded]] = {one.id: [] for one in blaming}
    for recorded in log.history(told, until=at, words=False):
        told[recorded.stream].append(recorded)
    judges = _officials({said.source for one in blaming for said in one.verdicts}, at=at)
    return {
        one.id: Backing(
            roots=disclosure.roots(one.claim.citations, publishers),
            found=_found(one, judges, set(disclosure.roots(one.claim.citations, publishers))),
            authors={each.recorded_by for each in told[one.id] if each.kind in _WROTE},
            vouched=_vouched(told[one.id]),
        )
        for one in blaming
    }


def _found(state: f.ClaimState, judges: Mapping[UUID, UUID | None], roots: set[UUID]) -> bool:
    """Whether an official source found it confirmed that is neither a root of it nor a party."""
    parties = {party.actor for party in state.claim.parties}
    confirmed = [said.source for said in state.verdicts if said.verdict == "confirmed"]
    return any(
        source not in roots and judges[source] not in parties
        for source in confirmed
        if source and source in judges
    )


def _officials(sources: Iterable[UUID | None], *, at: int | None) -> dict[UUID, UUID | None]:
    """Those of some sources that are official, with the actor that each is, if it is one."""
    wanted = [one for one in sources if one]
    if not wanted:
        return {}
    held = {
        key: one.source
        for key, one in states.records(wanted, at=at).items()
        if isinstance(one, f.SourceState)
    }
    actors = states.records([one.actor for one in held.values() if one.actor], at=at)
    found: dict[UUID, UUID | None] = {}
    for key, source in held.items():
        state = actors.get(source.actor) if source.actor else None
        if disclosure.official(source, state.actor if isinstance(state, f.ActorState) else None):
            found[key] = source.actor
    return found


def _vouched(told: Iterable[Recorded]) -> set[str]:
    """Those who vouched for what a claim says now, and not for what it said before; nobody where
    somebody rejected it since."""
    found: set[str] = set()
    for recorded in told:
        if recorded.kind in _SAYS or _rejects(recorded):
            found.clear()
        elif _vouches(recorded):
            found.add(recorded.recorded_by)
    return found


def _rejects(recorded: Recorded) -> bool:
    return recorded.kind == "ClaimReviewed" and recorded.body.get("outcome") == "rejected"


def _vouches(recorded: Recorded) -> bool:
    if recorded.kind not in _VOUCHED:
        return False
    match recorded.decoded():
        case e.ClaimReviewed(outcome=outcome):
            return outcome == "accepted"
        case e.VerdictGiven(verdict=verdict):
            return verdict == "confirmed"
    return False
