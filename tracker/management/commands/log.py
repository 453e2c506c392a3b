"""`manage.py log`: reopens the log after a loss, or moves the truth to another database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils import timezone

from tracker.domain.problems import FAMILIES
from tracker.log import archive
from tracker.management.guarded import GuardedCommand
from tracker.operations import accounts, sealing
from tracker.operations.seal_keys import NotSealed


class Command(GuardedCommand):
    """`manage.py log reopen --lost-from 412 --reason … --authority … --user ann`"""

    problems = (*FAMILIES, NotSealed, archive.NotTaken, OSError)
    help = "reopen the log after a loss of events, or export and import the truth alone"

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        reopen = verbs.add_parser(
            "reopen", help="go on with a log that lost events, or whose key is no longer trusted"
        )
        lost = reopen.add_mutually_exclusive_group(required=True)
        lost.add_argument(
            "--lost-from",
            type=int,
            metavar="POSITION",
            help="the first position whose event was lost or replaced",
        )
        lost.add_argument("--nothing-lost", action="store_true", help="no event was lost")
        reopen.add_argument("--reason", required=True, help="why; on record for everybody")
        reopen.add_argument("--authority", required=True, help="who decided it")
        reopen.add_argument("--user", required=True, help="the account that is the author")
        export = verbs.add_parser("export", help="write the log and its seal into a new file")
        take = verbs.add_parser("import", help="take a log into a database without one")
        for one in (export, take):
            one.add_argument("file", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        actions = {"reopen": self._reopen, "export": self._export, "import": self._import}
        actions[options["verb"]](options)

    def _reopen(self, options: dict[str, Any]) -> None:
        accounts.by_name(options["user"])
        request = sealing.Request(
            lost_from=options["lost_from"],
            reason=options["reason"],
            authority=options["authority"],
        )
        event = sealing.reopen(request, at=timezone.now(), by=options["user"])
        self.stdout.write(
            f"the log is reopened, on record at position {event.position}. On the host that signs,"
            " manage.py sealkey --make makes its new key, if it has none yet, and prints it"
        )

    def _export(self, options: dict[str, Any]) -> None:
        found = archive.export(options["file"])
        self.stdout.write(f"{found.position} events of the log {found.log} are in the file")

    def _import(self, options: dict[str, Any]) -> None:
        found = archive.take(options["file"])
        self.stdout.write(
            f"{found.position} events of the log {found.log} were taken and checked; now run"
            " manage.py rebuild"
        )
