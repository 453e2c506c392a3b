"""Prints why a score moved: claim by claim, with the events that caused the change."""

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from rich.console import Console
from rich.text import Text

from tracker.management.terminal_report import direction, row, rule, thousandths
from tracker.queries.evidence.causes import Cause
from tracker.queries.evidence.changes import Because, Change, Changes, End
from tracker.wording import counted, day_in_words, signed

_REASONS: Mapping[Because, str] = {
    "events": "",
    "others": "unchanged, but related claims changed",
    "began": "its first day was reached",
    "goes on": "it continued",
    "time": "it faded, or later claims wore it down",
}
_START_REASONS: Mapping[Because, str] = {
    "events": "because the lens was redefined",
    "others": "which the claims wear down",
    "began": "because the day of its anchor was reached",
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
    row(out, thousandths(comparison.start), _start(comparison))
    if rest:
        others = sum(change.amount for change in rest)
        row(out, thousandths(others), [counted(len(rest), "smaller change")])
    rule(out)
    total = sum((change.amount for change in comparison.changes), comparison.start)
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


def _start(comparison: Changes) -> Iterator[str]:
    because = comparison.start_because
    yield "of the start" + (f", {_START_REASONS[because]}" if because else "")
    yield from _causes(comparison.start_causes)
