"""Which claims are plain: one act on one whole day, cited once, as nearly all claims are.

A plain claim may be reported again: then further citations support it. The form is that of the log:
the decoded bodies of `ClaimAsserted` and `CitationAdded`, without words. Ids are texts, so that a
claim is read without building its objects.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from tracker.domain import codec
from tracker.domain.claims import Interest
from tracker.domain.state import MOST_CITATIONS

_REQUIRED = frozenset(
    {"citations", "code", "collection", "kind", "modality", "occurred", "parties", "polarity"}
)
# Fields that have no effect on scores.
_ALLOWED = _REQUIRED | {"contexts", "key", "tags"}
_CITATION = {"document", "interest", "stance"}
_CITATION_ALLOWED = _CITATION | {"chain", "credibility", "language", "locator", "selector"}
_PARTY = {"actor", "role"}
_DAY = re.compile(r"\d{4}-\d\d-\d\d").fullmatch


class PlainCitation(NamedTuple):
    """A citation of a plain claim, which supports it."""

    document: str
    chain: tuple[str, ...] = ()
    credibility: int | None = None
    interest: Interest = "none"


class PlainClaim(NamedTuple):
    """What the impacts and the rows of a plain claim follow from. Ids are texts; `day` is an ISO
    date. `reports`: the citations that were added to the first."""

    collection: str
    code: str
    day: str
    initiators: tuple[str, ...]
    recipients: tuple[str, ...]
    citation: PlainCitation
    contexts: tuple[str, ...] = ()
    reports: tuple[PlainCitation, ...] = ()

    @property
    def citations(self) -> tuple[PlainCitation, ...]:
        return (self.citation, *self.reports)

    def with_report(self, report: PlainCitation) -> "PlainClaim | None":
        """The claim after a report; None if a claim cannot have so many citations."""
        if len(self.reports) + 1 >= MOST_CITATIONS:
            return None
        return self._replace(reports=(*self.reports, report))


def plain_claim(claim: Mapping[str, Any]) -> PlainClaim | None:
    """Return a claim as a plain one; None if it is not.

    A plain claim is an asserted, actual act on a whole day, between initiators and recipients, with
    one citation, which supports it.
    """
    if not _is_act_on_a_day(claim):
        return None
    citations, sides = claim["citations"], _sides(claim["parties"])
    citation = plain_citation(citations[0]) if len(citations) == 1 else None
    if citation is None or sides is None:
        return None
    return PlainClaim(
        claim["collection"],
        claim["code"],
        claim["occurred"]["edtf"],
        *sides,
        citation,
        tuple(claim.get("contexts", ())),
    )


def _is_act_on_a_day(claim: Mapping[str, Any]) -> bool:
    """Whether a claim is an asserted, actual act on a whole day, without further fields that have
    an effect."""
    return (
        claim.keys() >= _REQUIRED
        and claim.keys() <= _ALLOWED
        and claim["kind"] == "act"
        and claim["modality"] == "actual"
        and claim["polarity"] == "asserted"
        and bool(_DAY(claim["occurred"]["edtf"]))
    )


def _sides(parties: list[Mapping[str, Any]]) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The initiators and the recipients; None if there are other parties."""
    if any(party.keys() != _PARTY for party in parties):
        return None
    initiators = tuple([party["actor"] for party in parties if party["role"] == "initiator"])
    recipients = tuple([party["actor"] for party in parties if party["role"] == "recipient"])
    is_all = len(initiators) + len(recipients) == len(parties)
    return (initiators, recipients) if is_all else None


def plain_citation(citation: Mapping[str, Any]) -> PlainCitation | None:
    """Return a citation as that of a plain claim; None if it does not support the claim, or has
    other fields."""
    if not (citation.keys() >= _CITATION and citation.keys() <= _CITATION_ALLOWED):
        return None
    if citation["stance"] != "supports":
        return None
    return PlainCitation(
        citation["document"],
        tuple(citation.get("chain", ())),
        citation.get("credibility"),
        citation["interest"],
    )


class PlainWords(NamedTuple):
    """What a plain claim of an archive has besides: how its date was found (`Occurred.basis`), its
    key in the archive, its note, its summary, and the place in the document, if it is known."""

    basis: str
    key: str
    note: str
    summary: str
    locator: str = ""


def texts(claim: PlainClaim, words: PlainWords) -> codec.Texts:
    """Return a plain claim of an archive as canonical JSON: its body, its words, and both together.

    The texts are those of `codec.texts` for the same claim. Its citation has only a document and a
    locator.
    """
    locator = f',"locator":{_encoded(words.locator)}' if words.locator else ""
    contexts = f',"contexts":{_list(claim.contexts)}' if claim.contexts else ""
    head = (
        f'{{"citations":[{{"document":"{claim.citation.document}","interest":"none"{locator},'
        f'"stance":"supports"}}],"code":{_encoded(claim.code)},'
        f'"collection":"{claim.collection}"{contexts},'
        f'"key":{codec.word_text(words.key)},"kind":"act","modality":"actual"'
    )
    middle = (
        f',"occurred":{{"basis":"{words.basis}","edtf":"{claim.day}"}},'
        f'"parties":{_parties(claim.initiators, claim.recipients)},"polarity":"asserted"'
    )
    note = f'"note":{codec.word_text(words.note)}'
    summary = f'"summary":{codec.word_text(words.summary)}'
    return (
        f"{head}{middle}}}",
        f"{{{note},{summary}}}",
        f"{head},{note}{middle},{summary}}}",
    )


def document_texts(source: str, *, date: str, title: str, url: str) -> codec.Texts:
    """Return a document as canonical JSON: its body, its words (empty if it has no title), and both
    together. Of `date`, `title` and `url`, those that are empty are left out.

    The texts are those of `codec.texts` for the same document.
    """
    dated = f'"date":"{date}",' if date else ""
    address = f',"url":{codec.word_text(url)}' if url else ""
    body = f'{{{dated}"source":"{source}"{address}}}'
    if not title:
        return body, "", body
    titled = f'"title":{codec.word_text(title)}'
    return body, f"{{{titled}}}", f'{{{dated}"source":"{source}",{titled}{address}}}'


@lru_cache(4_096)
def _encoded(text: str) -> str:
    return codec.word_text(text)


@lru_cache(4_096)
def _list(items: tuple[str, ...]) -> str:
    return f"[{','.join(map(codec.word_text, items))}]"


@lru_cache(65_536)
def _parties(initiators: tuple[str, ...], recipients: tuple[str, ...]) -> str:
    parties = [f'{{"actor":"{actor}","role":"initiator"}}' for actor in initiators]
    parties += [f'{{"actor":"{actor}","role":"recipient"}}' for actor in recipients]
    return f"[{','.join(parties)}]"
