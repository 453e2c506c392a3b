"""What a person changes in a draft with one key: its code, its parties, its date, its speaker.

Every change returns a new draft. `apply` is the only entry; `CHANGES` has the changes by name.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import get_args
from uuid import UUID

from tracker.domain import codebooks, likelihood
from tracker.domain.attribution import SaidBy
from tracker.domain.claims import Claim, Grade, Kind, Occurred, Strength, unknown_code
from tracker.domain.dates import phrases
from tracker.domain.dates.edtf import BadDate
from tracker.domain.problems import Invalid, Problem
from tracker.domain.reading.drafts import Draft, OfferedActor
from tracker.domain.records import Party, Role

# The roles that a key goes through. After the last the actor is no party.
ROLES: tuple[Role, ...] = get_args(Role)
_NEXT_STRENGTH: Mapping[Grade, Grade | None] = MappingProxyType(
    {"full": "partial", "partial": "weak", "weak": None}
)
# Kinds without a code, which are about their parties.
_JUDGEMENTS = ("assessment", "forecast")
_MOST_DIGITS = 3


def apply(draft: Draft, name: str, value: str = "") -> Draft:
    """Return the draft after a change.

    :raises Invalid: names what is wrong with the value, or that there is no such change.
    """
    change = CHANGES.get(name)
    if change is None:
        raise _invalid("change", f"unknown change; expected one of: {', '.join(CHANGES)}")
    return change(draft, value.strip())


def _invalid(pointer: str, detail: str) -> Invalid:
    return Invalid([Problem(pointer=f"/{pointer}", code="invalid", detail=detail)])


def _code(draft: Draft, value: str) -> Draft:
    """Take one of the offered codes by its number, or any code by its name; nothing for none."""
    code: str | None = value or None
    if value.isdecimal():
        place = int(value) - 1 if len(value) <= _MOST_DIGITS else -1
        if not 0 <= place < len(draft.codes):
            raise _invalid("code", f"there is no code {value[:40]} to choose")
        code = draft.codes[place].code
    for problem in unknown_code(code) if code else ():
        raise Invalid([problem])
    claim = replace(draft.claim, code=code)
    return replace(draft, claim=_as_deed(claim) if code else claim)


def _as_deed(claim: Claim) -> Claim:
    """A claim with a code is an act or a situation."""
    if claim.kind not in _JUDGEMENTS:
        return claim
    return replace(_acting(claim), kind=codebooks.form_of(claim.code or ""))


def _acting(claim: Claim) -> Claim:
    """The claim with the first of the parties that it is about as the one that acts, and without a
    hedge that only assessments have."""
    others: list[Role] = ["recipient"] * (len(claim.parties) - 1)
    roles: list[Role] = ["initiator", *others]
    parties = tuple(
        replace(party, role=role) for party, role in zip(claim.parties, roles, strict=False)
    )
    rule = likelihood.rule_for(claim.hedge)
    hedge = "" if rule and rule.means == "assessment" else claim.hedge
    return replace(claim, parties=parties, hedge=hedge)


def _kind(draft: Draft, value: str) -> Draft:
    """Make it an act, a situation, a measure or an assessment; without a value a situation of an
    act, a measure of a situation with an amount, an act of others."""
    value = value or _next_kind(draft.claim)
    if value not in get_args(Kind):
        raise _invalid("kind", f"unknown kind; expected one of: {', '.join(get_args(Kind))}")
    kind: Kind = value  # type: ignore[assignment] # one of them, as checked
    was_judgement = draft.claim.kind in _JUDGEMENTS
    claim = replace(draft.claim, kind=kind)
    if was_judgement and kind not in _JUDGEMENTS:
        claim = _acting(claim)
    if kind in _JUDGEMENTS:
        parties = {party.actor: replace(party, role="about") for party in claim.parties}
        claim = replace(claim, parties=tuple(parties.values()), code=None)
    return replace(draft, claim=claim)


def _next_kind(claim: Claim) -> Kind:
    if claim.kind == "act":
        return "situation"
    return "measure" if claim.kind == "situation" and claim.magnitude else "act"


def _actor(draft: Draft, value: str) -> Draft:
    """Give an actor, by its id, the next role: initiator, recipient, affected, about, none."""
    actor = _one_actor(value)
    party = next((one for one in draft.claim.parties if one.actor == actor), None)
    if party is None:
        first = "about" if draft.claim.kind in _JUDGEMENTS else "initiator"
        parties = (*draft.claim.parties, Party(actor=actor, role=_role(first)))
    else:
        following = ROLES.index(party.role) + 1
        roles = ROLES[following : following + 1]
        parties = tuple(
            changed
            for one in draft.claim.parties
            for changed in ([replace(one, role=role) for role in roles] if one is party else [one])
        )
    return _with_parties(draft, parties)


def _role(name: str) -> Role:
    return next(role for role in ROLES if role == name)


def _one_actor(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise _invalid("actor", f"there is no actor {value[:40]!r} in this sentence") from None


def _swap(draft: Draft, _value: str) -> Draft:
    """Turn initiators into recipients and recipients into initiators."""
    turned: Mapping[Role, Role] = {"initiator": "recipient", "recipient": "initiator"}
    parties = [
        replace(party, role=turned.get(party.role, party.role)) for party in draft.claim.parties
    ]
    parties.sort(key=lambda party: ROLES.index(party.role))
    return _with_parties(draft, tuple(parties))


def _with_parties(draft: Draft, parties: Sequence[Party]) -> Draft:
    return replace(draft, claim=replace(draft.claim, parties=tuple(parties)))


def _date(draft: Draft, value: str) -> Draft:
    """Take a date as people type it; nothing for an unknown date."""
    try:
        reading = phrases.from_phrase(value or "unknown")
    except BadDate as problem:
        raise _invalid("date", str(problem)) from problem
    offered = next((one for one in draft.dates if one.edtf == reading.edtf), None)
    occurred = None
    if reading.edtf:
        occurred = Occurred(
            edtf=reading.edtf,
            basis=offered.basis if offered else "inferred",
            phrase=offered.phrase if offered else "",
        )
    return replace(draft, claim=replace(draft.claim, occurred=occurred))


def _said_by(draft: Draft, value: str) -> Draft:
    """Say which party makes the claim: an actor by id, else the next of the likely speakers and the
    actors. After the one that was proposed comes none."""
    if value:
        return replace(draft, said_by=SaidBy(actor=_one_actor(value)))
    proposed = draft.proposed.said_by if draft.proposed else None
    others = dict.fromkeys([*draft.speakers, *(one.actor for one in draft.actors)])
    ring = [None, *(one for one in others if one != proposed), proposed]
    now = draft.said_by.actor if draft.said_by else None
    actor = ring[(ring.index(now) + 1) % len(ring)] if now in ring else None
    said_by = SaidBy(actor=actor) if actor else None
    return replace(draft, said_by=said_by, denies=draft.denies if said_by else None)


def _denies(draft: Draft, value: str) -> Draft:
    """Make it the denial of another card, by id; nothing for no denial. Without a speaker the
    likeliest denies it; where none is likely, who does stays open."""
    if not value:
        return replace(draft, denies=None)
    try:
        denied = UUID(value)
    except ValueError:
        raise _invalid("denies", "choose the card that is denied") from None
    likely = SaidBy(actor=draft.speakers[0]) if draft.speakers else None
    return replace(draft, denies=denied, said_by=draft.said_by or likely)


def _strength(draft: Draft, value: str) -> Draft:
    """Go on to the next strength: partial, weak, full. The reason is `value`, else the hedge of the
    source."""
    now = draft.claim.strength.grade if draft.claim.strength else "full"
    grade = _NEXT_STRENGTH[now]
    reason = value or draft.claim.hedge or "as the sentence qualifies it"
    strength = Strength(grade=grade, reason=reason) if grade else None
    return replace(draft, claim=replace(draft.claim, strength=strength))


def _unhedged(draft: Draft, _value: str) -> Draft:
    """Remove the hedge, which belongs to another part of the sentence, and what follows from it."""
    return replace(draft, claim=replace(draft.claim, hedge="", likelihood=None))


def _chain(draft: Draft, value: str) -> Draft:
    """Name the sources behind the publisher, by id, separated by spaces; nothing for none."""
    try:
        chain = tuple(dict.fromkeys(UUID(text) for text in value.split()))
    except ValueError:
        raise _invalid("chain", "name sources on record") from None
    cited = draft.claim.citations
    citations = (replace(cited[0], chain=chain), *cited[1:]) if cited else ()
    return replace(draft, claim=replace(draft.claim, citations=citations))


def _words(draft: Draft, value: str) -> Draft:
    """State the claim in other words."""
    return replace(draft, claim=replace(draft.claim, summary=value))


def _quote(draft: Draft, value: str) -> Draft:
    """Quote other words of the sentence. Their place in the text is not known."""
    cited = draft.claim.citations
    citations = (replace(cited[0], quote=value, selector=None), *cited[1:]) if cited else ()
    return replace(draft, claim=replace(draft.claim, citations=citations))


def with_actor(draft: Draft, actor: UUID, text: str) -> Draft:
    """Offer another actor, whom the person has named."""
    if any(one.actor == actor for one in draft.actors):
        return draft
    return replace(draft, actors=(*draft.actors, OfferedActor(actor=actor, text=text)))


CHANGES: Mapping[str, Callable[[Draft, str], Draft]] = MappingProxyType(
    {
        "actor": _actor,
        "chain": _chain,
        "code": _code,
        "date": _date,
        "denies": _denies,
        "kind": _kind,
        "quote": _quote,
        "said_by": _said_by,
        "strength": _strength,
        "swap": _swap,
        "unhedged": _unhedged,
        "words": _words,
    }
)
