"""What was recorded of claims after they were asserted, as another log needs it to have them stand
as they do: the events that judge them, and the links that are in force.

Corrections and further citations are in the claims themselves.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from uuid import UUID

from tracker import log
from tracker.domain import codec, follow_up_events
from tracker.domain import events as e
from tracker.domain.disclosure import Reader
from tracker.queries.claims import disclosure
from tracker.queries.claims.detail import Sheet


class Later:
    """Such events of some claims, as known at a position, without those that are masked."""

    def __init__(self, sheets: Sequence[Sheet], *, position: int, reader: Reader) -> None:
        self._events: dict[UUID, list[e.Event]] = defaultdict(list)
        streams = [one.filed.state.id for one in sheets if one.filed.version > 1]
        streams += {link.id for one in sheets for link in one.filed.links}
        told = log.history(streams, until=position) if streams else []
        masked = disclosure.masked_positions(told, at=position, reader=reader)
        for recorded in told:
            if recorded.position in masked:
                continue
            if recorded.kind in follow_up_events.KINDS:
                self._events[recorded.stream].append(recorded.decoded())
            elif recorded.kind == follow_up_events.LINKED:
                self._events[recorded.stream] = [recorded.decoded()]

    def refers(self, sheet: Sheet) -> Iterator[UUID]:
        """The records that the events of a claim name."""
        for event in self._events.get(sheet.filed.state.id, ()):
            yield from (one for _, one, _ in follow_up_events.refers(event))

    def events(self, sheet: Sheet) -> str:
        """The events of one of the claims and of its links, as a list in JSON."""
        streams = [sheet.filed.state.id, *(link.id for link in sheet.filed.links)]
        found = [
            written(stream, event) for stream in streams for event in self._events.get(stream, ())
        ]
        return f"[{','.join(found)}]"


def written(stream: UUID, event: e.Event) -> str:
    """An event of a stream in JSON, as an import reads it."""
    kind, schema, body, words = e.encode(event)
    whole = codec.merge(body, words) if words else body
    said = {"stream": str(stream), "kind": kind, "schema": schema, "body": whole}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))
