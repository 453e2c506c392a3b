"""`manage.py erase`: what a claim says leaves the database for good, if a court orders it."""

import sys
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone

from tracker.management.guarded import GuardedCommand
from tracker.operations import accounts, erasing
from tracker.operations.erasing import ErasedAlready, Erasure
from tracker.queries.claims import copies

LEFT = (
    "Backups and the write-ahead log keep it until they are deleted; so do exports, downloads,"
    " imported files and lists of their rows. See docs/trust.md."
)
STILL_THERE = "The claim is erased, but its old rows are still in the files of the database"
STATISTICS = (
    "The planner's statistics may quote the claim until their space is used again, and only the"
    " owner of the database can rewrite them: VACUUM (FULL) pg_statistic"
)
AGAIN = "Run the same command once more: it only cleans up then."


class Command(GuardedCommand):
    """`manage.py erase 118 --reason "names a person" --authority "a court" --user ann`"""

    help = (
        "erase what a retracted claim said, whose words are withheld, from the log and all tables;"
        " the places of its events, and all proofs, stay"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("position", type=int, help="the position of an event of the claim")
        parser.add_argument("--reason", required=True, help="public: do not repeat what is erased")
        parser.add_argument("--authority", required=True, help="who ordered it; public too")
        parser.add_argument(
            "--user", required=True, help="the account that is recorded as the author"
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would be erased")
        parser.add_argument(
            "--yes",
            type=int,
            metavar="NUMBER",
            help="the number of the claim, in the line Number of its page at the desk;"
            " default: ask",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            accounts.by_name(options["user"])
            erasure = erasing.select(options["position"])
            self._show(erasure)
            if not options["dry_run"]:
                self._erase(erasure, options)
        except ErasedAlready as found:
            if options["dry_run"]:
                raise CommandError(str(found)) from found
            self.stdout.write("The claim is erased already.")
            self._clean_up(found.claim)

    def _show(self, erasure: Erasure) -> None:
        """Report what is erased and what remains, without the claim's number."""
        self.stdout.write("This erases what the claim says, in the log and in all tables:")
        for one in erasure.events:
            place = "" if one.position == erasure.number else f" at position {one.position}"
            self.stdout.write(f"  {one.kind}{place}, {len(one.body)} characters")
        if copies.is_in_batch(erasure.claim):
            self.stdout.write("  what was sent of it in a batch")
        self.stdout.write(LEFT)
        for file in copies.imported_files([one.position for one in erasure.events]):
            self.stdout.write(f"It is also in {file.says}.")

    def _erase(self, erasure: Erasure, options: dict[str, Any]) -> None:
        number = self._confirm(erasure.claim) if options["yes"] is None else options["yes"]
        if number != erasure.number:
            raise CommandError("this is not the number of the claim: nothing was erased")
        given = {name: options[name] for name in ("reason", "authority")}
        recorded = erasing.erase(erasure, **given, at=timezone.now(), by=options["user"])
        for event in recorded:
            self.stdout.write(
                f"position {event.content['position']} is erased; recorded at {event.position}"
            )
        self.stdout.write(
            "Run manage.py rebuild now: scores of the past may rest on the claim, and it replaces"
            " the files of derived tables."
        )
        self._clean_up(erasure.claim)

    def _clean_up(self, claim: UUID) -> None:
        if connection.in_atomic_block:
            return
        try:
            erasing.clean_up()
        except OperationalError as problem:
            raise CommandError(f"{STILL_THERE} ({problem}). {AGAIN}") from problem
        if keepers := erasing.keepers(claim):
            kept_for = ", ".join(keepers)
            raise CommandError(f"{STILL_THERE}, for {kept_for}. When that has ended: {AGAIN}")
        self.stdout.write("The files of the tables were rewritten.")
        if not erasing.owns_statistics():
            self.stdout.write(STATISTICS)

    def _confirm(self, claim: UUID) -> int | None:
        """The number that the user types at a terminal."""
        if not sys.stdin.isatty():
            raise CommandError("nothing was erased: confirm with --yes and the claim's number")
        page = reverse("admin:desk_claim_change", args=[claim])
        typed = input(f"To continue, type the number of the claim; it is at {page}#number: ")
        typed = typed.strip()
        return int(typed) if typed.isascii() and typed.isdigit() else None
