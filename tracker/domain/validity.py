"""What must hold for a record before it may enter the log; all problems at once."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from tracker.domain import codebooks, dates
from tracker.domain.claims import Citation, Claim
from tracker.domain.parties import Actor
from tracker.domain.publications import Collection, Document, Source

LONGEST = {"summary": 500, "quote": 5_000, "translation": 5_000, "note": 10_000}
MOST_ITEMS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong, where (a JSON pointer into the record), and how to mend it."""

    pointer: str
    code: str
    detail: str


class Invalid(ValueError):
    """A record that may not enter the log; `problems` names every reason."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{one.pointer}: {one.detail}" for one in problems))
        self.problems = problems


def refuse(problems: Iterator[Problem] | list[Problem]) -> None:
    """Raise `Invalid` if there is any problem."""
    if found := list(problems):
        raise Invalid(found)


def claim_problems(claim: Claim) -> Iterator[Problem]:
    """Everything that is wrong with a claim by itself, without looking anything up."""
    yield from _summary_problems(claim)
    yield from _party_problems(claim)
    yield from _code_problems(claim)
    yield from _kind_problems(claim)
    if claim.occurred:
        yield from date_problems(claim.occurred.edtf, "/occurred/edtf")
    if claim.magnitude and claim.magnitude.baseline:
        yield from date_problems(claim.magnitude.baseline, "/magnitude/baseline")
    if not claim.citations:
        yield Problem(
            pointer="/citations",
            code="required",
            detail="a claim needs at least one citation: say which document it comes from",
        )
    for index, citation in enumerate(claim.citations[:MOST_ITEMS]):
        yield from citation_problems(citation, f"/citations/{index}")


def citation_problems(citation: Citation, pointer: str = "") -> Iterator[Problem]:
    """Everything that is wrong with a citation by itself."""
    if citation.credibility not in (None, 2, 3, 4, 5, 6):
        yield Problem(
            pointer=f"{pointer}/credibility",
            code="out_of_range",
            detail="must be 2 to 6; 1 means confirmed by others, which further citations show",
        )
    for link, times in Counter(citation.chain).items():
        if times > 1:
            yield Problem(
                pointer=f"{pointer}/chain",
                code="repeated",
                detail=f"names the source {link} twice: a chain goes back without loops",
            )
    for field in ("quote", "translation", "note"):
        yield from _length_problems(getattr(citation, field), f"{pointer}/{field}", field)


def actor_problems(actor: Actor) -> Iterator[Problem]:
    if not actor.name.strip():
        yield Problem(pointer="/names", code="required", detail="an actor needs a name")
    if actor.kind == "state":
        code = actor.code or ""
        if not (len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()):
            yield Problem(
                pointer="/code",
                code="invalid",
                detail="a state needs its ISO 3166-1 alpha-3 code, as KAZ",
            )
    if actor.members and actor.kind != "group":
        yield Problem(pointer="/members", code="invalid", detail="only a group lists members")
    for index, one in enumerate(actor.affiliations):
        if one.since and one.until and one.until <= one.since:
            yield Problem(
                pointer=f"/affiliations/{index}/until",
                code="invalid",
                detail="must be after `since`: an affiliation ends before the day `until`",
            )


def source_problems(source: Source) -> Iterator[Problem]:
    if not source.name.strip() and source.actor is None:
        yield Problem(
            pointer="/name", code="required", detail="a source needs a name, or an actor to be"
        )
    yield from _url_problems(source.url, "/url")


def document_problems(document: Document) -> Iterator[Problem]:
    if not document.title.strip() and document.url is None:
        yield Problem(pointer="/title", code="required", detail="a document needs a title or a URL")
    if document.date:
        yield from date_problems(document.date, "/date")
    yield from _url_problems(document.url, "/url")
    yield from _url_problems(document.archive_url, "/archive_url")


def collection_problems(collection: Collection) -> Iterator[Problem]:
    if not collection.name.strip():
        yield Problem(pointer="/name", code="required", detail="a collection needs a name")
    if collection.default_credibility not in (None, 2, 3, 4, 5, 6):
        yield Problem(pointer="/default_credibility", code="out_of_range", detail="must be 2 to 6")


def date_problems(edtf: str, pointer: str) -> Iterator[Problem]:
    try:
        dates.bounds(edtf)
    except dates.BadDate as problem:
        yield Problem(pointer=pointer, code="bad_date", detail=str(problem))


def _url_problems(url: str | None, pointer: str) -> Iterator[Problem]:
    if url is None:
        return
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable or len(url) > 2_000:
        yield Problem(
            pointer=pointer, code="invalid", detail="must be an address, as https://example.org/a"
        )


def _length_problems(value: str, pointer: str, field: str) -> Iterator[Problem]:
    if len(value) > LONGEST[field]:
        yield Problem(
            pointer=pointer,
            code="too_long",
            detail=f"is {len(value)} characters long; at most {LONGEST[field]} fit",
        )


def _summary_problems(claim: Claim) -> Iterator[Problem]:
    if not claim.summary.strip():
        yield Problem(
            pointer="/summary",
            code="required",
            detail="say in one sentence, in your own words, what is claimed",
        )
    yield from _length_problems(claim.summary, "/summary", "summary")
    yield from _length_problems(claim.note, "/note", "note")
    for field in ("parties", "citations", "tags", "contexts"):
        if len(getattr(claim, field)) > MOST_ITEMS:
            yield Problem(pointer=f"/{field}", code="too_many", detail=f"at most {MOST_ITEMS} fit")


def _party_problems(claim: Claim) -> Iterator[Problem]:
    if not claim.parties:
        yield Problem(
            pointer="/parties", code="required", detail="say whom the claim is about, and how"
        )
    if claim.kind in ("act", "situation") and not claim.actors("initiator"):
        yield Problem(
            pointer="/parties",
            code="no_initiator",
            detail=f"an {claim.kind} needs an initiator"
            if claim.kind == "act"
            else "a situation needs an initiator: who keeps it up",
        )
    seen: set[tuple[object, str]] = set()
    for index, party in enumerate(claim.parties):
        if (party.actor, party.role) in seen:
            yield Problem(
                pointer=f"/parties/{index}", code="repeated", detail="names this party twice"
            )
        seen.add((party.actor, party.role))
    for actor in set(claim.actors("initiator")) & set(claim.actors("recipient")):
        yield Problem(
            pointer="/parties",
            code="both_ends",
            detail=f"{actor} is initiator and recipient; for a mutual act name initiators only",
        )


def _code_problems(claim: Claim) -> Iterator[Problem]:
    if claim.code:
        try:
            code = codebooks.find(claim.code)
        except codebooks.UnknownCode as problem:
            yield Problem(pointer="/code", code="unknown_code", detail=str(problem))
        else:
            alone = len(claim.actors("initiator")) < 2 and not claim.actors("recipient")
            if code.requires_recipient and alone:
                yield Problem(
                    pointer="/parties",
                    code="no_recipient",
                    detail=f"{claim.code} is done to somebody: name the recipient",
                )
    for index, context in enumerate(claim.contexts):
        if context not in codebooks.CONTEXTS:
            yield Problem(
                pointer=f"/contexts/{index}",
                code="unknown_context",
                detail=f"{context!r} is none of: {', '.join(sorted(codebooks.CONTEXTS))}",
            )


def _kind_problems(claim: Claim) -> Iterator[Problem]:
    if claim.kind == "measure" and claim.magnitude is None:
        yield Problem(
            pointer="/magnitude", code="required", detail="a measure needs its value and unit"
        )
    if claim.modality == "conditional" and not claim.condition.strip():
        yield Problem(
            pointer="/condition", code="required", detail="say on what the claim is conditional"
        )
    if claim.kind == "forecast":
        for field in ("resolves_by", "criterion"):
            if not getattr(claim, field):
                yield Problem(
                    pointer=f"/{field}",
                    code="required",
                    detail="a forecast needs a horizon and a criterion; without, "
                    "it is an assessment",
                )
        if claim.resolves_by:
            yield from date_problems(claim.resolves_by, "/resolves_by")
