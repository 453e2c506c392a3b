"""Says in the terminal why a score moved: claim by claim, with the events that caused it."""

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from rich.console import Console
from rich.text import Text

from tracker.management.telling import direction, row, rule, thousandths
from tracker.queries.evidence.causes import Cause
from tracker.queries.evidence.changes import Because, Change, Changes, End
from tracker.wording import counted, day_in_words, signed

_BECAUSE: Mapping[Because, str] = {
    "events": "",
    "others": "unchanged itself, but related claims changed",
    "began": "its first day was reached",
    "goes on": "it continued",
    "time": "it faded, or later claims wore it down",
}
_START: Mapping[Because, str] = {
    "events": "because the lens was redefined",
    "others": "which the claims wear down",
    "began": "because the day of its anchor was reached",
}


def tell(
    out: Console, found: Changes, *, titles: Mapping[UUID, str], called: str, most: int
) -> None:
    """Say two scores and what lies between them, the `most` largest one by one."""
    out.print(Text(f"{called}: why the score moved", style="bold"))
    out.print(_asked(found.before.series.lens.label, found.after.series.lens.label, found))
    out.print()
    for end in (found.before, found.after):
        row(out, thousandths(end.value), [_end(end)])
    out.print()
    told, rest = found.changes[:most], found.changes[most:]
    out.print(f"It moved by {thousandths(found.amount)}. Contributions of claims, largest first:")
    for one in told:
        out.print()
        row(out, thousandths(one.amount), _change(one, titles[one.claim]))
    out.print()
    row(out, thousandths(found.start), _start(found))
    if rest:
        others = sum(one.amount for one in rest)
        row(out, thousandths(others), [counted(len(rest), "smaller change")])
    rule(out)
    total = sum((one.amount for one in found.changes), found.start)
    row(
        out,
        thousandths(total),
        [f"the sum, which is the difference (to nine places {signed(total, 9)})"],
    )


def _asked(before: str, after: str, found: Changes) -> str:
    lens = before if before == after else f"{before}, then {after}"
    return f"{direction(found.after.series)}, lens {lens}"


def _end(end: End) -> str:
    words = end.series.on(end.day).words
    return f"on {day_in_words(end.day)} as known at position {end.series.position}: {words}"


def _change(one: Change, title: str) -> Iterator[str]:
    yield title
    because = _BECAUSE[one.because]
    yield f"from {thousandths(one.before)} to {thousandths(one.after)}{because and ': '}{because}"
    yield from _causes(one.causes)
    yield f"claim:{one.claim}"


def _causes(causes: Iterable[Cause]) -> Iterator[str]:
    for cause in causes:
        recorded = cause.recorded
        said = f"position {recorded.position}: {recorded.kind} by {recorded.recorded_by}"
        reason = f", {cause.reason}" if cause.reason else ""
        yield f"{said} ({cause.about}: {cause.name}{reason})"


def _start(found: Changes) -> Iterator[str]:
    because = found.start_because
    yield "of the start" + (f", {_START[because]}" if because else "")
    yield from _causes(found.start_causes)
