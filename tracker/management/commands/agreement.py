"""`manage.py agreement`: how far two coders of the same claims agree."""

from collections.abc import Iterable
from typing import Any

from tracker.domain.blind_review import LEAST_ALPHA
from tracker.management.guarded import GuardedCommand
from tracker.queries.claims.blind_review import CodedTwice, coded_twice
from tracker.wording import counted


class Command(GuardedCommand):
    help = (
        "compute Krippendorff's alpha, field by field, of the claims that were coded twice at the"
        " desk"
    )

    def handle(self, *_: Any, **__: Any) -> None:
        found = coded_twice()
        if not found:
            self.stdout.write("No claim was coded twice yet. Code claims under Second coding.")
        for one in found:
            for line in _report(one):
                self.stdout.write(line)


def _report(found: CodedTwice) -> Iterable[str]:
    """A line for each field, and which of them are not to be relied on."""
    yield f"{found.name}: {counted(found.claims, 'claim')} coded twice"
    yield f"{'field':20}{'claims':>7}{'the same':>10}{'alpha':>9}"
    for field, one in found.fields.items():
        alpha = "–" if one.alpha is None else f"{one.alpha + 0.0:.3f}"
        yield f"{field:20}{one.units:7}{one.same:10}{alpha:>9}"
    if any(one.alpha is None for one in found.fields.values()):
        yield "–: no alpha, because no two values of the field differ."
    if found.low:
        yield (
            f"Below {LEAST_ALPHA}: {', '.join(found.low)}. Do not rely on this coding: make the"
            " rules clearer and code the claims again."
        )
