"""The events behind the figures of a pair's page, with amounts that add up to them, and their
sources."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.utils.translation import gettext as _

from tracker import level_wording
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.moments import Explanation, Part
from tracker.findings import words
from tracker.findings.moves import Move
from tracker.pages.listed_claims import MASKED, MASKED_TITLE, ListedClaim, document_name
from tracker.pages.pair_context import PairContext
from tracker.queries.claims.detail import NamedCitation, Witness
from tracker.wording import signed

# Claims that are shown with their quotes.
MOST_OPEN = 6
# Amounts that are shown in tenths, and in hundredths, as a number other than 0.
LEAST_TENTH, LEAST_HUNDREDTH = 0.05, 0.005

type Amounts = Sequence[tuple[Pull, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """How a figure adds up, which is the movement of a time (`when`: "in March 2022") or a score:
    the amounts of the causes, of the `others` that are not shown (too many, or `withheld`), and
    what nobody reported (`unreported`). They are rounded to so many `places`, so that they add up
    as shown. `reported` is the sum of those of acts, without assessed levels. `most` is the largest
    amount, for the bars."""

    causes: Sequence[ListedClaim]
    others: int
    others_amount: float
    value: float
    places: int
    reported: float
    most: float
    unreported: float = 0.0
    withheld: bool = False
    when: str = ""

    @property
    def first(self) -> Sequence[ListedClaim]:
        """The claims that are shown with their quotes; the `further` ones are folded."""
        return self.causes[:MOST_OPEN]

    @property
    def further(self) -> Sequence[ListedClaim]:
        return self.causes[MOST_OPEN:]

    @property
    def faded(self) -> bool:
        """Whether every amount rounds to 0 at two decimals."""
        return self.most < LEAST_HUNDREDTH


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """What explains a page: the move that the finding tells of (`told`), if the whole movement is
    another one, and that movement or the score (`whole`). `marked` are the claims for the picture.

    A claim has one number on the page: its place in the list that stands open, `told` or else the
    first of `whole`. Claims that no open list shows have none, 0."""

    told: Breakdown | None
    whole: Breakdown
    marked: Sequence[ListedClaim]


def reasons(pair: PairContext, move: Move | None) -> Reasons:
    """Explain the `move` that the finding of a page tells of, and the whole movement or score."""
    told = _of_move(pair, move) if move and _is_apart(pair, move) else None
    whole = _of_whole(pair)
    opened = told.causes if told else whole.first
    numbers = {one.pull.claim: place for place, one in enumerate(opened, start=1)}
    told, whole = _numbered(told, numbers) if told else None, _numbered(whole, numbers)
    first = told.causes if told else ()
    marked = [*first, *(one for one in whole.causes if not (told and one.number))]
    return Reasons(told=told, whole=whole, marked=marked)


def part_told(found: Reasons) -> str:
    """A sentence for the picture of the whole movement: how much of it the finding tells of; empty
    where that is all of it."""
    if found.told is None:
        return ""
    given = {"when": found.told.when, "amount": signed(found.told.value)}
    return _("The finding above is about a part of it: %(amount)s %(when)s.") % given


def _is_apart(pair: PairContext, move: Move) -> bool:
    """Whether a move is of another time than the whole movement, which then has its own list."""
    return pair.moved is None or (move.start, move.end) != (pair.moved.since, pair.moved.until)


def _numbered(found: Breakdown, numbers: Mapping[UUID, int]) -> Breakdown:
    causes = [replace(one, number=numbers.get(one.pull.claim, 0)) for one in found.causes]
    return replace(found, causes=causes)


def _of_move(pair: PairContext, move: Move) -> Breakdown:
    causes = pair.listed(pair.movers)
    found = _broken_down(causes, pair.steps_of_move, move)
    return replace(found, when=words.when(move, pair.reported, pair.day))


def _of_whole(pair: PairContext) -> Breakdown:
    causes = pair.causes()
    found = _broken_down(causes, pair.events, pair.act_parts)
    return replace(found, withheld=len(causes) < pair.most_listed)


def _broken_down(
    causes: Sequence[ListedClaim], every: Amounts, explained: Move | Explanation
) -> Breakdown:
    """A figure with all amounts rounded, so that the shown ones add up to it."""
    shown = {cause.pull.claim for cause in causes}
    rest = [(pull, amount) for pull, amount in every if pull.claim not in shown]
    acts, levels = (
        sum(amount for pull, amount in rest if (pull.sd is None) == is_act)
        for is_act in (True, False)
    )
    amounts = [*(cause.amount for cause in causes), acts, levels, explained.unreported]
    least = min((abs(cause.amount) for cause in causes if cause.amount), default=1.0)
    places = 1 if least >= LEAST_TENTH else 2
    *own, acts, levels, unreported = adding_up(amounts, places)
    confirming = {part.claim: _confirms(part) for part in explained.parts if part.confirms}
    return Breakdown(
        causes=[
            replace(one, amount=amount, confirms=confirming.get(one.pull.claim, ""))
            for one, amount in zip(causes, own, strict=True)
        ],
        others=len(rest),
        others_amount=acts + levels,
        value=sum(amounts),
        places=places,
        reported=acts + sum(n for one, n in zip(causes, own, strict=True) if one.pull.sd is None),
        most=max(map(abs, own), default=0.0),
        unreported=unreported,
    )


def _confirms(part: Part) -> str:
    """Empty where that would be 0 at two decimals."""
    size = abs(part.alone or 0.0)
    if part.alone is None or size < LEAST_HUNDREDTH:
        return ""
    return level_wording.confirms(part.alone, 1 if size >= LEAST_TENTH else 2)


def adding_up(amounts: Sequence[float], places: int) -> list[float]:
    """Round amounts to so many places, so that they add up to their sum, rounded: those with the
    largest remainders are rounded up."""
    unit = 10**places
    exact = [amount * unit for amount in amounts]
    whole = [math.floor(one) for one in exact]
    missing = round(round(sum(amounts), places) * unit) - sum(whole)
    ordered = sorted(range(len(exact)), key=lambda place: whole[place] - exact[place])
    for place in ordered[:missing]:
        whole[place] += 1
    return [one / unit for one in whole]


# Roots, and documents of each, that the page of the picture lists.
MOST_ROOTS, MOST_DOCUMENTS = 6, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class RootSource:
    """A source from which reports come first, with the claims of the list that it reports, and the
    documents that pass them on, each with its address on this site and its title."""

    source: UUID
    name: str
    grade: str | None
    state_owned: bool
    claims: Sequence[ListedClaim]
    documents: Sequence[tuple[UUID, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Roots:
    """The roots, those with most claims first; `others` is the number of all
    others that the score rests on."""

    roots: Sequence[RootSource]
    others: int


def roots_behind(causes: Sequence[ListedClaim], *, number: int) -> Roots:
    """The roots of the listed claims, of the `number` that the score rests on."""
    claims: dict[UUID, dict[UUID, ListedClaim]] = {}
    documents: dict[UUID, dict[UUID, str]] = {}
    witnesses: dict[UUID, Witness] = {}
    for cause in causes:
        for cited in cause.sheet.citations:
            root = cited.provenance[-1]
            key = root.source.id
            witnesses.setdefault(key, root)
            claims.setdefault(key, {})[cause.pull.claim] = cause
            name = document_name(cited.document.document)
            documents.setdefault(key, {})[cited.document.id] = name
    ordered = sorted(claims, key=lambda key: (-len(claims[key]), witnesses[key].name))
    return Roots(
        roots=[
            RootSource(
                source=key,
                name=witnesses[key].name or str(MASKED),
                grade=witnesses[key].grade,
                state_owned=witnesses[key].source.source.state_owned,
                claims=[*claims[key].values()],
                documents=[*documents[key].items()][:MOST_DOCUMENTS],
            )
            for key in ordered[:MOST_ROOTS]
        ],
        others=max(number, len(ordered)) - min(len(ordered), MOST_ROOTS),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedDocument:
    """A document, its publisher, and the claims that cite it."""

    document: UUID
    title: str
    url: str | None
    date: str | None
    publisher: Witness
    claims: list[tuple[ListedClaim, NamedCitation]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedDocuments:
    """The documents, those with most claims first; `others` is the number of claims left out."""

    documents: Sequence[CitedDocument]
    others: int


def documents_behind(pair: PairContext) -> CitedDocuments:
    causes = pair.causes()
    documents: dict[UUID, CitedDocument] = {}
    citations = ((cause, cited_here) for cause in causes for cited_here in cause.sheet.citations)
    for cause, citation in citations:
        document = citation.document.document
        cited = documents.setdefault(
            citation.document.id,
            CitedDocument(
                document=citation.document.id,
                title=document.title or document.url or str(MASKED_TITLE),
                url=document.url,
                date=document.date,
                publisher=citation.provenance[0],
            ),
        )
        cited.claims.append((cause, citation))
    ordered = sorted(documents.values(), key=lambda cited: (-len(cited.claims), cited.title))
    return CitedDocuments(documents=ordered, others=len(pair.ordered) - len(causes))
