"""Sources by name; those that are not on record are made."""

from collections.abc import Mapping
from uuid import UUID

from tracker.domain import events as e
from tracker.domain import validity
from tracker.domain.records import Source
from tracker.importers.drafts import NamedSource
from tracker.importers.lines import BadCell
from tracker.operations.ids import content_id
from tracker.operations.imports.plans import Ids, Plans
from tracker.queries.records.names import Several, directory, name_key


class Sources:
    """Finds and plans sources. `countries`: the ids of those that are said of new ones, by name."""

    def __init__(self, plans: Plans, countries: Mapping[str, UUID]) -> None:
        self._plans = plans
        self._countries = countries
        self._directory = directory("source")
        self._ids: Ids[tuple[UUID | None, str]] = Ids()
        # Those made by this run, in whatever spelling they are named.
        self._made: Ids[str] = Ids()

    def settle(self, on_record: set[UUID]) -> None:
        self._ids.settle(on_record)
        self._made.settle(on_record)

    def of(self, named: NamedSource) -> UUID:
        """Give the source of a name, a planned one if there is none.

        :raises BadCell: if several are called so, or none can be.
        """
        asked = (named.id, named.name)
        return self._ids.get(asked) or self._ids.keep(asked, self._find(named), self._plans)

    def held(self, name: str) -> UUID | None:
        """Give the source that goes by a name, if one on record does.

        :raises Several:
        """
        found = self._directory.get(name)
        return found.id if found else None

    def _find(self, named: NamedSource) -> UUID:
        if named.id is not None and named.id in self._directory:
            return named.id
        try:
            found = self._directory.get(named.name)
        except Several as problem:
            raise BadCell(named.column, named.name, str(problem)) from problem
        if found:
            return found.id
        if named.id is not None and named.id in self._plans:
            return named.id
        spelled = name_key(named.name)
        return self._made.get(spelled) or self._made.keep(spelled, self._plan(named), self._plans)

    def _plan(self, named: NamedSource) -> UUID:
        source = Source(
            kind=named.kind,
            name=named.name,
            country=self._countries[named.country] if named.country else None,
            ownership=named.ownership,
        )
        events: list[e.Event] = [e.SourceDescribed(source=source)]
        if grade := named.grade:
            events.append(
                e.SourceRated(reliability=grade.reliability, since=grade.since, reason=grade.reason)
            )
        for event in events:
            for problem in validity.event_problems(event):
                raise BadCell(named.column, named.name, f"as a source: {problem.detail}")
        return self._plans.add(named.id or content_id("source", named.name), *events)
