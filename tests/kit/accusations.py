"""A claim that blames a firm for a crime on one root and one pair of eyes, and what it lacks."""

from uuid import UUID

from tests.kit.builders import AT, Desk, a_citation, a_document, a_source, an_actor
from tracker.domain import events as e
from tracker.domain.records import Affiliation, Name, Party
from tracker.operations import actors, claims, sources

SENTENCE = "Acme broke into the network of a ministry."


def a_firm(desk: Desk) -> UUID:
    """Acme, a firm in Russia."""
    speaks = Affiliation(country=desk.countries["RUS"], sector="business")
    firm = an_actor(None, kind="company", names=(Name(text="Acme"),), affiliations=(speaks,))
    return actors.describe_actor(firm, at=AT, by="ann").stream


def blames(desk: Desk, firm: UUID, **given: object) -> UUID:
    """One report says that Acme spied in Kazakhstan."""
    parties = (
        Party(actor=firm, role="initiator"),
        Party(actor=desk.countries["KAZ"], role="recipient"),
    )
    cited = a_citation(desk.document, quote="It was Acme.", locator="Acme, p. 3")
    said = {
        "summary": SENTENCE,
        "code": "plover-2.0/COERCE/cyber",
        "parties": parties,
        "citations": (cited,),
        "note": "Acme denies it.",
        "tags": ("acme",),
        **given,
    }
    return claims.assert_claim(desk.claim(**said), at=AT, by="ann").stream


def second_root(claim: UUID) -> None:
    wire = sources.describe_source(a_source(name="A Wire"), at=AT, by="ann").stream
    document = sources.describe_document(a_document(wire), at=AT, by="ann").stream
    claims.cite(claim, a_citation(document), at=AT, by="ann")


def reviewed(claim: UUID, by: str) -> None:
    claims.review_claim(claim, e.ClaimReviewed(outcome="accepted"), at=AT, by=by)
