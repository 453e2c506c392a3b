"""`manage.py edition 2022-05-24`: save and print the edition of a day, and verify it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tracker.domain.problems import FAMILIES
from tracker.management.moments import day, moment
from tracker.operations import editions as operations
from tracker.queries.scores import editions, lenses
from tracker.queries.scores.editions import Kept


class Command(BaseCommand):
    help = "save and print the edition of a day: position, pairs, digest of all values"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("day", type=day, help="a past day, such as 2022-05-24")
        parser.add_argument(
            "--lens", help='a name or a version, such as "standing@1"; default: all lenses'
        )
        parser.add_argument(
            "--as-of", type=moment, help="as known at a position, or at a time with UTC offset"
        )
        parser.add_argument(
            "--verify", action="store_true", help="recompute it from the log and compare"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        named = [options["lens"]] if options["lens"] else [o.lens.name for o in lenses.latest()]
        if not named:
            raise CommandError("there is no lens yet: define one, or run manage.py loadseed")
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
            self.stdout.write(f"verified: the log gives the same {found.lines} lines, bit for bit")
        return len(found.differs)


def _says(kept: Kept) -> str:
    return (
        f"{kept.lens.label} {kept.day} position={kept.position} pairs={kept.pairs}"
        f" sha256={kept.digest}"
    )
