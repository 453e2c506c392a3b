"""How much each field of what enters the log holds, as tables."""

import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

# Years of states that a claim can be about; a typo in a year is far outside.
FIRST_DAY, LAST_DAY = date(1500, 1, 1), date(2100, 12, 31)


class Words(NamedTuple):
    """Text of at most `longest` characters; `lines`: of several lines. `form` is a pattern that
    all of it follows, and `example` one that does."""

    longest: int
    lines: bool = False
    form: str = ""
    example: str = ""


NAME, PROSE, REASON, EDTF = (
    Words(200),
    Words(10_000, lines=True),
    Words(2_000, lines=True),
    Words(255),
)
SLUG = Words(64, form="[a-z0-9]+([._-][a-z0-9]+)*", example="machine-feed or standing")
LANGUAGE = Words(35, form="[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", example="en or zh-Hans")
QUOTE, ADDRESS = Words(5_000, lines=True), Words(2_000)

WORDS: Mapping[str, Words] = {
    "Name.text": NAME,
    "Name.language": LANGUAGE,
    "Actor.aliases": NAME,
    "Actor.code": Words(20, form="[A-Z0-9]+([.-][A-Z0-9]+)*", example="KAZ or NATO"),
    "Actor.wikidata": Words(20, form="Q[1-9][0-9]*", example="Q232"),
    "Source.name": NAME,
    "Source.url": ADDRESS,
    "Document.title": Words(1_000),
    "Document.authors": NAME,
    "Document.date": EDTF,
    "Document.language": LANGUAGE,
    "Document.url": ADDRESS,
    "Document.archive_url": ADDRESS,
    "Document.note": PROSE,
    "Collection.name": SLUG,
    "Collection.description": REASON,
    "Claim.summary": Words(500),
    "Claim.key": NAME,
    "Claim.code": Words(100),
    "Claim.contexts": Words(100),
    "Claim.condition": REASON,
    "Claim.hedge": NAME,
    "Claim.resolves_by": EDTF,
    "Claim.criterion": REASON,
    "Claim.tags": Words(100),
    "Claim.note": PROSE,
    "Occurred.edtf": EDTF,
    "Occurred.phrase": Words(500),
    "Strength.reason": REASON,
    "Magnitude.unit": Words(100),
    "Magnitude.baseline": EDTF,
    "Citation.language": LANGUAGE,
    "Citation.locator": NAME,
    "Citation.quote": QUOTE,
    "Citation.translation": QUOTE,
    "Citation.note": PROSE,
    "View.method": Words(20),
    "Lens.name": SLUG,
    "Lens.model": Words(64),
    "Lens.description": REASON,
    "ClaimCorrected.reason": REASON,
    "ClaimRetracted.reason": REASON,
    "ClaimReinstated.reason": REASON,
    "VerdictGiven.reason": REASON,
    "ClaimReviewed.note": REASON,
    "ForecastResolved.reason": REASON,
    "ClaimsLinked.note": REASON,
    "ClaimsUnlinked.reason": REASON,
    "SourceRated.reason": REASON,
    "ImportRecorded.name": NAME,
    "ImportRecorded.format": SLUG,
    "ImportRecorded.file_sha256": Words(64, form="[0-9a-f]{64}", example="64 hex digits"),
    "TextWithheld.reason": REASON,
    "TextWithheld.authority": Words(500),
}
MOST: Mapping[str, int] = {
    "Actor.names": 100,
    "Actor.aliases": 100,
    "Actor.affiliations": 100,
    "Actor.members": 300,
    "Document.authors": 100,
    "Claim.parties": 100,
    "Claim.citations": 100,
    "Claim.contexts": 30,
    "Claim.tags": 50,
    "Citation.chain": 20,
    "View.collections": 100,
    "Bloc.countries": 300,
    "Bloc.ownerships": 20,
    "Lens.sectors": 30,
    "VerdictGiven.parties": 100,
    "ImportRecorded.positions": 20_000,
}
# Admiralty's, without 1: that others confirm something is shown by their citations.
CREDIBILITIES = range(2, 7)
CREDIBILITY_SAYS = (
    "must be 2 to 6; do not use 1 (confirmed by others): add the other citations instead"
)
# Characters of canonical JSON.
SIZES: Mapping[str, int] = {"Lens.parameters": 200_000, "ImportRecorded.counts": 2_000}

NO_LINE = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029\u202d\u202e\ufffe\uffff]")
NO_PROSE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e\ufffe\uffff]")
