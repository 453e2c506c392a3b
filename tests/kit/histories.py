"""Random histories: what people do at a desk, step by step, the impossible steps left out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from hypothesis import strategies as st

from tests.kit.builders import (
    AT,
    BY,
    Desk,
    a_citation,
    a_collection,
    a_desk,
    a_lens,
    an_actor,
    an_id,
    on_record,
    rate,
)
from tracker import log
from tracker.domain import events as e
from tracker.domain.claims import Claim, Level, Occurred
from tracker.domain.events import NAMESPACE
from tracker.domain.lenses import View
from tracker.domain.records import Affiliation, Collection, Party, Role
from tracker.domain.scoring import MODELS
from tracker.domain.state import OutOfOrder
from tracker.domain.validity import Invalid
from tracker.operations import actors, claims, lenses, links, references, sources

CODES = (
    "plover-2.0/SANCTION/discontinue",
    "plover-2.0/ASSAULT",
    "plover-2.0/AGREE",
    "plover-2.0/COOPERATE",
    "plover-2.0/ACCUSE",
)
DATES = (
    "2012-03-04",
    "2022-02-24",
    "2022-05-11",
    "[2022-03-21..2022-03-31]",
    "2022-05",
    "2024-05-02",
    "2020",
)
SPANS = ("2022-03-21/2022-04-02", "2022-05-01/..", "2022-06-01/2022-06-03")
GRADES = ("A", "C", "E", "F")
LINKS: tuple[e.LinkType, ...] = ("same_as", "same_as", "same_as", "part_of", "says", "supersedes")
# Assessed levels; that by structure stands before the first act.
LEVELS = (
    Level(value=Decimal(6), sd=Decimal("2.5")),
    Level(value=Decimal("-4.5"), sd=Decimal(1)),
    Level(value=Decimal(0), sd=Decimal(9)),
    Level(rung="structural-1/defence-pact"),
)
# All curated collections.
CURATED = View(method="1")
# The lenses of a scene; the last is on all curated collections.
LENSES = (*MODELS, "all-curated")
# Few places, so that steps meet; taken modulo what there is.
PLACES = st.integers(0, 3)


@dataclass(slots=True)
class Scene:
    """A desk with more sources, a second collection that a machine codes, a lens on all curated
    collections, a company and a group, and the claims made so far."""

    desk: Desk
    documents: list[UUID]
    sources: list[UUID]
    feed: UUID
    company: UUID
    group: UUID
    made: list[UUID] = field(default_factory=list)

    def parties(self) -> list[UUID]:
        return [*self.desk.countries.values(), self.company, self.group]

    def claim(self, place: int) -> UUID:
        """One of the claims made so far; before there is any, one that nobody made."""
        return self.made[place % len(self.made)] if self.made else an_id(0)


type Step = Callable[[Scene], object]


def a_feed(coding: str) -> Collection:
    return a_collection(name="feed", coding=coding)


def a_scene() -> Scene:
    desk = a_desk()
    heard = [
        desk.hears(grade=grade, ends=day)
        for grade, day in (("A", "2022-05-12"), (None, "2023"), ("B", "2031"))
    ]
    countries = list(desk.countries.values())
    speaks = Affiliation(country=countries[2], sector="business")
    company = an_actor(None, kind="company", affiliations=(speaks,))
    group = an_actor(None, kind="group", members=(countries[0], countries[1]))
    everything = a_lens(name="all-curated", view=CURATED)
    lenses.define_lens(everything, at=AT, by=BY)
    return Scene(
        desk=desk,
        feed=on_record(a_feed("machine")),
        documents=[desk.document, *heard],
        sources=[desk.source],
        company=on_record(company),
        group=on_record(group),
    )


@contextmanager
def undone() -> Iterator[None]:
    """Take back all that happens inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def happens(step: Step, scene: Scene) -> None:
    """Take a step if it can be taken."""
    with suppress(OutOfOrder, Invalid, claims.NoSuchClaim):
        step(scene)


@st.composite
def _fields(draw: st.DrawFn) -> dict[str, Any]:
    """The fields of an act, a situation or an assessed level."""
    situation, assessed = draw(st.integers(0, 4)) == 0, draw(st.integers(0, 5)) == 0
    when = draw(st.sampled_from(SPANS if situation else DATES))
    fields: dict[str, Any] = {
        "code": draw(st.sampled_from(CODES)),
        "kind": "situation" if situation else "act",
        "occurred": Occurred(edtf=when),
        "polarity": draw(st.sampled_from(("asserted", "asserted", "asserted", "denied"))),
    }
    if assessed:
        level = draw(st.sampled_from(LEVELS))
        fields |= {"code": None, "kind": "level", "polarity": "asserted", "level": level}
    return fields


@st.composite
def a_body(draw: st.DrawFn) -> Callable[[Scene], Claim]:
    """A claim of some kind between two of the parties."""
    # Mostly between the same two, so that claims meet.
    one, other = draw(st.sampled_from(((1, 2), (1, 2), (2, 1), (2, 1), (3, 1), (0, 4), (1, 4))))
    document, fed = draw(PLACES), draw(st.integers(0, 3)) == 0
    changed = draw(_fields())
    roles: tuple[Role, Role] = ("initiator", "recipient")
    if changed["kind"] == "level":
        roles = ("about", "about")

    def made(scene: Scene) -> Claim:
        parties = scene.parties()
        claim = scene.desk.claim(
            parties=(
                Party(actor=parties[one % len(parties)], role=roles[0]),
                Party(actor=parties[other % len(parties)], role=roles[1]),
            ),
            citations=(a_citation(scene.documents[document % len(scene.documents)]),),
            **changed,
            **({"collection": scene.feed} if fed else {}),
        )
        if not references.date_warning(claim):
            return claim
        # Only the last document can know of it.
        return replace(claim, citations=(a_citation(scene.documents[-1]),))

    return made


@st.composite
def an_assertion(draw: st.DrawFn) -> Step:
    body = draw(a_body())

    def step(scene: Scene) -> None:
        # Ids whose order is not that of arrival.
        claim_id = uuid5(NAMESPACE, str(len(scene.made)))
        claims.assert_claim(body(scene), at=AT, by=BY, claim_id=claim_id)
        scene.made.append(claim_id)

    return step


@st.composite
def a_correction(draw: st.DrawFn) -> Step:
    body, place = draw(a_body()), draw(PLACES)

    def step(scene: Scene) -> None:
        claim_id = scene.claim(place)
        version = len(log.history([claim_id]))
        claims.correct_claim(claim_id, body(scene), reason="typo", expected=version, at=AT, by=BY)

    return step


@st.composite
def a_word_on_a_claim(draw: st.DrawFn) -> Step:
    """A retraction, reinstatement, citation or verdict."""
    place, document = draw(PLACES), draw(PLACES)
    verdict = e.VerdictGiven(
        verdict=draw(st.sampled_from(("confirmed", "disputed", "false", "unverifiable"))),
        reason="seen",
    )
    stance = draw(st.sampled_from(("supports", "denies")))
    acts: dict[str, Step] = {
        "retract": lambda scene: claims.retract_claim(
            scene.claim(place), reason="no", at=AT, by=BY
        ),
        "reinstate": lambda scene: claims.reinstate_claim(
            scene.claim(place), reason="yes", at=AT, by=BY
        ),
        "cite": lambda scene: claims.cite(
            scene.claim(place),
            a_citation(scene.documents[document % len(scene.documents)], stance=stance),
            at=AT,
            by=BY,
        ),
        "judge": lambda scene: claims.give_verdict(scene.claim(place), verdict, at=AT, by=BY),
    }
    return acts[draw(st.sampled_from(sorted(acts)))]


@st.composite
def a_link(draw: st.DrawFn) -> Step:
    kind: e.LinkType = draw(st.sampled_from(LINKS))
    one, other = draw(PLACES), draw(PLACES)
    undo = draw(st.integers(0, 3)) == 0

    def step(scene: Scene) -> None:
        ends = (scene.claim(one), scene.claim(other))
        if undo:
            links.unlink(kind, *ends, reason="no", at=AT, by=BY)
        else:
            links.link(kind, *ends, at=AT, by=BY)

    return step


@st.composite
def a_new_description(draw: st.DrawFn) -> Step:
    """A new grade, another country for the company, other members for the group, another coding
    for the feed."""
    place, grade, day = draw(PLACES), draw(st.sampled_from(GRADES)), draw(st.integers(1, 28))
    what = draw(st.sampled_from(("grade", "company", "group", "feed")))
    coding = draw(st.sampled_from(("curated", "machine")))

    def step(scene: Scene) -> None:
        countries = list(scene.desk.countries.values())
        if what == "grade":
            rate(scene.sources[0], grade, since=date(2022, 5, day))
        elif what == "company":
            speaks = Affiliation(country=countries[place % 3], sector="state media")
            actor = an_actor(None, kind="company", affiliations=(speaks,))
            actors.describe_actor(actor, at=AT, by=BY, actor_id=scene.company)
        elif what == "feed":
            feed = a_feed(coding)
            sources.describe_collection(feed, at=AT, by=BY, collection_id=scene.feed)
        else:
            actor = an_actor(None, kind="group", members=tuple(countries[: place % 4]))
            actors.describe_actor(actor, at=AT, by=BY, actor_id=scene.group)

    return step


STEPS = st.one_of(
    an_assertion(), a_correction(), a_word_on_a_claim(), a_word_on_a_claim(), a_link(), a_link(),
    a_new_description(),
)  # fmt: skip


def histories(*, longest: int) -> st.SearchStrategy[list[Step]]:
    """A history begins with three claims, so that the steps after them have something to touch."""
    return st.builds(
        lambda claims, later: [*claims, *later],
        st.lists(an_assertion(), min_size=3, max_size=3),
        st.lists(STEPS, min_size=3, max_size=longest),
    )
