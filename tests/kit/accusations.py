"""A claim that blames a firm for a crime on one root and one pair of eyes, and what it lacks."""

from uuid import UUID

from tests.kit.builders import AT, Desk, a_citation, a_document, a_source, an_actor, on_record
from tracker.domain import events as e
from tracker.domain.records import Affiliation, Name, Party
from tracker.operations import claims

SENTENCE = "Acme broke into the network of a ministry."


def a_firm(desk: Desk) -> UUID:
    """Acme, a firm in Russia."""
    speaks = Affiliation(country=desk.countries["RUS"], sector="business")
    return on_record(
        an_actor(None, kind="company", names=(Name(text="Acme"),), affiliations=(speaks,))
    )


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
    wire = on_record(a_source(name="A Wire"))
    document = on_record(a_document(wire))
    claims.cite(claim, a_citation(document), at=AT, by="ann")


def reviewed(claim: UUID, by: str) -> None:
    claims.review_claim(claim, e.ClaimReviewed(outcome="accepted"), at=AT, by=by)
