"""Which claims are plain: one act on one whole day, cited once, as nearly all claims of an archive.

The form is that of the log: a decoded body of `ClaimAsserted`, without words. Ids are texts, so
that a claim of an archive is read without building its objects.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from tracker.domain import codec
from tracker.domain.claims import Claim

_REQUIRED = frozenset(
    {"citations", "code", "collection", "kind", "modality", "occurred", "parties", "polarity"}
)
# Fields that have no effect on scores.
_ALLOWED = _REQUIRED | {"contexts", "key", "tags"}
_CITATION = {"document", "interest", "stance"}
_CITATION_ALLOWED = _CITATION | {"language", "locator"}
_PARTY = {"actor", "role"}
_DAY = re.compile(r"\d{4}-\d\d-\d\d").fullmatch


class PlainClaim(NamedTuple):
    """What the impacts of a plain claim follow from. Ids are texts; `day` is an ISO date."""

    collection: str
    code: str
    day: str
    initiators: tuple[str, ...]
    recipients: tuple[str, ...]
    document: str


def plain_claim(claim: Mapping[str, Any]) -> PlainClaim | None:
    """Return a claim as a plain one; None if it is not.

    A plain claim is an asserted, actual act on a whole day, between initiators and recipients. Its
    only citation supports it, without a chain of sources, a credibility or an interest.
    """
    if not (claim.keys() >= _REQUIRED and claim.keys() <= _ALLOWED):
        return None
    day = claim["occurred"]["edtf"]
    if (
        claim["kind"] != "act"
        or claim["modality"] != "actual"
        or claim["polarity"] != "asserted"
        or not _DAY(day)
    ):
        return None
    document = _document(claim["citations"])
    parties = claim["parties"]
    if not document or any(party.keys() != _PARTY for party in parties):
        return None
    initiators = tuple([party["actor"] for party in parties if party["role"] == "initiator"])
    recipients = tuple([party["actor"] for party in parties if party["role"] == "recipient"])
    if len(initiators) + len(recipients) != len(parties):
        return None
    return PlainClaim(claim["collection"], claim["code"], day, initiators, recipients, document)


def is_plain(claim: Claim) -> bool:
    """Return whether a claim is plain."""
    return plain_claim(codec.split(claim)[0]) is not None


def _document(citations: list[Mapping[str, Any]]) -> str:
    """The document of the only citation; empty if the citation is not plain."""
    if len(citations) != 1:
        return ""
    [citation] = citations
    if not (citation.keys() >= _CITATION and citation.keys() <= _CITATION_ALLOWED):
        return ""
    if citation["interest"] != "none" or citation["stance"] != "supports":
        return ""
    return str(citation["document"])
