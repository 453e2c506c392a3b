"""Which names of authors in the log are those of one account."""

from collections.abc import Iterable

from tracker.queries.sql import select

_SAME = (
    "SELECT one.name, other.name FROM account_name one JOIN account_name other USING (account)"
    " WHERE one.name = ANY(%s)"
)


def names_of_same_account(names: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return for each name all names that its account has or had, itself included. A name without
    an account stands alone."""
    found = {name: {name} for name in names}
    for name, other in select(_SAME, [[*found]]) if found else ():
        found[name].add(other)
    return {name: frozenset(others) for name, others in found.items()}
