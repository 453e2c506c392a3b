"""What a finding is, and the facts that the finding of a pair is made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal
from uuid import UUID

from tracker.domain.scoring.moments import Score
from tracker.findings.moves import Move

# Days without a report after which a finding says so: about a season of news.
STALE_DAYS = 90
Measure = Literal["level", "flow", "ratio"]


def is_stale(reported: date | None, day: date) -> bool:
    """Whether the newest report of all is old on a day."""
    return reported is not None and (day - reported).days >= STALE_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is found: a bold first sentence, `lead`; one or two plain sentences after it, `rest`,
    which may be empty; the claims that they rest on, the largest first; the move that they tell
    of, if any: what stands below them explains that one; and `listed`, a sentence about what stands
    below them, which is told only there."""

    lead: str
    rest: str = ""
    claims: tuple[UUID, ...] = ()
    move: Move | None = None
    listed: str = ""

    @property
    def text(self) -> str:
        """Both in one line, for cards, feeds and pictures."""
        return f"{self.lead} {self.rest}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """A source at the end of a chain. `name` is as a sentence has it, empty where it is withheld.
    `state` is the adjective of the state that owns it ("Chinese"), or its name in languages other
    than English; empty where its country is not on record or no state owns it."""

    name: str = ""
    state: str = ""
    state_owned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A claim behind a move that the reader may see, with the points that it contributed. It may
    assess a `level`; no sentence tells that as an act.

    `title` is its printed sentence. `event` and `mode` are those of its code. `by` and `to` are
    the countries as a sentence has them, if states themselves act; `to` is empty of an act on one
    another. `begun` is its first day. `situation`: it lasts. `alleged`: a party says it.
    `disputed`: somebody judged it so.
    """

    claim: UUID
    title: str
    amount: float = 0.0
    event: str = ""
    mode: str = ""
    by: str = ""
    to: str = ""
    roots: tuple[Root, ...] = ()
    begun: date | None = None
    situation: bool = False
    alleged: bool = False
    disputed: bool = False
    level: bool = False

    @property
    def plain(self) -> bool:
        """Whether a sentence may tell it without a caveat. Verdicts stand in brackets at the end of
        a title."""
        return not (self.alleged or self.disputed or self.title.rstrip().endswith("]"))


@dataclass(frozen=True, kw_only=True)
class PairFacts:
    """What is known of a series on `day`; `past`: as known at an earlier moment.

    `then`: the day is over, so that nothing is said to be so now. `names` is "the United States and
    Vietnam", as within a sentence, `towards` the two ends of a
    direction. `move` is the one that the finding may name, and `acts` are the visible claims behind
    it, the largest first.
    `roots` and `state_roots` are numbers of independent sources. `reported` is the day of the
    newest document. `war` is an open situation that is a war. `data_sets` is the number of
    machine-coded ones, if nothing else is counted, and `acted` the days of the first and last act.
    `related` are claims about both that move nothing. `begins` is the first day on record, if it
    is after `day`.
    """

    names: str
    measure: Measure
    day: date
    score: Score
    claims: int
    roots: int = 0
    state_roots: int = 0
    towards: tuple[str, str] | None = None
    past: bool = False
    then: bool = False
    move: Move | None = None
    acts: Sequence[Act] = ()
    reported: date | None = None
    war: Act | None = None
    data_sets: int = 0
    acted: tuple[date, date] | None = None
    related: int = 0
    begins: date | None = None
    note: str = ""

    @property
    def stale(self) -> bool:
        """Whether the newest report is old."""
        return is_stale(self.reported, self.day)

    @cached_property
    def along(self) -> list[Act]:
        """The acts that pulled the way of the move."""
        amount = self.move.amount if self.move else 0.0
        return [act for act in self.acts if act.amount * amount > 0 and not act.level]

    @cached_property
    def against(self) -> list[Act]:
        """The acts that pulled the other way."""
        amount = self.move.amount if self.move else 0.0
        return [act for act in self.acts if act.amount * amount < 0 and not act.level]
