"""Measures how far a level depends on how much is written: dense pairs of an archive with half of
their events, and with every event told twice.

The archive is imported as the command does it. Of the pairs with most events, the last level is
compared with that of half of them, drawn by chance, and with that of all and of a copy of each
from another root. Both figures are medians of the distance in points, and smaller is better. Those
of a fifth and a tenth are printed beside them, for the curve.
"""

import random
import statistics
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

from django.db.models import Count

from benchmarks import logs, records
from benchmarks.figures import note, print_line
from benchmarks.options import Options, Skipped
from tracker.domain.lenses import LensVersion
from tracker.domain.scoring.evidence import Pull, Pulls
from tracker.domain.scoring.level import Level
from tracker.imports import files
from tracker.imports.files import ImportOptions
from tracker.imports.runs import Author
from tracker.log import head
from tracker.models.derived import ImpactVersion
from tracker.operations import seed
from tracker.projections import impacts
from tracker.queries.evidence import impacts as on_record
from tracker.queries.scores import lenses

PAIRS, DRAWS = 10, 3
THINNED = (0.5, 0.2, 0.1)
# The choice is fixed so that a run can be repeated.
SEED = 1


def run(options: Options) -> None:
    if options.icews is None:
        raise Skipped("it needs ICEWS=…")
    with logs.empty():
        seed.load_seed(at=datetime.now(UTC))
        lens = _imported(options.icews)
        scorer = lens.scorer
        assert isinstance(scorer, Level)  # that of an archive
        dense = _dense(lens)
        note(f"pairs: {', '.join(f'{pair} {len(pulls)}' for pair, pulls in dense.items())}")
        thinned: dict[float, list[float]] = {part: [] for part in THINNED}
        doubled = []
        for pulls in dense.values():
            day = date.fromordinal(max(pull.first for pull in pulls))
            whole = scorer.on(pulls, day).value
            for part, found in thinned.items():
                found += [abs(scorer.on(few, day).value - whole) for few in _some(pulls, part)]
            doubled.append(abs(scorer.on(_twice(pulls), day).value - whole))
    curve = (f"{part:g} {statistics.median(found):.2f}" for part, found in thinned.items())
    note(f"shift with a part of the events: {', '.join(curve)}")
    print_line(
        "density",
        half_shift=f"{statistics.median(thinned[0.5]):.2f}",
        double_shift=f"{statistics.median(doubled):.2f}",
    )


def _imported(path: Path) -> LensVersion:
    """Import the archive, and return its lens."""
    with path.open("rb") as file:
        files.import_file(
            file,
            name=path.name,
            author=Author(now=lambda: datetime.now(UTC), by=records.BY),
            options=ImportOptions(),
        )
    impacts.follow_all()
    return next(lens for lens in lenses.latest() if lens.lens.name.startswith("machine-"))


def _dense(lens: LensVersion) -> Mapping[str, Pulls]:
    """The pairs with most acts, each with its pulls."""
    view = lens.lens.view.id
    rows = ImpactVersion.objects.filter(view=view, known_until=None).values_list("pair")
    pairs = [pair for pair, _ in rows.annotate(n=Count("*")).order_by("-n", "pair")[:PAIRS]]
    known = on_record.on_pairs(view, pairs, position=head().position)
    return {pair: lens.pulls(known[pair], pair) for pair in pairs}


def _some(pulls: Pulls, part: float) -> Iterator[Pulls]:
    """Some draws of a part of the events."""
    draw = random.Random(SEED)
    for _ in range(DRAWS):
        yield Pulls((pull for pull in pulls if draw.random() < part), pair=pulls.pair)


def _twice(pulls: Pulls) -> Pulls:
    """All acts, and a copy of each from another root."""
    return Pulls(
        sorted([*pulls, *map(_copy, pulls)], key=lambda one: one.claim.int), pair=pulls.pair
    )


def _copy(pull: Pull) -> Pull:
    own = (UUID(int=pull.claim.int ^ 1), tuple(UUID(int=root.int ^ 1) for root in pull.roots))
    return pull._replace(claim=own[0], roots=own[1])
