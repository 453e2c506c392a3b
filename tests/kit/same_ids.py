"""Ids that are the same in each run: the worlds of a level are drawn by those of its roots."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

from tracker.operations import ids


@contextmanager
def same_ids(purpose: str) -> Iterator[None]:
    """New ids of this process follow from the purpose."""
    before = ids._random
    ids._random = random.Random(purpose)  # noqa: S311 # no secret
    try:
        yield
    finally:
        ids._random = before
