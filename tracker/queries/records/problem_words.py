"""Problems in words: names of records instead of their ids."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from tracker.domain.disclosure import Reader
from tracker.domain.problems import Problem
from tracker.queries.claims import listing
from tracker.queries.records import states

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_EXPECTED = re.compile(r"expected an? (\w+)")


def with_names[Key](
    problems: Mapping[Key, Iterable[Problem]], new: Mapping[UUID, str], *, reader: Reader
) -> dict[Key, list[Problem]]:
    """Return problems by key with the names of records and claims in place of ids. `new` has the
    names of what is not on record."""
    listed = {key: list(some) for key, some in problems.items()}
    ids = {UUID(found) for some in listed.values() for one in some for found in _ids(one)}
    known = {str(key): name for key, name in {**_names(ids, reader), **new}.items() if name}
    return {key: [_named(one, known) for one in some] for key, some in listed.items()}


def _ids(problem: Problem) -> list[str]:
    return _ID.findall(problem.detail)


def _names(ids: set[UUID], reader: Reader) -> dict[UUID, str]:
    if not ids:
        return {}
    records = states.records(ids, at=None)
    filed = {key: states.filed_under(state) for key, state in records.items()}
    printed = {key: name for key, name in states.names(records, at=None).items() if name}
    titles = listing.titles(ids - records.keys(), reader=reader)
    return {**filed, **printed, **titles}


def _named(problem: Problem, known: Mapping[str, str]) -> Problem:
    if problem.code == "unknown_reference" and (noun := _EXPECTED.search(problem.detail)):
        found = [known[one] for one in _ids(problem) if one in known]
        what = found[0] if found else "what was chosen"
        return replace(problem, detail=f"{what} is no {noun[1]} on record: choose another")
    detail = _ID.sub(lambda found: known.get(found[0], "a record that is gone"), problem.detail)
    return replace(problem, detail=detail)
