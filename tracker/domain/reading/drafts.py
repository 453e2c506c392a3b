"""A draft: a claim that a sentence of an article may make, with what a person may choose instead.

Drafts are proposals. They are kept as JSON in trays and passed through the API; nothing of them is
in the log until a person takes them and records the tray.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated, Literal
from uuid import UUID

from tracker.domain import codec, fields
from tracker.domain.attribution import SaidBy, Submission
from tracker.domain.claims import Basis, Claim
from tracker.domain.fields import Edtf, Most, Name200, NumberRange, Reason, Term, Words
from tracker.domain.likeness import name_key
from tracker.domain.problems import Problem
from tracker.domain.proposed import Proposed
from tracker.domain.records import Party

# The version of the rules by which this package reads.
READER = "reading-1"
MOST_CODES = 9
MOST_SENTENCES = 5_000
MOST_PER_TRAY = 200
# The states of a card in a tray: collected by its person; handed in by a client for review;
# recorded once a curator has settled its new names.
TAKEN, OFFERED, WAITING = "taken", "offered", "waiting"
# The characters of a draft as JSON.
LONGEST_DRAFT = 50_000
# The words of a quote that are proposed.
LONGEST_QUOTE = 25

SentenceNumber = Annotated[
    int, NumberRange(1, MOST_SENTENCES, f"must be a number from 1 to {MOST_SENTENCES}")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewName:
    """A name in the text that no record has. A curator adds the record or names an existing one;
    until then `id` stands for it, in the parties, the chain or `said_by` of the draft."""

    id: UUID
    noun: Literal["actor", "source"]
    name: Annotated[str, Words(200, required="give the name as the text has it")]

    @property
    def key(self) -> tuple[str, str]:
        """What all spellings of the name have in common, by noun."""
        return self.noun, name_key(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedCode:
    """A code that the words of the sentence may mean, and why."""

    code: Term
    why: Name200 = fields.text(default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedActor:
    """An actor whom the sentence names: the words in the text, and the id of a record, or of one of
    the draft's new names."""

    actor: UUID
    text: Name200 = fields.text(default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedDate:
    """A date of the sentence, as it is written and as EDTF."""

    edtf: Edtf
    basis: Basis = "stated"
    phrase: Annotated[str, Words(500)] = fields.text(default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLink:
    """A link from the claim to another draft of the tray, or to a claim on record."""

    type: Literal["causes", "part_of", "same_as", "contradicts"]
    to: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A claim that a sentence may make. Recorded, it keeps the id of the draft.

    `claim` is complete as far as the reader knows; it cites the document with the sentence as its
    quote. `denies` is a draft or a claim that `said_by` denies: then only the citation counts.
    `codes`, `actors`, `dates` and `speakers` are what else may be meant, the likeliest first; if
    the first codes are equally likely, the claim has none. `proposed` is the structure before a
    person changed it.
    """

    id: UUID
    sentence: SentenceNumber
    claim: Claim
    said_by: SaidBy | None = None
    denies: UUID | None = None
    links: Annotated[tuple[DraftLink, ...], Most(20)] = ()
    names: Annotated[tuple[NewName, ...], Most(20)] = ()
    codes: Annotated[tuple[OfferedCode, ...], Most(MOST_CODES)] = ()
    actors: Annotated[tuple[OfferedActor, ...], Most(20)] = ()
    dates: Annotated[tuple[OfferedDate, ...], Most(9)] = ()
    speakers: Annotated[tuple[UUID, ...], Most(9)] = ()
    why: Annotated[tuple[Reason, ...], Most(20)] = ()
    proposed: Proposed | None = None

    @property
    def submission(self) -> Submission:
        """The claim with its speaker, as it is recorded."""
        return Submission(claim=self.claim, said_by=self.said_by)

    @property
    def targets(self) -> frozenset[UUID]:
        """The drafts or claims that the draft denies or links to."""
        denied = {self.denies} if self.denies else set()
        return frozenset({link.to for link in self.links} | denied)

    @property
    def unresolved(self) -> tuple[NewName, ...]:
        """The new names that the claim uses."""
        cited = (source for one in self.claim.citations for source in one.chain)
        used = {party.actor for party in self.claim.parties} | set(cited)
        used |= {self.said_by.actor} if self.said_by else set()
        return tuple(name for name in self.names if name.id in used)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentClaim(Claim):
    """A claim as a program proposes it. Without a summary it gets the one that follows from its
    structure."""

    summary: Annotated[str, Words(500)] = fields.text(default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class SentDraft(Draft):
    """A claim that a sentence may make, as a program proposes it. It cites the document. `names`
    are those of actors and sources that no record has: parties, chain and `said_by` refer to their
    ids. A claim of which people choose the code has none, and `codes` are the choices."""

    claim: SentClaim

    @property
    def draft(self) -> Draft:
        """The same without what only matters in a request."""
        return replace(codec.base(Draft, self), claim=codec.base(Claim, self.claim))


def problems(draft: Draft) -> Iterator[Problem]:
    """Yield what keeps a draft out of a tray, such as a text over its limit. Its claim may be
    incomplete."""
    for problem in codec.problems(draft):
        if problem.code != "required" or not problem.pointer.startswith("/claim"):
            yield problem
    size = len(codec.canonical(codec.plain(draft)))
    if size > LONGEST_DRAFT:
        detail = f"has {size:,} characters, and a draft may have {LONGEST_DRAFT:,}: shorten it"
        yield Problem(pointer="", code="too_long", detail=detail)


def with_record(draft: Draft, name: UUID, record: UUID) -> Draft:
    """Return the draft with a record in place of a new name."""
    left = tuple(one for one in draft.names if one.id != name)
    return replace(_referring(draft, name, record), names=left)


def with_name(draft: Draft, name: UUID, other: UUID) -> Draft:
    """Return the draft with another id for one of its new names."""
    names = {
        one.id: one
        for one in (replace(one, id=other) if one.id == name else one for one in draft.names)
    }
    return replace(_referring(draft, name, other), names=tuple(names.values()))


def _referring(draft: Draft, old: UUID, new: UUID) -> Draft:
    """Return the draft with another id in its parties, chains, speaker, offers and proposal."""

    def found(one: UUID) -> UUID:
        return new if one == old else one

    def parties(given: tuple[Party, ...]) -> tuple[Party, ...]:
        return tuple(replace(party, actor=found(party.actor)) for party in given)

    claim, said_by, proposed = draft.claim, draft.said_by, draft.proposed
    citations = tuple(
        replace(cited, chain=tuple(map(found, cited.chain))) for cited in claim.citations
    )
    if proposed:
        speaker = found(proposed.said_by) if proposed.said_by else None
        proposed = replace(proposed, parties=parties(proposed.parties), said_by=speaker)
    return replace(
        draft,
        claim=replace(claim, parties=parties(claim.parties), citations=citations),
        said_by=replace(said_by, actor=found(said_by.actor)) if said_by else None,
        actors=tuple(replace(one, actor=found(one.actor)) for one in draft.actors),
        speakers=tuple(map(found, draft.speakers)),
        proposed=proposed,
    )
