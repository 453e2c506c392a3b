"""`manage.py edition 2022-05-24`: save and print the edition of a day, and verify it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from tracker.management.arguments import day, moment
from tracker.management.guarded import GuardedCommand
from tracker.operations import editions as operations
from tracker.queries.moment import at
from tracker.queries.scores import editions, lenses
from tracker.queries.scores.editions import StoredEdition
from tracker.wording import counted


class Command(GuardedCommand):
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
        labels = [options["lens"]] if options["lens"] else [o.lens.name for o in lenses.latest()]
        if not labels:
            raise CommandError("there is no lens yet: define one, or run manage.py loadseed")
        differences = 0
        for label in labels:
            edition = operations.publish(
                label, options["day"], at=timezone.now(), as_of=at(options["as_of"])
            )
            self.stdout.write(_line(edition))
            if edition.no_spreads and edition.spreads != "model":
                self.stdout.write(f"no spreads over settings: {edition.no_spreads}")
            differences += self._verify(edition) if options["verify"] else 0
        if differences:
            raise CommandError(f"{differences} differ from the log")

    def _verify(self, edition: StoredEdition) -> int:
        result = editions.verify(edition)
        for difference in result.differs:
            self.stdout.write(f"✗ {difference}")
        if not result.differs:
            spreads = f" and {counted(result.spreads, 'spread')}" if result.spreads else ""
            self.stdout.write(
                f"verified: the log gives the same {result.lines} lines{spreads}, bit for bit"
            )
        return len(result.differs)


def _line(edition: StoredEdition) -> str:
    return (
        f"{edition.lens.label} {edition.day} position={edition.position} pairs={edition.pairs}"
        f" sha256={edition.digest} root={edition.root}"
    )
