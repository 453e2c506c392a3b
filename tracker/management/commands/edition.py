"""`manage.py edition 2022-05-24`: keep the edition of a day, print it, hold it against the log."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tracker.domain.problems import FAMILIES
from tracker.management.moments import moment
from tracker.operations import editions as operations
from tracker.queries import editions, lenses
from tracker.queries.editions import Kept


class Command(BaseCommand):
    help = "keep and print the edition of a day: position, pairs, digest over all values"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("day", type=_day, help="a day that has ended, as 2022-05-24")
        parser.add_argument("--lens", help='a name or a version, as "standing@1"; without, all')
        parser.add_argument(
            "--as-of", type=moment, help="as known at a position or a time with its offset"
        )
        parser.add_argument(
            "--verify", action="store_true", help="derive it again from the log, and compare"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        named = [options["lens"]] if options["lens"] else [o.lens.name for o in lenses.latest()]
        if not named:
            raise CommandError("there is no lens yet")
        differing = 0
        for label in named:
            try:
                kept = operations.publish(
                    label, options["day"], at=timezone.now(), as_of=options["as_of"]
                )
                self.stdout.write(_says(kept))
                differing += self._verify(kept) if options["verify"] else 0
            except FAMILIES as problem:
                raise CommandError(str(problem)) from problem
        if differing:
            raise CommandError(f"{differing} differ from the log")

    def _verify(self, kept: Kept) -> int:
        found = editions.verify(kept)
        for one in found.differs:
            self.stdout.write(f"✗ {one}")
        if not found.differs:
            self.stdout.write(f"equal: the log gives the same {found.lines} lines, bit for bit")
        return len(found.differs)


def _says(kept: Kept) -> str:
    return (
        f"{kept.lens.label} {kept.day} position={kept.position} pairs={kept.pairs}"
        f" sha256={kept.digest}"
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise ArgumentTypeError(f"{text!r} is no day, as 2022-05-24") from problem
