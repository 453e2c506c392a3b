"""Issues tokens for programs that speak to the API."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tracker.operations import tokens


class Command(BaseCommand):
    """`manage.py token create --user ann --scope read --scope write:claims`"""

    help = "issue a token; it is shown once"

    def add_arguments(self, parser: ArgumentParser) -> None:
        create = parser.add_subparsers(dest="verb", required=True).add_parser("create")
        create.add_argument("--user", required=True, help="the account that it writes as")
        create.add_argument("--name", default="from the command line", help="what it is for")
        create.add_argument("--scope", action="append", required=True, choices=tokens.SCOPES)
        create.add_argument("--days", type=int, default=90, help="how long it lasts")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            token = tokens.issue(
                options["user"],
                name=options["name"],
                scopes=options["scope"],
                lasting=timedelta(days=options["days"]),
                at=timezone.now(),
            )
        except (tokens.NoSuchAccount, tokens.BadToken) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(token)
