"""`manage.py token`: issues, lists and revokes API tokens."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.utils import timezone

from tracker.management.guarded import GuardedCommand
from tracker.operations import accounts
from tracker.operations.accounts import Token


class Command(GuardedCommand):
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
        actions = {"create": self._create, "list": self._list, "revoke": self._revoke}
        actions[options["verb"]](options)

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
        for token in accounts.tokens():
            self.stdout.write(_line(token))

    def _revoke(self, options: dict[str, Any]) -> None:
        self.stdout.write(f"revoked {_line(accounts.revoke(options['prefix']))}")


def _line(token: Token) -> str:
    until = f"until {token.expiry:%Y-%m-%d %H:%M} UTC" if token.expiry else "no expiry"
    unusable = " ".join(scope for scope in token.scopes if scope not in token.usable)
    scopes = " ".join(token.scopes) + (f"  (not usable now: {unusable})" if unusable else "")
    issuer = f"issued by {token.issued_by}"
    return f"{token.prefix}…  {token.account}  {scopes}  {until}  {issuer}  {token.name}"
