"""Plain records with quiet defaults, named by short words, and all that surrounds a claim.

`an_id("KAZ")` is the id of whatever a test calls KAZ. Three capitals are a state; a newsletter
graded C published "the article" on 24 May 2022, and a claim rests on it unless it says otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from tracker.domain import events as e
from tracker.domain.claims import Citation, Claim, Occurred, Strength
from tracker.domain.evidence import Surroundings, Whole
from tracker.domain.impacts import Evaluation, evaluate
from tracker.domain.lenses import View
from tracker.domain.records import (
    Actor,
    Affiliation,
    Collection,
    Document,
    Membership,
    Name,
    Party,
    Rating,
    Source,
)
from tracker.domain.state import ClaimState, SourceState

ARTICLE = date(2022, 5, 24)


def an_id(name: str) -> UUID:
    return uuid5(e.NAMESPACE, name)


CURATED = an_id("curated")
COLLECTION = Collection(name="curated", coding="curated", review=False)
VIEW = View(method="1", collections=(CURATED,))


def ids(names: str) -> tuple[UUID, ...]:
    """The ids of words separated by spaces."""
    return tuple(map(an_id, names.split()))


def a_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def a_country(code: str) -> Actor:
    return Actor(kind="state", names=(Name(text=code),), code=code)


def speaks_for(
    country: str, sector: Any = "government", *, since: str | None = None, until: str | None = None
) -> Affiliation:
    return Affiliation(
        country=an_id(country), sector=sector, since=a_day(since), until=a_day(until)
    )


def somebody(*affiliations: Affiliation, kind: Any = "person", members: str = "") -> Actor:
    return Actor(
        kind=kind,
        names=(Name(text="Somebody"),),
        affiliations=affiliations,
        members=ids(members),
    )


def a_group(members: str = "") -> Actor:
    return somebody(kind="group", members=members)


def a_membership(country: str, since: str = "", until: str = "", **given: Any) -> Membership:
    given = {"document": an_id("list")} | given
    return Membership(country=an_id(country), since=since or None, until=until or None, **given)


def an_organisation(*memberships: Membership) -> Actor:
    return replace(somebody(kind="organisation"), memberships=memberships)


def an_outlet(*grades: str, **given: Any) -> SourceState:
    """An outlet with its grades; "C" holds since 2000, "C 2022-03-01" since that day."""
    ratings = []
    for one in grades:
        grade, _, since = one.partition(" ")
        ratings.append(Rating(reliability=grade, since=date.fromisoformat(since or "2000-01-01")))  # type: ignore[arg-type]
    source = Source(**{"kind": "outlet", "name": "An outlet", **given})
    return SourceState(id=an_id("outlet"), source=source, ratings=tuple(ratings))


def owned_by(state: str, *grades: str) -> SourceState:
    return an_outlet(*grades, country=an_id(state), ownership="state")


def voice_of(actor: str, *grades: str) -> SourceState:
    """A source that is itself an actor."""
    return an_outlet(*grades, actor=an_id(actor))


def a_document(source: str, published: str | None = "2022-05-24") -> Document:
    return Document(source=an_id(source), title="A report", date=published)


def a_citation(document: str = "article", chain: str = "", **given: Any) -> Citation:
    return Citation(document=an_id(document), chain=ids(chain), **given)


def denial(document: str = "article", chain: str = "", **given: Any) -> Citation:
    return a_citation(document, chain, stance="denies", **given)


def a_claim(ends: str = "RUS>KAZ", **given: Any) -> Claim:
    """An act of 11 May 2022 under a code of −6; "RUS BLR>KAZ" or "CHN RUS", mutual.

    `affected` and `about` name further parties, `when` is EDTF, `code` a PLOVER code without its
    scheme, `strength` a grade; empty where there is none.
    """
    initiators, _, recipients = ends.partition(">")
    roles = {
        "initiator": initiators,
        "recipient": recipients,
        "affected": given.pop("affected", ""),
        "about": given.pop("about", ""),
    }
    when, strength = given.pop("when", "2022-05-11"), given.pop("strength", None)
    code = given.pop("code", "SANCTION/discontinue")
    return Claim(
        **{
            "collection": CURATED,
            "kind": "act",
            "summary": "Something was done.",
            "parties": tuple(
                Party(actor=one, role=role)  # type: ignore[arg-type]
                for role, names in roles.items()
                for one in ids(names)
            ),
            "citations": (a_citation(),),
            "code": f"plover-2.0/{code}" if code else None,
            "occurred": Occurred(edtf=when) if when else None,
            "strength": Strength(grade=strength, reason="so it says") if strength else None,
            **given,
        }
    )


def a_verdict(verdict: Any, parties: str = "") -> e.VerdictGiven:
    return e.VerdictGiven(verdict=verdict, parties=ids(parties), reason="so it was found")


def a_claim_state(
    ends: str = "RUS>KAZ", *, name: str = "claim", verdicts: Any = (), **given: Any
) -> ClaimState:
    """A claim as it stands; `verdicts` are in force since positions 101, 102, …"""
    state = {key: given.pop(key) for key in ("status", "review") if key in given}
    return ClaimState(
        **{
            "id": an_id(name),
            "claim": a_claim(ends, **given),
            "asserted_at": 1,
            "verdicts": tuple(verdicts),
            "judged_at": tuple(range(101, 101 + len(verdicts))),
            **state,
        }
    )


def a_whole(claim: ClaimState, *parts: ClaimState) -> Whole:
    return Whole(claim=claim, parts=parts)


@dataclass(frozen=True, kw_only=True)
class World:
    """The actors, sources, documents and collection that claims refer to, by short names."""

    actors: Mapping[str, Actor] = field(default_factory=dict)
    sources: Mapping[str, SourceState] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict)
    collection: Collection = COLLECTION
    view: View = VIEW

    def around(self, *cluster: ClaimState, **given: Any) -> Surroundings:
        sources = {"newsletter": an_outlet("C"), **self.sources}
        documents = {"article": a_document("newsletter"), **self.documents}
        return Surroundings(
            **{
                "view": self.view,
                "cluster": cluster,
                "actors": COUNTRIES | {an_id(name): one for name, one in self.actors.items()},
                "sources": {an_id(name): one for name, one in sources.items()},
                "documents": {an_id(name): one for name, one in documents.items()},
                "collections": {CURATED: self.collection},
                **given,
            }
        )

    def evaluate(self, state: ClaimState, *same: ClaimState, **given: Any) -> Evaluation:
        """Evaluate a claim; `same` are the later claims that are the same."""
        return evaluate(state, self.around(state, *same, **given))


# those of the article, and one
CODES = "BLR CHN FIN HUN KAZ KGZ RUS SWE TJK TKM TUR UKR USA UZB"
COUNTRIES = dict(zip(ids(CODES), map(a_country, CODES.split()), strict=True))
