"""`manage.py load-structural`: records the levels at which pairs of countries start."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError
from django.utils import timezone

from tracker import log
from tracker.domain import fields
from tracker.domain.structural import VERSION
from tracker.imports import structural
from tracker.imports.formats.base import InvalidRow
from tracker.imports.formats.pair_levels import PairDay
from tracker.imports.runs import Author, ImportInUse, Observer, Report
from tracker.log import LogBusy, VersionConflict
from tracker.management.arguments import day
from tracker.management.guarded import GuardedCommand
from tracker.operations.seed import SEEDER, claim_ids
from tracker.queries.claims.pairs import named_together

AUTHOR = "system:structural"


def _as_of(text: str) -> date:
    """The day of levels, which must be one that the log takes.

    :raises ArgumentTypeError: if it is none.
    """
    as_of = day(text)
    for problem in fields.day_problems(as_of, ""):
        raise ArgumentTypeError(problem.detail)
    return as_of


class Command(GuardedCommand):
    help = (
        f"record the level of pairs of countries by {VERSION}: the rivalries, pacts, disputes and"
        " memberships in fixtures/structural; existing levels stay as they are"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--countries",
            help="all pairs of these countries, by ISO codes such as KAZ,RUS,CHN; default: the"
            " pairs that claims of curated collections name",
        )
        parser.add_argument(
            "--as-of",
            type=_as_of,
            help="the day of the levels, such as 1999-12-31; default: the last of the tables",
        )
        parser.add_argument("--by", default=AUTHOR, help="the author in the log")
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="only the pairs that the seed's claims name; nothing if the log begins with other"
            " data than the seed",
        )

    def handle(
        self, *_: Any, countries: str | None, as_of: date | None, by: str, if_empty: bool, **__: Any
    ) -> None:
        first = log.at(1)
        if if_empty and first and first.recorded_by != SEEDER:
            self.stdout.write("structural: the log has other data, nothing was added")
            return
        refused: list[InvalidRow] = []
        try:
            report = structural.load(
                _pairs(countries, as_of, claims=claim_ids() if if_empty else None),
                author=Author(now=timezone.now, by=by),
                observer=Observer(refused=refused.append),
            )
        except (ImportInUse, LogBusy, VersionConflict) as problem:
            raise CommandError(f"{problem}; run it again to continue") from problem
        for row in refused:
            self.stderr.write(f"{row.value}: {row.reason}")
        self.stdout.write(_summary(report))


def _pairs(
    countries: str | None, as_of: date | None, *, claims: Collection[UUID] | None
) -> list[PairDay]:
    """All pairs of the countries, or those that claims name: `claims`, or all curated ones."""
    if countries is None:
        return [PairDay(pair, as_of) for pair in named_together(claims)]
    pairs = structural.among(countries.split(","), as_of)
    if not pairs:
        raise CommandError("--countries: give two or more codes, such as KAZ,RUS")
    return pairs


def _summary(report: Report) -> str:
    parts = [f"added {report.counts['new']} levels"]
    parts += [
        f"{number} {what}"
        for outcome, what in (
            ("known", "were on record"),
            ("changed", "differ from those on record, which stay"),
            ("refused", "were refused"),
        )
        if (number := report.counts[outcome])
    ]
    return f"structural: {'; '.join(parts)}"
