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
from django.core.management.base import CommandError
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from tracker.domain.proofs.refusals import Refused
from tracker.findings.triangle import Side, moves_of_sides, triangle_finding
from tracker.level_wording import WITHIN_PAIRS, chance, interval
from tracker.management.guarded import GuardedCommand
from tracker.operations import accounts, seal_keys
from tracker.queries import moment, progress
from tracker.queries.evidence import what_if
from tracker.queries.records import names
from tracker.queries.scores import lenses, movements, pairs, triads
from tracker.queries.scores.triads import LEVEL
from tracker.wording import Names, signed

ADMIN = "admin"
# The scopes that the first examples in the README need.
TOKEN_SCOPES = ("read", "write:claims")
TRIANGLE = ("CHN", "KAZ", "RUS")
NUMBERS = ("level", "moved", "acts")
WORDS = ("where it is", "which way")
TIMEOUT = timedelta(minutes=2)


class Command(GuardedCommand):
    """Run by `make run` after everything has started."""

    help = "wait until all scores are computed; print the pairs, the triangle and the addresses"

    def handle(self, *_args: Any, **_options: Any) -> None:
        console = Console()
        _ensure_key(console)
        _wait(console)
        today = timezone.now().date()
        console.print(_pairs())
        console.print(_triangle(today))
        _addresses(console)


def _ensure_key(console: Console) -> None:
    """Make the key that signs checkpoints of the log, or say why there is none."""
    try:
        seal_keys.make_key(settings.AUTHORITY or "localhost")
    except (seal_keys.NotSealed, Refused, OSError) as problem:
        console.print(f"The log is not signed: {problem}", highlight=False, markup=False)


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
    most = pending = progress.behind()
    if not pending:
        return
    changed_at = time.monotonic()
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("working out scores", total=most)
        while pending:
            time.sleep(0.2)
            before, pending = pending, progress.behind()
            most = max(most, pending)
            bar.update(task, total=most, completed=most - pending)
            changed_at = time.monotonic() if pending != before else changed_at
            if time.monotonic() - changed_at > TIMEOUT.total_seconds():
                raise CommandError(
                    f"{pending} scores are pending without progress: run manage.py doctor"
                )


def _pairs() -> Table:
    """Each pair with its level and its movement since the day before its first act."""
    lens = lenses.find(LEVEL, position=moment.now().position)
    table = Table(title="Pairs of countries today", title_justify="left", box=None)
    table.caption, table.caption_justify = str(WITHIN_PAIRS), "left"
    for title in ("pair", "level", "90 % interval", "where it is", "moved", "which way", "acts"):
        table.add_column(
            title, justify="right" if title in NUMBERS else "left", no_wrap=title not in WORDS
        )
    for row in movements.with_movements(lens, pairs.table(lens=LEVEL)):
        moved = row.movement
        table.add_row(
            row.pair.replace("-", "–"),
            signed(row.score.value),
            interval(*row.score.ends),
            row.words,
            signed(moved.value) if moved else "",
            chance(moved) if moved else "",
            str(row.claims),
        )
    return table


def _triangle(today: date) -> str:
    """The triangle in the words of its page."""
    sides = triads.read_sides(TRIANGLE, lens=LEVEL, as_of=moment.now())
    reading = triads.detailed_of(sides, today)
    named = Names(by_code=names.countries(TRIANGLE))
    moved = moves_of_sides(reading, [Side(side, what_if.pulls_of(side)) for side in sides])
    return f"{triangle_finding(reading, moved, named).text}\n"


def _addresses(console: Console) -> None:
    """Print the addresses. Secrets are printed only to a terminal, never to a log."""
    site = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    generated = accounts.ensure_admin(ADMIN, password=settings.ADMIN_PASSWORD)
    visible = sys.stdout.isatty()
    password = _password(generated=generated, visible=visible)
    bearer = f'"Authorization: Bearer $(cat {shlex.quote(str(settings.TOKEN_FILE))})"'
    for title, value in (
        ("pages", f"{site}/"),
        ("enter claims", f"{site}/admin/   user {ADMIN}, {password}"),
        ("API", f"{site}/api/v1/"),
        ("token", _token(visible=visible)),
        ("try", f"curl -H {bearer} '{site}/api/v1/pairs/KAZ-RUS/explanation/'"),
    ):
        console.print(f"{title:>12}  {value}", soft_wrap=True, highlight=False, markup=False)


def _password(*, generated: bool, visible: bool) -> str:
    """The password; `generated`: whether the account still has the generated one."""
    if not generated:
        return "password: the one you chose"
    if visible:
        return f"password {settings.ADMIN_PASSWORD}"
    return f"password: not printed; see admin_password in {settings.SECRETS_FILE}"


def _token(*, visible: bool) -> str:
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
    _write_private(settings.TOKEN_FILE, f"{token}\n")
    text = token if visible else "not printed"
    return f"{text}; valid for 7 days, saved in {settings.TOKEN_FILE}"


def _write_private(path: Path, text: str) -> None:
    """Write or replace a file that only its owner can read."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    draft.replace(path)
