"""`manage.py explain`: explains a score in the terminal."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from tracker.domain import absence
from tracker.domain.disclosure import Reader
from tracker.management import terminal_report, triangle_report
from tracker.management.arguments import day, moment
from tracker.management.guarded import GuardedCommand
from tracker.queries.claims import listing
from tracker.queries.evidence import changes, what_if
from tracker.queries.evidence.explanation import explain
from tracker.queries.moment import at
from tracker.queries.records import pair_names
from tracker.queries.scores import movements, pairs, triads


def countries_of(text: str) -> list[str]:
    """The codes in the name of a pair, a direction or a triangle.

    :raises CommandError: if there are not two or three.
    """
    codes = text.upper().replace(">", "-").split("-")
    if len(codes) not in (2, 3):
        raise CommandError(f"{text!r} is not a pair or a triangle, such as KAZ-RUS or CHN-KAZ-RUS")
    return codes


class Command(GuardedCommand):
    help = (
        "Explain the score of a pair (KAZ-RUS, RUS>KAZ) or the balance of a triangle (CHN-KAZ-RUS)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", help='"KAZ-RUS", "RUS>KAZ" or "CHN-KAZ-RUS"')
        parser.add_argument("--day", type=day, help="at the end of this day; default: today")
        parser.add_argument(
            "--lens", default=triads.LEVEL, help='a name or a version: "tone", "standing@1", …'
        )
        parser.add_argument(
            "--as-of", type=moment, help="as known at a position, or at a time with UTC offset"
        )
        parser.add_argument(
            "--without",
            action="append",
            default=[],
            metavar="claim:ID|source:ID|root:ID",
            help="compute without this, as if never recorded; can be repeated",
        )
        self._add_start(parser)
        parser.add_argument(
            "--robustness",
            action="store_true",
            help="show how far the level depends on settings of the model that could be others",
        )
        parser.add_argument("--most", type=int, default=50, help="the number of claims to list")

    def _add_start(self, parser: ArgumentParser) -> None:
        """Add the options that say since when a movement is explained."""
        earlier = parser.add_mutually_exclusive_group()
        earlier.add_argument(
            "--since", type=day, help="explain why it moved since the end of this day"
        )
        earlier.add_argument(
            "--known-from", type=moment, help="explain why it moved since this position or time"
        )
        parser.add_argument(
            "--moved-since",
            type=day,
            help="the movement is that since the end of this day; default: the day before the first"
            " act",
        )

    def handle(self, *_: Any, what: str, **options: Any) -> None:
        countries = countries_of(what)
        options["day"] = options["day"] or timezone.now().date()
        options["as_of"] = at(options["as_of"])
        explain = _score if len(countries) == 2 else _triangle
        if options["since"] is not None or options["known_from"] is not None:
            explain = _changes
        if options["robustness"] and explain is not _score:
            raise CommandError(
                "--robustness requires a pair and cannot be combined with --since and --known-from"
            )
        explain(what, countries, options)


def _score(what: str, countries: list[str], options: dict[str, Any]) -> None:
    pair = pair_names.pair_name(*countries)
    without = absence.parse(options["without"])
    series = what_if.series(
        pair,
        direction=pairs.direction_of(pair, what),
        lens=options["lens"],
        as_of=options["as_of"],
        absence=without,
        reader=Reader.DESK,
    )
    explanation = explain(
        series,
        options["day"],
        most=max(0, options["most"]),
        reader=Reader.DESK,
        since=options["moved_since"],
    )
    spreads = None
    if options["robustness"]:
        spreads = movements.robustness_of(series, options["day"], since=options["moved_since"])
    terminal_report.print_score(
        terminal_report.terminal(),
        explanation,
        title=_title(series.direction),
        without=without.words,
        robustness=spreads,
    )


def _title(direction: str) -> str:
    ends = pair_names.ends(*direction.replace(">", "-").split("-"))
    return (" towards " if ">" in direction else " and ").join(end.actor.name for end in ends)


def _changes(what: str, countries: list[str], options: dict[str, Any]) -> None:
    if len(countries) == 3 or options["without"]:
        raise CommandError(
            "--since and --known-from require a pair and cannot be combined with --without"
        )
    pair = pair_names.pair_name(*countries)
    direction = pairs.direction_of(pair, what)
    comparison = _comparison(pair, direction, options)
    last = comparison.after.series
    titles = listing.titles(
        (change.claim for change in comparison.changes), at=last.as_of, reader=Reader.DESK
    )
    out, most = terminal_report.terminal(), max(0, options["most"])
    terminal_report.print_changes(
        out, comparison, titles=titles, title=_title(direction), most=most
    )


def _comparison(pair: str, direction: str, options: dict[str, Any]) -> changes.Changes:
    last, as_of, lens = options["day"], options["as_of"], options["lens"]
    if options["since"] is None:
        known = (at(options["known_from"]), as_of)
        if known[0].position > as_of.position:
            raise CommandError(
                f"--known-from {known[0].requested} is after --as-of {as_of.requested}"
            )
        return changes.between_positions(
            pair, direction=direction, lens=lens, day=last, known=known, reader=Reader.DESK
        )
    if options["since"] > last:
        raise CommandError(f"--since {options['since']} is after --day {last}")
    days = (options["since"], last)
    return changes.between_days(pair, direction=direction, lens=lens, days=days, as_of=as_of)


def _triangle(_what: str, countries: list[str], options: dict[str, Any]) -> None:
    if options["without"]:
        raise CommandError("--without requires a pair: run it for each side of the triangle")
    one, two, three = countries
    triangle = triads.detailed(
        triads.ordered_codes(one, two, three),
        options["day"],
        lens=options["lens"],
        as_of=options["as_of"],
    )
    triangle_report.print_triangle(terminal_report.terminal(), triangle)
