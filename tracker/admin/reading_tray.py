"""What one person sees of a document while reading it: the sentences with their cards, and the
tray."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.urls import reverse

from tracker import log
from tracker.admin import sparks
from tracker.admin.base import BUSY, stamp
from tracker.admin.reading_cards import PROPOSED, RECORDED, Card, Labels, cards_of
from tracker.admin.reading_keys import KEYS
from tracker.domain.attribution import statement_id
from tracker.domain.problems import Invalid, Problem
from tracker.domain.reading.drafts import OFFERED, TAKEN, Draft
from tracker.domain.reading.proposals import Reading
from tracker.domain.reading.text import Sentence
from tracker.models.trays import Tray, TrayCard
from tracker.operations import reading, trays
from tracker.queries import trays as tray_queries
from tracker.queries.evidence.preview import DraftPreview
from tracker.wording import capitalised, counted

_PAGES = ("read", "text", "card", "place", "effect", "record", "form", "close")
# The field with the ids of the cards that no sentence of the shown text has. A page without a text
# does not send it.
APART = "apart"
EMPTY = "The tray is empty: its cards were recorded or taken out before."


def url_name(page: str) -> str:
    """The name of the address of a page or an answer: `desk_document_read`, ..."""
    return "desk_document_read" if page == "read" else f"desk_document_read_{page}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceRow:
    """A sentence with its cards."""

    sentence: Sentence
    cards: Sequence[Card]

    @property
    def parts(self) -> list[tuple[str, str]]:
        """The text in parts; a part that names an actor of the first card has its letter."""
        choices = self.cards[0].who if self.cards else []
        return list(_parts(self.sentence.text, {one.text: one.key for one in choices if one.key}))


def _parts(text: str, letters: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The text, cut at the first place of each name as a word of its own."""
    longest = sorted(filter(None, letters), key=len, reverse=True)
    names = "|".join(map(re.escape, longest))
    seen: set[str] = set()
    for part in re.split(rf"(?<!\w)({names})(?!\w)", text) if names else [text]:
        key = "" if part in seen else letters.get(part, "")
        seen.add(part)
        if part:
            yield part, key


def _is_in(draft: Draft, found: Reading) -> bool:
    """Whether a draft belongs to the sentence of a text that has its number: it was read from this
    text, or the sentence has its quote. Where it has neither, its number decides."""
    if draft.sentence > len(found.sentences):
        return False
    sentence = found.sentences[draft.sentence - 1].text
    cited = draft.claim.citations[0] if draft.claim.citations else None
    if cited is None or (cited.selector and cited.selector.text_sha256 == found.text_sha256):
        return True
    quote = cited.quote.removesuffix("…").strip()
    return quote in sentence if quote else cited.selector is None


def _with_duplicates(cards: Sequence[Card], effects: Mapping[UUID, DraftPreview]) -> Iterator[Card]:
    """Cards with what they may repeat: claims on record, and earlier cards of the tray. The
    statement of a card counts as the card."""
    own = {key: card for card in cards for key in (card.draft.id, statement_id(card.draft.id))}
    for card in cards:
        effect = effects.get(card.draft.id)
        found = effect.duplicates if effect else ()
        equals = {own[one.claim].number: own[one.claim] for one in found if one.claim in own}
        equals.pop(card.number, None)
        yield replace(
            card,
            duplicates=[one for one in found if one.claim not in own],
            equals=list(equals.values()),
        )


def _versions(text: str) -> dict[UUID, int]:
    """The versions of cards as the page sends them; empty for what is none."""
    with suppress(ValueError):
        pairs = (one.partition(":") for one in text.split())
        return {UUID(key): int(version) for key, _, version in pairs}
    return {}


class TrayDesk:
    """A person's tray of a document, with what its pages show."""

    def __init__(self, request: HttpRequest, document: UUID) -> None:
        self.document = document
        self.stamp = stamp(request)
        self.by: str = self.stamp["by"]
        pages = {page: reverse(f"admin:{url_name(page)}", args=[document]) for page in _PAGES}
        entry = f"{reverse('admin:desk_claim_add')}?document={document}"
        page = reverse("admin:desk_document_change", args=[document])
        self.urls = {**pages, "entry": entry, "document": page}
        apart = request.POST.get(APART)
        self._apart = None if apart is None else frozenset(apart.split())

    @cached_property
    def tray(self) -> Tray:
        """The tray, opened if there is none yet.

        :raises Http404: if there is no such document. :raises Invalid: for too many trays.
        """
        try:
            return trays.open_tray(self.document, **self.stamp)
        except Invalid as problem:
            if all(one.code == "unknown_reference" for one in problem.problems):
                raise Http404(f"there is no document {self.document}") from problem
            raise

    @property
    def _held(self) -> Tray | None:
        """The tray if there is one."""
        return tray_queries.tray(self.document, self.by)

    @property
    def _rows(self) -> list[TrayCard]:
        held = self._held
        return tray_queries.cards(held.id) if held else []

    @property
    def _offered(self) -> list[Card]:
        """The cards that anybody may take, also those of accounts that were deleted."""
        rows = list(tray_queries.offered(self.document))
        return [
            replace(card, state=OFFERED, handed_in_by=row.tray.owner)
            for row, card in zip(rows, cards_of(rows), strict=True)
        ]

    def context(self, problems: Mapping[UUID, Sequence[Problem]] | None = None) -> dict[str, Any]:
        """The context of the tray: its cards, numbered, each with its problems, and the cards that
        were handed in and stand at no sentence of the text that is shown."""
        found = problems or {}
        cards = [
            replace(
                card,
                number=number,
                problems=card.labels.details(found.get(card.draft.id, ())) or card.problems,
                is_apart=self._is_apart(card),
            )
            for number, card in enumerate(cards_of(self._rows), start=1)
        ]
        return {
            "tray_cards": cards,
            "tray_lists": self._lists(cards),
            "offered_cards": [
                replace(card, is_apart=True) for card in self._offered if self._is_apart(card)
            ],
            "has_tray": self._held is not None,
            "versions": " ".join(
                f"{card.draft.id}:{card.version}" for card in cards if card.state == TAKEN
            ),
            "apart": self._apart,
            "urls": self.urls,
        }

    def _lists(self, cards: Sequence[Card]) -> list[tuple[str, list[Card]]]:
        """The cards with their sentences first, then those of another text, each list with its
        title; without a text one list."""
        here = [card for card in cards if not card.is_apart]
        apart = [card for card in cards if card.is_apart]
        title = "" if self._apart is None else "From another text"
        return [(name, some) for name, some in (("", here), (title, apart)) if some]

    def _is_apart(self, card: Card) -> bool:
        return self._apart is None or str(card.draft.id) in self._apart

    def text_context(
        self, found: Reading, changed: Sequence[Draft] = (), *, replaces: bool = False
    ) -> dict[str, Any]:
        """The context of the sentences. The tray remembers which text it was; another one takes its
        place only if that is asked for. `changed` are drafts that the person changed before and did
        not take."""
        tray = self.tray
        is_new = tray.text_sha256 != found.text_sha256
        is_begun = bool(tray.text_sha256) and bool(tray.place or self._rows)
        is_other = is_new and is_begun and not replaces
        if is_new and not is_other:
            tray = trays.open_tray(
                self.document,
                **self.stamp,
                text_sha256=found.text_sha256,
                sentences=len(found.sentences),
            )
        drafts = {one.id: one for one in found.drafts}
        drafts |= {one.id: one for one in changed if _is_in(one, found)}
        cards = self._cards(list(drafts.values()), found)
        rows = [
            SentenceRow(sentence=one, cards=cards.get(one.number, ())) for one in found.sentences
        ]
        self._apart = frozenset(str(card.draft.id) for card in cards.get(0, ()))
        return self.context() | {
            "sentences": rows,
            "place": 0 if is_new else tray.place,
            "other_text": is_other,
            "keys": KEYS,
        }

    def _cards(self, drafts: Sequence[Draft], found: Reading) -> dict[int, list[Card]]:
        """The cards by sentence: those of the tray, and in their order the proposals. Those of
        other texts are under 0."""
        held = {card.draft.id: card for card in (*cards_of(self._rows), *self._offered)}
        recorded = log.existing([draft.id for draft in drafts])
        labels = Labels(drafts)
        by_sentence: dict[int, list[Card]] = {}
        for draft in drafts:
            own = held.pop(draft.id, None)
            state = RECORDED if draft.id in recorded else PROPOSED
            card = own or Card(draft=draft, labels=labels, state=state)
            by_sentence.setdefault(draft.sentence, []).append(card)
        for card in held.values():
            number = card.draft.sentence if _is_in(card.draft, found) else 0
            by_sentence.setdefault(number, []).append(card)
        return by_sentence

    def blank(self, sentence: int, text: str) -> Card:
        """A card for a sentence without a proposal.

        :raises Invalid: if the text is too long.
        """
        draft = reading.blank(text, self.document, sentence=sentence, **self.stamp)
        return Card(draft=draft, labels=Labels([draft]), is_new=True)

    def effect_context(self) -> dict[str, Any]:
        """The context of what all cards would do together.

        :raises Http404: if there is no tray.
        """
        held = self._existing()
        found = trays.preview(held.id, **self.stamp)
        shown = self.context(found.problems)
        effects = found.joint.drafts if found.joint else {}
        shown["tray_cards"] = list(_with_duplicates(shown["tray_cards"], effects))
        moved = sparks.rows(found.joint, today=self.stamp["at"].date())
        return shown | {"joint": found.joint, "moved": moved}

    def move_to(self, place: int) -> None:
        """Keep the sentence that the person has reached.

        :raises Http404: if there is no tray.
        """
        trays.move_to(self._existing().id, place, **self.stamp)

    def _existing(self) -> Tray:
        if (held := self._held) is None:
            raise Http404(f"you have no tray of {self.document}")
        return held

    def close(self, cards: int | None) -> list[str] | None:
        """Close the tray with so many cards; None if it has others, for the person to confirm.
        Gives what is to be said."""
        held = self._held
        if held is None:
            return ["The tray was closed before."]
        try:
            closed = trays.close(held.id, by=self.by, cards=cards or 0)
        except trays.TrayHasCards:
            return None
        says = ["The tray is closed."]
        if gone := closed.cards - closed.offered:
            says.append(f"{counted(gone, 'card')} went with it.")
        if closed.offered:
            says.append(f"{counted(closed.offered, 'card is', 'cards are')} offered again.")
        return says

    def record(self, versions: str) -> dict[str, Any]:
        """Record the tray if its cards have the versions that were shown, and give the context of
        what is left of it."""
        cards = {card.draft.id: card for card in cards_of(self._rows)}
        try:
            outcome = trays.record(self.tray.id, **self.stamp, expected=_versions(versions))
        except trays.TrayChanged as problem:
            left = self.context()
            says = f"Nothing is recorded: {problem}." if left["tray_cards"] else EMPTY
            return left | {"tray_problems": [says]}
        except Invalid as problem:
            return self.context() | {"tray_problems": Labels(()).details(problem.problems)}
        except log.LogBusy as problem:
            says = f"{capitalised(str(problem) or BUSY)}."
            return self.context() | {"tray_problems": [says]}
        if outcome.problems:
            wrong = counted(len(outcome.problems), "card has", "cards have")
            refused = f"Nothing is recorded: {wrong} a problem."
            return self.context(outcome.problems) | {"tray_problems": [refused]}
        if not outcome.cards and not outcome.waiting:
            return self.context() | {"tray_problems": [EMPTY]}
        done = [f"{counted(len(outcome.cards), 'card')} recorded."]
        if outcome.waiting:
            done.append(f"{counted(outcome.waiting, 'card waits', 'cards wait')} for a curator.")
        recorded = [replace(cards[key], state=RECORDED) for key in outcome.cards if key in cards]
        return self.context() | {"tray_says": done, "recorded": recorded}
