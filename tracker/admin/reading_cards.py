"""A card of the reading page: a draft as it is shown, with what each key would choose."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from tracker import wording
from tracker.admin.reading_keys import DATES, LETTERS, TARGETS
from tracker.domain import codebooks, codec
from tracker.domain import state as f
from tracker.domain.claims import DEEDS
from tracker.domain.codebooks import UnknownCode
from tracker.domain.codebooks.search import gloss_of
from tracker.domain.dates.description import describe
from tracker.domain.dates.edtf import BadDate
from tracker.domain.disclosure import Reader
from tracker.domain.problems import Problem
from tracker.domain.reading.drafting import CHOOSE
from tracker.domain.reading.drafts import (
    OFFERED,
    READER,
    TAKEN,
    WAITING,
    Draft,
    DraftLink,
)
from tracker.domain.records import Role
from tracker.models.trays import TrayCard
from tracker.queries import trays as tray_queries
from tracker.queries.claims import listing
from tracker.queries.claims.duplicates import Duplicate
from tracker.queries.records import states
from tracker.queries.records.problem_words import all_in_words
from tracker.queries.records.search import value_of

# A card that is in no tray.
PROPOSED = "proposed"
# How a card may be linked to another: the type of the link, its words, and the key that chooses it.
LINKS = (
    ("part_of", "part of", "p"),
    ("causes", "causes", "c"),
    ("same_as", "same as", "s"),
    ("contradicts", "contradicts", "x"),
)
_HOW = {kind: words for kind, words, _ in LINKS}
_SIDES: tuple[tuple[Role, str], ...] = (("affected", "affects"), ("about", "about"))
# A card whose claim is on record.
RECORDED = "recorded"
_STATES = {
    TAKEN: "in the tray",
    WAITING: "waits for a curator: a name is not on record",
    OFFERED: "handed in for review",
}


class Labels:
    """The names of the actors, sources and new names that some drafts use."""

    def __init__(self, drafts: Iterable[Draft]) -> None:
        given = list(drafts)
        self.new = {one.id: one.name for draft in given for one in draft.names}
        wanted = {key for draft in given for key in _named(draft)} - self.new.keys()
        self._claims = _claims({draft.id: draft for draft in given})
        self._states = states.records(wanted, at=None)
        self._names = states.names(self._states, at=None) | self.new

    @property
    def names(self) -> dict[UUID, str]:
        """The printed names by id."""
        return self._names

    def claim(self, target: UUID) -> str:
        """The words of a card or a claim that a draft denies or links to."""
        return self._claims.get(target) or "a card that is no longer there"

    def name(self, record: UUID) -> str:
        return self._names.get(record) or "an unknown record"

    def details(self, problems: Iterable[Problem]) -> list[str]:
        """The messages of problems in words, each once."""
        found = all_in_words((one.detail for one in problems), self.new)
        return list(dict.fromkeys(f"{wording.capitalised(detail)}." for detail in found))

    def short(self, record: UUID) -> str:
        """The code of a country or an organisation, else the name."""
        state = self._states.get(record)
        code = state.actor.code if isinstance(state, f.ActorState) else None
        return code or self.name(record)


def _claims(drafts: Mapping[UUID, Draft]) -> dict[UUID, str]:
    """The summaries of what drafts deny or link to: of each other, of cards, of claims."""
    wanted = {target for draft in drafts.values() for target in draft.targets}
    found = {key: draft for key, draft in drafts.items() if key in wanted}
    rest = wanted - found.keys()
    rows = TrayCard.objects.filter(id__in=rest) if rest else ()
    found |= {row.id: tray_queries.draft_of(row) for row in rows}
    titles = listing.titles(wanted - found.keys(), reader=Reader.DESK) if rest else {}
    return titles | {key: _words(draft) for key, draft in found.items()}


def _words(draft: Draft) -> str:
    return draft.claim.summary or f"a claim of sentence {draft.sentence}"


def _named(draft: Draft) -> Iterable[UUID]:
    yield from (party.actor for party in draft.claim.parties)
    yield from (one.actor for one in draft.actors)
    yield from draft.speakers
    yield from (source for cited in draft.claim.citations for source in cited.chain)
    if draft.said_by:
        yield draft.said_by.actor


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeChoice:
    """A code that a digit chooses. `begins_others`: it is the first that is not of the first
    codebook."""

    key: str
    label: str
    value: str
    gloss: str
    why: str
    chosen: bool
    begins_others: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoChoice:
    """An actor whose role a letter changes; `key` is empty where letters run out."""

    key: str
    actor: UUID
    name: str
    text: str
    role: str
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A draft with its state: in no tray (`proposed`), or as in `models.trays`.

    `version` is that of the card in the tray. `theirs` is the card that somebody saved meanwhile in
    place of this one. `halts`: the last key did not do what it is for; `problems` say why, and
    `asks` names the box to open then, with `typed` in it, and `takes` whether its value takes the
    card. `note` says what the last key did beside that. `is_new`: it
    was just added. `number` is its place in the tray; `is_apart`: no sentence of the text that is
    shown has it. `duplicates` are claims on record that may say the same, `equals` such cards
    of the tray. `handed_in_by` is the account that offers it.
    """

    draft: Draft
    labels: Labels
    state: str = PROPOSED
    version: int | None = None
    problems: Sequence[str] = ()
    halts: bool = False
    theirs: "Card | None" = None
    asks: str = ""
    typed: str | None = None
    takes: bool = False
    note: str = ""
    is_new: bool = False
    number: int = 0
    is_apart: bool = False
    duplicates: Sequence[Duplicate] = ()
    equals: Sequence["Card"] = ()
    handed_in_by: str = ""

    @property
    def json(self) -> str:
        return codec.value_text(self.draft)

    @property
    def classes(self) -> str:
        """The classes by which the page shows only the buttons that do something."""
        claim = self.draft.claim
        marks = {
            "undecided": self.is_undecided,
            "coded": claim.code and not self.denies,
            "hedged": claim.hedge,
            "denial": self.denies,
        }
        names = (self.state, claim.kind, *(name for name, is_so in marks.items() if is_so))
        return " ".join(f"is-{name}" for name in names)

    @property
    def claim_id(self) -> UUID:
        """The claim that a recorded card became, or that it denies."""
        return self.draft.denies or self.draft.id

    @property
    def reader(self) -> str:
        """The program that proposed the draft, if it is another than ours."""
        by = self.draft.proposed.by if self.draft.proposed else READER
        return "" if by == READER else by

    @property
    def state_text(self) -> str:
        by = f" by {self.handed_in_by}" if self.handed_in_by else ""
        return _STATES.get(self.state, "") + by

    @property
    def parties(self) -> str:
        """ "RUS → KAZ", or "RUS, KAZ" where they act together."""
        claim = self.draft.claim
        first, second = (
            ", ".join(map(self.labels.short, claim.actors(role)))
            for role in ("initiator", "recipient")
        )
        return f"{first or '?'} → {second}" if second else first

    @property
    def sides(self) -> list[tuple[str, str]]:
        """The affected parties, and those that the claim is about."""
        claim = self.draft.claim
        return [
            (label, ", ".join(map(self.labels.short, actors)))
            for role, label in _SIDES
            if (actors := claim.actors(role))
        ]

    @property
    def code(self) -> str:
        return code_label(self.draft.claim.code) if self.draft.claim.code else ""

    @property
    def short(self) -> str:
        """What the card is in a word: a denial, a code, or the kind of its claim."""
        return "denial" if self.denies else self.code or self.draft.claim.kind

    @property
    def value(self) -> str:
        return code_value(self.draft.claim.code) if self.draft.claim.code else ""

    @property
    def target_key(self) -> str:
        """The key that chooses this card of the tray, to deny or to link to; empty where keys run
        out."""
        return TARGETS[self.number - 1 : self.number]

    @property
    def codes(self) -> list[CodeChoice]:
        codes = [one.code for one in self.draft.codes]
        first_other = next((code for code in codes if code_label(code) == code), "")
        return [
            CodeChoice(
                key=str(place),
                label=code_label(one.code),
                value=code_value(one.code),
                gloss=code_gloss(one.code),
                why="" if one.why == code_gloss(one.code) else one.why,
                chosen=one.code == self.draft.claim.code,
                begins_others=place > 1 and one.code == first_other,
            )
            for place, one in enumerate(self.draft.codes, start=1)
        ]

    @property
    def gloss(self) -> str:
        """The meaning of the chosen code in plain words."""
        return code_gloss(self.draft.claim.code) if self.draft.claim.code else ""

    @property
    def reasons(self) -> list[str]:
        """Why this is proposed; whether a code is to be chosen is said above the codes."""
        return [why for why in self.draft.why if why != CHOOSE]

    @property
    def is_undecided(self) -> bool:
        """Whether an act has no code, although some are offered."""
        claim = self.draft.claim
        is_act = claim.kind in DEEDS and not self.denies
        return is_act and bool(self.draft.codes) and claim.code is None

    @property
    def who(self) -> list[WhoChoice]:
        roles = {party.actor: party.role for party in self.draft.claim.parties}
        return [
            WhoChoice(
                key=LETTERS[place] if place < len(LETTERS) else "",
                actor=one.actor,
                name=self.labels.name(one.actor),
                text=one.text,
                role=roles.get(one.actor, ""),
                is_new=one.actor in self.labels.new,
            )
            for place, one in enumerate(self.draft.actors)
        ]

    @property
    def when(self) -> str:
        """The date in words; empty if it is unknown."""
        occurred = self.draft.claim.occurred
        return _date_words(occurred.edtf) if occurred else ""

    @property
    def other_dates(self) -> list[tuple[str, str, str]]:
        """The other dates of the sentence: the key that chooses it if there is one, as EDTF, and in
        words."""
        occurred = self.draft.claim.occurred
        chosen = occurred.edtf if occurred else ""
        others = [one.edtf for one in self.draft.dates if one.edtf != chosen]
        keyed = itertools.zip_longest(DATES[: len(others)], others, fillvalue="")
        return [(key, edtf, _date_words(edtf)) for key, edtf in keyed]

    @property
    def said_by(self) -> str:
        return self.labels.name(self.draft.said_by.actor) if self.draft.said_by else ""

    @property
    def denies(self) -> bool:
        return self.draft.denies is not None

    @property
    def denied(self) -> str:
        """What the card denies; empty for a claim of its own."""
        return self.labels.claim(self.draft.denies) if self.draft.denies else ""

    @property
    def links(self) -> list[tuple[str, DraftLink, str]]:
        """The links to other cards: how, which, and the words of the other card."""
        return [(_HOW[link.type], link, self.labels.claim(link.to)) for link in self.draft.links]

    @property
    def chain(self) -> str:
        cited = self.draft.claim.citations[:1]
        return "; ".join(self.labels.name(source) for one in cited for source in one.chain)

    @property
    def quote(self) -> str:
        cited = self.draft.claim.citations[:1]
        return cited[0].quote if cited else ""

    @property
    def new_names(self) -> list[str]:
        """The names of this claim that no record has."""
        return [one.name for one in self.draft.unresolved]


def _date_words(edtf: str) -> str:
    try:
        return describe(edtf)
    except BadDate:
        return edtf


def cards_of(rows: Iterable[TrayCard]) -> list[Card]:
    """The cards of trays as they are shown."""
    drafts = [(row, tray_queries.draft_of(row)) for row in rows]
    labels = Labels(draft for _, draft in drafts)
    return [
        Card(
            draft=draft,
            labels=labels,
            state=row.state,
            version=row.version,
            problems=labels.details(tray_queries.problems_of(row)),
        )
        for row, draft in drafts
    ]


def code_label(code: str) -> str:
    """A code without its codebook, if that is the first one."""
    return code.removeprefix(f"{next(iter(codebooks.CODEBOOKS))}/")


def code_gloss(code: str) -> str:
    """What a code means in plain words: its gloss, else its name; empty for a code that does not
    exist."""
    try:
        found = codebooks.find(code)
    except UnknownCode:
        return ""
    gloss, _ = gloss_of(found)
    return gloss or found.label


def code_value(code: str) -> str:
    """The value of a code as a signed number, or "no value"."""
    try:
        return value_of(code)
    except UnknownCode:
        return ""
