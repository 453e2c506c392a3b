"""`manage.py sealkey`: prints the public key of the log's checkpoints, makes or changes the key."""

from argparse import ArgumentParser
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone

from tracker.domain.problems import FAMILIES
from tracker.domain.proofs.refusals import Refused
from tracker.management.guarded import GuardedCommand
from tracker.operations import accounts, seal_keys, sealing


class Command(GuardedCommand):
    problems = (*FAMILIES, seal_keys.NotSealed, Refused, OSError)
    help = "print the public key that verifies checkpoints of the log"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--make", action="store_true", help="make the key in SEAL_FOLDER, if there is none"
        )
        parser.add_argument(
            "--adopt",
            action="store_true",
            help="put the last checkpoint of this host, or of the database, where it is missing",
        )
        parser.add_argument(
            "--rotate",
            action="store_true",
            help="change the key; the one before signs beside it for 30 days",
        )
        parser.add_argument("--reason", default="", help="why it is changed; on record")
        parser.add_argument("--authority", default="", help="who decided it")
        parser.add_argument("--user", default="", help="the account that is the author")

    def handle(self, *_args: Any, **options: Any) -> None:
        signer = _made() if options["make"] else seal_keys.configured()
        if signer and options["adopt"]:
            size = sealing.adopt(at=timezone.now()).size
            self.stdout.write(f"this host goes on from the checkpoint of {size} events")
        if signer and options["rotate"]:
            signer = _rotated(options)
        if signer is None:
            raise CommandError("there is no key in SEAL_FOLDER: make one with --make")
        self.stdout.write(str(signer.key.verifier))


def _made() -> seal_keys.Signer:
    """The key of this host, or a new one: there was none, or the log was reopened since."""
    signer = None
    with suppress(seal_keys.NotSealed):
        signer = seal_keys.configured()
    return signer or seal_keys.make_key(_authority())


def _rotated(options: dict[str, Any]) -> seal_keys.Signer:
    accounts.by_name(options["user"])
    return seal_keys.rotate(
        reason=options["reason"],
        authority=options["authority"],
        at=timezone.now(),
        by=options["user"],
    )


def _authority() -> str:
    """
    :raises CommandError:
    """
    if not settings.AUTHORITY:
        raise CommandError("set AUTHORITY to your domain: it is in the name of the log for ever")
    return str(settings.AUTHORITY)
