"""The move of a level that a finding may name: that of one month, or of a longer time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tracker.domain import movements
from tracker.domain.dates import day_before
from tracker.domain.movements import LEAST_MOVE, Backing, WindowMovement, acted
from tracker.domain.scoring.evidence import Pull, is_war, moves_level
from tracker.domain.scoring.moments import Part
from tracker.queries.scores.pairs import Series

# Acts that make up this share of all that moved a level, either way, are most of it: sentences name
# them as what explains its move.
MOST = 2 / 3
# A year and a day before the latest act: what a finding calls recent.
RECENT_DAYS = 366
# The acts of a move that are named or listed.
FEW = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """The change of a level from the close of `start` to that of `end`: the expected amount in
    points, its 90 % interval, the probabilities that it fell and that it rose, whether an act of
    that time is on record, and the steps of each claim in it, the largest first. With what nobody
    reported (`unreported`) they sum to the amount. `month`: it is the move of a calendar month.
    `roots` is the number of independent sources of the acts of that time. `chosen`: the reader
    chose the start."""

    start: date
    end: date
    amount: float
    low: float = 0.0
    high: float = 0.0
    fell: float = 0.0
    rose: float = 0.0
    acted: bool = True
    parts: Sequence[Part] = ()
    unreported: float = 0.0
    month: bool = False
    roots: int = 0
    chosen: bool = False

    @property
    def window(self) -> WindowMovement:
        return WindowMovement(
            self.start,
            self.end,
            self.amount,
            self.low,
            self.high,
            self.fell,
            self.rose,
            self.acted,
        )

    @property
    def one_root(self) -> bool:
        return self.roots == 1

    @property
    def first(self) -> date:
        """The first day of the move."""
        return self.start + timedelta(days=1)

    @property
    def on_one_source(self) -> bool:
        return movements.on_one_source(self.window, self._behind)

    @property
    def small(self) -> bool:
        return abs(self.amount) < LEAST_MOVE

    @property
    def certain(self) -> bool:
        """Whether the level probably moved that way."""
        return movements.known(self.window)

    @property
    def along(self) -> list[Part]:
        """What pulled the way of the move, the largest first."""
        return [part for part in self.parts if part.amount * self.amount > 0]

    @property
    def reassessed(self) -> bool:
        """Whether an assessed level did most of it."""
        levels = sum(abs(part.amount) for part in self.along if part.assesses)
        return 2 * levels > sum(abs(part.amount) for part in self.along)

    @property
    def of_acts(self) -> float:
        """The sum of the steps of acts."""
        return sum(part.amount for part in self.parts if not part.assesses)

    @property
    def size(self) -> float:
        """All that moved the level, either way."""
        return sum(abs(part.amount) for part in self.parts)

    @property
    def mixed(self) -> bool:
        """Whether what pulled against it counts as a signal too."""
        return self._behind.mixed

    @property
    def torn(self) -> bool:
        """Whether what pulled against it is too much to leave out of a sentence."""
        return self._behind.torn

    @property
    def _behind(self) -> Backing:
        return Backing(self.roots, movements.share_against(self.parts))

    @property
    def named(self) -> bool:
        """Whether a sentence may say that the two drew apart or closer."""
        return self.certain and not self.small

    @property
    def clear(self) -> bool:
        """Whether a triangle may say so, which has no room for what pulled the other way."""
        return self.named and not self.torn


def find(
    series: Series,
    pulls: Sequence[Pull],
    whole: WindowMovement | None,
    *,
    chosen: bool = False,
    months: bool = True,
) -> Move | None:
    """Return the move that a finding is about. Of these it is the first that a sentence may name:

    - the month, of the year up to the latest act, whose acts moved the level most;
    - that year, where acts go further back;
    - the `whole` movement, since the day before the first act or a day `chosen` by the reader.

    If none may be named, it is the last but one of those that there are: what went on lately. With
    a chosen start there is no year, without `months` only the whole. None where nothing moved.
    """
    if whole is None:
        return None
    last = max((pull.first for pull in pulls if _is_act(pull, whole.until)), default=0)
    year = _year(whole, last) if months and not chosen and last else None
    if months and (month := _largest_month(series, pulls, whole, last, chosen=chosen)):
        move = _of_time(series, pulls, *month, month=True)
        if move and (told := _with_parts(series, pulls, move)).named:
            return told
    lately = _of_time(series, pulls, year, whole.until) if year else None
    all_of_it = _move(pulls, whole, chosen=chosen)
    for move in filter(None, (lately, all_of_it)):
        # The parts take long, and few of what cannot be named are shown.
        if move.named and (told := _with_parts(series, pulls, move)).named:
            return told
    return _with_parts(series, pulls, lately or all_of_it)


def whole(moved: WindowMovement, *, chosen: bool = False) -> Move:
    """Return a whole movement whose acts are too many to read: without the part of each."""
    return _move((), moved, chosen=chosen)


def _is_act(pull: Pull, until: date) -> bool:
    return pull.first <= until.toordinal() and moves_level(pull)


def _year(whole: WindowMovement, last: int) -> date | None:
    """The close of the day before the month in which the year up to the latest act begins; None
    where no act is older."""
    begun = date.fromordinal(max(last - RECENT_DAYS, 32)).replace(day=1)
    start = day_before(begun)
    return start if start > whole.since else None


def _of_time(
    series: Series, pulls: Sequence[Pull], start: date, end: date, *, month: bool = False
) -> Move | None:
    moved = series.scorer.movement(pulls, start, end)
    if moved is None:
        return None
    window = WindowMovement(start, end, *moved, acted=acted(pulls, start, end))
    return _move(pulls, window, month=month)


def _move(
    pulls: Sequence[Pull], moved: WindowMovement, *, month: bool = False, chosen: bool = False
) -> Move:
    """A move without its parts: as if nothing weighed against it."""
    return Move(
        start=moved.since,
        end=moved.until,
        amount=moved.value,
        low=moved.low,
        high=moved.high,
        fell=moved.fell,
        rose=moved.rose,
        acted=moved.acted,
        month=month,
        roots=movements.roots_of(pulls, moved),
        chosen=chosen,
    )


def _with_parts(series: Series, pulls: Sequence[Pull], move: Move) -> Move:
    """The move with the steps of its acts."""
    steps = series.scorer.moved_by(pulls, move.start, move.end)
    return replace(move, parts=steps.parts, unreported=steps.unreported) if steps else move


def _largest_month(
    series: Series, pulls: Sequence[Pull], whole: WindowMovement, last: int, *, chosen: bool
) -> tuple[date, date] | None:
    """The month of the year up to the latest act, the day `last`, whose acts moved the level most,
    if by half a point: the close of the day before it, and its end. A `chosen` start is not
    reached across."""
    since = max(date.fromordinal(max(1, last - RECENT_DAYS)), whole.since)
    found: dict[tuple[date, date], float] = {}
    for end in _ends_of_months(pulls, since, whole.until):
        start = day_before(end.replace(day=1))
        if start >= whole.since or not chosen:
            moved = series.scorer.movement(pulls, start, end)
            found[start, end] = moved.value if moved else 0.0
    largest = max(found, key=lambda month: abs(found[month]), default=None)
    return largest if largest and abs(found[largest]) >= LEAST_MOVE else None


def _ends_of_months(pulls: Sequence[Pull], since: date, until: date) -> list[date]:
    """The last days, up to `until`, of the months after `since` of which an act or a war tells."""
    first, last, found = since.toordinal() + 1, until.toordinal(), set()
    for pull in pulls:
        if moves_level(pull):
            begun, ended = max(pull.first, first), pull.last if is_war(pull) else pull.first
            day = begun
            while day <= min(ended, last):
                end = _end_of_month(date.fromordinal(day))
                found.add(min(until, end))
                day = end.toordinal() + 1
    return sorted(end for end in found if end.replace(day=1) > date.min)


def _end_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
