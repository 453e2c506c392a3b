"""`manage.py withhold`: permanently deletes words if law or safety requires it."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandError
from django.urls import reverse
from django.utils import timezone

from tracker.log import Recorded
from tracker.management.guarded import GuardedCommand
from tracker.operations import accounts, withholding
from tracker.queries.claims import copies
from tracker.queries.claims.copies import TextEntries


class Command(GuardedCommand):
    """`manage.py withhold 118 --reason "names a person" --authority "the editor" --user ann`"""

    help = (
        "permanently delete all words of the claim that the entry at a position is about; the"
        " entries, hashes and scores stay. For any other record, only the words of the entry."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("position", type=int, help="the position of the entry in the log")
        parser.add_argument("--only", action="store_true", help="only the words of this entry")
        parser.add_argument("--reason", required=True, help="printed in place of the words")
        parser.add_argument("--authority", required=True, help="who decided it")
        parser.add_argument(
            "--user", required=True, help="the account that is recorded as the author"
        )
        parser.add_argument(
            "--yes",
            type=int,
            metavar="NUMBER",
            help="the number of the claim, in the line Number of its page at the desk (for another"
            " record: the position of the entry); default: ask",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        accounts.by_name(options["user"])
        self._withhold(options)

    def _withhold(self, options: dict[str, Any]) -> None:
        record, entries = withholding.select(options["position"], every=not options["only"])
        remaining = copies.remaining_copies(record, entries)
        self._show(record, entries, [copy.says for copy in remaining])
        number = self._confirm(record) if options["yes"] is None else options["yes"]
        request = withholding.Withholding(
            record=record,
            entries=entries,
            number=number,
            reason=options["reason"],
            authority=options["authority"],
        )
        recorded = withholding.withhold(request, at=timezone.now(), by=options["user"])
        for entry, event in zip(entries, recorded, strict=True):
            self.stdout.write(
                f"the words at position {entry.position} are withheld;"
                f" recorded at position {event.position}"
            )

    def _show(self, record: TextEntries, entries: Sequence[Recorded], remaining: list[str]) -> None:
        """Report what is deleted and what remains, without the words or the claim's number."""
        what = "claim" if record.claim else "record"
        self.stdout.write(f"This permanently deletes the words of this {what}:")
        for entry in entries:
            self.stdout.write(f"  {copies.entry_label(entry)}")
        self.stdout.write(
            "The same text remains at:" if remaining else "No other entry has the same text."
        )
        for line in remaining:
            self.stdout.write(f"  {line}")
        self.stdout.write(copies.ALWAYS)

    def _confirm(self, record: TextEntries) -> int | None:
        """The number that the user types at a terminal."""
        what = "position again"
        if record.claim:
            page = reverse("admin:desk_claim_change", args=[record.claim])
            what = f"number of the claim, which is at {page}#number"
        if not sys.stdin.isatty():
            raise CommandError(f"nothing was withheld: confirm with --yes and the {what}")
        typed = input(f"To continue, type the {what}: ").strip()
        return int(typed) if typed.isascii() and typed.isdigit() else None
