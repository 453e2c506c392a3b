"""The claim: one sentence about the world with a date and at least one citation."""

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from tracker.domain import codebooks, codec, fields, levels, likelihood
from tracker.domain.dates.edtf import BadDate, bounds
from tracker.domain.fields import (
    Credibility,
    Edtf,
    Language,
    Most,
    Name200,
    Prose,
    Quote,
    Reason,
    Term,
    Words,
    text,
)
from tracker.domain.problems import Problem, invalid, required
from tracker.domain.records import Party, Role
from tracker.domain.selectors import Selector, selector_problems

Kind = Literal["act", "situation", "measure", "assessment", "forecast", "level"]
Polarity = Literal["asserted", "denied"]
Modality = Literal["actual", "announced", "conditional"]
Basis = Literal["stated", "inferred", "publication"]
Stance = Literal["supports", "denies"]
Interest = Literal["none", "self-serving", "against interest"]
Grade = Literal["weak", "partial", "full"]
# ICD 203 bands, where the source itself judges.
Likelihood = Literal[
    "almost-no-chance",
    "very-unlikely",
    "unlikely",
    "roughly-even-chance",
    "likely",
    "very-likely",
    "almost-certain",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurred:
    """When the event happened: EDTF, and the date phrase as the source wrote it."""

    edtf: Annotated[Edtf, "where it is missing, the problem says what the phrase means"]
    basis: Basis = "stated"
    phrase: Annotated[str, Words(500)] = text(default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Strength:
    """How much of the act the source reports. Example: "general compliance" is weak."""

    grade: Grade
    reason: Reason = text(default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Magnitude:
    """A measured amount. With `change`, it is relative to the period `baseline` (EDTF)."""

    value: Decimal
    unit: Annotated[str, Words(100, required="give the unit, such as % or t")]
    change: bool = False
    baseline: Edtf | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The level of a pair at the close of a day, as somebody assessed it: `value` from −9 to 9 with
    its `sd`, or a named `rung` such as "structural-1/lesser-rivalry", which has both.
    """

    value: Decimal | None = None
    sd: Decimal | None = None
    rung: Term | None = None

    @property
    def mean(self) -> float:
        """The assessed level, −9..9."""
        return float(levels.RUNGS[self.rung].value if self.rung else self.value or 0)

    @property
    def doubt(self) -> float:
        """The sd of the assessment, in the same points."""
        return float(levels.RUNGS[self.rung].sd if self.rung else self.sd or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """The link from a claim to a document, and the chain of sources from there back to the origin.

    `chain` begins after the document's own publisher. `credibility` is Admiralty 2–6.
    """

    document: UUID
    chain: Annotated[
        tuple[UUID, ...],
        Most(20),
        "the sources behind the publisher of the document, the root last",
    ] = ()
    stance: Stance = "supports"
    interest: Interest = "none"
    credibility: Credibility | None = None
    language: Language | None = None
    locator: Name200 | None = None
    quote: Quote = text(default="")
    translation: Quote = text(default="")
    note: Prose = text(default="")
    selector: Annotated[Selector | None, "where in the document the quote is"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A statement about an act, situation, measure, assessment, forecast or level.

    `key` identifies the claim in its original table; `collection` is an id. A forecast has
    `resolves_by` (EDTF) and a criterion.
    """

    collection: UUID
    kind: Kind
    parties: Annotated[tuple[Party, ...], Most(100)]
    citations: Annotated[tuple[Citation, ...], Most(100)]
    summary: Annotated[
        str, Words(500, required="state the claim in one sentence, in your own words")
    ] = text(default="")
    key: Name200 | None = None
    code: Term | None = None
    contexts: Annotated[tuple[Term, ...], Most(30)] = ()
    polarity: Polarity = "asserted"
    modality: Modality = "actual"
    condition: Reason = text(default="")
    occurred: Occurred | None = None
    strength: Strength | None = None
    likelihood: Likelihood | None = None
    hedge: Name200 = text(default="")
    magnitude: Magnitude | None = None
    level: Level | None = None
    resolves_by: Edtf | None = None
    criterion: Reason = text(default="")
    tags: Annotated[tuple[Term, ...], Most(50)] = ()
    note: Prose = text(default="")

    def actors(self, *roles: Role) -> tuple[UUID, ...]:
        """Return the actors in any of `roles`, in the order in which they were entered."""
        return tuple(party.actor for party in self.parties if party.role in roles)


DEEDS = ("act", "situation")


def claim_problems(claim: Claim) -> Iterator[Problem]:
    """List everything that is wrong with a claim by itself, without any lookup."""
    yield from codec.problems(claim)
    yield from _party_problems(claim)
    yield from _code_problems(claim)
    yield from _kind_problems(claim)
    yield from _hedge_problems(claim)
    yield from _part_problems(claim)
    yield from _citations_problems(claim)


def citation_problems(citation: Citation, pointer: str = "") -> Iterator[Problem]:
    """List everything that is wrong with a citation by itself."""
    yield from codec.problems(citation, pointer)
    yield from _cited_problems(citation, pointer)


def date_problems(edtf: str, pointer: str) -> Iterator[Problem]:
    """Check that a text is EDTF and that its year is plausible."""
    try:
        limits = bounds(edtf)
    except BadDate as problem:
        yield Problem(pointer=pointer, code="bad_date", detail=str(problem))
        return
    for day in (limits.earliest, limits.latest):
        if day is not None and (problems := list(fields.day_problems(day, pointer))):
            yield from problems
            return


def repeats(values: Sequence[Hashable], pointer: str, *, detail: str) -> Iterator[Problem]:
    """Report each place where a value is repeated."""
    if len(values) < 2:
        return
    seen: dict[Hashable, str] = {}
    for place, value in enumerate(values):
        pointer_here = f"{pointer}/{place}"
        first = seen.setdefault(value, pointer_here)
        if first != pointer_here:
            yield Problem(pointer=pointer_here, code="repeated", detail=detail, rests_on=(first,))


def _of_kind(pointer: str, code: str, detail: str) -> Problem:
    """Return a problem of some kinds only, which therefore rests on the kind."""
    return Problem(pointer=pointer, code=code, detail=detail, rests_on=("/kind",))


def _party_problems(claim: Claim) -> Iterator[Problem]:
    if not claim.parties:
        yield required("/parties", "add at least one party with its role")
    initiators, recipients = claim.actors("initiator"), claim.actors("recipient")
    if claim.kind in DEEDS and not initiators:
        detail = (
            "an act requires an initiator"
            if claim.kind == "act"
            else "a situation requires an initiator, the party that maintains it"
        )
        yield _of_kind("/parties", "no_initiator", detail)
    roles = [(party.actor, party.role) for party in claim.parties]
    yield from repeats(roles, "/parties", detail="duplicate party")
    for actor in dict.fromkeys(initiators):
        if actor in recipients:
            yield Problem(
                pointer="/parties",
                code="both_ends",
                detail=f"{actor} is initiator and recipient; for a mutual act list only initiators",
            )


def unknown_code(code: str) -> Iterator[Problem]:
    """Report a code that is in no codebook, with the nearest codes."""
    try:
        codebooks.find(code)
    except codebooks.UnknownCode as problem:
        yield Problem(pointer="/code", code="unknown_code", detail=str(problem))


def _code_problems(claim: Claim) -> Iterator[Problem]:
    if claim.code:
        unknown = list(unknown_code(claim.code))
        yield from unknown
        if not unknown:
            code = codebooks.find(claim.code)
            alone = len(claim.actors("initiator")) < 2 and not claim.actors("recipient")
            if claim.kind in DEEDS and code.requires_recipient and alone:
                detail = f"{claim.code} requires a recipient: add one"
                yield _of_kind("/parties", "no_recipient", detail)
    for place, context in enumerate(claim.contexts):
        try:
            codebooks.check_context(context)
        except codebooks.UnknownContext as problem:
            pointer = f"/contexts/{place}"
            yield Problem(pointer=pointer, code="unknown_context", detail=str(problem))
    yield from repeats(claim.contexts, "/contexts", detail="duplicate context")
    yield from repeats(claim.tags, "/tags", detail="duplicate tag")


def _kind_problems(claim: Claim) -> Iterator[Problem]:
    if claim.kind == "measure" and claim.magnitude is None:
        yield required("/magnitude", "a measure requires a value and a unit", "/kind")
    conditional = claim.modality == "conditional"
    if conditional and not claim.condition.strip():
        yield required("/condition", "a conditional claim requires its condition", "/modality")
    if claim.condition and not conditional:
        detail = f"only a conditional claim has a condition; the modality is {claim.modality}"
        yield invalid("/condition", detail, "/modality")
    for field in ("resolves_by", "criterion"):
        given = (getattr(claim, field) or "").strip()
        if claim.kind == "forecast" and not given:
            detail = (
                "a forecast requires resolves_by and criterion; without them, make it an assessment"
            )
            yield required(f"/{field}", detail, "/kind")
        elif claim.kind != "forecast" and given:
            detail = f"only a forecast has this field; the kind is {claim.kind}"
            yield invalid(f"/{field}", detail, "/kind")
    if claim.resolves_by:
        yield from _horizon_problems(claim.resolves_by)
    yield from _level_problems(claim)


# The least and the most sd of a level, in points.
_SD = (Decimal("0.1"), Decimal(9))


def _level_problems(claim: Claim) -> Iterator[Problem]:
    """Check the level of a claim of that kind, its pair and its day; no other kind has one."""
    if claim.kind != "level":
        if claim.level is not None:
            detail = f"only a level has this field; the kind is {claim.kind}"
            yield invalid("/level", detail, "/kind")
            yield from _rung_problems(claim.level)
        return
    if claim.level is None:
        yield required("/level", "a level requires a value and an sd, or a rung", "/kind")
    else:
        yield from _level_value_problems(claim.level)
    about = claim.actors("about")
    if len(about) != 2 or len(claim.parties) != 2:
        detail = "a level is about two countries: list exactly two parties with the role about"
        yield invalid("/parties", detail, "/kind")
    yield from _level_day_problems(claim.occurred)
    if claim.code:
        yield invalid("/code", "a level has no code: nobody acts", "/kind")
    if claim.polarity == "denied" or claim.modality != "actual":
        yield invalid("/polarity", "a level is asserted and actual: it is an assessment", "/kind")


def _level_day_problems(occurred: Occurred | None) -> Iterator[Problem]:
    if occurred is None:
        yield required("/occurred", "a level requires the day at whose end it applies", "/kind")
    elif not any(date_problems(occurred.edtf, "")):
        limits = bounds(occurred.edtf)
        if limits.earliest is None or limits.latest is None:
            detail = "has an open end: give the day at whose end the level applies"
            yield _of_kind("/occurred/edtf", "bad_date", detail)


def _level_value_problems(level: Level) -> Iterator[Problem]:
    if level.rung is not None:
        yield from _rung_problems(level)
        if level.value is not None or level.sd is not None:
            yield invalid("/level", "give a rung, or a value and an sd, not both", "/level/rung")
        return
    if level.value is None:
        yield required("/level/value", "give the level from -9 to 9, or a rung")
    elif abs(level.value) > levels.TOP:
        yield invalid("/level/value", f"must be between -{levels.TOP} and {levels.TOP}")
    if level.sd is None:
        yield required("/level/sd", "give the standard deviation of the assessment, such as 1.5")
    elif not _SD[0] <= level.sd <= _SD[1]:
        yield invalid("/level/sd", f"must be between {_SD[0]} and {_SD[1]}")


def _rung_problems(level: Level) -> Iterator[Problem]:
    if level.rung is not None and level.rung not in levels.RUNGS:
        detail = f"unknown rung; expected one of: {', '.join(levels.RUNGS)}"
        yield Problem(pointer="/level/rung", code="unknown", detail=detail)


def _horizon_problems(resolves_by: str) -> Iterator[Problem]:
    problems = list(date_problems(resolves_by, "/resolves_by"))
    yield from problems
    if not problems and bounds(resolves_by).latest is None:
        detail = "has no end: give the day, month or year by which it is decided"
        yield Problem(pointer="/resolves_by", code="bad_date", detail=detail)


def _hedge_problems(claim: Claim) -> Iterator[Problem]:
    """Check what the source's own word implies for an act. Longer phrases are up to the person."""
    rule = likelihood.rule_for(claim.hedge[: fields.limit(Claim, "hedge").longest])
    if rule is None or claim.kind not in DEEDS:
        return
    if rule.means == "assessment":
        detail = f"the hedge {claim.hedge!r} means an assessment: change the kind"
        yield Problem(pointer="/kind", code="assessment", detail=detail, rests_on=("/hedge",))
    if rule.means == "band" and claim.likelihood is None:
        detail = f"the hedge {claim.hedge!r} means {rule.band}: give this likelihood or another"
        yield required("/likelihood", detail, "/kind", "/hedge")


def _part_problems(claim: Claim) -> Iterator[Problem]:
    if claim.occurred:
        yield from date_problems(claim.occurred.edtf, "/occurred/edtf")
    strength, magnitude = claim.strength, claim.magnitude
    if strength and strength.grade != "full" and not strength.reason.strip():
        yield required(
            "/strength/reason", f"give the reason why it is {strength.grade}", "/strength/grade"
        )
    if magnitude and magnitude.baseline:
        yield from date_problems(magnitude.baseline, "/magnitude/baseline")
        if not magnitude.change:
            detail = "only a change has a baseline"
            yield invalid("/magnitude/baseline", detail, "/magnitude/change")


def _citations_problems(claim: Claim) -> Iterator[Problem]:
    if not claim.citations:
        detail = "a claim requires at least one citation: add the document that it comes from"
        yield required("/citations", detail)
    elif all(cited.stance == "denies" for cited in claim.citations):
        yield Problem(
            pointer="/citations",
            code="no_support",
            detail="no citation supports the claim; to record a denial, set polarity to denied",
        )
    yield from repeats(claim.citations, "/citations", detail="duplicate citation")
    for place, citation in enumerate(claim.citations[: fields.limit(Claim, "citations").entries]):
        yield from _cited_problems(citation, f"/citations/{place}")


def _cited_problems(citation: Citation, pointer: str) -> Iterator[Problem]:
    times = Counter(citation.chain) if len(citation.chain) > 1 else {}
    for link in (link for link in times if times[link] > 1):
        yield Problem(
            pointer=f"{pointer}/chain",
            code="repeated",
            detail=f"contains the source {link} twice: list each source once",
        )
    if citation.selector is not None:
        yield from selector_problems(citation.selector, citation.quote, pointer)
