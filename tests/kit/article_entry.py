"""Enters the article's claims through the desk, by keyboard."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.kit.keyboard import Typist
from tracker.domain.dates.description import describe

type Row = Mapping[str, Any]

# What people type for a date, where it is not EDTF.
TYPED = {
    "[2022-03-21..2022-03-31]": "late March 2022",
    "2022-05-11": "11 May 2022",
    "2022-05-12": "12 May 2022",
    "2022-02-24": "24 February 2022",
    "2022-03": "March 2022",
}
# Of a code's words so many letters.
WORD = 4
FULL = "not qualified: full"
MOST_PARTIES = 6
SHOWN_PARTIES = 2
MORE = "Interest, credibility, stance, language, place, translation and note"
DATE_WORDS = "Its words, and how it is known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One control to be seen to: what is to stand in it, and by what deed it comes to."""

    label: str
    wanted: str
    do: Callable[..., None]
    place: int = 0

    def due(self, typist: Typist) -> bool:
        """The date always is; a row beyond the first two, if it is empty; a box, if something else
        stands in it."""
        if self.do is _add:
            return self.place >= SHOWN_PARTIES and not typist.seen(self.label, self.place)
        if self.do is _open:
            return not typist.is_open(self.label)
        always = self.do is _when_it_was
        return always or typist.seen(self.label, self.place) != self.wanted

    def __call__(self, typist: Typist) -> None:
        self.do(typist, self.label, self.wanted, self.place)


def enter(typist: Typist, row: Row) -> None:
    """Type one claim, from the summary on, and go on to the next."""
    typist.arrive("Summary")
    behind = 0
    for part in (_what, _who, _when, _says, _noted, _sure, _amount, _forecast, _rare):
        for step in part(row):
            if not step.due(typist):
                continue
            typist.leap(behind)
            behind = 0
            step(typist)
        behind += 1
    typist.press("Control+Enter")
    typist.sees(f"Recorded: {row['summary']}")


def _write(typist: Typist, label: str, text: str, place: int) -> None:
    typist.write(label, text, place)


def _choose(typist: Typist, label: str, text: str, place: int) -> None:
    typist.choose(label, text, place)


def _pick(typist: Typist, label: str, text: str, place: int) -> None:
    if text:
        typist.pick(label, *re.split("\n|, ", text), place=place)
    else:
        typist.write(label, "", place)


def _code(typist: Typist, label: str, text: str, _place: int) -> None:
    words = text.partition("/")[2].lower().split("/")
    typist.pick(label, text, by=" ".join(word[:WORD] for word in words))


def _tick(typist: Typist, label: str, _text: str, _place: int) -> None:
    typist.tick(label)


def _open(typist: Typist, label: str, _text: str, _place: int) -> None:
    typist.open(label)


def _add(typist: Typist, label: str, _text: str, place: int) -> None:
    typist.to("One more party")
    typist.press("Enter")
    typist.arrive(label, place)


def _when_it_was(typist: Typist, label: str, text: str, _place: int) -> None:
    """What is offered, or else typed as people do; the reading of it is waited for."""
    if not text or not typist.take(label, text):
        typist.write(label, TYPED.get(text, text) or "unknown")
    typist.sees(describe(text) if text else "the date is unknown")


def _what(row: Row) -> Iterator[Step]:
    yield Step(label="Summary", wanted=row["summary"], do=_write)
    yield Step(label="Kind", wanted=row["kind"], do=_choose)
    yield Step(label="Code", wanted=row.get("code", ""), do=_code)


def _noted(row: Row) -> Iterator[Step]:
    yield Step(label="Contexts", wanted=", ".join(row.get("contexts", ())), do=_pick)
    yield Step(label="Note", wanted=row.get("note", ""), do=_write)


def _who(row: Row) -> Iterator[Step]:
    for place, party in enumerate(row["parties"]):
        yield Step(label="Who", wanted="", do=_add, place=place)
        yield Step(label="Who", wanted=party["actor"], do=_pick, place=place)
        yield Step(label="Role", wanted=party["role"], do=_choose, place=place)
    for place in range(len(row["parties"]), MOST_PARTIES):
        yield Step(label="Who", wanted="", do=_write, place=place)


def _when(row: Row) -> Iterator[Step]:
    occurred = row.get("occurred", {})
    yield Step(label="When", wanted=occurred.get("edtf", ""), do=_when_it_was)
    words, basis = occurred.get("phrase", ""), occurred.get("basis", "stated")
    if words or basis != "stated":
        yield Step(label=DATE_WORDS, wanted="", do=_open)
    yield Step(label="Date in the source's words", wanted=words, do=_write)
    yield Step(label="The date is", wanted=basis, do=_choose)


def _says(row: Row) -> Iterator[Step]:
    [cited] = row["citations"]
    yield Step(label="Document", wanted=cited["document"], do=_pick)
    yield Step(label="Chain", wanted="\n".join(cited.get("chain", ())), do=_pick)
    yield Step(label="Quote", wanted=cited.get("quote", ""), do=_write)
    if cited["interest"] != "none" or cited.get("language") or cited.get("note"):
        yield Step(label=MORE, wanted="", do=_open)
        yield Step(label="Interest", wanted=cited["interest"], do=_choose)
        yield Step(label="Language", wanted=cited.get("language", ""), do=_write)
        yield Step(label="Note on the citation", wanted=cited.get("note", ""), do=_write)


def _sure(row: Row) -> Iterator[Step]:
    yield Step(label="Hedge, in the source's word", wanted=row.get("hedge", ""), do=_pick)
    if row.get("likelihood"):
        yield Step(label="Likelihood", wanted=row["likelihood"], do=_choose)
    strength = row.get("strength", {})
    yield Step(label="Strength", wanted=strength.get("grade", FULL), do=_choose)
    yield Step(label="Why this strength", wanted=strength.get("reason", ""), do=_write)


def _amount(row: Row) -> Iterator[Step]:
    if magnitude := row.get("magnitude"):
        yield Step(label="Amount", wanted=magnitude["value"], do=_write)
        yield Step(label="Unit", wanted=magnitude["unit"], do=_write)
        if magnitude.get("change"):
            yield Step(label="It is a change", wanted="true", do=_tick)
        yield Step(label="Against the period", wanted=magnitude.get("baseline", ""), do=_write)


def _forecast(_row: Row) -> Iterator[Step]:
    """No claim of the article is a forecast."""
    yield from ()


def _rare(row: Row) -> Iterator[Step]:
    yield Step(label="Modality", wanted=row["modality"], do=_choose)
    yield Step(label="On condition that", wanted=row.get("condition", ""), do=_write)
