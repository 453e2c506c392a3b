"""`manage.py withdraw-import ID --reason …`: retracts what an import added."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError
from django.utils import timezone

from tracker.domain.validity import Invalid
from tracker.imports.runs import Author, ImportInUse, Observer
from tracker.imports.withdrawal import NoSuchImport, WithdrawalReport, withdraw_import
from tracker.log import LogBusy, VersionConflict
from tracker.management import import_report
from tracker.management.guarded import GuardedCommand

BY = "system:import"


class Command(GuardedCommand):
    help = "retract all claims that an import added, unless they are already retracted"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "id", type=UUID, help="the id of the import, as listed by `manage.py imports`"
        )
        parser.add_argument("--reason", required=True, help="recorded with each retraction")
        parser.add_argument("--by", default=BY, help="the author in the log")

    def handle(self, *_: Any, **options: Any) -> None:
        signed = Author(now=timezone.now, by=options["by"])
        try:
            with import_report.progress_bar() as bar:
                task = bar.add_task("withdraw", total=None)
                watch = Observer(
                    progress=lambda done, total: bar.update(task, completed=done, total=total)
                )
                result = withdraw_import(
                    options["id"], reason=options["reason"], author=signed, observer=watch
                )
        except (NoSuchImport, ImportInUse, Invalid) as problem:
            raise CommandError(f"nothing was withdrawn: {problem}") from problem
        except (LogBusy, VersionConflict) as problem:
            message = f"the withdrawal stopped: {problem}; run it again to continue"
            raise CommandError(message) from problem
        self.stdout.write(_summary(result))


def _summary(result: WithdrawalReport) -> str:
    if not result.claims:
        return "withdraw-import: nothing to withdraw"
    before = f"; {result.already} were already retracted" if result.already else ""
    return f"withdraw-import: retracted {result.claims} claims{before}"
