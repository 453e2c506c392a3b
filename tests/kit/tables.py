"""One test of a whole table, which tells every row that fails."""

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

import pytest


def each(names: str | tuple[str, ...], rows: Iterable[Any]) -> Callable[[Any], Any]:
    """Run a test for each row within one case, as pytest.mark.parametrize does in many.

    For quick tests: a case of its own costs more than such a row. The other arguments are
    fixtures, which all rows share.
    """
    several = list(rows)
    assert several, "a table without rows tests nothing"
    every = (names,) if isinstance(names, str) else names

    def decorate(test: Any) -> Any:
        @functools.wraps(test)
        def of_all_rows(*self: Any, **fixtures: Any) -> None:
            failures: list[BaseException] = []
            for row in several:
                values = (row,) if isinstance(names, str) else row
                try:
                    test(*self, **dict(zip(every, values, strict=True)), **fixtures)
                except (Exception, pytest.fail.Exception) as failure:  # noqa: BLE001 # raised below
                    failure.add_note(f"in the row {row!r}")
                    failures.append(failure)
            if failures:
                raise BaseExceptionGroup(f"{len(failures)} of {len(several)} rows fail", failures)

        signature = inspect.signature(test)
        kept = [one for name, one in signature.parameters.items() if name not in every]
        of_all_rows.__signature__ = signature.replace(parameters=kept)  # type: ignore[attr-defined]
        return of_all_rows

    return decorate
