"""A brief of a pair or a triangle: plain sentences, each number with its notes.

Every sentence with a number names what it rests on: the score's address with its position, or the
claim and its documents. How it is set on paper is the edges' business.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tracker.domain.disclosure import Reader
from tracker.domain.lenses import pair_of
from tracker.domain.triads import Triad
from tracker.queries import moment
from tracker.queries.claims import detail
from tracker.queries.claims.detail import NamedCitation, Sheet
from tracker.queries.evidence import impacts, what_if
from tracker.queries.moment import At
from tracker.queries.records import names, pair_names
from tracker.queries.scores import lenses, pairs, triads
from tracker.queries.scores.pairs import Series
from tracker.wording import counted, day_in_words, signed

LENS = "standing"
# Of each pair, the claims that give most to its score.
MOST_CLAIMS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What a sentence rests on; `path` is an address on this site, `url` one elsewhere."""

    text: str
    path: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    text: str
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with a sentence or two on how things stand, and a list."""

    title: str
    opening: tuple[Sentence, ...]
    items: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """As known at a position, of the end of a day."""

    title: str
    codes: tuple[str, ...]
    day: date
    position: int
    sections: tuple[Section, ...]

    def sentences(self) -> Iterator[Sentence]:
        """Every sentence, in the order of reading."""
        for section in self.sections:
            yield from (*section.opening, *section.items)

    def numbers(self) -> dict[Note, int]:
        """The notes in the order in which they are needed; one that is needed again is the same."""
        every = (note for sentence in self.sentences() for note in sentence.notes)
        return {note: number for number, note in enumerate(dict.fromkeys(every), start=1)}


def brief(codes: Sequence[str], day: date, *, reader: Reader, as_of: At) -> Brief:
    """Write the brief of a pair (two codes) or a triangle (three) at the end of a day.

    :raises pair_names.NoSuchPair: :raises lenses.NoSuchLens: :raises moment.AheadOfLog:
    :raises impacts.CatchingUp: :raises ValueError: for another number of countries.
    """
    if len(codes) not in (2, 3):
        raise ValueError("a brief is of two or three countries")
    view = lenses.named(LENS, position=as_of.position).lens.view.id
    position = min(as_of.position, impacts.served(view))
    if len(codes) == 2:
        sides = [pair_names.named(*codes)]
        called = names.countries(sides[0].split("-"))
        opening: tuple[Section, ...] = ()
    else:
        triangle = triads.ordered_codes(*codes)
        called = names.countries(triangle)
        opening = (_triangle(triangle, called, day, position),)
        first, second, third = triangle
        sides = [pair_of(*ends) for ends in ((first, second), (first, third), (second, third))]
    series = [
        pairs.series(one, direction=one, lens=LENS, as_of=moment.known_at(position))
        for one in sides
    ]
    told = [_pair(one, called, day, reader) for one in series]
    both = tuple(dict.fromkeys(code for one in sides for code in one.split("-")))
    return Brief(
        title=_joined(both, called),
        codes=both,
        day=day,
        position=position,
        sections=(*opening, *told, _caution(position)),
    )


def _pair(series: Series, called: dict[str, str], day: date, reader: Reader) -> Section:
    reading = series.on(day)
    score = reading.score
    where = Note(
        text=f"{series.lens.label} of {series.pair}, {day.isoformat()}, as of position"
        f" {series.position}",
        path=f"/pairs/{series.pair}/?lens={LENS}&day={day.isoformat()}&as_of={series.position}",
    )
    title = _joined(series.pair.split("-"), called)
    if not reading.claims:
        says = f"Nothing on record moves the relation of {title} up to {day_in_words(day)}."
        return Section(title=title, opening=(Sentence(text=says, notes=(where,)),))
    stands = (
        f"On {day_in_words(day)} the standing of {title} is {signed(score.value, 2)} on −9 to 9,"
        f" with a 90 % interval from {signed(score.low, 2)} to {signed(score.high, 2)}:"
        f" {reading.words}."
    )
    rests = (
        f"It rests on {counted(reading.claims, 'claim')} from"
        f" {counted(reading.roots, 'independent root')}, of which"
        f" {reading.state_roots} {'is' if reading.state_roots == 1 else 'are'} owned by a state."
    )
    opening = tuple(Sentence(text=one, notes=(where,)) for one in (stands, rests))
    return Section(title=title, opening=opening, items=tuple(_claims(series, day, where, reader)))


def _claims(series: Series, day: date, where: Note, reader: Reader) -> Iterable[Sentence]:
    """The claims that give most to the score, each with its documents."""
    parts = what_if.explanation(series, day).parts
    told = detail.sheets_at(
        [one.claim for one in parts[:MOST_CLAIMS]], series.position, reader=reader
    )
    for part in parts[:MOST_CLAIMS]:
        sheet = told[part.claim]
        when = sheet.dated.says if sheet.dated else "unknown"
        text = f"{_ended(sheet.filed.title)} Date: {when}; it gives {signed(part.amount, 2)}."
        yield Sentence(text=text, notes=(_claim(sheet, series.position), *_documents(sheet)))
    if rest := parts[MOST_CLAIMS:]:
        amount = sum(one.amount for one in rest)
        text = f"{counted(len(rest), 'further claim')} together give {signed(amount, 2)}."
        yield Sentence(text=text, notes=(where,))


def _claim(sheet: Sheet, position: int) -> Note:
    key: UUID = sheet.filed.state.id
    return Note(text=f"Claim {key}", path=f"/claims/{key}/?as_of={position}")


def _documents(sheet: Sheet) -> Iterable[Note]:
    for one in sheet.citations:
        document = one.document.document
        yield Note(text=_reference(one), url=document.url or document.archive_url or "")


def _reference(cited: NamedCitation) -> str:
    """A document as a bibliography has it, and the chain from there to the origin."""
    document = cited.document.document
    publisher, *chain = (one.name for one in cited.provenance)
    parts = [*document.authors, f"“{document.title}”" if document.title else "", publisher]
    parts += [document.date or "undated", cited.citation.locator or ""]
    said = ", ".join(part for part in parts if part)
    after = f", citing {', who cites '.join(chain)}" if chain else ""
    denied = " (denies it)" if cited.citation.stance == "denies" else ""
    return f"{said}{after}{denied}"


def _triangle(
    triangle: tuple[str, str, str], called: dict[str, str], day: date, position: int
) -> Section:
    found: Triad = triads.triad_on(triangle, day, lens=LENS, as_of=moment.known_at(position))
    name = "-".join(triangle)
    where = Note(
        text=f"{LENS} of {name}, {day.isoformat()}, as of position {position}",
        path=f"/triads/{name}/?lens={LENS}&day={day.isoformat()}&as_of={position}",
    )
    sides = ", ".join(
        f"{_joined(edge.pair.split('-'), called)} {signed(edge.value, 2)}" for edge in found.edges
    )
    balance = f"On {day_in_words(day)} the triangle is {found.balance}: {sides}."
    near = found.nearest_flip
    flip = (
        f"Nearest to a change of sign is {_joined(near.pair.split('-'), called)}, at"
        f" {signed(near.value, 2)}."
    )
    opening = tuple(Sentence(text=one, notes=(where,)) for one in (balance, flip))
    return Section(title="The triangle", opening=opening)


def _caution(position: int) -> Section:
    says = (
        "A score says what the claims on record make of a relation, not what the relation is;"
        " where the level is not anchored it says how far it moved."
    )
    known = f"Everything here is as known at position {position} of the record."
    note = Note(text=f"The record up to position {position}", path=f"/status/?as_of={position}")
    method = Note(text="How scores are made", path="/method/")
    return Section(
        title="How to read this",
        opening=(Sentence(text=says, notes=(method,)), Sentence(text=known, notes=(note,))),
    )


def _joined(codes: Iterable[str], called: dict[str, str]) -> str:
    return "–".join(called.get(code, code) for code in codes)


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "]", "!", "?", "”")) else f"{sentence}."
