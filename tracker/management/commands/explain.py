"""`manage.py explain`: explains a score in the terminal, so that an analyst can check every number
by hand; why it moved, with the events that caused it; and the balance of a triangle."""

import math
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from tracker import wording
from tracker.domain import absence
from tracker.domain.dates import description
from tracker.domain.disclosure import Reader
from tracker.domain.impacts import STRENGTH
from tracker.domain.levels import RUNGS
from tracker.domain.percentages import about
from tracker.domain.robustness import NotWorkedOut, Robustness
from tracker.domain.scoring.evidence import SECTOR_WEIGHT
from tracker.domain.scoring.level import ROUNDING
from tracker.domain.triads import Edge
from tracker.level_wording import confirms, interval, level_assessed, robust
from tracker.management.arguments import day, moment
from tracker.management.guarded import GuardedCommand
from tracker.queries.claims import listing
from tracker.queries.evidence import changes, what_if
from tracker.queries.evidence.changes import Because, Change, Changes
from tracker.queries.evidence.explanation import (
    ExplainedClaim,
    ScoreExplanation,
    WeightPart,
    explain,
)
from tracker.queries.moment import at
from tracker.queries.records import pair_names
from tracker.queries.scores import movements, pairs, triads
from tracker.queries.scores.triads import DetailedTriad
from tracker.wording import counted, day_in_words, listed, signed

# An amount, and the lines beside it.
type Row = tuple[float | None, Iterable[str]]
REASONS: Mapping[Because, str] = {
    "events": "",
    "others": ": unchanged, but related claims changed",
    "began": ": its first day was reached",
    "goes on": ": it continued",
    "time": ": it faded, or later claims wore it down",
}

# A smaller part that is missing is not named: orders of 256 worlds make that much.
LEAST_LEFT = 0.005


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
        _add_starts(parser)
        parser.add_argument(
            "--robustness",
            action="store_true",
            help="show how far the level depends on settings of the model that could be others",
        )
        parser.add_argument("--most", type=int, default=50, help="the number of claims to list")

    def handle(self, *_: Any, what: str, **options: Any) -> None:
        codes = what.upper().replace(">", "-").split("-")
        options["day"] = options["day"] or timezone.now().date()
        options["as_of"] = at(options["as_of"])
        options["most"] = max(0, options["most"])
        of_change = options["since"] is not None or options["known_from"] is not None
        if len(codes) not in (2, 3):
            raise CommandError(
                f"{what!r} is not a pair or a triangle, such as KAZ-RUS or CHN-KAZ-RUS"
            )
        _refuse(options, of_change=of_change, of_triangle=len(codes) == 3)
        if len(codes) == 3:
            return _explain_triangle((codes[0], codes[1], codes[2]), options)
        pair = pair_names.pair_name(*codes)
        direction = pairs.direction_of(pair, what)
        return (_explain_change if of_change else _explain_score)(pair, direction, options)


def _add_starts(parser: ArgumentParser) -> None:
    """The days and positions from which a movement is asked for."""
    earlier = parser.add_mutually_exclusive_group()
    earlier.add_argument("--since", type=day, help="explain why it moved since the end of this day")
    earlier.add_argument(
        "--known-from", type=moment, help="explain why it moved since this position or time"
    )
    parser.add_argument(
        "--moved-since",
        type=day,
        help="the movement is that since the end of this day; default: the day before the first"
        " act",
    )


def _refuse(options: dict[str, Any], *, of_change: bool, of_triangle: bool) -> None:
    """
    :raises CommandError: options do not go together.
    """
    if options["robustness"] and (of_change or of_triangle):
        raise CommandError(
            "--robustness requires a pair and cannot be combined with --since and --known-from"
        )
    if of_change and (options["without"] or of_triangle):
        raise CommandError(
            "--since and --known-from require a pair and cannot be combined with --without"
        )
    if of_triangle and options["without"]:
        raise CommandError("--without requires a pair: run it for each side of the triangle")


def _explain_score(pair: str, direction: str, options: dict[str, Any]) -> None:
    without, since = absence.parse(options["without"]), options["moved_since"]
    series = what_if.series(
        pair,
        direction=direction,
        lens=options["lens"],
        as_of=options["as_of"],
        absence=without,
        reader=Reader.DESK,
    )
    explanation = explain(
        series, options["day"], most=options["most"], reader=Reader.DESK, since=since
    )
    spreads = None
    if options["robustness"]:
        spreads = movements.robustness_of(series, options["day"], since=since)
    head = (
        f"{_towards(direction)}, lens {series.lens.label}, as known at position {series.position}"
    )
    _print(
        f"{_title(direction)} on {day_in_words(options['day'])}",
        [head, *(f"without {name}" for name in without.words)],
        _score(explanation, spreads),
    )


def _explain_change(pair: str, direction: str, options: dict[str, Any]) -> None:
    compared = _comparison(pair, direction, options)
    titles = listing.titles(
        (change.claim for change in compared.changes),
        at=compared.after.series.as_of,
        reader=Reader.DESK,
    )
    lenses = dict.fromkeys(end.series.lens.label for end in (compared.before, compared.after))
    _print(
        f"{_title(direction)}: why the score moved",
        [f"{_towards(direction)}, lens {', then '.join(lenses)}"],
        _moves(compared, titles, options["most"]),
    )


def _comparison(pair: str, direction: str, options: dict[str, Any]) -> Changes:
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


def _explain_triangle(codes: tuple[str, str, str], options: dict[str, Any]) -> None:
    found = triads.detailed(
        triads.ordered_codes(*codes),
        options["day"],
        lens=options["lens"],
        as_of=options["as_of"],
    )
    head = f"lens {found.lens.label}, as known at position {found.position}"
    _print(f"{_dashed(found.name)} on {day_in_words(found.day)}", [head], _triangle(found))


def _print(title: str, heads: Iterable[str], rows: Iterable[Row]) -> None:
    out = Console(markup=False, highlight=False, emoji=False)
    out.print(title, style="bold")
    for head in heads:
        out.print(head)
    for amount, lines in rows:
        # As wide as a sign, up to two digits, the point and three places.
        grid = Table.grid(padding=(0, 2))
        grid.add_column(justify="right", width=7)
        grid.add_row("" if amount is None else signed(amount, 3), "\n".join(lines))
        out.print()
        out.print(grid)


def _title(direction: str) -> str:
    ends = pair_names.ends(*direction.replace(">", "-").split("-"))
    return (" towards " if ">" in direction else " and ").join(end.actor.name for end in ends)


def _towards(direction: str) -> str:
    return direction.replace(">", " towards ") if ">" in direction else "both directions"


def _dashed(name: str) -> str:
    return name.replace("-", "–")


def places(value: float) -> str:
    """A number from 0 to 1 without the zero before the point: .65, 1."""
    return f"{value:.4f}".rstrip("0").rstrip(".").removeprefix("0") or "0"


def _score(account: ScoreExplanation, spreads: Robustness | NotWorkedOut | None) -> Iterator[Row]:
    """The value and its basis, the claims, and the sum."""
    score = account.reading.score
    yield None if score.silent else score.value, _value(account, spreads)
    for claim in account.claims:
        yield claim.amount, _claim(claim)
    if account.unreported:
        yield account.unreported, ["what nobody reported"]
    if account.others:
        yield account.others_amount, [counted(account.others, "smaller claim")]
    total, value = signed(account.total, 9), signed(score.value, 9)
    yield account.total, [f"the sum, to nine places {total}; the score is {value}"]


def _value(account: ScoreExplanation, spreads: Robustness | NotWorkedOut | None) -> Iterator[str]:
    reading, score, moved = account.reading, account.reading.score, account.movement
    yield reading.words
    if score.sd is not None:
        yield f"90 % interval {interval(*score.ends, 2)} (standard deviation {score.sd:.2f})"
    if moved:
        yield (
            f"moved {signed(moved.value, 2)} since {day_in_words(moved.since)}, 90 % interval"
            f" {interval(moved.low, moved.high, 2)}; fell with {about(moved.fell)}, rose with"
            f" {about(moved.rose)}"
        )
    if reading.claims:
        owned = f"{reading.state_roots} ({(reading.state_share or 0) * 100:.0f}%)"
        days = reading.days_since
        yield (
            f"It rests on {counted(reading.claims, 'claim')} from"
            f" {counted(reading.roots, 'independent root')},"
            f" {owned if reading.state_roots else 'none'} of them state-owned; the latest began to"
            f" act {f'{counted(days, "day")} before' if days else 'on that day'}."
        )
    else:
        yield "There is no act on record." if account.claims else "There is no claim on record."
    if spreads:
        yield from robust(spreads)


def _claim(claim: ExplainedClaim) -> Iterator[str]:
    yield claim.title
    yield from _level(claim) if claim.level else _act(claim)
    steps = " → ".join(f"{step.says} = {places(step.p)}" for step in claim.steps)
    yield f"p {places(claim.p)}: {steps}"
    for chain in claim.chains:
        yield f"source: {' ← '.join(chain)}"
    for member in claim.acting:
        yield member.cited
    yield f"claim:{claim.claim}"


def _level(claim: ExplainedClaim) -> Iterator[str]:
    """What a claim assesses, who says so, and the rung that it names."""
    roots = listed(list(dict.fromkeys(chain[-1] for chain in claim.chains)))
    if claim.level:
        yield level_assessed(claim.level, roots)
    stated = claim.state.claim.level
    if stated and stated.rung:
        yield f"{stated.rung}: {RUNGS[stated.rung].record}"


def _act(claim: ExplainedClaim) -> Iterator[str]:
    """When it counts, its value, what its weight consists of, and the product of all."""
    occurred, value = claim.state.claim.occurred, (claim.code and claim.code.value) or 0.0
    first, last = day_in_words(claim.first), day_in_words(claim.last)
    counts = f"each month, {first} to {last}" if claim.war else f"on {first}"
    yield f"{description.describe(occurred.edtf) if occurred else ''}; counts {counts}"
    each = "" if claim.monthly is None else f", and {signed(claim.monthly, 3)} a month"
    step = "" if claim.step is None else f", step {signed(claim.step, 3)}{each}"
    yield f"{claim.code.code if claim.code else ''}: value {signed(value)}{step}"
    texts = {part.direction.replace(">", "→"): _factors(part) for part in claim.parts}
    weight = next(iter(texts.values()), "")
    if len({*texts.values()}) > 1:
        both = ", ".join(f"{direction} {text}" for direction, text in texts.items())
        weight = f"the mean of both directions: {both}"
    yield f"weight {places(claim.weight)} = {weight}"
    if claim.part.confirms and claim.part.alone is not None:
        yield confirms(claim.part.alone, 3)
    factors = [signed(value if claim.step is None else claim.step, 3), places(claim.weight)]
    product = f"{' × '.join(factors)} × p {places(claim.p)} = {signed(claim.p * claim.impact, 3)}"
    if claim.left is None or abs(claim.left - 1) < LEAST_LEFT:
        yield product
    elif claim.step is None:
        yield f"{product}, of which {places(claim.left)} is left"
    else:
        # Later acts took from it, or another act of its month counts instead.
        yield f"{product}, of which {places(round(claim.left, 2))} counts"


def _factors(part: WeightPart) -> str:
    factors = [
        f"strength {STRENGTH[part.strength]:g} ({part.strength})",
        f"sector {SECTOR_WEIGHT[part.sector]:g} ({part.sector})",
    ]
    if part.toll:
        factors.append(f"dead {part.toll.share:g} ({part.toll.says})")
    if part.share != 1:
        factors.append(f"share {places(part.share)}")
    return " × ".join(factors)


def _moves(compared: Changes, titles: Mapping[UUID, str], most: int) -> Iterator[Row]:
    """The two scores, the changes between them, the `most` largest one by one, and the sum."""
    for end in (compared.before, compared.after):
        reading = end.series.on(end.day)
        known = f"on {day_in_words(end.day)} as known at position {end.series.position}"
        yield None if reading.score.silent else end.value, [f"{known}: {reading.words}"]
    pull = signed(sum(change.amount for change in compared.changes), 3)
    yield compared.amount, [f"the movement; claims pull it by {pull}, the largest first:"]
    for change in compared.changes[:most]:
        yield change.amount, _move(change, titles[change.claim])
    if rest := compared.changes[most:]:
        yield sum(one.amount for one in rest), [counted(len(rest), "smaller change")]
    unreported = compared.remainder
    if abs(unreported) > ROUNDING:
        yield unreported, ["what nobody reported"]
    else:
        unreported = 0.0
    total = sum((change.amount for change in compared.changes), unreported)
    yield total, [f"the sum, which is the difference (to nine places {signed(total, 9)})"]


def _move(change: Change, title: str) -> Iterator[str]:
    yield title
    yield f"from {signed(change.before, 3)} to {signed(change.after, 3)}{REASONS[change.because]}"
    for cause in change.causes:
        recorded, reason = cause.recorded, f", {cause.reason}" if cause.reason else ""
        event = f"position {recorded.position}: {recorded.kind} by {recorded.recorded_by}"
        yield f"{event} ({cause.about}: {cause.name}{reason})"
    yield f"claim:{change.claim}"


def _triangle(found: DetailedTriad) -> Iterator[Row]:
    """The sides, the balance and how it follows from them, and the side nearest to another sign."""
    triad = found.triad
    for edge in triad.edges:
        bounds = f"90 % interval {interval(edge.low, edge.high, 2)}, x {signed(edge.x, 4)}"
        yield edge.value, [f"{_dashed(edge.pair)}: {wording.sign(edge)}; {bounds}"]
    factors = " · ".join(f"({signed(2 * edge.positive - 1, 4)})" for edge in triad.edges)
    product = " · ".join(f"{abs(edge.x):.4f}" for edge in triad.edges)
    how = (
        f"P(balanced) = ½ · (1 + {factors}) = {triad.balanced:.4f}, with the three sides taken as"
        " independent; a factor is 2 · P(positive) − 1."
    )
    lines = [
        f"Balance: {wording.balance(triad)}.",
        how,
        f"Strength: {triad.strength:.3f}, the cube root of {product}; the maximum is 1.",
    ]
    if idle := [_dashed(side.direction) for side in found.sides if not side.score.claims]:
        lines.append(f"Nothing on record moves {listed(idle)}.")
    else:
        edge = triad.nearest_flip
        lines.append(
            f"Nearest to a change of sign: {_dashed(edge.pair)}, at {signed(edge.value, 3)}."
            f" {signed(flipping(edge), 3)} on one day would bring it to 0, where |I| = |m|/(1 +"
            f" |m|/{edge.top:g})."
        )
    yield None, lines


def flipping(edge: Edge) -> float:
    """The impact that moves a standing to 0, against its sign: m·(1 − k) + I = 0, with
    k = |I|/N, gives |I| = |m|/(1 + |m|/N)."""
    size = abs(edge.value) / (1 + abs(edge.value) / edge.top)
    return -math.copysign(size, edge.value) if edge.value else 0.0
