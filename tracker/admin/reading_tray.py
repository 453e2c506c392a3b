"""What one person sees of a document while reading it: the sentences with their cards, and the
tray."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.urls import reverse

from tracker import log
from tracker.admin import sparks
from tracker.admin.base import stamp
from tracker.admin.reading_cards import PROPOSED, RECORDED, Card, Labels, cards_of
from tracker.admin.reading_keys import KEYS
from tracker.admin.write_result import BUSY
from tracker.domain.problems import Invalid, Problem
from tracker.domain.reading.drafts import Draft
from tracker.domain.reading.proposals import Reading
from tracker.domain.reading.text import Sentence
from tracker.models.trays import Tray, TrayCard
from tracker.operations import reading, trays
from tracker.queries import trays as tray_queries
from tracker.wording import capitalised, counted

_PAGES = ("read", "text", "card", "place", "effect", "record", "form")


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
    def _rows(self) -> list[TrayCard]:
        found = tray_queries.tray(self.document, self.by)
        return list(tray_queries.cards(found.id)) if found else []

    def context(self, problems: Mapping[UUID, Sequence[Problem]] | None = None) -> dict[str, Any]:
        """The context of the tray: its cards, numbered, each with its problems."""
        found = problems or {}
        cards = [
            replace(
                card,
                number=number,
                problems=card.labels.details(found.get(card.draft.id, ())) or card.problems,
            )
            for number, card in enumerate(cards_of(self._rows), start=1)
        ]
        return {"tray_cards": cards, "urls": self.urls}

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
        last = len(found.sentences)
        drafts = {one.id: one for one in found.drafts}
        drafts |= {one.id: one for one in changed if one.sentence <= last and not is_other}
        cards = self._cards(list(drafts.values()))
        rows = [
            SentenceRow(sentence=one, cards=cards.get(one.number, ())) for one in found.sentences
        ]
        return {
            "sentences": rows,
            "place": 0 if is_new else tray.place,
            "other_text": is_other,
            "notes": found.notes,
            "urls": self.urls,
            "keys": KEYS,
        }

    def _cards(self, drafts: Sequence[Draft]) -> dict[int, list[Card]]:
        """The cards by sentence: those of the tray, and in their order the proposals."""
        rows = [*self._rows, *tray_queries.offered(self.document)]
        held = {card.draft.id: card for card in cards_of(rows)}
        recorded = log.existing([draft.id for draft in drafts])
        labels = Labels(drafts)
        by_sentence: dict[int, list[Card]] = {}
        for draft in drafts:
            own = held.pop(draft.id, None)
            state = RECORDED if draft.id in recorded else PROPOSED
            card = own or Card(draft=draft, labels=labels, state=state)
            by_sentence.setdefault(draft.sentence, []).append(card)
        for card in held.values():
            by_sentence.setdefault(card.draft.sentence, []).append(card)
        return by_sentence

    def blank(self, sentence: int, text: str) -> Card:
        """A card for a sentence without a proposal.

        :raises Invalid: if the text is too long.
        """
        draft = reading.blank(text, self.document, sentence=sentence, **self.stamp)
        return Card(draft=draft, labels=Labels([draft]), is_new=True)

    def effect_context(self) -> dict[str, Any]:
        """The context of what all cards would do together."""
        found = trays.preview(self.tray.id, **self.stamp)
        shown = self.context(found.problems)
        effects = found.joint.drafts if found.joint else {}
        shown["tray_cards"] = [
            replace(card, duplicates=effects[card.draft.id].duplicates)
            if card.draft.id in effects
            else card
            for card in shown["tray_cards"]
        ]
        moved = sparks.rows(found.joint, today=self.stamp["at"].date())
        return shown | {"joint": found.joint, "moved": moved}

    def record(self) -> dict[str, Any]:
        """Record the tray, and give the context of what is left of it."""
        cards = {card.draft.id: card for card in cards_of(self._rows)}
        try:
            outcome = trays.record(self.tray.id, **self.stamp)
        except Invalid as problem:
            return self.context() | {"tray_problems": Labels(()).details(problem.problems)}
        except log.LogBusy as problem:
            says = f"{capitalised(str(problem) or BUSY)}."
            return self.context() | {"tray_problems": [says]}
        if outcome.problems:
            wrong = counted(len(outcome.problems), "card has", "cards have")
            refused = f"Nothing is recorded: {wrong} a problem."
            return self.context(outcome.problems) | {"tray_problems": [refused]}
        done = [f"{counted(len(outcome.cards), 'card')} recorded."]
        if outcome.waiting:
            done.append(f"{counted(outcome.waiting, 'card waits', 'cards wait')} for a curator.")
        recorded = [replace(cards[key], state=RECORDED) for key in outcome.cards if key in cards]
        return self.context() | {"tray_says": done, "recorded": recorded}
