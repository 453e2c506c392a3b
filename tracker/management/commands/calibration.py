"""`manage.py calibration`: how often claims of each certainty were confirmed."""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from typing import Any

from tracker.domain.calibration import Calibration, GradeCheck, Group
from tracker.domain.disclosure import Reader
from tracker.management.arguments import moment
from tracker.management.guarded import GuardedCommand
from tracker.queries.evidence import calibration
from tracker.queries.moment import at
from tracker.wording import counted, signed

_HEAD = f"{'':24} mean p  confirmed      share  90 %          effective  unverifiable"


class Command(GuardedCommand):
    help = "compare the p of claims with their verdicts: shares, Brier score, grades"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--lens", default="standing", help="whose certainty, such as standing@1"
        )
        parser.add_argument(
            "--as-of", type=moment, help="as known at a position, or at a time with UTC offset"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        found = calibration.report(
            lens=options["lens"], as_of=at(options["as_of"]), reader=Reader.DESK
        )
        self.stdout.write(f"{found.lens.label}, position {found.as_of}")
        for line in _record("All claims with a verdict, each counted once", found.judged):
            self.stdout.write(line)
        title = f"Claims drawn by chance ({found.draws} drawn, {found.unjudged} not judged here)"
        for line in _record(title, found.drawn):
            self.stdout.write(line)


def _record(title: str, record: Calibration) -> Iterator[str]:
    yield ""
    yield title
    if record.missing:
        decided = counted(record.overall.decided, "decided claim")
        yield f"  {decided}: too few, {record.missing} more make a record"
    yield _HEAD
    yield _row(record.overall)
    for heading, groups in (
        ("by p", record.bins),
        ("by the grade that decided p", record.grades),
        ("by sources in the chain", record.chains),
        ("by independent roots", record.roots),
    ):
        yield f"  {heading}"
        yield from map(_row, groups)
    if record.score:
        parts = record.score
        yield (
            f"  Brier {parts.brier:.4f} = reliability {parts.reliability:.4f}"
            f" − resolution {parts.resolution:.4f} + uncertainty {parts.uncertainty:.4f}"
            f" + within bins {signed(parts.within, 4)}"
        )
    yield from _grades(record.checks)


def _row(group: Group) -> str:
    found = group.outcome
    counts = f"{group.confirmed:>4} of {group.decided:<4}"
    label = f"    {group.label:20}"
    if found is None:
        return f"{label} {'–':>6}  {counts}  {'':36} {group.unverifiable:>5}"
    bounds = (
        f" ({found.all_false:.2f} to {found.all_true:.2f} with them)" if group.unverifiable else ""
    )
    return (
        f"{label} {group.mean_p:6.2f}  {counts}  {found.share:6.3f}  {found.low:.3f} to"
        f" {found.high:.3f} {found.effective:10.1f} {group.unverifiable:>8}{bounds}"
    )


def _grades(checks: Iterable[GradeCheck]) -> Iterator[str]:
    yield "  each grade as a Beta of 20 pseudo-claims at its p, updated by the outcomes"
    for check in checks:
        yield (
            f"    {check.grade:20} p {check.p:.4f}  {check.confirmed:>4} of {check.decided:<4}"
            f"  mean {check.mean:.3f}, 90 % {check.low:.3f} to {check.high:.3f}"
            f"{check.kind and f'  ({check.kind})'}"
        )
    for check in checks:
        if check.proposal:
            yield f"  Proposed for a new table of certainties: {check.proposal}"
