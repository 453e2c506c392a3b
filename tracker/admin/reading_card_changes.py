"""What a button of a card does: it changes the draft, puts it into the tray, or takes it out."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal
from uuid import UUID

from django.core.exceptions import ValidationError

from tracker import log, wording
from tracker.admin.base import BUSY, read_number
from tracker.admin.fields import read_name
from tracker.admin.reading_cards import LINKS, PROPOSED, RECORDED, Card, Labels, cards_of
from tracker.domain import validity
from tracker.domain.disclosure import Reader
from tracker.domain.problems import Invalid, Problem, refuse
from tracker.domain.reading import changes, drafts
from tracker.domain.reading.drafts import (
    MOST_CODES,
    OFFERED,
    TAKEN,
    Draft,
    DraftLink,
    NewName,
    OfferedCode,
)
from tracker.models.trays import TrayCard
from tracker.operations import ids, reading, trays
from tracker.queries import trays as tray_queries
from tracker.queries.records import names, search

ON_RECORD = "this card is on record: correct the claim on its own page"
# The box in which a missing value is typed.
_ASKED = {"/summary": "words", "/occurred": "date"}
CHANGED = "Somebody handed in another version of this card. Look at it again."
TAKEN_WITH_IT = (
    "Taken into your tray with this change. Backspace, or “take out”, gives it back as it was."
)
NO_DENIER = "say who denies it: press p for the next party"
UNDECIDED = "choose a code with its number first, or press 0 to take the card without a code"


# The boxes in which something is typed, and what it must not contain.
_TYPED = ("chain", "date", "find", "other", "words")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class SentCard:
    """A card as the browser sent it, and the button that was pressed: an action and its value, such
    as "code" and "2". `version` is that of the card in the tray; None if it is in none."""

    draft: Draft
    version: int | None
    action: str
    value: str
    fields: Mapping[str, str]
    tray: UUID
    by: str
    at: datetime

    @property
    def stamp(self) -> Mapping[str, object]:
        return {"by": self.by, "at": self.at}


@dataclass(frozen=True, slots=True, kw_only=True)
class CardAnswer:
    """The cards to show in place of the one sent, and whether the tray is another now."""

    cards: tuple[Card, ...]
    has_changed_tray: bool = False


def act(sent: SentCard) -> CardAnswer:
    """Do what the button is for. What is wrong is said on the card, which then stays as it was."""
    action = _ACTIONS.get(sent.action, _change)
    if sent.fields.get("state") == RECORDED and action is not _another:
        on_record = Problem(pointer="", code="recorded", detail=ON_RECORD)
        return CardAnswer(cards=(_refused(sent, [on_record]),))
    return _attempt(sent, action)


def _attempt(sent: SentCard, action: Callable[[SentCard], CardAnswer]) -> CardAnswer:
    try:
        refuse(_unreadable(sent))
        return action(sent)
    except Invalid as problem:
        return CardAnswer(cards=(_refused(sent, problem.problems),))
    except (trays.CardChanged, trays.NoSuchCard, log.LogBusy) as problem:
        return _failed(sent, problem)


def _unreadable(sent: SentCard) -> Iterator[Problem]:
    """The boxes of the card with characters that no record may have."""
    for name in _TYPED:
        if _CONTROL.search(sent.fields.get(name, "")):
            detail = "there are control characters in the text: remove them"
            yield Problem(pointer=f"/{name}", code="invalid", detail=detail)


def _refused(sent: SentCard, problems: list[Problem]) -> Card:
    """The card as it was. If a box was sent, it is opened again with what was typed; else that of a
    missing value."""
    labels = Labels([sent.draft])
    box = sent.action if sent.action in _TYPED and not sent.value else ""
    asks = next((_ASKED[one.pointer] for one in problems if one.pointer in _ASKED), "")
    return Card(
        draft=sent.draft,
        labels=labels,
        state=sent.fields.get("state") or PROPOSED,
        version=sent.version,
        problems=labels.details(problems),
        halts=True,
        asks=box or asks,
        typed=sent.fields.get(box) if box else None,
        takes=sent.fields.get("to") == "take" if box else bool(asks),
    )


def _failed(sent: SentCard, problem: Exception) -> CardAnswer:
    """The card as it was, with the message of an error; the tray is shown as it is now."""
    says = Problem(pointer="", code="not_now", detail=str(problem) or BUSY)
    return CardAnswer(cards=(_refused(sent, [says]),), has_changed_tray=True)


def _saved(sent: SentCard, draft: Draft, version: int | None) -> CardAnswer:
    """Put a draft into the tray, in the place of its older version if it has one. If that was
    changed meanwhile, show both. A card that was handed in is taken by its first change.

    :raises trays.CardChanged: if it is gone.
    """
    was_offered = sent.fields.get("state") == OFFERED
    try:
        row = trays.put(sent.tray, draft, by=sent.by, at=sent.at, expected=version or 0)
    except trays.CardChanged as changed:
        if was_offered:
            return _another_version(changed)
        if changed.card is None or not _is_saved(sent, draft, changed.card):
            return _both_versions(replace(sent, draft=draft), changed)
        row = changed.card
    card = replace(cards_of([row])[0], note=TAKEN_WITH_IT if was_offered else "")
    return CardAnswer(cards=(card,), has_changed_tray=True)


def _is_saved(sent: SentCard, draft: Draft, row: TrayCard) -> bool:
    """Whether the tray has the card as it was to be saved: the answer to the first try was lost."""
    is_own = (row.tray_id, row.state) == (sent.tray, TAKEN)
    return is_own and tray_queries.draft_of(row) == draft


def _both_versions(sent: SentCard, changed: trays.CardChanged) -> CardAnswer:
    """The card that was sent, and the one that another window saved meanwhile.

    :raises trays.CardChanged: if it is gone.
    """
    if changed.card is None:
        raise changed
    mine = replace(_refused(sent, []), asks="", theirs=cards_of([changed.card])[0])
    return CardAnswer(cards=(mine,))


def _another_version(changed: trays.CardChanged) -> CardAnswer:
    """The card as a client handed it in meanwhile.

    :raises trays.CardChanged: if it is gone.
    """
    if changed.card is None:
        raise changed
    card = replace(cards_of([changed.card])[0], problems=[CHANGED], halts=True)
    return CardAnswer(cards=(card,))


def _shown(sent: SentCard, draft: Draft) -> CardAnswer:
    """Show a changed draft; if its card is in the tray, save it there.

    :raises Invalid: if something in it is over a limit.
    """
    refuse(drafts.problems(draft))
    if sent.version is not None:
        return _saved(sent, draft, sent.version)
    return CardAnswer(cards=(Card(draft=draft, labels=Labels([draft])),))


def _change(sent: SentCard) -> CardAnswer:
    value = sent.value or sent.fields.get(sent.action, "")
    draft = reading.changed(sent.draft, sent.action, value)
    if sent.fields.get("to") != "take":
        return _shown(sent, draft)
    # The box was opened because the card could not be taken without the value. The value stays,
    # even if something else is missing too.
    refuse(drafts.problems(draft))
    return _attempt(replace(sent, draft=draft, action="take", value=""), _take)


def _take(sent: SentCard) -> CardAnswer:
    if Card(draft=sent.draft, labels=Labels(())).is_undecided:
        raise Invalid([Problem(pointer="/code", code="required", detail=UNDECIDED)])
    return _take_uncoded(sent)


def _take_uncoded(sent: SentCard) -> CardAnswer:
    if sent.draft.denies and not sent.draft.said_by:
        raise Invalid([Problem(pointer="/said_by", code="required", detail=NO_DENIER)])
    if not sent.draft.denies:
        validity.refuse(validity.claim_problems(sent.draft.claim))
    return _saved(sent, sent.draft, sent.version)


def _accept(sent: SentCard) -> CardAnswer:
    """Take a card that a client handed in, as the person saw it. If the client handed in another
    version, show that."""
    try:
        row = trays.take_offered(sent.draft.id, by=sent.by, at=sent.at, expected=sent.version)
    except trays.CardChanged as changed:
        return _another_version(changed)
    return CardAnswer(cards=(cards_of([row])[0],), has_changed_tray=True)


def _drop(sent: SentCard) -> CardAnswer:
    """Out of the tray, if it is as the person saw it; a card that a client handed in is offered
    again, as it was."""
    try:
        row = trays.remove(sent.draft.id, by=sent.by, expected=sent.version or 0)
    except trays.CardChanged as changed:
        shown = _both_versions(sent, changed).cards[0]
        listed = [f"{wording.capitalised(str(changed))}."] if "listed" in sent.fields else []
        return CardAnswer(cards=(replace(shown, problems=listed),), has_changed_tray=True)
    if row.state == OFFERED:
        return CardAnswer(cards=(cards_of([row])[0],), has_changed_tray=True)
    draft = tray_queries.draft_of(row)
    return CardAnswer(cards=(Card(draft=draft, labels=Labels([draft])),), has_changed_tray=True)


def _restore(sent: SentCard) -> CardAnswer:
    """Undo: the draft as it was, in the tray or out of it."""
    if sent.fields.get("to") not in (PROPOSED, OFFERED):
        return _saved(sent, sent.draft, sent.version)
    answer = _drop(sent) if sent.version is not None else CardAnswer(cards=())
    if any(card.state == OFFERED or card.theirs for card in answer.cards):
        return answer
    card = Card(draft=sent.draft, labels=Labels([sent.draft]))
    return replace(answer, cards=(card,))


def _another(sent: SentCard) -> CardAnswer:
    """A second card from the same sentence, with the same parties and date."""
    claim = replace(sent.draft.claim, code=None, summary="", strength=None)
    added = replace(
        sent.draft, id=ids.new_id(sent.at), claim=claim, denies=None, said_by=None, proposed=None
    )
    labels = Labels([added])
    state = sent.fields.get("state") or PROPOSED
    first = Card(draft=sent.draft, labels=labels, state=state, version=sent.version)
    return CardAnswer(cards=(first, Card(draft=added, labels=labels, is_new=True)))


def _other(sent: SentCard) -> CardAnswer:
    """Another party, by name. A name that no record has is proposed to the curators."""
    draft, actor = _named(sent, sent.draft, "actor", sent.fields.get("other", ""))
    draft = changes.with_actor(draft, actor, sent.fields.get("other", "").strip())
    has_initiator = bool(draft.claim.actors("initiator"))
    for _ in range(2 if has_initiator else 1):
        draft = reading.changed(draft, "actor", str(actor))
    return _shown(sent, draft)


def _chain(sent: SentCard) -> CardAnswer:
    """The sources behind the publisher, by name."""
    draft, chain = sent.draft, []
    for name in filter(None, map(str.strip, sent.fields.get("chain", "").split(";"))):
        draft, source = _named(sent, draft, "source", name)
        chain.append(str(source))
    return _shown(sent, reading.changed(draft, "chain", " ".join(chain)))


def _find(sent: SentCard) -> CardAnswer:
    """Offer the codes that some words mean. If only one can be meant, it is chosen."""
    words = sent.fields.get("find", "").strip()
    found = search.suggestions("code", words, reader=Reader.DESK)[:MOST_CODES] if words else []
    if not found:
        detail = f"no code found for “{words}”: use other words, or the whole form"
        raise Invalid([Problem(pointer="/code", code="not_found", detail=detail)])
    codes = tuple(OfferedCode(code=one.value, why=f"found by “{words[:100]}”") for one in found)
    draft = replace(sent.draft, codes=codes)
    return _shown(sent, reading.changed(draft, "code", codes[0].code if found[0].sure else ""))


def _link(sent: SentCard) -> CardAnswer:
    """Link the card to another one of the tray."""
    chosen = sent.fields.get("link")
    kind: Any = next((one for one, _, _ in LINKS if one == chosen), LINKS[0][0])
    link = DraftLink(type=kind, to=_id(sent.value))
    others = tuple(one for one in sent.draft.links if one.to != link.to)
    return _shown(sent, replace(sent.draft, links=(*others, link)))


def _unlink(sent: SentCard) -> CardAnswer:
    """Remove the link to another card."""
    to = _id(sent.value)
    left = tuple(one for one in sent.draft.links if one.to != to)
    return _shown(sent, replace(sent.draft, links=left))


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        detail = "choose a card of the tray"
        raise Invalid([Problem(pointer="/links", code="invalid", detail=detail)]) from None


def _named(
    sent: SentCard, draft: Draft, noun: Literal["actor", "source"], text: str
) -> tuple[Draft, UUID]:
    """The record with a name; if there is none, the draft with it as a new name.

    :raises Invalid: if nothing is named, or several records have the name.
    """
    name = " ".join(text.split())
    if not name:
        detail = f"give the name of the {noun}"
        raise Invalid([Problem(pointer=f"/{noun}", code="required", detail=detail)])
    try:
        return draft, read_name(name, names.directory(noun))
    except ValidationError as problem:
        if problem.code != "not_found":
            [detail] = problem.messages
            ambiguous = Problem(pointer=f"/{noun}", code="ambiguous", detail=detail)
            raise Invalid([ambiguous]) from problem
    new = NewName(id=ids.new_id(sent.at), noun=noun, name=name)
    known = next((one for one in draft.names if one.key == new.key), None)
    if known:
        return draft, known.id
    return replace(draft, names=(*draft.names, new)), new.id


def _mine(sent: SentCard) -> CardAnswer:
    """After a conflict: this card in place of the one saved meanwhile."""
    return _saved(sent, sent.draft, read_number(sent.fields.get("theirs_version", "")))


def _theirs(sent: SentCard) -> CardAnswer:
    """After a conflict: the card as it is in the tray."""
    row = TrayCard.objects.filter(id=sent.draft.id, tray=sent.tray).first()
    if row is None:
        detail = "the card is no longer in the tray"
        raise Invalid([Problem(pointer="", code="not_found", detail=detail)])
    return CardAnswer(cards=(cards_of([row])[0],), has_changed_tray=True)


_ACTIONS: Mapping[str, Callable[[SentCard], CardAnswer]] = MappingProxyType(
    {
        "accept": _accept,
        "another": _another,
        "chain": _chain,
        "drop": _drop,
        "find": _find,
        "link": _link,
        "mine": _mine,
        "other": _other,
        "restore": _restore,
        "take": _take,
        "theirs": _theirs,
        "uncoded": _take_uncoded,
        "unlink": _unlink,
    }
)
