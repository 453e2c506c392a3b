"""`manage.py explain`: why a score is what it is, told in the terminal."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from tracker.domain import absence
from tracker.management import telling, trianglewords
from tracker.queries import lenses, otherwise, pairs, triads, without
from tracker.queries.account import account
from tracker.queries.impacts import CatchingUp
from tracker.queries.moment import NotYet

REFUSALS = (
    absence.BadAbsence,
    lenses.NoSuchLens,
    otherwise.NotThere,
    otherwise.TooMuch,
    pairs.NoSuchDirection,
    pairs.NoSuchPair,
    triads.NoLevel,
    CatchingUp,
    NotYet,
)


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise ArgumentTypeError(f"{text!r} is no day, as 2022-05-24") from problem


def moment(text: str) -> int | datetime:
    """A position, or a time with its offset."""
    if text.isascii() and text.isdigit():
        return int(text)
    found = parse_datetime(text) if "T" in text else None
    if found is None or found.tzinfo is None:
        raise ArgumentTypeError(f"{text!r} is no position and no time, as 2022-05-24T12:00:00Z")
    return found


def places(text: str) -> list[str]:
    """Two countries or three; a direction has an arrow."""
    found = text.upper().replace(">", "-").split("-")
    if len(found) not in (2, 3):
        raise ArgumentTypeError(f"{text!r} is no pair and no triangle, as KAZ-RUS or CHN-KAZ-RUS")
    return found


class Command(BaseCommand):
    help = "Tell why a pair (KAZ-RUS, RUS>KAZ) or a triangle (CHN-KAZ-RUS) stands where it stands."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", help='"KAZ-RUS", "RUS>KAZ" or "CHN-KAZ-RUS"')
        parser.add_argument("--day", type=day, help="at the end of this day; today, if not given")
        parser.add_argument("--lens", default=triads.LEVEL, help='"tone", "standing@1", …')
        parser.add_argument("--as-of", type=moment, help="as known at a position or time")
        parser.add_argument(
            "--without",
            action="append",
            default=[],
            metavar="claim:ID|source:ID|root:ID",
            help="as if it had never been on record; may be repeated",
        )
        parser.add_argument("--most", type=int, default=50, help="claims that are told one by one")

    def handle(self, *_: Any, what: str, **options: Any) -> None:
        try:
            countries = places(what)
            options["day"] = options["day"] or timezone.now().date()
            tell = _pair if len(countries) == 2 else _triangle
            tell(what, countries, options)
        except (ArgumentTypeError, *REFUSALS) as problem:
            raise CommandError(str(problem)) from problem


def _pair(what: str, countries: list[str], options: dict[str, Any]) -> None:
    pair = pairs.named(*countries)
    absent = absence.parse(options["without"])
    series = without.series(
        pair,
        direction=pairs.direction_of(pair, what),
        lens=options["lens"],
        as_of=options["as_of"],
        absence=absent,
    )
    told = account(series, options["day"], most=max(0, options["most"]))
    names = pairs.ends(*series.direction.replace(">", "-").split("-"))
    glue = " towards " if ">" in series.direction else " and "
    called = glue.join(one.actor.name for one in names)
    telling.tell(telling.console(), told, called=called, left_out=absent.words)


def _triangle(_what: str, countries: list[str], options: dict[str, Any]) -> None:
    if options["without"]:
        raise CommandError("--without goes with a pair: ask for the sides one by one")
    one, two, three = countries
    found = triads.found(
        triads.named(one, two, three), options["day"], lens=options["lens"], as_of=options["as_of"]
    )
    trianglewords.tell(telling.console(), found)
