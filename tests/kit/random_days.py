"""Many days at a desk by the roll of a die: claims, late ones too, corrections, retractions,
verdicts, new grades, links, reviews and new descriptions, and workers that come and go."""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from tests.kit.background_work import work_off
from tests.kit.builders import AT, BY, Desk, a_citation, an_actor, rate
from tracker import log
from tracker.domain import events as e
from tracker.domain.claims import Claim, Occurred, Strength
from tracker.domain.records import Affiliation
from tracker.domain.state import OutOfOrder
from tracker.domain.validity import Invalid
from tracker.operations import actors, claims, links

CODES = ("SANCTION/discontinue", "ASSAULT", "AGREE", "COOPERATE", "ACCUSE", "SUPPORT", "CONSULT")
ENDS = (("RUS", "KAZ"), ("KAZ", "RUS"), ("CHN", "RUS"), ("RUS", "CHN"), ("CHN", "KAZ"))
FIRST = date(2021, 1, 1)
STAMP = {"at": AT, "by": BY}


@dataclass(slots=True)
class Days:
    """A desk with more sources and a company, and the claims made so far."""

    desk: Desk
    die: random.Random
    sources: list[UUID] = field(default_factory=list)
    documents: list[UUID] = field(default_factory=list)
    company: UUID | None = None
    made: list[UUID] = field(default_factory=list)

    def begin(self) -> None:
        heard = [
            self.desk.hears(grade=grade, ends="2024-01-01", ownership=ownership)
            for grade, ownership in (("A", None), ("D", "state"), (None, "state"))
        ]
        self.documents = [self.desk.document, *heard]
        described = [one for one in log.read(after=0, limit=1_000) if one.kind == "SourceDescribed"]
        self.sources = [one.stream for one in described]
        self.company = actors.describe_actor(self._company(), **STAMP).stream

    def go_by(self, deeds: int) -> None:
        """Let so many deeds be done; those that cannot be are rolled again."""
        end = log.head().position + deeds
        while log.head().position < end:
            deed = self.die.choices(list(DEEDS), weights=list(DEEDS.values()))[0]
            with suppress(OutOfOrder, Invalid):
                deed(self)
            if self.die.random() < 0.05:
                work_off()
        work_off()

    def some(self) -> UUID:
        """One of the claims, of the last ones rather."""
        return self.die.choice(self.made[-40:])

    def claim(self) -> Claim:
        die = self.die
        situation = die.random() < 0.15
        day = FIRST + timedelta(days=die.randrange(1_000))
        edtf = f"{day}/{day + timedelta(days=die.randrange(60))}" if situation else str(day)
        changed = {}
        if die.random() < 0.3:
            changed["strength"] = Strength(grade=die.choice(("weak", "partial")), reason="so")
        return self.desk.claim(
            *die.choice(ENDS),
            kind="situation" if situation else "act",
            code=f"plover-2.0/{die.choice(CODES)}",
            occurred=Occurred(edtf=edtf),
            citations=tuple(
                a_citation(document, chain=tuple(die.sample(self.sources, die.randrange(2))))
                for document in die.sample(self.documents, die.randint(1, 2))
            ),
            **changed,
        )

    def _company(self):
        speaks = Affiliation(
            country=self.desk.countries[self.die.choice(("CHN", "RUS"))],
            sector=self.die.choice(("business", "state media")),
        )
        return an_actor(None, kind="company", affiliations=(speaks,))


def _assert(days: Days) -> None:
    # Ids whose order is not that of arrival.
    claim_id = UUID(int=days.die.getrandbits(128))
    claims.assert_claim(days.claim(), claim_id=claim_id, **STAMP)
    days.made.append(claim_id)


def _correct(days: Days) -> None:
    one = days.some()
    version = len(log.history([one]))
    claims.correct_claim(one, days.claim(), reason="typo", expected=version, **STAMP)


def _judge(days: Days) -> None:
    says = days.die.choice(("confirmed", "disputed", "false", "unverifiable"))
    verdict = e.VerdictGiven(verdict=says, reason="seen")
    claims.give_verdict(days.some(), verdict, **STAMP)


def _cite(days: Days) -> None:
    stance = days.die.choice(("supports", "denies"))
    citation = a_citation(days.die.choice(days.documents), stance=stance)
    claims.cite(days.some(), citation, **STAMP)


def _rate(days: Days) -> None:
    day = FIRST + timedelta(days=days.die.randrange(1_200))
    rate(days.die.choice(days.sources), days.die.choice("ABCDEF"), since=day)


def _link(days: Days) -> None:
    kind = days.die.choice(("same_as", "part_of", "supersedes", "says"))
    links.link(kind, days.some(), days.some(), **STAMP)


def _describe(days: Days) -> None:
    actors.describe_actor(days._company(), actor_id=days.company, **STAMP)


# How often each is done.
DEEDS: dict[Callable[[Days], object], int] = {
    _assert: 40,
    _correct: 12,
    lambda days: claims.retract_claim(days.some(), reason="no", **STAMP): 8,
    lambda days: claims.reinstate_claim(days.some(), reason="yes", **STAMP): 6,
    _judge: 8,
    _cite: 8,
    _rate: 8,
    _link: 6,
    _describe: 2,
}


def days_at(desk: Desk, *, seed: int) -> Days:
    """A desk at which a few claims are on record."""
    days = Days(desk=desk, die=random.Random(seed))  # noqa: S311
    days.begin()
    for _ in range(3):
        _assert(days)
    return days
