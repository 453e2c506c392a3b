"""Dates in running text, by the grammar of `dates.phrases`, relative to the document's day.

English only. A date without a year is the latest that is not after the document, or the first from
the document on where the sentence looks ahead. Where that may be wrong, nothing is found.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

from tracker.domain.dates.edtf import BadDate, Bounds, bounds
from tracker.domain.reading import date_patterns, days_after, relative_days
from tracker.domain.reading.counted_days import from_date, span
from tracker.domain.reading.date_patterns import MONTH, has_year
from tracker.domain.reading.found_days import Basis, DayFound, bases
from tracker.domain.reading.missing_years import dated, first_day, grammar, last_day
from tracker.domain.reading.relative_days import Clue


class _Contradiction(ValueError):
    """A date whose parts contradict each other, such as a day that was no Friday."""


type _Found = tuple[str, Basis] | None
type _Handler = Callable[[re.Match[str], Clue | None], _Found]

# The words of a clause before a date that begins it.
_BEGINNING = 2


def find_days(text: str, published: str | None) -> tuple[DayFound, ...]:
    """Return the dates in a text, in order. `published` is the document's date as EDTF; without one
    that has a first and a last day, only dates that are written in full are found.

    :raises BadDate: if `published` is not EDTF.
    """
    limits = bounds(published) if published else Bounds(earliest=None, latest=None)
    plain = re.sub(r"(?<!\n)\n(?!\n)", " ", text)
    found: list[DayFound] = []
    end = 0
    for match, handler in _candidates(plain):
        if match.start() < end:
            continue
        clue = _clue(plain, match, limits, found)
        try:
            day = _day(text, match, handler, clue)
        except (BadDate, OverflowError):
            # Not in the calendar, or ambiguous.
            continue
        except _Contradiction:
            end = match.end()
            continue
        if day:
            end = day.end
            found.append(day)
    return tuple(found)


def _day(text: str, match: re.Match[str], handler: _Handler, clue: Clue | None) -> DayFound | None:
    result = handler(match, clue)
    if result is None:
        return None
    edtf, basis = result
    bounds(edtf)
    start, end = match.span()
    others = tuple(_others(match, handler, clue, edtf))
    return DayFound(
        start=start, end=end, phrase=text[start:end], edtf=edtf, basis=basis, others=others
    )


def _others(match: re.Match[str], handler: _Handler, clue: Clue | None, edtf: str) -> Iterator[str]:
    """What a date may mean besides: without "by" or "until", counted exactly or from another date,
    or one of two."""
    lead = match.groupdict().get("lead") or ""
    if lead.casefold() not in _PLAIN:
        rest = match[0][len(lead) + 1 :]
        bare = match.re.fullmatch(rest) or match.re.fullmatch(f"in {rest}")
        result = handler(bare, clue) if bare else None
        if result:
            yield result[0]
    for other in _other_clues(clue) if clue else ():
        meant = handler(match, other)
        if meant and meant[0] != edtf:
            yield meant[0]
    if "," in edtf:
        yield from edtf.strip("[]").split(",")


def _other_clues(clue: Clue) -> Iterator[Clue]:
    """A phrase may be exact, or count from an earlier date."""
    yield replace(clue, exact=True)
    for one in clue.bases[1:]:
        yield replace(clue, bases=(one,))


def _candidates(text: str) -> list[tuple[re.Match[str], _Handler]]:
    """What looks like a date, in order: of those that begin together the longest first."""
    matches = [(match, handler) for pattern, handler in _RULES for match in pattern.finditer(text)]
    return sorted(matches, key=lambda one: (one[0].start(), -one[0].end()))


def _clue(text: str, match: re.Match[str], limits: Bounds, found: list[DayFound]) -> Clue | None:
    if limits.earliest is None or limits.latest is None:
        return None
    before, after = _clause_before(text, match), _after(text, match)
    past = bool(_PAST.search(before) or _PAST.match(text, match.end() + 1))
    if len(before.split()) <= _BEGINNING:
        past = past or bool(_PAST.search(after))
    return Clue(
        first=limits.earliest,
        last=limits.latest,
        ahead=_looks_ahead(text, match),
        past=past,
        plans=_PLANS.search(before) is not None,
        by=_BY.match(match[0]) is not None,
        bases=bases(text, match, limits.latest, found),
    )


_AHEAD = re.compile(
    r"\b(?:will|shall|won't|won’t|(?:is|are) to|due|scheduled|plans? to|planned for|intends? to"
    r"|set to|expected|going to|(?:called|set|slated|billed|down) for|upcoming|forthcoming"
    r"|aims? to)\b|[’']ll\b",
    re.IGNORECASE,
)
_BY = re.compile(r"by ", re.IGNORECASE)
_PAST = re.compile(
    r"(?<!\bbe )(?<!\bwill )"
    r"\b(?:had|has|have|was|were|said|says|told|met|left|went|came|sent|took|gave|made|held|hit|shot"
    r"|fell|rose|began|won|lost|broke|struck|fought|flew|saw|found|built|bought|sold|paid|led|fled"
    r"|withdrew|became|spoke|wrote|[a-z]+ed)\b",
    re.IGNORECASE,
)
# In the present these are of what is planned: "ministers meet on Monday".
_PLANS = re.compile(
    r"\b(?:meets?|visits?|hosts?|travels?|arrives?|leaves?|opens?|begins?|starts?|ends?|votes?|holds?"
    r"|flies|fly|takes?|expires?|gathers?|returns?|receives?|signs?)\b",
    re.IGNORECASE,
)
# Where a sentence or another of its clauses begins.
_CLAUSE_START = re.compile(
    r"[.!?;:\n]\s|, (?:and|but|while|when|where|which|who|after|before|as)\b"
)
_SENTENCE_END = re.compile(r"[.!?;\n]")


def _clause_before(text: str, match: re.Match[str]) -> str:
    return _CLAUSE_START.split(text[max(0, match.start() - 200) : match.start()])[-1]


def _after(text: str, match: re.Match[str]) -> str:
    return _SENTENCE_END.split(text[match.end() : match.end() + 80])[0]


def _looks_ahead(text: str, match: re.Match[str]) -> bool:
    """Whether the words before a date, or those after one that begins its sentence, look ahead."""
    before = _clause_before(text, match)
    after = _after(text, match)
    if _BY.match(match[0]):
        return not _PAST.search(f"{before} {after}") or bool(_AHEAD.search(before))
    cues, verbs = list(_AHEAD.finditer(before)), list(_PAST.finditer(before))
    if cues:
        # "It will leave, they said on Wednesday": the last verb counts.
        return not verbs or verbs[-1].start() <= cues[-1].start()
    cue = _AHEAD.search(after)
    return bool(
        cue and len(before.split()) <= _BEGINNING and not _PAST.search(after[: cue.start()])
    )


def _single(match: re.Match[str], clue: Clue | None) -> _Found:
    """A date with a day, a part of a month, or a year: "on May 11", "since late March"."""
    date_, lead, year = match["date"], match["lead"] or "", match["of_year"]
    if lead.casefold() == "in" and re.match(rf"{MONTH} [0-9]", date_) and not has_year(date_):
        # "In May 11 soldiers died."
        return None
    day = dated(date_, clue, year)
    if day is None:
        return None
    if match["weekday"] and first_day(grammar(day)).strftime("%A") != match["weekday"]:
        raise _Contradiction
    return grammar(f"{'' if lead.casefold() in _PLAIN else lead} {day}"), _basis(date_)


_PLAIN = ("", "on", "in", "at", "over", "during")


def _basis(phrase: str) -> Basis:
    return "stated" if has_year(phrase) else "inferred"


def _range(match: re.Match[str], clue: Clue | None) -> _Found:
    """ "Between 26 July and 3 August": the first date may take month and year from the second."""
    first, second = match["first"], match["second"]
    if has_year(first) and not has_year(second):
        year = last_day(grammar(first)).year
        second = next(
            text
            for text in (f"{second} {year:04}", f"{second} {year + 1:04}")
            if last_day(grammar(text)) >= first_day(grammar(first))
        )
    day = dated(second, clue)
    if day is None:
        return None
    if not has_year(first) and re.search(MONTH, first):
        year = last_day(grammar(day)).year
        first = next(
            text
            for text in (f"{first} {year:04}", f"{first} {year - 1:04}")
            if first_day(grammar(text)) <= last_day(grammar(day))
        )
    lead, link = match["lead"] or "", match["link"]
    return grammar(f"{lead} {first} {link} {day}"), _basis(f"{match['first']} {second}")


def _days_of_month(match: re.Match[str], clue: Clue | None) -> _Found:
    """ "11–13 May", "May 11 and 12"."""
    year = match["year"] or ""
    day = dated(f"{match['second']} {match['month']} {year}".strip(), clue)
    if day is None:
        return None
    return grammar(f"{match['first']} {match['link']} {day}"), _basis(year)


def _part_of_year(match: re.Match[str], _clue: Clue | None) -> _Found:
    """ "Early 2022", "the end of 2022": a third of the year."""
    third = 37 + relative_days.THIRDS[match["part"].casefold()]
    return _wrapped(match["lead"], f"{match['year']}-{third}"), "stated"


def _part_of_month(match: re.Match[str], clue: Clue | None) -> _Found:
    """ "The first week of May", "the last days of August 2021"."""
    month = dated(f"{match['month']}{match['year']}", clue, match["of_year"])
    if month is None:
        return None
    first, last = first_day(grammar(month)), last_day(grammar(month))
    length = {"days": 10, "week": 7, "fortnight": 14, "half": 15}[match["unit"]]
    number = _COUNTED.index(match["part"]) if match["part"] in _COUNTED else 0
    begins = first + timedelta(days=length * number)
    ends = begins + timedelta(days=length - 1)
    if match["part"] in ("last", "final", "closing"):
        begins, ends = last - timedelta(days=length - 1), last
    elif match["unit"] == "half" and number:
        ends = last
    return _wrapped(match["lead"], span(begins, min(ends, last))), _basis(match["year"])


_COUNTED = ("first", "second", "third")


def _weeks_after(match: re.Match[str], clue: Clue | None) -> _Found:
    """ "In the weeks after 26 July", "three days before 26 July"."""
    day = dated(match["date"], clue)
    if day is None:
        return None
    sign = -1 if match["side"] in ("before", "preceding") else 1
    base = first_day(grammar(day)), last_day(grammar(day))
    edtf = from_date(base, match["number"], match["unit"], sign)
    if edtf is None:
        return None
    if clue and sign > 0 and first_day(edtf) <= clue.last < last_day(edtf):
        edtf = span(first_day(edtf), clue.last)
    return edtf, _basis(match["date"])


def _relative(resolve: relative_days.Resolve) -> _Handler:
    def handler(match: re.Match[str], clue: Clue | None) -> _Found:
        edtf = resolve(match, clue) if clue else None
        return (_wrapped(match["lead"], edtf), "inferred") if edtf else None

    return handler


def _wrapped(lead: str | None, edtf: str) -> str:
    """Return the EDTF of "since", "by" … a date that is already EDTF."""
    if not lead or lead.casefold() in _PLAIN:
        return edtf
    ends_first = lead.casefold() in ("since", "ever since", "before", "prior to")
    if lead.casefold() in ("throughout", "all through"):
        return f"{first_day(edtf)}/{last_day(edtf)}"
    return grammar(f"{lead} {first_day(edtf) if ends_first else last_day(edtf)}")


def _decade(match: re.Match[str], _clue: Clue | None) -> _Found:
    return f"{match['decade']}X", "stated"


_RULES: tuple[tuple[re.Pattern[str], _Handler], ...] = (
    (date_patterns.SINGLE, _single),
    (date_patterns.BARE, _single),
    (date_patterns.BETWEEN, _range),
    (date_patterns.FROM_TO, _range),
    (date_patterns.TWO_MONTHS, _range),
    (date_patterns.DAY_FIRST, _days_of_month),
    (date_patterns.MONTH_FIRST, _days_of_month),
    (date_patterns.PART_OF_YEAR, _part_of_year),
    (date_patterns.PART_OF_MONTH, _part_of_month),
    (date_patterns.WEEKS_AFTER, _weeks_after),
    (date_patterns.DECADE, _decade),
    *(
        (date_patterns.relative(pattern), _relative(resolve))
        for pattern, resolve in (*relative_days.RULES, *days_after.RULES)
    ),
)
