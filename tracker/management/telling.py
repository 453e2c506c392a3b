"""Says a score in the terminal, so that an analyst can follow every number with paper and pen."""

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.text import Text

from tracker.domain.certainty import Step
from tracker.domain.dates import words
from tracker.domain.impacts import STRENGTH
from tracker.domain.scoring.evidence import SECTOR_WEIGHT
from tracker.queries.evidence.explanation import LEVEL, Account, Part, Told
from tracker.queries.scores.pairs import Series
from tracker.wording import counted, day_in_words, signed

NARROW = 80
# What an amount takes: a sign, up to two digits, the point and three places, and two spaces.
AMOUNT = 9


def console() -> Console:
    """The terminal; what goes elsewhere is plain and 80 columns wide."""
    made = Console(markup=False, highlight=False, emoji=False)
    if made.is_terminal:
        return made
    return Console(width=NARROW, markup=False, highlight=False, emoji=False, no_color=True)


def tell(out: Console, account: Account, *, called: str, left_out: list[str]) -> None:
    """Say a pair's score: the value, what it rests on, then claim by claim."""
    series = account.series
    out.print(Text(f"{called} on {day_in_words(account.reading.day)}", style="bold"))
    said = f"{direction(series)}, lens {series.lens.label}, as known at position"
    out.print(f"{said} {series.position}")
    for one in left_out:
        out.print(f"without {one}")
    out.print()
    row(out, thousandths(account.reading.score.value), _value(account))
    out.print()
    if account.told:
        out.print("Contributions of claims, largest first:")
    for told in account.told:
        out.print()
        row(out, thousandths(told.amount), _claim(told, account))
    out.print()
    _end(out, account)


def row(out: Console, amount: str, says: Iterable[str]) -> None:
    """An amount, and beside it lines that stay in their column."""
    lead = amount.rjust(AMOUNT - 2)
    for line in says:
        for piece in Text(line).wrap(out, out.width - AMOUNT):
            out.print(f"{lead}  {piece.plain}".rstrip(), soft_wrap=True)
            lead = " " * (AMOUNT - 2)


def rule(out: Console) -> None:
    """The line above a sum."""
    row(out, "─" * (AMOUNT - 3), [""])


def _value(account: Account) -> Iterator[str]:
    reading = account.reading
    score = reading.score
    yield reading.words
    yield (
        f"90 % interval {signed(score.low, 2)} to {signed(score.high, 2)}"
        f" (standard deviation {score.sd:.2f})"
    )
    if not reading.claims:
        yield "It rests on nothing recorded."
        return
    owned = f"{reading.state_roots} ({(reading.state_share or 0) * 100:.0f}%)"
    yield (
        f"It rests on {counted(reading.claims, 'claim')} from"
        f" {counted(reading.roots, 'independent root')},"
        f" {owned if reading.state_roots else 'none'} of them state-owned;"
        f" the latest began to act {_ago(reading.days_since or 0)}."
    )


def _ago(days: int) -> str:
    return f"{counted(days, 'day')} before" if days else "on that day"


def _claim(told: Told, account: Account) -> Iterator[str]:
    yield told.title
    yield _when(told)
    yield _code(told)
    yield _weight(told)
    yield _product(told, account)
    yield f"p {places(told.p)}: {' → '.join(map(_step, told.steps))}"
    for chain in told.chains:
        yield f"source: {' ← '.join(chain)}"
    yield f"claim:{told.claim}"


def _when(told: Told) -> str:
    occurred = told.state.claim.occurred
    said = words.describe(occurred.edtf) if occurred else ""
    if told.first == told.last:
        return f"{said}; counts on {day_in_words(told.first)}"
    return f"{said}; counts daily, {day_in_words(told.first)} to {day_in_words(told.last)}"


def _code(told: Told) -> str:
    value = f"value {signed(told.code.value or 0.0, 1)}"
    step = "" if told.step is None else f", step {thousandths(told.step)}"
    return f"{told.code.code}: {value}{step}"


def _weight(told: Told) -> str:
    """What the impact is made of; of two directions that differ, both and the mean."""
    parts = [_part(one) for one in told.parts]
    if len({*parts}) == 1:
        return f"weight {places(told.weight)} = {parts[0]}"
    ways = ", ".join(
        f"{one.direction.replace('>', '→')} {said}"
        for one, said in zip(told.parts, parts, strict=True)
    )
    return f"weight {places(told.weight)}, the mean of both ways: {ways}"


def _part(part: Part) -> str:
    said = (
        f"strength {STRENGTH[part.strength]:g} ({part.strength})"
        f" × sector {SECTOR_WEIGHT[part.sector]:g} ({part.sector})"
    )
    return said if part.share == 1 else f"{said} × share {places(part.share)}"


def _product(told: Told, account: Account) -> str:
    unit = told.code.value or 0.0 if told.step is None else told.step
    days = f" × {told.times:.3f} ({_daily(told, account)})" if told.times != 1 else ""
    said = f"{thousandths(unit)} × {places(told.weight)}{days} × p {places(told.p)} = "
    said += thousandths(told.p * told.impact)
    if told.left is None or abs(told.left - 1) < 5e-5:
        return said
    level = account.series.lens.lens.model == LEVEL
    why = "is left after what came later" if level else "counts, faded and among the others"
    return f"{said}, of which {told.left:.4g} {why}"


def _daily(told: Told, account: Account) -> str:
    """How a situation gives its step: "90 days of 1/30, fading"."""
    each = account.series.lens.lens.parameters["situation_days"]
    fading = "" if told.code.assault else ", each fading"
    return f"{counted(told.days, 'day')} of 1/{each}{fading}"


def _step(step: Step) -> str:
    return f"{step.says} = {places(step.p)}"


def _end(out: Console, account: Account) -> None:
    """The start, the rest, and the sum."""
    row(out, thousandths(account.start), [f"left of the start: {_start(account)}"])
    if account.others:
        row(out, thousandths(account.others_amount), [counted(account.others, "smaller claim")])
    score = account.reading.score.value
    agrees = abs(account.total - score) <= 1e-9
    says = "the sum, which is the score" if agrees else f"the sum; the score is {signed(score, 9)}"
    rule(out)
    row(out, thousandths(account.total), [f"{says} (to nine places {signed(account.total, 9)})"])


def _start(account: Account) -> str:
    anchor, day = account.series.anchor, account.reading.day
    if anchor is None:
        return "0, since nothing was known"
    vouched = f"{anchor.level} on {day_in_words(anchor.day)} ({anchor.citation})"
    if day < anchor.day:
        return f"0, since the anchor, {vouched}, says nothing of days before"
    return vouched


def direction(series: Series) -> str:
    if ">" in series.direction:
        return f"{series.direction.replace('>', ' towards ')}"
    return "both directions"


def thousandths(value: float) -> str:
    """An amount to three places, with its sign."""
    return signed(value, 3)


def places(value: float) -> str:
    """A share of one, without the zero before the point: .65, 1."""
    return f"{value:.4f}".rstrip("0").rstrip(".").removeprefix("0") or "0"
