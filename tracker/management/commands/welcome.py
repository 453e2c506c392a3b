"""`manage.py welcome`: waits for all scores, then shows scores and addresses."""

import os
import secrets
import shlex
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from tracker import wording
from tracker.operations import accounts
from tracker.queries import progress
from tracker.queries.records import names
from tracker.queries.scores import pairs, triads
from tracker.queries.scores.triads import LEVEL
from tracker.wording import Names, signed

ADMIN = "admin"
# The scopes that the first examples in the README need.
TOKEN_SCOPES = ("read", "write:claims")
TRIANGLE = ("CHN", "KAZ", "RUS")
NUMBERS = ("standing", "tone", "claims")
PATIENCE = timedelta(minutes=2)


class Command(BaseCommand):
    """Run by `make run` after everything has started."""

    help = "wait until all scores are computed; print the pairs, the triangle and the addresses"

    def handle(self, *_args: Any, **_options: Any) -> None:
        console = Console()
        _wait(console)
        today = timezone.now().date()
        console.print(_pairs())
        console.print(_triangle(today))
        _addresses(console)


def _wait(console: Console) -> None:
    """Wait until all scores are up to date.

    :raises CommandError: without progress for two minutes.
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
                raise CommandError(
                    f"{left} scores are pending without progress: run manage.py doctor"
                )


def _pairs() -> Table:
    tones = {row.pair: row.score for row in pairs.table(lens="tone")}
    table = Table(
        title="Pairs of countries today",
        caption="Pairs without a band have no anchored level: the figure is only the movement.",
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
    """The triangle, worded as on its page."""
    found = triads.found(TRIANGLE, today, lens=LEVEL, as_of=None)
    named = Names(by_code=names.countries(TRIANGLE))
    return f"{wording.triangle(found.triad, named, silent=found.silent)}\n"


def _addresses(console: Console) -> None:
    """Print the addresses. Secrets are printed only to a terminal, never to a log."""
    site = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    own = accounts.ensure_admin(ADMIN, password=settings.ADMIN_PASSWORD)
    shown = sys.stdout.isatty()
    bearer = f'"Authorization: Bearer $(cat {shlex.quote(str(settings.TOKEN_FILE))})"'
    for title, value in (
        ("pages", f"{site}/"),
        ("enter claims", f"{site}/admin/   user {ADMIN}, {_password(own=own, shown=shown)}"),
        ("API", f"{site}/api/v1/"),
        ("token", _token(shown=shown)),
        ("try", f"curl -H {bearer} '{site}/api/v1/pairs/KAZ-RUS/explanation/'"),
    ):
        console.print(f"{title:>12}  {value}", soft_wrap=True, highlight=False, markup=False)


def _password(*, own: bool, shown: bool) -> str:
    """The password; `own`: whether the account still has the generated one."""
    if not own:
        return "password: the one you chose"
    if shown:
        return f"password {settings.ADMIN_PASSWORD}"
    return f"password: not printed; see admin_password in {settings.SECRETS_FILE}"


def _token(*, shown: bool) -> str:
    """Replace the token of the last run, save it in a file, and describe it."""
    try:
        token = accounts.renew(
            ADMIN,
            by=accounts.COMMAND_LINE,
            name="make run",
            scopes=TOKEN_SCOPES,
            lasting=timedelta(days=7),
            at=timezone.now(),
        )
    except accounts.BadToken as problem:
        settings.TOKEN_FILE.unlink(missing_ok=True)
        return f"none: {problem}"
    _keep(settings.TOKEN_FILE, f"{token}\n")
    return f"{token if shown else 'not printed'}; valid for 7 days, saved in {settings.TOKEN_FILE}"


def _keep(path: Path, text: str) -> None:
    """Write or replace a file that only its owner can read."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    draft.replace(path)
