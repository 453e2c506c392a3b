"""`manage.py mfa`: lists accounts by second factor, and resets one."""

from argparse import ArgumentParser
from typing import Any

from tracker.management.guarded import GuardedCommand
from tracker.operations import accounts


class Command(GuardedCommand):
    """`manage.py mfa reset ann`"""

    help = "list which accounts have a second factor; reset one that was lost"

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list", help="list the desk accounts, with or without a second factor")
        reset = verbs.add_parser("reset", help="remove the second factor of an account")
        reset.add_argument("user", help="the name of the account")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["verb"] == "list":
            for name, second_factor in accounts.staff_accounts():
                method = "second factor" if second_factor else "password only"
                self.stdout.write(f"{name}  {method}")
            return
        removed = accounts.reset_second_factor(options["user"])
        state = "now logs in with the password only" if removed else "has no second factor"
        self.stdout.write(f"{options['user']} {state}")
