"""What a party says is two claims: that it spoke, and what it says, joined by a `says` link.

The claim that is said ends its chains at the speaker, so that the speaker's word alone never makes
it count: a citation whose root is the speaker is set aside.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Annotated, Any
from uuid import UUID

from tracker.domain import codec, disclosure, evidence, fields
from tracker.domain.certainty import OFFICIAL
from tracker.domain.claims import DEEDS, Citation, Claim, Occurred, claim_problems
from tracker.domain.codebooks import UnknownCode
from tracker.domain.dates.edtf import BadDate, bounds
from tracker.domain.fields import Term, Words, text
from tracker.domain.problems import Problem
from tracker.domain.records import Actor, ActorKind, Party, Role, Source

ACCUSES = "plover-2.0/ACCUSE/allege"
_GRAVE = "crime"
POINTER = "/said_by"
_ACTED: tuple[Role, ...] = ("initiator",)
_BORE: tuple[Role, ...] = ("recipient",)
_AROUND: tuple[Role, ...] = ("affected", "about")
_ABOUT: Role = "about"
# Where each field of the statement is said, if not in the claim itself.
_OWN = {"code": "/code", "summary": "/summary", "occurred": "/occurred", "parties": "/code"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidBy:
    """The party that makes the claim. The statement is recorded as a second claim, linked to the
    first: an accusation if it says that others acted in a hostile way, otherwise without a code.
    The word of the party alone does not make the claim count."""

    actor: UUID
    code: Annotated[Term | None, "of the statement; default: see above"] = None
    summary: Annotated[str, Words(500)] = text(default="")
    occurred: Annotated[
        Occurred | None, "when it was said; default: between the event and the document"
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A claim as somebody enters it, and who says it, if a party does."""

    claim: Claim
    said_by: SaidBy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """The two claims: the statement, and what it says."""

    said: Claim
    statement: Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClaim(Claim):
    """With `said_by` the claim is attributed to a party, and the statement is recorded too."""

    said_by: SaidBy | None = None

    @property
    def entered(self) -> Entered:
        return Entered(claim=codec.base(Claim, self), said_by=self.said_by)


def read(sent: Any) -> tuple[Entered, list[Problem]]:
    """Read a claim that somebody sent, and name all that does not fit (`codec.read`)."""
    found, wrong = codec.read(NewClaim, sent)
    return found.entered, wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What has to be known to make two claims of one: the speaker's `name`, the speaker as a source
    (`source`), all sources that are the speaker and the documents that these published (`own`), the
    dates of the documents (`published`), and what the claim's parties are (`kinds`)."""

    name: str
    source: UUID
    own: AbstractSet[UUID]
    published: Mapping[UUID, str | None]
    kinds: Mapping[UUID, ActorKind]


def spoken(claim: Claim, said_by: SaidBy, known: Known) -> Spoken:
    """Make two claims of one that a party says."""
    cited = tuple(_heard(one, known.source, known.own) for one in claim.citations)
    statement = _statement(claim, said_by, known.name, known.published)
    return Spoken(
        said=replace(claim, citations=cited), statement=_as_grave(statement, claim, known.kinds)
    )


def _as_grave(statement: Claim, claim: Claim, kinds: Mapping[UUID, ActorKind]) -> Claim:
    """A statement repeats what is said: where that blames a person or a firm for something grave,
    so does the statement, and neither is printed before it may be. Where it blames nobody, nor is
    the speaker to blame: a statement without a code in a grave context would say so."""
    blamed = disclosure.blamed(claim, kinds)
    if not blamed:
        harmless = tuple(one for one in statement.contexts if one not in disclosure.CONTEXTS)
        blames = disclosure.blamed(statement, kinds)
        return replace(statement, contexts=harmless) if blames else statement
    if not disclosure.grave(statement):
        statement = replace(statement, contexts=(*statement.contexts, _GRAVE))
    held = disclosure.blamed(statement, kinds)
    more = tuple(Party(actor=one, role=_ABOUT) for one in blamed if one not in held)
    return replace(statement, parties=(*statement.parties, *more))


def problems(claim: Claim, said_by: SaidBy, statement: Claim) -> Iterator[Problem]:
    """What is wrong with a statement that is not wrong with the claim itself."""
    said = {one.pointer for one in claim_problems(claim)}
    for one in claim_problems(statement):
        field, *rest = one.pointer.strip("/").split("/")
        if field in _OWN and not (one.pointer in said and getattr(said_by, field, None) is None):
            below = "/".join([_OWN[field], *rest]) if field == "occurred" else _OWN[field]
            yield replace(one, pointer=POINTER + below, rests_on=(POINTER,))


def as_source(speaker: UUID, actor: Actor) -> Source:
    """A source that is an actor, with the state that it speaks for, if that is one."""
    kinds: dict[str, Any] = {"state": "agency", "person": "person", "company": "firm"}
    countries = [speaker] if actor.kind == "state" else [one.country for one in actor.affiliations]
    official = actor.kind == "state" or any(one.sector in OFFICIAL for one in actor.affiliations)
    return Source(
        kind=kinds.get(actor.kind, "organisation"),
        name=actor.name,
        actor=speaker,
        country=speaker
        if actor.kind == "state"
        else min(countries)
        if len(countries) == 1
        else None,
        ownership="state" if official else None,
    )


def heard(citation: Citation, speaker: UUID, own: AbstractSet[UUID]) -> Citation:
    """The citation with its chain led back to the speaker, unless it is there already. `own` are
    the sources that are the speaker, and the documents that these published."""
    led = citation.document in own or not own.isdisjoint(citation.chain)
    return citation if led else replace(citation, chain=(*citation.chain, speaker))


def _heard(citation: Citation, speaker: UUID, own: AbstractSet[UUID]) -> Citation:
    """What denies the claim is not said by the speaker."""
    return citation if citation.stance == "denies" else heard(citation, speaker, own)


def _statement(
    claim: Claim, said_by: SaidBy, name: str, published: Mapping[UUID, str | None]
) -> Claim:
    code = said_by.code or default_code(claim, said_by.actor)
    return Claim(
        collection=claim.collection,
        kind="act",
        summary=said_by.summary or _summary(name, claim.summary),
        parties=tuple(_parties(claim, said_by.actor, to="recipient" if code else "about")),
        citations=tuple(_of_speaking(one) for one in claim.citations if one.stance == "supports"),
        code=code,
        contexts=claim.contexts,
        occurred=said_by.occurred or _when(claim, published),
        tags=claim.tags,
    )


def default_code(claim: Claim, speaker: UUID) -> str | None:
    """A statement accuses, where it says that others did something hostile; else it has no code,
    and moves no score."""
    others = [one for one in claim.actors("initiator") if one != speaker]
    if claim.kind not in DEEDS or claim.polarity == "denied" or claim.modality != "actual":
        return None
    try:
        code = evidence.code_of(claim)
    except UnknownCode:
        return None
    return ACCUSES if others and code and (code.value or 0) < 0 else None


def _parties(claim: Claim, speaker: UUID, *, to: Role) -> Iterator[Party]:
    """The speaker, and those of whom it is said that they acted; where that is the speaker alone,
    those to whom it was done."""
    yield Party(actor=speaker, role="initiator")
    for side, role in ((_ACTED, to), (_BORE, to), (_AROUND, _ABOUT)):
        others = dict.fromkeys(one for one in claim.actors(*side) if one != speaker)
        if others:
            yield from (Party(actor=one, role=role) for one in others)
            return


def _of_speaking(citation: Citation) -> Citation:
    """A citation for the fact of speaking: how credible the content is says nothing of that."""
    return replace(citation, credibility=None, interest="none")


def _summary(name: str, says: str) -> str:
    longest = fields.limit(Claim, "summary").longest
    whole = f"{name} said: {says}"
    return whole if len(whole) <= longest else f"{whole[: longest - 1]}…"


def _when(claim: Claim, published: Mapping[UUID, str | None]) -> Occurred | None:
    """When it was said, where nobody tells: not before what it tells of, if that has happened, nor
    after the first document that reports it."""
    days = [_latest(published.get(one.document)) for one in claim.citations]
    known = [one for one in days if one]
    if not known:
        return None
    last, first = min(known), _earliest(claim)
    if first is None or first > last:
        return Occurred(edtf=f"[..{last}]", basis="publication")
    return Occurred(edtf=last if first == last else f"[{first}..{last}]", basis="inferred")


def _latest(edtf: str | None) -> str:
    return _day(edtf, "latest") if edtf else ""


def _earliest(claim: Claim) -> str | None:
    """The first day on which what is said can have happened; None for what is still to come."""
    ahead = claim.kind not in DEEDS or claim.modality != "actual"
    if claim.occurred is None or ahead:
        return None
    return _day(claim.occurred.edtf, "earliest") or None


def _day(edtf: str, side: str) -> str:
    try:
        day = getattr(bounds(edtf), side)
    except BadDate:
        return ""
    return day.isoformat() if day else ""
