"""`manage.py count-collection NAME --user ann`: defines a lens that counts a collection."""

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from tracker.domain.events import LensDefined
from tracker.management.guarded import GuardedCommand
from tracker.operations import accounts
from tracker.operations.lenses import count_collection
from tracker.queries.records.names import directory


class Command(GuardedCommand):
    help = "define a lens, or the next version of one, that counts a collection"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the name of the collection")
        parser.add_argument(
            "--lens", help="the lens that should count it, in its next version; default: a new lens"
        )
        parser.add_argument(
            "--user", required=True, help="the account that is recorded as the author"
        )

    def handle(self, *_: Any, name: str, lens: str | None, user: str, **__: Any) -> None:
        accounts.by_name(user)
        collection = directory("collection").find(name)
        recorded = count_collection(collection.id, at=timezone.now(), by=user, lens=lens)
        event = recorded.decoded()
        assert isinstance(event, LensDefined)  # noqa: S101 # the operation defines one
        label = f"{event.lens.name}@{recorded.version}"
        self.stdout.write(f"lens {label} counts the collection {name}; its pairs are being scored")
