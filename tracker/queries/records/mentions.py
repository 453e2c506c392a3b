"""Which states a text names: by their names, by the names of their people, by aliases on record."""

from uuid import UUID

from tracker.domain.reading.reference_names import state_codes
from tracker.queries.records import reading_names
from tracker.queries.records.reading_names import RecordNames


class Mentions:
    """The names of states, from the reference tables and from the actors on record."""

    def __init__(self, names: RecordNames) -> None:
        self._actors, self._names = names.actors, names.states

    def in_text(self, text: str) -> list[tuple[str, set[str]]]:
        """Return the names of states in a text, in order, each with the codes that it may mean.

        A name begins with a capital; of names within one another the longest counts.
        """
        found = [
            (mention.text, {meaning.country for meaning in mention.meanings if meaning.country})
            for mention in self._names.find(text)
        ]
        return [(name, codes) for name, codes in found if codes]

    def of_actor(self, actor: UUID, *, within: tuple[UUID, ...] = ()) -> set[str]:
        """Return the codes of the states that an actor on record is, speaks for, acts for or
        has as members."""
        known = self._actors.get(actor)
        if known is None:
            return set()
        if known.kind == "state":
            return {known.code} if known.code else set()
        linked = [*(link.country for link in known.affiliations), *known.members]
        linked += sorted(known.represented)
        path = (*within, actor)
        return {
            code for one in linked if one not in path for code in self.of_actor(one, within=path)
        }

    def of_name(self, name: str) -> set[str]:
        """Return the codes of the states that have a name or a code."""
        codes = {meaning.country for meaning in self._names.meanings(name) if meaning.country}
        return codes | ({name} & state_codes())


def on_record() -> Mentions:
    """Return the names of states, with those of the actors on record."""
    return Mentions(reading_names.on_record())
