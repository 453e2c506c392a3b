"""A log for a machine-coded archive: its collection with lenses over it, and a file to take in."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import gdelt
from benchmarks.cast import BY
from tracker.domain import scoring
from tracker.domain.lenses import Lens, View
from tracker.imports.formats.recognise import FORMATS
from tracker.operations import ids, lenses, sources

FORMAT = "gdelt-2"


def defined(models: Sequence[str]) -> View:
    """Put the collection on record, and a lens of each model over it; give their view."""
    at, kept = datetime.now(UTC), FORMATS[FORMAT].collection
    assert kept is not None
    collection = ids.content_id("collection", kept.name)
    sources.describe_collection(kept, at=at, by=BY, collection_id=collection)
    view = View(method="1", collections=(collection,))
    for name in models:
        model = scoring.MODELS[name]
        lens = Lens(
            name=name,
            view=view,
            model=name,
            model_version=model.version,
            parameters=model.defaults,
        )
        lenses.define_lens(lens, at=at, by=BY)
    return view


@contextmanager
def made_up(rows: int, *, seed: int = 1) -> Iterator[Path]:
    """A file of so many made-up rows of GDELT, removed at the end."""
    with tempfile.TemporaryDirectory(prefix="entente-") as folder:
        path = Path(folder) / f"gdelt-{rows}.export.CSV"
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(gdelt.lines(rows, seed=seed))
        yield path
