"""A claim that a party makes is two claims: the statement, and its content. A `says` link joins
them.

The citation chains of the content end at the speaker. A citation whose root is the speaker is set
aside, so the speaker's word alone never makes the content count.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Annotated, Any
from uuid import UUID, uuid5

from tracker.domain import codec, disclosure, evidence, fields
from tracker.domain.claims import DEEDS, Citation, Claim, Occurred, claim_problems
from tracker.domain.codebooks import UnknownCode
from tracker.domain.dates.edtf import BadDate, bounds
from tracker.domain.events import NAMESPACE
from tracker.domain.fields import Term, Words, text
from tracker.domain.problems import Problem
from tracker.domain.records import Actor, ActorKind, Party, Role, Source
from tracker.domain.testimonies import OFFICIAL

ACCUSES = "plover-2.0/ACCUSE/allege"
_GRAVE = "crime"
POINTER = "/said_by"
_ACTORS: tuple[Role, ...] = ("initiator",)
_TARGETS: tuple[Role, ...] = ("recipient",)
_OTHERS: tuple[Role, ...] = ("affected", "about")
_ABOUT: Role = "about"
# Where a problem with a field of the statement is reported, unless the claim has the same problem.
_POINTERS = {"code": "/code", "summary": "/summary", "occurred": "/occurred", "parties": "/code"}


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
class Submission:
    """A claim as it was submitted, with the party that makes it, if any."""

    claim: Claim
    said_by: SaidBy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Two claims: the content, and the statement that a party makes it."""

    content: Claim
    statement: Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClaim(Claim):
    """With `said_by` the claim is attributed to a party, and the statement is recorded too."""

    said_by: SaidBy | None = None

    @property
    def submission(self) -> Submission:
        return Submission(claim=codec.base(Claim, self), said_by=self.said_by)


def statement_id(claim: UUID) -> UUID:
    """Return the id of the statement that makes a claim: derived from the claim's id, with its
    time.
    """
    low = uuid5(NAMESPACE, f"statement:{claim}").int & (1 << 62) - 1
    return UUID(int=claim.int >> 64 << 64 | 0b10 << 62 | low)


def read(sent: Any) -> tuple[Submission, list[Problem]]:
    """Read a submitted claim and report all problems with its form (`codec.read`)."""
    new_claim, problems = codec.read(NewClaim, sent)
    return new_claim.submission, problems


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerContext:
    """The records that `attribute` requires: the speaker's `name`, the source that is the speaker
    (`source`), all such sources and the documents that they published (`own`), the dates of the
    documents (`published`), and the kinds of the claim's parties (`kinds`).
    """

    name: str
    source: UUID
    own: AbstractSet[UUID]
    published: Mapping[UUID, str | None]
    kinds: Mapping[UUID, ActorKind]


def attribute(claim: Claim, said_by: SaidBy, context: SpeakerContext) -> Attribution:
    """Split a claim that a party makes into content and statement."""
    citations = tuple(
        _attributed_citation(citation, context.source, context.own) for citation in claim.citations
    )
    statement = _statement(claim, said_by, context.name, context.published)
    return Attribution(
        content=replace(claim, citations=citations),
        statement=_with_blame(statement, claim, context.kinds),
    )


def _with_blame(statement: Claim, claim: Claim, kinds: Mapping[UUID, ActorKind]) -> Claim:
    """Give the statement the same blame as its content, so that both are withheld alike.

    Where the content blames somebody for a serious act, the statement does too. Where it blames
    nobody, grave contexts are removed from the statement, since they would blame the speaker.
    """
    blamed = disclosure.blamed(claim, kinds)
    if not blamed:
        harmless = tuple(
            context for context in statement.contexts if context not in disclosure.CONTEXTS
        )
        blames = disclosure.blamed(statement, kinds)
        return replace(statement, contexts=harmless) if blames else statement
    if not disclosure.grave(statement):
        statement = replace(statement, contexts=(*statement.contexts, _GRAVE))
    parties = disclosure.blamed(statement, kinds)
    added = tuple(Party(actor=actor, role=_ABOUT) for actor in blamed if actor not in parties)
    return replace(statement, parties=(*statement.parties, *added))


def problems(claim: Claim, said_by: SaidBy, statement: Claim) -> Iterator[Problem]:
    """Yield the problems of a statement that the claim itself does not have."""
    claim_pointers = {problem.pointer for problem in claim_problems(claim)}
    for problem in claim_problems(statement):
        field, *rest = problem.pointer.strip("/").split("/")
        if field in _POINTERS and not (
            problem.pointer in claim_pointers and getattr(said_by, field, None) is None
        ):
            suffix = (
                "/".join([_POINTERS[field], *rest]) if field == "occurred" else _POINTERS[field]
            )
            yield replace(problem, pointer=POINTER + suffix, rests_on=(POINTER,))


def as_source(speaker: UUID, actor: Actor) -> Source:
    """Describe an actor as a source, with the state that it represents, if there is one state."""
    kinds: dict[str, Any] = {"state": "agency", "person": "person", "company": "firm"}
    is_state = actor.kind == "state"
    countries = [speaker] if is_state else [link.country for link in actor.affiliations]
    official = is_state or any(link.sector in OFFICIAL for link in actor.affiliations)
    return Source(
        kind=kinds.get(actor.kind, "organisation"),
        name=actor.name,
        actor=speaker,
        country=countries[0] if len(countries) == 1 else None,
        ownership="state" if official else None,
    )


def attributed_citation(citation: Citation, speaker: UUID, own: AbstractSet[UUID]) -> Citation:
    """Extend the chain of a citation to the speaker, unless it already leads there. `own` are the
    sources that are the speaker, and the documents that they published.
    """
    ends_there = citation.document in own or not own.isdisjoint(citation.chain)
    return citation if ends_there else replace(citation, chain=(*citation.chain, speaker))


def _attributed_citation(citation: Citation, speaker: UUID, own: AbstractSet[UUID]) -> Citation:
    """Leave citations that deny the claim unchanged: they do not quote the speaker."""
    return citation if citation.stance == "denies" else attributed_citation(citation, speaker, own)


def _statement(
    claim: Claim, said_by: SaidBy, name: str, published: Mapping[UUID, str | None]
) -> Claim:
    code = said_by.code or default_code(claim, said_by.actor)
    return Claim(
        collection=claim.collection,
        kind="act",
        summary=said_by.summary or _summary(name, claim.summary),
        parties=tuple(_parties(claim, said_by.actor, to="recipient" if code else "about")),
        citations=tuple(
            _speech_citation(citation)
            for citation in claim.citations
            if citation.stance == "supports"
        ),
        code=code,
        contexts=claim.contexts,
        occurred=said_by.occurred or _spoken_on(claim, published),
        tags=claim.tags,
    )


def default_code(claim: Claim, speaker: UUID) -> str | None:
    """Return the code of an accusation if the claim is that others did something hostile. Otherwise
    the statement has no code, and moves no score.
    """
    others = [actor for actor in claim.actors("initiator") if actor != speaker]
    if claim.kind not in DEEDS or claim.polarity == "denied" or claim.modality != "actual":
        return None
    try:
        code = evidence.code_of(claim)
    except UnknownCode:
        return None
    return ACCUSES if others and code and (code.value or 0) < 0 else None


def _parties(claim: Claim, speaker: UUID, *, to: Role) -> Iterator[Party]:
    """Yield the speaker, then those who acted according to the claim; if that is only the speaker,
    those to whom it was done.
    """
    yield Party(actor=speaker, role="initiator")
    for side, role in ((_ACTORS, to), (_TARGETS, to), (_OTHERS, _ABOUT)):
        others = dict.fromkeys(actor for actor in claim.actors(*side) if actor != speaker)
        if others:
            yield from (Party(actor=actor, role=role) for actor in others)
            return


def _speech_citation(citation: Citation) -> Citation:
    """Return a citation of the fact of speaking: the credibility of the content does not apply to
    it.
    """
    return replace(citation, credibility=None, interest="none")


def _summary(name: str, summary: str) -> str:
    longest = fields.limit(Claim, "summary").longest
    text = f"{name} said: {summary}"
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _spoken_on(claim: Claim, published: Mapping[UUID, str | None]) -> Occurred | None:
    """Return the default date of the statement: not before the event, if that is past, and not
    after the first document that reports it.
    """
    days = [_latest(published.get(citation.document)) for citation in claim.citations]
    dated = [day for day in days if day]
    if not dated:
        return None
    last, first = min(dated), _earliest(claim)
    if first is None or first > last:
        return Occurred(edtf=f"[..{last}]", basis="publication")
    return Occurred(edtf=last if first == last else f"[{first}..{last}]", basis="inferred")


def _latest(edtf: str | None) -> str:
    return _day(edtf, "latest") if edtf else ""


def _earliest(claim: Claim) -> str | None:
    """Return the first day on which the event can have happened; None for one in the future."""
    in_future = claim.kind not in DEEDS or claim.modality != "actual"
    if claim.occurred is None or in_future:
        return None
    return _day(claim.occurred.edtf, "earliest") or None


def _day(edtf: str, side: str) -> str:
    try:
        day = getattr(bounds(edtf), side)
    except BadDate:
        return ""
    return day.isoformat() if day else ""
