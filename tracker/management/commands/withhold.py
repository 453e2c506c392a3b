"""Deletes the words of an event for ever, where law or safety asks for it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tracker import log
from tracker.domain.folding import OutOfOrder
from tracker.domain.validity import Invalid
from tracker.operations import accounts, withholding


class Command(BaseCommand):
    """`manage.py withhold 118 --reason "names a person" --authority "the editor" --user ann`"""

    help = "delete the words of an event for ever; the event, its hashes and scores stay"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("position", type=int, help="where the event stands in the log")
        parser.add_argument("--reason", required=True, help="printed in place of the words")
        parser.add_argument("--authority", required=True, help="who decided it")
        parser.add_argument("--user", required=True, help="the account that it is recorded under")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not accounts.exists(options["user"]):
            raise CommandError(f"there is no account {options['user']!r}")
        try:
            recorded = withholding.withhold_text(
                options["position"],
                reason=options["reason"],
                authority=options["authority"],
                at=timezone.now(),
                by=options["user"],
            )
        except (Invalid, OutOfOrder, log.LogBusy) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(
            f"the words at position {options['position']} are withheld,"
            f" as position {recorded.position} says"
        )
