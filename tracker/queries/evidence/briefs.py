"""A brief of a pair or a triangle: plain sentences with notes.

Every sentence with a number has its evidence as a note: the score's address with its position, or
the claim and its documents. The edges lay it out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import NamedTuple
from uuid import UUID

from tracker.domain.dates.description import date_name
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import pair_of
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.moments import Part
from tracker.domain.triads import Triad
from tracker.level_wording import which_way
from tracker.queries import moment
from tracker.queries.claims import detail
from tracker.queries.claims.detail import NamedCitation, Sheet
from tracker.queries.evidence import acting, impacts, what_if
from tracker.queries.evidence.acting import ActingMember
from tracker.queries.moment import At
from tracker.queries.records import names, pair_names
from tracker.queries.scores import lenses, movements, pairs, triads
from tracker.queries.scores.pairs import Reading, Series
from tracker.wording import balance as balance_words
from tracker.wording import counted, day_in_words, signed

LENS = "standing"
# The most claims that are listed for each pair.
MOST_CLAIMS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """The evidence of a sentence; `path` is an address on this site, `url` one elsewhere."""

    text: str
    path: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    text: str
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefClaim:
    """A row of the table of claims: what the claim says, when it happened, the `amount` that it
    gives the score, and who reports it. Charts mark it by its number."""

    number: int
    title: str
    when: str
    amount: float
    sources: str
    link: str
    notes: tuple[Note, ...]
    pull: Pull

    @property
    def day(self) -> date:
        return date.fromordinal(self.pull.first)

    @property
    def good(self) -> bool:
        return self.pull.value > 0

    @property
    def sentence(self) -> Sentence:
        """The row in words."""
        gives = f"it gives {signed(self.amount, 2)}"
        text = f"{_with_full_stop(self.title)} Date: {self.when}; {gives}."
        return Sentence(text=text, notes=self.notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefSection:
    """A heading, some opening sentences, a table of claims, and sentences after it. `series` is
    what a chart of it shows."""

    title: str
    opening: tuple[Sentence, ...]
    claims: tuple[BriefClaim, ...] = ()
    closing: tuple[Sentence, ...] = ()
    series: Series | None = None

    @property
    def items(self) -> tuple[Sentence, ...]:
        """The claims and what follows them, in sentences."""
        return (*(claim.sentence for claim in self.claims), *self.closing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A brief at the end of a day, as known at a position."""

    title: str
    codes: tuple[str, ...]
    day: date
    position: int
    sections: tuple[BriefSection, ...]

    def sentences(self) -> Iterator[Sentence]:
        """Return every sentence, in reading order."""
        for section in self.sections:
            yield from (*section.opening, *section.items)

    def numbers(self) -> dict[Note, int]:
        """Number the notes in order of first use. Equal notes have one number."""
        every = (note for sentence in self.sentences() for note in sentence.notes)
        return {note: number for number, note in enumerate(dict.fromkeys(every), start=1)}


def brief(codes: Sequence[str], day: date, *, reader: Reader, as_of: At) -> Brief:
    """Return the brief of a pair (two codes) or a triangle (three) at the end of a day.

    :raises pair_names.NoSuchPair: :raises lenses.NoSuchLens: :raises moment.AheadOfLog:
    :raises impacts.CatchingUp: :raises ValueError: for another number of countries.
    """
    if len(codes) not in (2, 3):
        raise ValueError("a brief is of two or three countries")
    view = lenses.find(LENS, position=as_of.position).lens.view.id
    position = min(as_of.position, impacts.served_position(view))
    is_pair = len(codes) == 2
    ordered = pair_names.pair_name(*codes).split("-") if is_pair else triads.ordered_codes(*codes)
    names_by_code = names.countries(ordered)
    opening = [] if is_pair else [_triangle(ordered, names_by_code, day, position)]
    as_of = moment.known_at(position)
    sides = [pair_of(*ends) for ends in combinations(ordered, 2)]
    series = [pairs.series(side, direction=side, lens=LENS, as_of=as_of) for side in sides]
    sections = [_pair(one, names_by_code, day, reader) for one in series]
    return Brief(
        title=_joined(ordered, names_by_code),
        codes=tuple(ordered),
        day=day,
        position=position,
        sections=(*opening, *sections, _caution(position)),
    )


def _pair(series: Series, names_by_code: dict[str, str], day: date, reader: Reader) -> BriefSection:
    reading = series.on(day)
    score = reading.score
    title = _joined(series.pair.split("-"), names_by_code)
    note = _score_note(series, title, day)
    assessed = score.assessed and score.assessed.day
    if not reading.claims and not assessed:
        text = f"Nothing on record moves the relation of {title} up to {day_in_words(day)}."
        return BriefSection(title=title, opening=(Sentence(text=text, notes=(note,)),))
    standing = (
        f"On {day_in_words(day)} the standing of {title} is {signed(score.value, 2)} on −9 to 9,"
        f" with a 90 % interval from {signed(score.low, 2)} to {signed(score.high, 2)}:"
        f" {reading.words}."
    )
    moved = movements.of_series(series, day)
    way = (f"Recorded acts: {which_way(moved)}.",) if moved else ()
    opening = tuple(
        Sentence(text=text, notes=(note,)) for text in (standing, *way, _basis(series, reading))
    )
    parts = what_if.explanation(series, day).parts
    return BriefSection(
        title=title,
        opening=opening,
        claims=_claims(series, parts[:MOST_CLAIMS], reader),
        closing=_others(parts[MOST_CLAIMS:], note),
        series=series,
    )


def _score_note(series: Series, title: str, day: date) -> Note:
    position = series.position
    return Note(
        text=f"{series.lens.label} of {title}, {day_in_words(day)}, as of position {position}",
        path=f"/pairs/{series.pair}/?lens={LENS}&day={day.isoformat()}&as_of={series.position}",
    )


def _basis(series: Series, reading: Reading) -> str:
    """What a score rests on: acts and their roots, or assessed levels alone."""
    if not reading.claims:
        levels = sum(
            pull.sd is not None and pull.first <= reading.day.toordinal()
            for pull in what_if.pulls_of(series)
        )
        return f"It rests on {counted(levels, 'assessed level')} and no acts."
    return (
        f"It rests on {counted(reading.claims, 'claim')} from"
        f" {counted(reading.roots, 'independent root')}, of which"
        f" {reading.state_roots} {'is' if reading.state_roots == 1 else 'are'} owned by a state."
    )


def _claims(series: Series, parts: Sequence[Part], reader: Reader) -> tuple[BriefClaim, ...]:
    """The claims that contribute most to the score, each with its documents."""
    pulls = {pull.claim: pull for pull in what_if.pulls_of(series)}
    claims = [part.claim for part in parts]
    sheets = detail.sheets_at(claims, series.position, reader=reader)
    view = series.lens.lens.view
    members = acting.of_claims(list(sheets), series.pair, view, position=series.position)
    return tuple(
        _brief_claim(
            BriefPart(number, part.amount, pulls[part.claim]),
            sheets[part.claim],
            members.get(part.claim, ()),
            position=series.position,
        )
        for number, part in enumerate(parts, start=1)
    )


class BriefPart(NamedTuple):
    """A claim's number in the table, and what it gives."""

    number: int
    amount: float
    pull: Pull


def _brief_claim(
    part: BriefPart, sheet: Sheet, members: Iterable[ActingMember], *, position: int
) -> BriefClaim:
    own = _claim(sheet, position)
    chains = (_chain(citation) for citation in sheet.citations)
    return BriefClaim(
        number=part.number,
        title=sheet.filed.title,
        when=sheet.dated.says if sheet.dated else "unknown",
        amount=part.amount,
        sources="; ".join(dict.fromkeys(chains)),
        link=own.path,
        notes=(own, *_documents(sheet), *map(_membership, members)),
        pull=part.pull,
    )


def _others(parts: Sequence[Part], note: Note) -> tuple[Sentence, ...]:
    """What the claims beyond the table give together."""
    if not parts:
        return ()
    amount = sum(part.amount for part in parts)
    text = f"{counted(len(parts), 'further claim')} together give {signed(amount, 2)}."
    return (Sentence(text=text, notes=(note,)),)


def _claim(sheet: Sheet, position: int) -> Note:
    key: UUID = sheet.filed.state.id
    number = sheet.filed.first.position
    text = f"The claim with its history, number {number} of the record"
    return Note(text=text, path=f"/claims/{key}/?as_of={position}")


def _documents(sheet: Sheet) -> Iterable[Note]:
    for citation in sheet.citations:
        document = citation.document.document
        yield Note(text=_reference(citation), url=document.url or document.archive_url or "")


def _membership(member: ActingMember) -> Note:
    """Why an act of an organisation counts for a country."""
    path = f"/documents/{member.document}/" if member.document else ""
    return Note(text=member.cited, path=path)


def _reference(cited: NamedCitation) -> str:
    """A document as in a bibliography, and the chain from it to its origin."""
    document = cited.document.document
    parts = [*document.authors, f"“{document.title}”" if document.title else ""]
    dated = date_name(document.date) if document.date else "undated"
    parts += [cited.provenance[0].name, dated, cited.citation.locator or ""]
    reference = ", ".join(part for part in parts if part)
    _, *chain = (source.name for source in cited.provenance)
    chain_text = f", citing {', who cites '.join(chain)}" if chain else ""
    return f"{reference}{chain_text}{_denied(cited)}"


def _chain(cited: NamedCitation) -> str:
    """The publisher and the chain to the origin, in a few words."""
    names_in_order = (source.name for source in cited.provenance)
    return f"{', citing '.join(names_in_order)}{_denied(cited)}"


def _denied(cited: NamedCitation) -> str:
    return " (denies it)" if cited.citation.stance == "denies" else ""


def _triangle(
    triangle: Sequence[str], names_by_code: dict[str, str], day: date, position: int
) -> BriefSection:
    first, second, third = triangle
    triangle_read: Triad = triads.triad_on(
        (first, second, third), day, lens=LENS, as_of=moment.known_at(position)
    )
    name, title = "-".join(triangle), _joined(triangle, names_by_code)
    note = Note(
        text=f"{LENS} of {title}, {day_in_words(day)}, as of position {position}",
        path=f"/triads/{name}/?lens={LENS}&day={day.isoformat()}&as_of={position}",
    )
    sides = ", ".join(
        f"{_joined(edge.pair.split('-'), names_by_code)} {signed(edge.value, 2)}"
        for edge in triangle_read.edges
    )
    balance = f"On {day_in_words(day)} the triangle is {balance_words(triangle_read)}: {sides}."
    nearest = triangle_read.nearest_flip
    flip = (
        f"Nearest to a change of sign is {_joined(nearest.pair.split('-'), names_by_code)}, at"
        f" {signed(nearest.value, 2)}."
    )
    opening = tuple(Sentence(text=text, notes=(note,)) for text in (balance, flip))
    return BriefSection(title="The triangle", opening=opening)


def _caution(position: int) -> BriefSection:
    meaning = (
        "A score says what the claims on record make of a relation, not what the relation is;"
        " it starts from what people assessed, and the movement says how far reported acts moved"
        " it."
    )
    basis = f"Everything here is as known at position {position} of the record."
    note = Note(text=f"The record up to position {position}", path=f"/status/?as_of={position}")
    method = Note(text="How scores are made", path="/method/")
    return BriefSection(
        title="How to read this",
        opening=(Sentence(text=meaning, notes=(method,)), Sentence(text=basis, notes=(note,))),
    )


def _joined(codes: Iterable[str], names_by_code: dict[str, str]) -> str:
    return "–".join(names_by_code.get(code, code) for code in codes)


def _with_full_stop(sentence: str) -> str:
    return sentence if sentence.endswith((".", "]", "!", "?", "”")) else f"{sentence}."
