"""Waits until every score is through, then shows what there is and how to get at it."""

import os
import time
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from tracker import wording
from tracker.operations import accounts, tokens
from tracker.queries import names, pairs, progress, triads
from tracker.queries.triads import LEVEL
from tracker.wording import Names, signed

ADMIN = "admin"
TRIANGLE = ("CHN", "KAZ", "RUS")
NUMBERS = ("standing", "tone", "claims")
PATIENCE = timedelta(minutes=2)


class Command(BaseCommand):
    """Run by `make run` once everything is up."""

    help = "wait until every score is through; print the pairs, the triangle and the addresses"

    def handle(self, *_args: Any, **_options: Any) -> None:
        console = Console()
        _wait(console)
        today = timezone.now().date()
        console.print(_pairs())
        console.print(_triangle(today))
        _addresses(console)


def _wait(console: Console) -> None:
    """Wait until nothing is behind.

    :raises CommandError: when nothing moves for two minutes.
    """
    columns = (
        TextColumn("[progress.description]{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    most = left = progress.behind()
    if not left:
        return
    moved = time.monotonic()
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("scores", total=most)
        while left:
            time.sleep(0.2)
            before, left = left, progress.behind()
            most = max(most, left)
            bar.update(task, total=most, completed=most - left)
            moved = time.monotonic() if left != before else moved
            if time.monotonic() - moved > PATIENCE.total_seconds():
                raise CommandError(f"{left} still to do and nothing moves: ask manage.py doctor")


def _pairs() -> Table:
    tones = {row.pair: row.score for row in pairs.table(lens="tone")}
    table = Table(
        title="Pairs of countries today",
        caption="Where no band is named the level is not anchored: the figure is how far it moved.",
        title_justify="left",
        caption_justify="left",
        box=None,
    )
    for title in ("pair", "standing", "90 % interval", "in words", "tone", "claims"):
        table.add_column(title, justify="right" if title in NUMBERS else "left", no_wrap=True)
    for row in pairs.table(lens="standing"):
        table.add_row(
            row.pair.replace("-", "–"),
            signed(row.score.value, 2),
            f"{signed(row.score.low)} … {signed(row.score.high)}",
            row.words.removeprefix("level not anchored; "),
            signed(tones[row.pair].value) if row.pair in tones else "",
            str(row.claims),
        )
    return table


def _triangle(today: date) -> str:
    """The triangle in the words of its page."""
    found = triads.found(TRIANGLE, today, lens=LEVEL, as_of=None)
    named = Names(by_code=names.countries(TRIANGLE))
    return f"{wording.triangle(found.triad, named, silent=found.silent)}\n"


def _addresses(console: Console) -> None:
    site = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    known = accounts.ensure_admin(ADMIN, password=settings.ADMIN_PASSWORD)
    password = settings.ADMIN_PASSWORD if known else "the one you chose"
    token = tokens.renew(
        ADMIN, name="make run", scopes=("read",), lasting=timedelta(days=7), at=timezone.now()
    )
    for title, value in (
        ("pages", f"{site}/"),
        ("enter claims", f"{site}/admin/   user {ADMIN}, password {password}"),
        ("API", f"{site}/api/v1/"),
        (
            "try",
            f"curl -H 'Authorization: Bearer {token}' '{site}/api/v1/pairs/KAZ-RUS/explanation/'",
        ),
    ):
        console.print(f"{title:>12}  {value}", soft_wrap=True, highlight=False, markup=False)
