"""Prints the explanation of a score, so that an analyst can check every number by hand; and why a
score moved, claim by claim, with the events that caused the change."""

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from rich.console import Console
from rich.text import Text

from tracker.domain.dates import description
from tracker.domain.impacts import STRENGTH
from tracker.domain.levels import RUNGS
from tracker.domain.movements import AssessedLevel, WindowMovement
from tracker.domain.percentages import percent
from tracker.domain.robustness import NotWorkedOut, Robustness
from tracker.domain.scoring.evidence import SECTOR_WEIGHT
from tracker.level_wording import interval, level_assessed, robust
from tracker.queries.evidence.causes import Cause
from tracker.queries.evidence.changes import Because, Change, Changes, End
from tracker.queries.evidence.explanation import ExplainedClaim, ScoreExplanation, WeightPart
from tracker.queries.scores.pairs import Reading, Series
from tracker.wording import counted, day_in_words, listed, signed

PLAIN_WIDTH = 80
# The width of an amount: a sign, up to two digits, the point and three places, and two spaces.
AMOUNT = 9
_BESIDE = "beside other acts of the pair"
_AFTER = "what came later and what is true together with it"


def terminal() -> Console:
    """The terminal. Output to a file is plain text, 80 columns wide."""
    console = Console(markup=False, highlight=False, emoji=False)
    if console.is_terminal:
        return console
    return Console(width=PLAIN_WIDTH, markup=False, highlight=False, emoji=False, no_color=True)


def print_score(
    out: Console,
    account: ScoreExplanation,
    *,
    title: str,
    without: list[str],
    robustness: Robustness | NotWorkedOut | None = None,
) -> None:
    """Print a pair's score: the value and its basis, how far it depends on settings if that was
    asked for, then claim by claim."""
    series = account.series
    out.print(Text(f"{title} on {day_in_words(account.reading.day)}", style="bold"))
    lens = f"lens {series.lens.label}"
    out.print(f"{direction(series)}, {lens}, as known at position {series.position}")
    for name in without:
        out.print(f"without {name}")
    out.print()
    score = account.reading.score
    row(out, "" if score.silent else thousandths(score.value), _value(account))
    if robustness:
        row(out, "", robust(robustness))
    out.print()
    if account.claims:
        out.print("Contributions of claims, largest first:")
    for claim in account.claims:
        out.print()
        row(out, thousandths(claim.amount), _claim(claim, account))
    out.print()
    _print_sum(out, account)


def row(out: Console, amount: str, lines: Iterable[str]) -> None:
    """Print an amount, and lines in a column beside it."""
    lead = amount.rjust(AMOUNT - 2)
    for line in lines:
        for piece in Text(line).wrap(out, out.width - AMOUNT):
            out.print(f"{lead}  {piece.plain}".rstrip(), soft_wrap=True)
            lead = " " * (AMOUNT - 2)


def rule(out: Console) -> None:
    """The line above a sum."""
    row(out, "─" * (AMOUNT - 3), [""])


def _value(account: ScoreExplanation) -> Iterator[str]:
    reading = account.reading
    score = reading.score
    yield reading.words
    if not score.silent:
        yield (
            f"90 % interval {interval(score.low, score.high, 2)}"
            f" (standard deviation {score.sd:.2f})"
        )
    if account.movement:
        yield from _movement(account.movement)
    if reading.claims:
        yield _basis(reading)
    else:
        yield "There is no act on record." if account.claims else "There is no claim on record."


def _movement(moved: WindowMovement) -> Iterator[str]:
    yield (
        f"moved {signed(moved.value, 2)} since {day_in_words(moved.since)}, 90 % interval"
        f" {interval(moved.low, moved.high, 2)}; fell with {percent(moved.fell)}, rose with"
        f" {percent(moved.rose)}"
    )


def _basis(reading: Reading) -> str:
    owned = f"{reading.state_roots} ({(reading.state_share or 0) * 100:.0f}%)"
    return (
        f"It rests on {counted(reading.claims, 'claim')} from"
        f" {counted(reading.roots, 'independent root')},"
        f" {owned if reading.state_roots else 'none'} of them state-owned;"
        f" the latest began to act {_days_before(reading.days_since or 0)}."
    )


def _days_before(days: int) -> str:
    return f"{counted(days, 'day')} before" if days else "on that day"


def _claim(claim: ExplainedClaim, account: ScoreExplanation) -> Iterator[str]:
    yield claim.title
    yield from _level(claim, claim.level) if claim.level else _act(claim, account)
    steps = " → ".join(f"{step.says} = {places(step.p)}" for step in claim.steps)
    yield f"p {places(claim.p)}: {steps}"
    for chain in claim.chains:
        yield f"source: {' ← '.join(chain)}"
    for member in claim.acting:
        yield member.cited
    yield f"claim:{claim.claim}"


def _level(claim: ExplainedClaim, level: AssessedLevel) -> Iterator[str]:
    """What a claim assesses, who says so, and the rung that it names."""
    roots = listed(list(dict.fromkeys(chain[-1] for chain in claim.chains)))
    yield level_assessed(level, roots)
    stated = claim.state.claim.level
    if stated and stated.rung:
        yield f"{stated.rung}: {RUNGS[stated.rung].record}"


def _act(claim: ExplainedClaim, account: ScoreExplanation) -> Iterator[str]:
    yield _days(claim)
    yield _code(claim)
    yield _weight(claim)
    yield _product(claim, account)


def _days(claim: ExplainedClaim) -> str:
    occurred = claim.state.claim.occurred
    date = description.describe(occurred.edtf) if occurred else ""
    if claim.first == claim.last:
        return f"{date}; counts on {day_in_words(claim.first)}"
    return f"{date}; counts daily, {day_in_words(claim.first)} to {day_in_words(claim.last)}"


def _code(claim: ExplainedClaim) -> str:
    step = "" if claim.step is None else f", step {thousandths(claim.step)}"
    code = claim.code.code if claim.code else ""
    return f"{code}: value {signed(_value_of(claim))}{step}"


def _value_of(claim: ExplainedClaim) -> float:
    """The value of its code."""
    return (claim.code.value if claim.code else None) or 0.0


def _weight(claim: ExplainedClaim) -> str:
    """The factors of the impact. If the two directions differ, both and the mean."""
    factors = [_factors(part) for part in claim.parts]
    if len({*factors}) == 1:
        return f"weight {places(claim.weight)} = {factors[0]}"
    directions = ", ".join(
        f"{part.direction.replace('>', '→')} {text}"
        for part, text in zip(claim.parts, factors, strict=True)
    )
    return f"weight {places(claim.weight)}, the mean of both directions: {directions}"


def _factors(part: WeightPart) -> str:
    factors = (
        f"strength {STRENGTH[part.strength]:g} ({part.strength})"
        f" × sector {SECTOR_WEIGHT[part.sector]:g} ({part.sector})"
    )
    if part.toll:
        factors += f" × dead {part.toll.share:g} ({part.toll.says})"
    return factors if part.share == 1 else f"{factors} × share {places(part.share)}"


def _product(claim: ExplainedClaim, account: ScoreExplanation) -> str:
    unit = _value_of(claim) if claim.step is None else claim.step
    days = f" × {claim.times:.3f} ({_daily(claim, account)})" if claim.times != 1 else ""
    beside = f" × {places(claim.beside)} ({_BESIDE})" if claim.beside != 1 else ""
    product = f"{thousandths(unit)} × {places(claim.weight)}{beside}{days} × p {places(claim.p)} = "
    product += thousandths(claim.p * claim.impact)
    if claim.left is None or abs(claim.left - 1) < 5e-5:
        return product
    lens = account.series.lens
    if lens.model.levels:
        return f"{product}, times {claim.left:.4g} for {_AFTER}"
    return f"{product}, of which {claim.left:.4g} counts, faded and among the others"


def _daily(claim: ExplainedClaim, account: ScoreExplanation) -> str:
    """The step of a situation: "90 days of 1/30, each fading"."""
    each = account.series.lens.lens.parameters["situation_days"]
    fading = "" if claim.code and claim.code.assault else ", each fading"
    return f"{counted(claim.days, 'day')} of 1/{each}{fading}"


def _print_sum(out: Console, account: ScoreExplanation) -> None:
    """Print the smaller claims and the sum."""
    if account.usual:
        row(out, thousandths(account.usual), ["the usual act of the pair, which is removed"])
    if account.others:
        row(out, thousandths(account.others_amount), [counted(account.others, "smaller claim")])
    score = account.reading.score.value
    agrees = abs(account.total - score) <= 1e-9
    text = "the sum, which is the score" if agrees else f"the sum; the score is {signed(score, 9)}"
    rule(out)
    row(out, thousandths(account.total), [f"{text} (to nine places {signed(account.total, 9)})"])


def direction(series: Series) -> str:
    if ">" in series.direction:
        return f"{series.direction.replace('>', ' towards ')}"
    return "both directions"


def thousandths(value: float) -> str:
    """An amount to three places, with its sign."""
    return signed(value, 3)


def places(value: float) -> str:
    """A number from 0 to 1 without the zero before the point: .65, 1."""
    return f"{value:.4f}".rstrip("0").rstrip(".").removeprefix("0") or "0"


_REASONS: Mapping[Because, str] = {
    "events": "",
    "others": "unchanged, but related claims changed",
    "began": "its first day was reached",
    "goes on": "it continued",
    "time": "it faded, or later claims wore it down",
}


def print_changes(
    out: Console, comparison: Changes, *, titles: Mapping[UUID, str], title: str, most: int
) -> None:
    """Print two scores and the changes between them, the `most` largest one by one."""
    out.print(Text(f"{title}: why the score moved", style="bold"))
    out.print(_lens_line(comparison))
    out.print()
    for end in (comparison.before, comparison.after):
        silent = end.series.score_on(end.day).silent
        row(out, "" if silent else thousandths(end.value), [_end(end)])
    out.print()
    largest, rest = comparison.changes[:most], comparison.changes[most:]
    amount = thousandths(comparison.amount)
    out.print(f"It moved by {amount}. Contributions of claims, largest first:")
    for change in largest:
        out.print()
        row(out, thousandths(change.amount), _change(change, titles[change.claim]))
    out.print()
    if rest:
        others = sum(change.amount for change in rest)
        row(out, thousandths(others), [counted(len(rest), "smaller change")])
    rule(out)
    total = sum(change.amount for change in comparison.changes)
    text = f"the sum, which is the difference (to nine places {signed(total, 9)})"
    row(out, thousandths(total), [text])


def _lens_line(comparison: Changes) -> str:
    before, after = (end.series.lens.label for end in (comparison.before, comparison.after))
    lens = before if before == after else f"{before}, then {after}"
    return f"{direction(comparison.after.series)}, lens {lens}"


def _end(end: End) -> str:
    level = end.series.on(end.day).words
    return f"on {day_in_words(end.day)} as known at position {end.series.position}: {level}"


def _change(change: Change, title: str) -> Iterator[str]:
    yield title
    reason = _REASONS[change.because]
    step = f"from {thousandths(change.before)} to {thousandths(change.after)}"
    yield f"{step}{reason and ': '}{reason}"
    yield from _causes(change.causes)
    yield f"claim:{change.claim}"


def _causes(causes: Iterable[Cause]) -> Iterator[str]:
    for cause in causes:
        recorded = cause.recorded
        event = f"position {recorded.position}: {recorded.kind} by {recorded.recorded_by}"
        reason = f", {cause.reason}" if cause.reason else ""
        yield f"{event} ({cause.about}: {cause.name}{reason})"
