"""Whom a text has named before a sentence, and so whom its pronouns and "the two countries" may
mean."""

from collections import Counter
from collections.abc import Sequence
from itertools import islice
from uuid import UUID

from tracker.domain.reading.drafts import OfferedActor
from tracker.domain.reading.sides import Named
from tracker.domain.reading.word_lists import pattern

# The parties named most who may be meant by "the government".
_MOST_AROUND = 3
# Those named last, and those named most, that a sentence is offered besides its own.
_LAST_OFFERED, _COMMON_OFFERED = 4, 3
# Of so many the order is kept.
_MOST_COMMON = 40


class Antecedents:
    """The parties of the text so far: who was named, the last first, and how often; and the last
    who acted."""

    def __init__(self) -> None:
        self.initiators: tuple[UUID, ...] = ()
        self._recent: dict[UUID, str] = {}
        self._named: Counter[UUID] = Counter()
        # Those named most, the first of them first, and in which order all were named first.
        self._common: list[UUID] = []
        self._order: dict[UUID, int] = {}

    def add(self, names: Sequence[Named]) -> None:
        """Add the names of a sentence, in order."""
        self._named.update(one.actor for one in names)
        for one in names:
            self._recent.pop(one.actor, None)
            self._recent[one.actor] = one.text
            self._order.setdefault(one.actor, len(self._order))
        self._common = sorted(
            {*self._common, *(one.actor for one in names)},
            key=lambda actor: (-self._named[actor], self._order[actor]),
        )[:_MOST_COMMON]

    def around(self, *, but: Sequence[UUID]) -> tuple[UUID, ...]:
        """Return the actors named most, who may be meant by "the government"."""
        common = [actor for actor in self._common if actor not in but]
        return tuple(common[:_MOST_AROUND])

    def meant_by(self, words: str, names: Sequence[Named] = ()) -> tuple[UUID, ...]:
        """Return whom the words before a verb mean: "the two countries" the last two who were
        named, a pronoun the last who acted. `names` are those before the words in the sentence."""
        if pattern("both").search(words):
            recent = islice(reversed(self._recent), 2)
            last = (*(one.actor for one in reversed(names)), *recent)
            return tuple(dict.fromkeys(last))[:2]
        return self.initiators if pattern("pronoun").search(words) else ()

    def offered(self) -> tuple[OfferedActor, ...]:
        """Return the parties that a sentence may mean without naming them: those who acted last,
        those named last, and those named most, with the words of their last naming."""
        last = islice(reversed(self._recent), _LAST_OFFERED)
        common = self._common[:_COMMON_OFFERED]
        return tuple(
            OfferedActor(actor=actor, text=self._recent.get(actor, ""))
            for actor in dict.fromkeys([*self.initiators, *last, *common])
        )
