"""What the drafts of a tray record together, which of them wait, and what is wrong with each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from tracker.domain import codec, validity
from tracker.domain import events as e
from tracker.domain.attribution import Submission
from tracker.domain.claims import Claim
from tracker.domain.problems import Problem, required
from tracker.domain.reading.drafts import Draft
from tracker.log import Recorded
from tracker.models.trays import REFUSED, TrayCard
from tracker.operations import batches, links, references, statements
from tracker.operations.batches import Attached
from tracker.operations.statements import Denial, DeniedClaim
from tracker.queries import trays
from tracker.queries.records import states
from tracker.queries.records.problem_words import all_in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class TrayBatch:
    """The claims that the drafts without problems become, by id, and what is recorded with them.

    `waiting` are the drafts that wait for a curator. `problems` has the drafts with problems, also
    waiting ones; only a batch without any is recorded as a whole.
    """

    submissions: Mapping[UUID, Submission] = field(default_factory=dict)
    attached: Attached = field(default_factory=Attached)
    waiting: frozenset[UUID] = frozenset()
    problems: Mapping[UUID, Sequence[Problem]] = field(default_factory=dict)


def batch_of(drafts: Sequence[Draft], *, at: datetime, waiting: Sequence[Draft] = ()) -> TrayBatch:
    """Check drafts that are entered at a moment, and say what they become. `waiting` are further
    ones that wait already: a draft that denies or links to one of them waits too."""
    waits = _waiting(drafts, {draft.id for draft in waiting})
    problems = _problems(drafts, waiting, waits, at=at)
    ready = [draft for draft in drafts if draft.id not in waits | problems.keys()]
    submissions = {draft.id: draft.submission for draft in ready if not draft.denies}
    denials, repeated = _denials(ready, submissions)
    return TrayBatch(
        submissions=submissions,
        attached=Attached(
            links=tuple(_links(ready)),
            denials=tuple(denials),
            proposed={one.id: one.proposed for one in ready if one.proposed and not one.denies},
        ),
        waiting=waits,
        problems=problems | repeated,
    )


def _waiting(drafts: Sequence[Draft], others: set[UUID]) -> frozenset[UUID]:
    """The drafts with names that no record has, and those that deny or link to a waiting one."""
    waits = {draft.id for draft in drafts if draft.unresolved}
    number = -1
    while len(waits) != number:
        number = len(waits)
        waits |= {draft.id for draft in drafts if draft.targets & (waits | others)}
    return frozenset(waits)


def _problems(
    drafts: Sequence[Draft], waiting: Iterable[Draft], waits: frozenset[UUID], *, at: datetime
) -> dict[UUID, list[Problem]]:
    """The problems of each draft that has any. Of one that waits, those that remain once its names
    are on record."""
    claims = {draft.id: draft.claim for draft in drafts if not draft.denies}
    known = _claims_on_record(drafts) | claims
    known |= {draft.id: draft.claim for draft in waiting if not draft.denies}
    of_claims = dict(zip(claims, batches.problems(_submissions(drafts), at=at), strict=True))
    refused = _refused(drafts)
    found: dict[UUID, list[Problem]] = {}
    for draft in drafts:
        some = [
            *_name_problems(draft, refused),
            *(_denial_problems(draft, known) if draft.denies else of_claims[draft.id]),
            *_link_problems(draft, known),
        ]
        names = [str(name.id) for name in draft.unresolved]
        own = [one for one in some if not _is_about(one, names)]
        if own:
            found[draft.id] = own
    for key, loop in _loops([draft for draft in drafts if draft.id not in waits]):
        found.setdefault(key, []).append(loop)
    return found


def _submissions(drafts: Iterable[Draft]) -> list[Submission]:
    return [draft.submission for draft in drafts if not draft.denies]


def _is_about(problem: Problem, names: Sequence[str]) -> bool:
    """Whether a problem is only that a new name is not on record."""
    return problem.code == "unknown_reference" and any(name in problem.detail for name in names)


def _claims_on_record(drafts: Iterable[Draft]) -> dict[UUID, Claim]:
    """The claims in force that drafts deny or link to."""
    targets = {target for draft in drafts for target in draft.targets}
    found = states.claims(targets, at=None)
    return {key: state.claim for key, state in found.items() if state.status == "standing"}


def _refused(drafts: Iterable[Draft]) -> dict[UUID, str]:
    """The new names in drafts that a curator refused, with the reason."""
    names = {name.id for draft in drafts for name in draft.unresolved}
    return {one.id: one.reason for one in trays.settled(names) if one.state == REFUSED}


def _name_problems(draft: Draft, refused: Mapping[UUID, str]) -> Iterator[Problem]:
    pointers = {id_: pointer for pointer, id_, _ in _named(draft)}
    for name in draft.unresolved:
        if name.id in refused:
            detail = f"{name.name} was refused as a new {name.noun}: {refused[name.id]}"
            yield Problem(pointer=pointers[name.id], code="refused", detail=detail)


def _named(draft: Draft) -> Iterator[references.Reference]:
    yield from references.of_claim(draft.claim)
    if draft.said_by:
        yield "/said_by/actor", draft.said_by.actor, "actor"


def _denial_problems(draft: Draft, known: Mapping[UUID, Claim]) -> Iterator[Problem]:
    """The problems of a draft that only adds a denying citation to another claim."""
    target = known.get(draft.denies) if draft.denies else None
    if target is None:
        yield _unknown("/denies", "the claim that it denies")
    if draft.said_by:
        yield from references.missing([("/said_by/actor", draft.said_by.actor, "actor")])
    else:
        yield required("/said_by", "say who denies it")
    if not draft.claim.citations:
        yield required("/citations", "cite the document with the denial")
    for place, citation in enumerate(draft.claim.citations):
        pointer = f"/citations/{place}"
        yield from validity.citation_problems(citation, pointer)
        yield from references.missing(references.of_citation(citation, pointer))
    if draft.links:
        detail = "a denial is no claim of its own and has no links: remove them"
        yield Problem(pointer="/links", code="invalid", detail=detail)


def _link_problems(draft: Draft, known: Mapping[UUID, Claim]) -> Iterator[Problem]:
    seen: set[tuple[str, UUID]] = set()
    for place, link in enumerate(draft.links):
        pointer = f"/links/{place}/to"
        if link.to == draft.id:
            yield Problem(pointer=pointer, code="same", detail="a claim cannot be linked to itself")
        elif link.to not in known:
            yield _unknown(pointer, "the claim that it links to")
        elif (link.type, link.to) in seen:
            yield Problem(pointer=pointer, code="repeated", detail="duplicate link")
        seen.add((link.type, link.to))


def _unknown(pointer: str, what: str) -> Problem:
    detail = f"{what} is neither recorded with this card nor on record: choose another"
    return Problem(pointer=pointer, code="unknown_reference", detail=detail)


def _loops(drafts: Iterable[Draft]) -> Iterator[tuple[UUID, Problem]]:
    """The links that lead back to where they begin. New claims can only form a loop among
    themselves."""
    before: list[e.ClaimsLinked] = []
    for link in _links(drafts):
        if link.from_ != link.to and links.leads_back(link, before):
            detail = f"that claim already leads back to this one by {link.type}"
            yield link.from_, Problem(pointer="/links", code="loop", detail=detail)
        before.append(link)


def _links(drafts: Iterable[Draft]) -> Iterator[e.ClaimsLinked]:
    for draft in drafts:
        for link in draft.links:
            yield e.ClaimsLinked(type=link.type, from_=draft.id, to=link.to)


def _denials(
    drafts: Sequence[Draft], submissions: Mapping[UUID, Submission]
) -> tuple[list[DeniedClaim], dict[UUID, list[Problem]]]:
    """The denials in drafts, of claims of the batch or on record, and the drafts whose denial is on
    record or in the batch already."""
    claims = _claims_on_record(draft for draft in drafts if draft.denies)
    claims |= {key: entry.claim for key, entry in submissions.items()}
    denials: list[DeniedClaim] = []
    repeated: dict[UUID, list[Problem]] = {}
    for draft, target, denial in _denying(drafts, claims):
        denied = statements.denied(target, claims[target], denial)
        if denied in denials or denied.citation in claims[target].citations:
            detail = "the claim already has this denial: remove the card"
            repeated[draft.id] = [Problem(pointer="", code="repeated", detail=detail)]
        denials.append(denied)
    return denials, repeated


def _denying(
    drafts: Iterable[Draft], claims: Mapping[UUID, Claim]
) -> Iterator[tuple[Draft, UUID, Denial]]:
    """The denials in drafts, one for each citation. If its interest is open, it is derived."""
    for draft in drafts:
        target, said_by = draft.denies, draft.said_by
        if target and said_by and target in claims:
            for citation in draft.claim.citations:
                interest = None if citation.interest == "none" else citation.interest
                denial = Denial(actor=said_by.actor, citation=citation, interest=interest)
                yield draft, target, denial


def in_words(
    problems: Mapping[UUID, Iterable[Problem]], drafts: Iterable[Draft]
) -> dict[UUID, list[Problem]]:
    """The problems of drafts with names in place of ids."""
    new = {name.id: name.name for draft in drafts for name in draft.names}
    listed = [(key, problem) for key, some in problems.items() for problem in some]
    details = all_in_words([problem.detail for _, problem in listed], new)
    found: dict[UUID, list[Problem]] = {}
    for (key, problem), detail in zip(listed, details, strict=True):
        found.setdefault(key, []).append(replace(problem, detail=detail))
    return found


def lock_speakers(drafts: Iterable[Draft]) -> None:
    """Lock the speakers and deniers in drafts, before they are recorded."""
    actors = {draft.said_by.actor for draft in drafts if draft.said_by}
    statements.lock_speakers((), actors)


def append(batch: TrayBatch, cards: Iterable[UUID], *, at: datetime, by: str) -> list[Recorded]:
    """Record a batch, and delete its cards. Within a transaction.

    :raises Invalid: if a record that it refers to is gone.
    """
    TrayCard.objects.filter(pk__in=list(cards)).delete()
    return batches.assert_claims(batch.submissions, attached=batch.attached, at=at, by=by)


def write(card: TrayCard, draft: Draft, *, state: str, problems: Iterable[Problem] = ()) -> None:
    """Save a card with a draft, as its next version."""
    card.draft = codec.plain(draft)
    card.sentence = draft.sentence
    card.state = state
    card.problems = [
        {"pointer": one.pointer, "code": one.code, "detail": one.detail} for one in problems
    ]
    card.version += 1
    card.save()
