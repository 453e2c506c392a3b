"""`manage.py sealkey`: prints the public key of the log's checkpoints, or makes the key."""

from argparse import ArgumentParser
from typing import Any

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

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            signer = sealing.make_key() if options["make"] else sealing.configured()
        except (sealing.NotSealed, Refused, OSError) as problem:
            raise CommandError(str(problem)) from problem
        if signer is None:
            raise CommandError("there is no key in SEAL_FOLDER: make one with --make")
        self.stdout.write(str(signer.key.verifier))
