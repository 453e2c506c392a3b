"""Deletes the words of a claim, or of another entry, for ever, where law or safety asks for it."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tracker.domain.problems import FAMILIES
from tracker.log import Recorded
from tracker.operations import accounts, withholding
from tracker.queries import copies
from tracker.queries.copies import Worded


class Command(BaseCommand):
    """`manage.py withhold 118 --reason "names a person" --authority "the editor" --user ann`"""

    help = (
        "delete all words of the claim that the entry at a position is about, for ever; the"
        " entries, their hashes and scores stay. Of any other record the words of the entry alone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("position", type=int, help="where the entry stands in the log")
        parser.add_argument("--only", action="store_true", help="the words of this entry alone")
        parser.add_argument("--reason", required=True, help="printed in place of the words")
        parser.add_argument("--authority", required=True, help="who decided it")
        parser.add_argument("--user", required=True, help="the account that it is recorded under")
        parser.add_argument(
            "--yes",
            type=int,
            metavar="NUMBER",
            help="the claim's number, which its page at the desk shows (of an entry of another"
            " record, its position); without, you are asked",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            accounts.named(options["user"])
            self._withhold(options)
        except FAMILIES as problem:
            raise CommandError(str(problem)) from problem

    def _withhold(self, options: dict[str, Any]) -> None:
        worded, going = withholding.chosen(options["position"], every=not options["only"])
        left = copies.staying(worded, going)
        self._show(worded, going, [one.says for one in left])
        number = self._asked(worded) if options["yes"] is None else options["yes"]
        asked = withholding.Withholding(
            record=worded,
            going=going,
            number=number,
            reason=options["reason"],
            authority=options["authority"],
        )
        recorded = withholding.withhold(asked, at=timezone.now(), by=options["user"])
        for one, said in zip(going, recorded, strict=True):
            self.stdout.write(
                f"the words at position {one.position} are withheld,"
                f" as position {said.position} says"
            )

    def _show(self, worded: Worded, going: Sequence[Recorded], left: list[str]) -> None:
        """Say what goes and what stays, without the words and without the claim's number."""
        what = "claim" if worded.claim else "record"
        self.stdout.write(f"This deletes for ever the words of this {what}:")
        for one in going:
            self.stdout.write(f"  {copies.entry_says(one)}")
        self.stdout.write(
            "The same text stays at:" if left else "No other entry has the same text."
        )
        for says in left:
            self.stdout.write(f"  {says}")
        self.stdout.write(copies.ALWAYS)

    def _asked(self, worded: Worded) -> int | None:
        """The number that somebody types at a terminal."""
        what = "claim's number, which its page shows" if worded.claim else "position once more"
        if not sys.stdin.isatty():
            raise CommandError(f"nothing is withheld: confirm with --yes and the {what}")
        typed = input(f"To go on, type the {what}: ").strip()
        return int(typed) if typed.isascii() and typed.isdigit() else None
