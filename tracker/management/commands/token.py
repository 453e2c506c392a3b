"""`manage.py token`: issues, lists and revokes API tokens."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tracker.domain.problems import FAMILIES
from tracker.operations import accounts
from tracker.operations.accounts import Issued


class Command(BaseCommand):
    """`manage.py token create --user ann --scope read --scope write:claims`"""

    help = "issue, list or revoke API tokens"

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        create = verbs.add_parser("create", help="issue a token; it is shown only once")
        create.add_argument("--user", required=True, help="the account of the token")
        create.add_argument("--name", default="from the command line", help="what it is for")
        create.add_argument("--scope", action="append", required=True, choices=accounts.SCOPES)
        create.add_argument("--days", type=int, default=90, help="how many days it is valid")
        verbs.add_parser("list", help="list the tokens with their prefixes")
        revoke = verbs.add_parser("revoke", help="delete a token")
        revoke.add_argument("prefix", help="the first characters of the token; they must be unique")

    def handle(self, *_args: Any, **options: Any) -> None:
        verb = {"create": self._create, "list": self._list, "revoke": self._revoke}
        try:
            verb[options["verb"]](options)
        except FAMILIES as problem:
            raise CommandError(str(problem)) from problem

    def _create(self, options: dict[str, Any]) -> None:
        token = accounts.issue(
            options["user"],
            by=accounts.COMMAND_LINE,
            name=options["name"],
            scopes=options["scope"],
            lasting=timedelta(days=options["days"]),
            at=timezone.now(),
        )
        self.stdout.write(token)

    def _list(self, _options: dict[str, Any]) -> None:
        for one in accounts.issued():
            self.stdout.write(_says(one))

    def _revoke(self, options: dict[str, Any]) -> None:
        self.stdout.write(f"revoked {_says(accounts.revoke(options['prefix']))}")


def _says(one: Issued) -> str:
    until = f"until {one.expiry:%Y-%m-%d %H:%M} UTC" if one.expiry else "no expiry"
    ended = [scope for scope in one.scopes if scope not in one.usable]
    but = f"  (not usable now: {' '.join(ended)})" if ended else ""
    scopes = " ".join(one.scopes) + but
    issuer = f"issued by {one.issued_by}"
    return f"{one.prefix}…  {one.account}  {scopes}  {until}  {issuer}  {one.name}"
