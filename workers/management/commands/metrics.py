"""Prints the metrics of this host, for one without a web server."""

from typing import Any

from django.core.management.base import BaseCommand

from workers.metrics import page


class Command(BaseCommand):
    requires_system_checks = ()
    help = "Print what /metrics answers, for node_exporter's folder of text files."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(page.text().decode(), ending="")
