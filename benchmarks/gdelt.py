"""Generates rows in the format of GDELT 2.0: `python -m benchmarks.gdelt 1000000 FILE`.

61 columns with tabs, ten years in the order of days, about 2.5 rows per story. The shares of roles,
of acts, and of rows about one country, within one and between two, are those of a day of GDELT
(29 July 2016), without the rows that name no country. One row in twenty repeats an event of a
recent row; one in a hundred is invalid in one of the ways of real ones; all others are different
events. The same seed gives the same bytes.
"""

import argparse
import itertools
import random
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from benchmarks.gdelt_actors import ACTS, COUNTRIES, ROLES, Act, Country, Role, Weighted
from tracker.imports.formats.coded import STATE

FIRST_DAY = date(2015, 2, 18)
DAYS = 3_653
# The rows of a story; 2.5 on average.
STORY = Weighted({1: 30, 2: 30, 3: 18, 4: 10, 5: 7, 6: 5})
# How many actors a row has, and whether of one country.
SHAPES = Weighted({"between": 50, "alone": 40, "within": 10})
MENTIONS = Weighted({1: 10, 2: 20, 3: 5, 4: 15, 5: 10, 6: 8, 8: 8, 10: 12, 20: 8, 40: 3, 100: 1})
OUTLETS = Weighted({number: 100_000 // number for number in range(1, 2_001)})
REPEATED, BAD = 20, 100
# A repeated event is one of the last so many.
RECENT = 200
_NO_GROUP = ("",) * 4
_NOBODY = ("",) * 10
_NOWHERE = ("0", *("",) * 7)

type Actor = tuple[Country, Role]
type Outcome = Literal["new", "repeated", "bad"]


class Event(NamedTuple):
    """The event of a row."""

    day: date
    who: Actor
    act: Act
    whom: Actor | None

    @property
    def key(self) -> tuple[str, ...]:
        """The importer's key of events on a day: a country's government counts as the country."""
        return (_speaker(self.who), self.act.code, _speaker(self.whom) if self.whom else "")


class Story(NamedTuple):
    """The address of a row's story, and the hour and quarter at which the row was added."""

    address: str
    added: str


@dataclass(slots=True)
class Counts:
    """The rows written: new events, repeated ones, and invalid ones."""

    new: int = 0
    repeated: int = 0
    bad: int = 0


def lines(times: int, *, seed: int, made: Counts | None = None) -> Iterator[str]:
    """Rows with line ends; counts them into `made`."""
    counted, random_ = made or Counts(), random.Random(seed)
    events, stories = _Events(random_), _stories(random_)
    for number in range(times):
        today = FIRST_DAY + timedelta(days=number * DAYS // times)
        fate, event = events.next(number, today)
        cells = _cells(random_, number, event, next(stories))
        cells[-2] = f"{today:%Y%m%d}{cells[-2]}"
        if fate == "bad":
            spoil(cells, number // BAD)
        setattr(counted, fate, getattr(counted, fate) + 1)
        yield "\t".join(cells) + "\n"


def spoil(cells: list[str], way: int) -> None:
    """Make a row invalid as real ones are: shifted, cut, without a valid date, or by an unknown
    actor."""
    match way % 5:
        case 0:
            cells.insert(7, "")
        case 1:
            del cells[40:]
        case 2:
            cells[1:4] = "20160230", "201602", "2016"
        case 3:
            cells[5] = cells[7] = "AFR"
        case 4:
            cells[26:29] = "9999", "999", "99"


class _Events:
    """The events, day by day. No event of a day occurs twice, except as a repeat."""

    def __init__(self, random_: random.Random) -> None:
        self._random = random_
        self._recent: deque[Event] = deque(maxlen=RECENT)
        self._keys: set[tuple[str, ...]] = set()
        self._day = FIRST_DAY

    def next(self, number: int, today: date) -> tuple[Outcome, Event]:
        if today != self._day:
            self._keys.clear()
            self._day = today
        if number % REPEATED == REPEATED - 1:
            return "repeated", self._recent[int(self._random.random() * len(self._recent))]
        event = self._new(today)
        if number % BAD == BAD // 2:
            return "bad", event
        self._keys.add(event.key)
        self._recent.append(event)
        return "new", event

    def _new(self, day: date) -> Event:
        while True:
            shape = SHAPES.draw(self._random)
            who = (COUNTRIES.draw(self._random), ROLES.draw(self._random))
            whom = None
            if shape != "alone":
                country = who[0] if shape == "within" else COUNTRIES.draw(self._random)
                whom = (country, ROLES.draw(self._random))
            event = Event(day, who, ACTS.draw(self._random), whom)
            if _is_valid(event) and event.key not in self._keys:
                return event


def _is_valid(event: Event) -> bool:
    if event.whom is None:
        return not event.act.needs_recipient
    return _speaker(event.who) != _speaker(event.whom)


def _speaker(actor: Actor) -> str:
    country, role = actor
    return country.code if role.sector == STATE else f"{country.code}.{role.sector}"


def _stories(random_: random.Random) -> Iterator[Story]:
    """The story of each row."""
    for number in itertools.count():
        host = f"www.outlet{OUTLETS.draw(random_)}.example"
        address = f"https://{host}/news/{number}/story-{number * 7919 % 99991}"
        added = f"{number % 24:02}{(0, 15, 30, 45)[number % 4]:02}00"
        for _ in range(STORY.draw(random_)):
            yield Story(address, added)


def _cells(random_: random.Random, number: int, event: Event, story: Story) -> list[str]:
    day, who, act, whom = event
    mentions = MENTIONS.draw(random_)
    place = whom if whom and number % 3 == 0 else who
    return [
        str(410_000_000 + number),
        *_dated(day),
        *_actor(who),
        *(_actor(whom) if whom else _NOBODY),
        "1" if random_.random() < 0.6 else "0",
        *act.cells,
        str(mentions),
        str(1 + mentions // 8),
        str(mentions),
        f"{random_.random() * 16 - 10:.14f}",
        *who[0].place,
        *(whom[0].place if whom else _NOWHERE),
        *place[0].place,
        story.added,
        story.address,
    ]


@cache
def _dated(day: date) -> tuple[str, ...]:
    elapsed = (day.timetuple().tm_yday - 1) / 365
    return (f"{day:%Y%m%d}", f"{day:%Y%m}", f"{day:%Y}", f"{day.year + elapsed:.4f}")


@cache
def _actor(actor: Actor) -> tuple[str, ...]:
    country, role = actor
    named = role.called or country.name.upper()
    return (country.code + role.code, named, country.code, *_NO_GROUP, role.code, "", "")


def main() -> None:
    options = _options()
    made, start = Counts(), time.monotonic()
    with options.file.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(lines(options.rows, seed=options.seed, made=made))
    print(
        f"gdelt rows={options.rows} new={made.new} repeated={made.repeated} bad={made.bad}"
        f" bytes={options.file.stat().st_size} seconds={time.monotonic() - start:.1f}"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
