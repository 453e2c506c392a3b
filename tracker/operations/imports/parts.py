"""Parts of claims that come again and again in a file: each is read and written once."""

from typing import Any
from uuid import UUID

from tracker.domain import claims, codec, limits
from tracker.domain.claims import Occurred
from tracker.domain.records import Party
from tracker.domain.writing import Texts, texts
from tracker.importers.drafts import NamedParty

# So many are remembered, so that memory does not grow with the file.
MOST_REMEMBERED = 50_000


class Parts:
    """Parties and dates as they were read first. `known`: each as it is written, by identity."""

    def __init__(self) -> None:
        self._held: dict[object, Any] = {}
        self.known: dict[int, Texts] = {}
        # The dates, by identity, of which nothing is wrong and no words are said.
        self.sound: set[int] = set()

    def refresh(self) -> None:
        """Forget them if they are many. Between chunks: until a claim is written, its parts must
        be remembered."""
        if len(self._held) > MOST_REMEMBERED:
            self._held.clear()
            self.known.clear()
            self.sound.clear()

    def party(self, actor: UUID, named: NamedParty, pointer: str) -> Party:
        """:raises BadShape:"""
        asked = (actor.int, named.role, named.responsibility)
        found = self._held.get(asked)
        if found is None:
            said = {"responsibility": named.responsibility} if named.responsibility else {}
            value = {"actor": actor, "role": named.role} | said
            found = self._keep(asked, codec.build(Party, value, pointer))
        return found

    def occurred(self, value: Any) -> Any:
        """The date of a draft; as it is where it cannot be remembered.

        :raises BadShape:
        """
        try:
            asked = tuple(value.items())
            found = self._held.get(asked)
        except (AttributeError, TypeError):
            return value
        if found is None:
            found = self._keep(asked, codec.build(Occurred, value, "/occurred"))
            if _is_sound(found):
                self.sound.add(id(found))
        return found

    def _keep[T](self, asked: object, part: T) -> T:
        self._held[asked] = part
        self.known[id(part)] = texts(part)
        return part


def _is_sound(occurred: Occurred) -> bool:
    problems = [*claims.date_problems(occurred.edtf, ""), *limits.problems(occurred)]
    return not problems and not occurred.phrase
