"""Trays: drafts that a person collects from a document and records as one batch, all or none."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from tracker import log
from tracker.domain import codec
from tracker.domain.disclosure import Reader
from tracker.domain.problems import Conflict, NotFound, Problem, refuse
from tracker.domain.reading import drafts
from tracker.domain.reading.drafts import (
    MOST_PER_TRAY,
    MOST_SENTENCES,
    OFFERED,
    TAKEN,
    WAITING,
    Draft,
)
from tracker.log import Recorded
from tracker.log.versions import translate_errors
from tracker.models.trays import Tray, TrayCard
from tracker.operations import accounts, entries, ids, proposed_records, references, tray_batches
from tracker.operations.tray_batches import TrayBatch, batch_of
from tracker.queries import trays
from tracker.queries.evidence.preview import JointPreview
from tracker.queries.evidence.what_if import TooManyClaims
from tracker.wording import counted

# The trays of one person.
MOST_TRAYS = 1_000
_NO_TRAY = "there is no such tray of yours"
_GONE = "somebody took or removed this card meanwhile"


class NoSuchTray(NotFound):
    """The person has no tray with this id."""


class NoSuchCard(NotFound):
    """The card was recorded or removed, or is in the tray of somebody else."""


class CardChanged(Conflict):
    """The card was changed meanwhile. `card` is as it is now; None if it is gone."""

    kind = "version-conflict"

    def __init__(self, card: TrayCard | None) -> None:
        what = "changed" if card else "recorded or removed"
        super().__init__(f"the card was {what} in another window: look at it again")
        self.card = card


class TrayChanged(Conflict):
    """The tray has other taken cards, or other versions of them, than the person saw."""

    def __init__(self) -> None:
        super().__init__("the tray was changed in another window: look at it again")


class TrayHasCards(Conflict):
    """A tray with other cards than those that go with it is not closed."""


class ClosedTray(NamedTuple):
    """How many cards went with a tray, and how many of them are offered again to everybody."""

    cards: int
    offered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrayOutcome:
    """What became of a tray: the recorded events, the recorded cards (a claim has the id of its
    card), and how many wait for a curator. With `problems`, by card, nothing was recorded and
    nothing changed."""

    recorded: list[Recorded] = field(default_factory=list)
    cards: tuple[UUID, ...] = ()
    waiting: int = 0
    problems: Mapping[UUID, Sequence[Problem]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrayPreview:
    """What the cards of a tray would do together, and the problems of each. `joint` is None if no
    card can be recorded, or if they rest on too many claims. `waiting`: the cards that would wait
    for a curator."""

    joint: JointPreview | None
    problems: Mapping[UUID, Sequence[Problem]]
    waiting: frozenset[UUID]


@contextmanager
def _in_turn() -> Iterator[None]:
    """A transaction.

    :raises log.LogBusy: if another one holds a lock for two seconds.
    """
    with translate_errors([]), transaction.atomic():
        yield


def open_tray(
    document: UUID, *, by: str, at: datetime, text_sha256: str = "", sentences: int = 0
) -> Tray:
    """Return the person's tray on a document, a new one if there is none. A text that is given
    replaces the one that was read before.

    :raises accounts.NoSuchAccount: :raises Invalid: without such a document, or for a person with
        too many trays.
    """
    account = accounts.by_name(by)
    refuse(references.missing([("/document", document, "document")]))
    with _in_turn():
        tray = trays.of_person(by).select_for_update(of=("self",)).filter(document=document).first()
        if tray is None:
            _make_room(by)
            refuse(_too_many(by))
            new = {"id": ids.new_id(at), "person": by, "moved_at": at}
            tray, _ = Tray.objects.get_or_create(account=account, document=document, defaults=new)
        if text_sha256 and (text_sha256, sentences) != (tray.text_sha256, tray.sentences):
            tray.text_sha256, tray.sentences = text_sha256, min(sentences, MOST_SENTENCES)
            tray.place = min(tray.place, tray.sentences)
            tray.save()
    return tray


def close(tray: UUID, *, by: str, cards: int = 0) -> ClosedTray:
    """Delete a tray with the cards in it: as many as the person was told of. Those that a client
    handed in are offered again.

    :raises NoSuchTray: :raises TrayHasCards: if it has more or fewer cards.
    """
    with _in_turn():
        own = _own(tray, by)
        rows = own.cards.filter(state__in=(TAKEN, WAITING)).select_for_update()
        returned = [row for row in rows if row.handed_in]
        if len(rows) != cards:
            raise TrayHasCards(f"the tray has {counted(len(rows), 'card')}")
        for row in returned:
            _give_back(row)
        own.cards.filter(state__in=(TAKEN, WAITING)).delete()
        if own.cards.exists():
            # What this account handed in itself goes on waiting.
            own.text_sha256, own.sentences, own.place = "", 0, 0
            own.save()
        else:
            own.delete()
    return ClosedTray(cards, len(returned))


def move_to(tray: UUID, place: int, *, by: str, at: datetime) -> None:
    """Keep the sentence that the person has reached.

    :raises NoSuchTray:
    """
    with _in_turn():
        own = _own(tray, by)
        own.place = max(0, min(place, own.sentences or MOST_SENTENCES))
        own.moved_at = at
        own.save(update_fields=["place", "moved_at"])


def put(
    tray: UUID,
    draft: Draft,
    *,
    by: str,
    at: datetime,
    state: str = TAKEN,
    expected: int | None = None,
) -> TrayCard:
    """Put a draft into one's tray, in place of the card with its id. `expected` is the version that
    the person saw, 0 for a new card. A card that anybody may take is taken from where it is if its
    version is given.

    :raises NoSuchTray: :raises NoSuchCard: if somebody took it. :raises Invalid: for a draft over a
        limit, a full tray, or an id that a card of another tray has. :raises CardChanged: if the
        card has another version, or was recorded.
    """
    with _in_turn():
        own = _own(tray, by)
        found = _seen(own, draft.id, expected)
        is_own = found is not None and found.tray_id == own.id
        refuse([*drafts.problems(draft), *(() if is_own else _full(own))])
        card = found or TrayCard(id=draft.id, tray=own, version=0, added_at=at)
        if not is_own or (card.state, state) == (OFFERED, TAKEN):
            _take_over(card, own)
        tray_batches.write(card, draft, state=state)
        own.moved_at = at
        own.save(update_fields=["moved_at"])
    return card


def _seen(own: Tray, draft: UUID, expected: int | None) -> TrayCard | None:
    """The card of a draft in the version that the person saw; None if there is none yet."""
    card = TrayCard.objects.select_for_update().filter(pk=draft).first()
    if card and card.tray_id != own.id:
        _require_free(card, own, expected)
    if expected is not None and expected != (card.version if card else 0):
        raise CardChanged(card)
    if card is None and log.existing([draft]):
        raise CardChanged(None)
    return card


def _require_free(card: TrayCard, own: Tray, expected: int | None) -> None:
    """Require that the person may take the card of another tray, which they saw."""
    if not expected:
        detail = "a card of another tray has this id: give the draft a new one"
        refuse([Problem(pointer="/id", code="taken", detail=detail)])
    if not trays.offered(own.document).filter(pk=card.pk).exists():
        raise NoSuchCard(_GONE)


def _take_over(card: TrayCard, own: Tray) -> None:
    """Move a card into a tray, and keep what it was if somebody else put it where it is."""
    if card.version:
        card.from_tray, card.handed_in = card.tray, card.draft
    card.tray = own


def _give_back(card: TrayCard) -> None:
    """Offer a card again that was handed in, as it was, where it came from."""
    draft = codec.build(Draft, card.handed_in)
    card.tray = card.from_tray or card.tray
    card.from_tray = card.handed_in = None
    tray_batches.write(card, draft, state=OFFERED)


def remove(card: UUID, *, by: str, expected: int | None = None) -> TrayCard:
    """Take a card out of one's tray. One that a client handed in is offered again, as it was;
    others are deleted. Return the card. `expected` is the version that the person saw.

    :raises NoSuchCard: :raises CardChanged: if the card has another version.
    """
    with _in_turn():
        row = TrayCard.objects.filter(pk=card, tray__account__username=by).first()
        if row:
            _own(row.tray_id, by)
            row = TrayCard.objects.select_for_update().filter(pk=card).first()
        if row is None:
            raise NoSuchCard("there is no such card in your tray: it was recorded or removed")
        if expected not in (None, row.version):
            raise CardChanged(row)
        if row.handed_in:
            _give_back(row)
        else:
            row.delete()
    return row


def take_offered(card: UUID, *, by: str, at: datetime, expected: int | None = None) -> TrayCard:
    """Take a card that a client handed in, or one of a deleted account, into one's own tray.
    `expected` is the version that the person saw.

    :raises NoSuchCard: if somebody took it. :raises Invalid: if the tray is full.
    :raises CardChanged: if the client handed in another version.
    """
    with _in_turn():
        row = TrayCard.objects.select_related("tray").filter(pk=card).first()
        if row is None:
            raise NoSuchCard(_GONE)
        own = open_tray(row.tray.document, by=by, at=at)
        if row.tray_id != own.id:
            refuse(_full(_own(own.id, by)))
        free = trays.offered(own.document).select_for_update(of=("self",)).filter(pk=card)
        if (row := free.first()) is None:
            raise NoSuchCard(_GONE)
        if expected not in (None, row.version):
            raise CardChanged(row)
        _take_over(row, own)
        tray_batches.write(row, trays.draft_of(row), state=TAKEN)
    return row


def record(
    tray: UUID, *, by: str, at: datetime, expected: Mapping[UUID, int] | None = None
) -> TrayOutcome:
    """Record the taken cards of a tray, all or none. Cards with names that no record has wait for a
    curator, and so do those that deny or link to them. `expected` are the versions of the taken
    cards that the person saw.

    :raises NoSuchTray: :raises TrayChanged: :raises Invalid: if a record that a card refers to
        vanished meanwhile. :raises log.LogBusy: if another writer holds the log. With any error,
        nothing is changed.
    """
    with _in_turn():
        proposed_records.share()
        own = _own(tray, by)
        if expected not in (None, trays.versions(own.id)):
            raise TrayChanged
        taken, waiting = _drafts(own)
        tray_batches.lock_speakers(taken)
        batch = _checked(taken, waiting, at=at)
        if batch.problems:
            return TrayOutcome(problems=batch.problems)
        waits = [draft for draft in taken if draft.id in batch.waiting]
        filed = proposed_records.file(waits, own.document, by=by, at=at)
        rows = TrayCard.objects.in_bulk([draft.id for draft in filed])
        for draft in filed:
            tray_batches.write(rows[draft.id], draft, state=WAITING)
        done = [draft.id for draft in taken if draft.id not in batch.waiting]
        recorded = tray_batches.append(batch, done, by=by, at=at)
    return TrayOutcome(recorded=recorded, cards=tuple(done), waiting=len(filed))


def preview(tray: UUID, *, by: str, at: datetime) -> TrayPreview:
    """Preview what the taken cards of a tray would do together.

    :raises NoSuchTray:
    """
    own = trays.of_person(by).filter(pk=tray).first()
    if own is None:
        raise NoSuchTray(_NO_TRAY)
    batch = _checked(*_drafts(own), at=at)
    return TrayPreview(joint=_joint(batch, at), problems=batch.problems, waiting=batch.waiting)


def _joint(batch: TrayBatch, at: datetime) -> JointPreview | None:
    if not batch.submissions and not batch.attached.denials:
        return None
    try:
        return entries.preview_claims(
            batch.submissions, attached=batch.attached, today=at.date(), reader=Reader.DESK
        )
    except TooManyClaims:
        return None


def _drafts(own: Tray) -> tuple[list[Draft], list[Draft]]:
    """The drafts on the taken cards of a tray, and on those that wait."""
    rows = trays.cards(own.id)
    taken = [trays.draft_of(row) for row in rows if row.state == TAKEN]
    waiting = [trays.draft_of(row) for row in rows if row.state == WAITING]
    return proposed_records.resolved(taken), waiting


def _checked(taken: list[Draft], waiting: list[Draft], *, at: datetime) -> TrayBatch:
    """The batch of some drafts, its problems in words."""
    batch = batch_of(taken, at=at, waiting=waiting)
    return replace(batch, problems=tray_batches.in_words(batch.problems, taken))


def _own(tray: UUID, by: str) -> Tray:
    """The person's tray, locked until the end of the transaction."""
    own = trays.of_person(by).select_for_update(of=("self",)).filter(pk=tray).first()
    if own is None:
        raise NoSuchTray(_NO_TRAY)
    return own


def _make_room(by: str) -> None:
    """Of too many trays forget those without cards whose text was not begun, or is read."""
    own = trays.of_person(by)
    if own.count() >= MOST_TRAYS:
        own.filter(cards=None).exclude(pk__in=trays.begun(by)).delete()


def _too_many(by: str) -> Iterator[Problem]:
    if trays.of_person(by).count() >= MOST_TRAYS:
        detail = f"you have {MOST_TRAYS:,} trays: record or close some of them first"
        yield Problem(pointer="/document", code="too_many", detail=detail)


def _full(own: Tray) -> Iterator[Problem]:
    if own.cards.count() >= MOST_PER_TRAY:
        detail = f"a tray holds at most {MOST_PER_TRAY} cards: record those that are in it first"
        yield Problem(pointer="", code="too_many", detail=detail)
