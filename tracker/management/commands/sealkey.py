"""`manage.py sealkey`: prints the public key of the log's checkpoints, or makes the key."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from tracker.domain.proofs.refusals import Refused
from tracker.management.guarded import GuardedCommand
from tracker.operations import sealing


class Command(GuardedCommand):
    help = "print the public key that verifies checkpoints of the log"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--make", action="store_true", help="make the key in SEAL_FOLDER, if there is none"
        )
        parser.add_argument(
            "--adopt",
            action="store_true",
            help="take the last checkpoint in the database for this host's, which is lost",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            signer = sealing.configured()
            if signer is None and options["make"]:
                signer = sealing.make_key(_authority())
            if signer and options["adopt"]:
                size = sealing.adopt().size
                self.stdout.write(f"this host goes on from the checkpoint of {size} events")
        except (sealing.NotSealed, Refused, OSError) as problem:
            raise CommandError(str(problem)) from problem
        if signer is None:
            raise CommandError("there is no key in SEAL_FOLDER: make one with --make")
        self.stdout.write(str(signer.key.verifier))


def _authority() -> str:
    """
    :raises CommandError:
    """
    if not settings.AUTHORITY:
        raise CommandError("set AUTHORITY to your domain: it is in the name of the log for ever")
    return str(settings.AUTHORITY)
