"""A machine-coded archive: its collection with lenses, and a generated file to import."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import fixtures, gdelt
from benchmarks.fixtures import BY
from tracker.domain.lenses import View
from tracker.imports.formats.recognise import FORMATS
from tracker.operations import ids, sources

FORMAT = "gdelt-2"


def define_lenses(models: Sequence[str]) -> View:
    """Record the collection, and a lens of each model over it. Returns their view."""
    at, described = datetime.now(UTC), FORMATS[FORMAT].collection
    assert described is not None
    collection = ids.content_id("collection", described.name)
    sources.describe_collection(described, at=at, by=BY, collection_id=collection)
    [view, *_] = [fixtures.define_lens(name, collection) for name in models]
    return view


@contextmanager
def generated_file(rows: int, *, seed: int = 1) -> Iterator[Path]:
    """A file of generated rows of GDELT, removed at the end."""
    with tempfile.TemporaryDirectory(prefix="entente-") as folder:
        path = Path(folder) / f"gdelt-{rows}.export.CSV"
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(gdelt.lines(rows, seed=seed))
        yield path
