"""Trays of drafts: one's own, what colleagues do on a document, and names that wait for a
curator."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from tracker.domain import codec, facts
from tracker.domain import state as f
from tracker.domain.problems import Problem
from tracker.domain.reading.drafts import OFFERED, TAKEN, WAITING, Draft
from tracker.models.trays import OPEN, ProposedRecord, Tray, TrayCard
from tracker.queries.records import states

# Trays in a list, and names that the inbox shows: near names take milliseconds each to find.
MOST_LISTED = 50
MOST_PROPOSALS = 20
_CARDS = {
    state: Count("cards", filter=Q(cards__state=state)) for state in (TAKEN, WAITING, OFFERED)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a person is with a document: the last sentence that was reached of how many, and the
    number of cards by state."""

    tray: UUID
    document: UUID
    title: str
    person: str
    place: int
    sentences: int
    taken: int
    waiting: int
    moved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A name that waits for a curator: where it was found, by whom, how many cards wait, and whose
    they are."""

    id: UUID
    noun: str
    name: str
    document: UUID
    title: str
    proposed_by: str
    proposed_at: datetime
    waiting: int
    people: tuple[str, ...]


def draft_of(card: TrayCard) -> Draft:
    """Return the draft on a card."""
    return codec.build(Draft, card.draft)


def problems_of(card: TrayCard) -> list[Problem]:
    """Return the problems for which a card came back from a curator."""
    return [Problem(**one) for one in card.problems]


def of_person(by: str) -> QuerySet[Tray]:
    """Return the trays of an account."""
    return Tray.objects.filter(account__username=by)


def tray(document: UUID, by: str) -> Tray | None:
    """Return the tray of a person on a document, if there is one."""
    return of_person(by).filter(document=document).first()


def cards(tray: UUID, *states: str) -> list[TrayCard]:
    """Return the cards of a tray in some states (default: taken and waiting), in the order of the
    text."""
    wanted = states or (TAKEN, WAITING)
    return list(in_order(TrayCard.objects.filter(tray=tray, state__in=wanted)))


def versions(tray: UUID) -> dict[UUID, int]:
    """Return the versions of the taken cards of a tray."""
    return {row.id: row.version for row in cards(tray, TAKEN)}


def in_order(rows: QuerySet[TrayCard]) -> QuerySet[TrayCard]:
    """Return cards in the order of the text."""
    return rows.order_by("sentence", "added_at", "id")


def offered(document: UUID) -> QuerySet[TrayCard]:
    """Return the cards on a document that clients handed in for review, and those of accounts that
    were deleted: any person may take them."""
    free = Q(state=OFFERED) | Q(state=TAKEN, tray__account=None)
    rows = TrayCard.objects.filter(free, tray__document=document)
    return in_order(rows).select_related("tray__account")


def offered_after(document: UUID, after: UUID | None, *, limit: int) -> list[TrayCard]:
    """Return a page of the cards on a document that any person may take, by id."""
    rows = offered(document).order_by("id")
    return list((rows.filter(id__gt=after) if after else rows)[:limit])


def progress(document: UUID, *, but: str = "") -> list[Progress]:
    """Return how far each person is with a document, without one of them, by name."""
    rows = Tray.objects.filter(document=document).exclude(account__username=but)
    return sorted(_progress(rows), key=lambda one: one.person)


def begun(by: str) -> QuerySet[Tray]:
    """Return a person's trays with cards, or whose text is read in part. A tray that only a look at
    the text opened is not one."""
    in_part = Q(place__gt=0, place__lt=F("sentences"))
    return of_person(by).filter(in_part | Q(cards__state__in=(TAKEN, WAITING)))


def half_done(by: str, *, limit: int = MOST_LISTED) -> list[Progress]:
    """Return how far a person is with the texts that they began, the last first."""
    return _progress(begun(by), limit)


def _progress(rows: QuerySet[Tray], limit: int = MOST_LISTED) -> list[Progress]:
    counted = rows.select_related("account").annotate(taken=_CARDS[TAKEN], waiting=_CARDS[WAITING])
    # A client that only hands in drafts reads nothing.
    readers = counted.exclude(sentences=0, taken=0, waiting=0)
    found = list(readers.order_by("-moved_at", "id")[:limit])
    titles = _titles(row.document for row in found)
    return [
        Progress(
            tray=row.id,
            document=row.document,
            title=titles.get(row.document, ""),
            person=row.owner,
            place=row.place,
            sentences=row.sentences,
            taken=row.taken,
            waiting=row.waiting,
            moved_at=row.moved_at,
        )
        for row in found
    ]


def proposals() -> list[Proposal]:
    """Return the names that wait for a curator: countries first, since other actors refer to them,
    and sources last; the oldest of each first."""
    rows = sorted(_open().order_by("proposed_at", "id"), key=_refers)[:MOST_PROPOSALS]
    titles = _titles(row.document for row in rows)
    owners = {row.id: _owners(row.id) for row in rows}
    return [
        Proposal(
            id=row.id,
            noun=row.noun,
            name=row.name,
            document=row.document,
            title=titles.get(row.document, ""),
            proposed_by=row.proposed_by,
            proposed_at=row.proposed_at,
            waiting=len(owners[row.id]),
            people=tuple(sorted(set(owners[row.id]))),
        )
        for row in rows
    ]


def _owners(proposed: UUID) -> list[str]:
    """The person of each card that waits for a name."""
    rows = naming(proposed).filter(state=WAITING).select_related("tray__account")
    return [row.tray.owner for row in rows.only("tray__person", "tray__account__username")]


def _refers(row: ProposedRecord) -> int:
    """How much a record of this name may refer to: a country to nothing."""
    if row.noun == "source":
        return 2
    return 0 if facts.country_called(row.name) else 1


def count_proposals() -> int:
    """Return how many names wait for a curator."""
    return _open().count()


def proposal(proposed: UUID) -> ProposedRecord | None:
    """Return a name that waits for a curator; None if it was settled."""
    return _open().filter(pk=proposed).first()


def settled(proposed: Iterable[UUID]) -> list[ProposedRecord]:
    """Return those of some names that were accepted or refused."""
    return list(ProposedRecord.objects.filter(pk__in=list(proposed)).exclude(state=OPEN))


def naming(proposed: UUID) -> QuerySet[TrayCard]:
    """Return the cards whose draft has a new name."""
    return TrayCard.objects.filter(draft__names__contains=[{"id": str(proposed)}])


def _open() -> QuerySet[ProposedRecord]:
    return ProposedRecord.objects.filter(state=OPEN)


def _titles(documents: Iterable[UUID]) -> dict[UUID, str]:
    """The title of each document, or its address."""
    found = states.records(set(documents), at=None)
    return {
        key: state.document.title or state.document.url or ""
        for key, state in found.items()
        if isinstance(state, f.DocumentState)
    }
