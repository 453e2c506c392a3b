"""The head of a pasted article: title, authors, date and publisher, as its first lines give them.

Nothing is inferred: what the lines do not give is empty. English only.
"""

import re
from dataclasses import dataclass, field
from itertools import islice

from tracker.domain.dates.edtf import BadDate, Point, parse
from tracker.domain.dates.phrases import from_phrase
from tracker.domain.reading.relative_days import WEEKDAY
from tracker.domain.reading.text import Sentence, sentences, word_set

# The lines in which the head is looked for.
_MOST_LINES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What the first lines of an article give; empty where they do not. `date` is EDTF. The body is
    `text[body_start:]`."""

    title: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""
    publisher_hint: str = ""
    body_start: int = 0


@dataclass(slots=True)
class _Lines:
    """What the lines so far give: `names` are lines that can be authors or a title."""

    titles: list[str] = field(default_factory=list)
    names: list[tuple[str, ...]] = field(default_factory=list)
    authors: tuple[str, ...] = ()
    date: str = ""
    publisher: str = ""

    def settled(self, body: str, body_start: int) -> Head:
        """The head. Of two lines that can be names, the first is the title."""
        if not self.titles and self.names:
            self.titles.append(" and ".join(self.names.pop(0)))
        title, publisher = _without_publisher(self.titles[0] if self.titles else "")
        agency = _DATELINE.match(body)
        return Head(
            title=title,
            authors=self.authors or next(iter(self.names), ()),
            date=self.date,
            publisher_hint=self.publisher or publisher or (agency[1] if agency else ""),
            body_start=body_start,
        )


def head(text: str) -> Head:
    """Return the head of a normalised text: a date, a title and authors on lines of their own, in
    any order, before the first paragraph."""
    found, end = _Lines(), 0
    padded = f"\n{text}\n"
    for line in sentences(_first_lines(text)):
        alone = padded[line.start] == padded[line.end + 1] == "\n"
        if not alone or not _take(line, found):
            break
        end = line.end
    body_start = len(text) - len(text[end:].lstrip())
    return found.settled(text[body_start : body_start + 200], body_start)


_LINE = re.compile(r"[^\n]*\S[^\n]*")


def _first_lines(text: str) -> str:
    ends = [match.end() for match in islice(_LINE.finditer(text), _MOST_LINES)]
    return text[: ends[-1]] if ends else ""


def _take(line: Sentence, found: _Lines) -> bool:
    """Take what a line gives; False if the body begins with it."""
    parts = re.split("[|·•]", line.text)
    if all(_take_part(part.strip(), found) for part in parts):
        return True
    is_title = line.heading or (line.text[-1] in "?!”\"’'" and len(line.text) <= 150)
    if not is_title or len(found.titles) > 1:
        return False
    found.titles.append(" ".join(line.text.split()))
    return True


_BY = re.compile(r"(?:written |text |story )?by:? +|authors?: *", re.IGNORECASE)
_FROM = re.compile(r"(?:source|publisher|published by): *", re.IGNORECASE)
_NOISE = re.compile(
    r"[0-9]+[- ]min(?:ute)?s?(?: read)?|share|advertisement|listen|print", re.IGNORECASE
)


def _take_part(part: str, found: _Lines) -> bool:
    """Take a date, authors, a publisher or a person's name; False if it is none of them."""
    edited, edtf = date_in_line(part)
    if edtf or _NOISE.fullmatch(part):
        found.date = found.date or ("" if edited else edtf)
    elif match := _FROM.match(part):
        found.publisher = part[match.end() :]
    elif match := _BY.match(part):
        return _take_authors(part[match.end() :], found)
    elif people := people_in(part):
        found.names.append(people)
    else:
        return False
    return True


def _take_authors(text: str, found: _Lines) -> bool:
    """Take "Jane Doe and John Smith, Reuters", or "Jane Doe, 24 May 2022"."""
    names, _, last = text.rpartition(", ")
    if names and (edtf := date_in_line(last)[1]):
        found.date, text = found.date or edtf, names
    elif names and people_in(names) and not people_in(text):
        found.publisher, text = last, names
    found.authors = people_in(text)
    return bool(found.authors)


_DATED = re.compile(
    r"(?P<how>(?:first |last )?(?:published|posted|updated|modified|date)\b:?(?: on| at)? *)?"
    r"(?P<date>.+)",
    re.IGNORECASE,
)
_TIME = re.compile(r"(?:,? (?:at )?|T)[0-9]{1,2}[:.][0-9]{2}.*$| ?(?:-|–|at) [0-9]{1,2} ?[ap]m.*$")
_LONGEST_DATE = 80


def date_in_line(line: str) -> tuple[bool, str]:
    """Return whether a line says when the article was edited, and its date as EDTF, which is empty
    if it is no month or day."""
    match = _DATED.fullmatch(line) if len(line) <= _LONGEST_DATE else None
    if match is None:
        return False, ""
    phrase = re.sub(rf"^(?:{WEEKDAY}|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\.?),? ", "", match["date"])
    try:
        edtf = from_phrase(_TIME.sub("", phrase).rstrip(".,")).edtf
        dated = parse(edtf)
    except BadDate:
        return False, ""
    if not isinstance(dated, Point) or dated.unit == "year" or dated.doubt:
        return False, ""
    how = (match["how"] or "").casefold()
    return "updated" in how or "modified" in how, edtf


_PARTICLES = word_set("al bin da de del della der di dos el ibn la le van von y")
_NAME_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[.’'-])*")
# "d’Arc", "al-Assad"
_CAPITAL = re.compile(r"^(?:[a-z]{1,2}[’'-])?[^\W\d_a-z]")
_NO_NAMES = word_set("a an and at by for from how in is of on or the to what when where why with")


def people_in(text: str) -> tuple[str, ...]:
    """Return the persons in "Jane Doe, John Smith and Li Wei"; none if it is something else."""
    names = tuple(re.split(r",? and |, | & ", text.strip()))
    return names if all(_is_person(name) for name in names) else ()


def _is_person(name: str) -> bool:
    """Whether a text has the form of a person's name: two to five words with capitals."""
    words = name.split()
    return (
        2 <= len(words) <= 5
        and words[0][0].isupper()
        and all(word in _PARTICLES or _NAME_WORD.fullmatch(word) for word in words)
        and all(word in _PARTICLES or _CAPITAL.search(word) for word in words)
        and not any(word.casefold() in _NO_NAMES for word in words)
    )


# "MOSCOW, May 11 (Reuters) –"
_DATELINE = re.compile(r"[A-Z][A-Z .,’'-]+[^\n(]{0,40}\(([A-Z][A-Za-z ]{1,30})\) ?[–—-]")


def _without_publisher(title: str) -> tuple[str, str]:
    """Split "Title | Publisher", as browsers show it."""
    title_, bar, publisher = title.rpartition(" | ")
    return (title_, publisher) if bar else (title, "")
