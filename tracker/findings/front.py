"""The finding about the whole table of pairs: the change that matters most, or that there is
none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from math import erf, sqrt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.domain.shifts import Shift
from tracker.findings.facts import Finding
from tracker.queries.scores.table import RankedPair
from tracker.wording import capitalised, day_in_words, in_words

# The most pairs whose finding is checked, the heaviest first, until one may be named.
MOST_TRIED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontFacts:
    """What is known of the table on `day` (None: nothing is on record). `shifted` are its rows with
    a shift in the last two weeks; all of them, if it is `whole`. `newest` is the day of the newest
    report. `past`: as known at an earlier moment, of which no shifts are kept. `then`: the day is
    over, so that nothing is said of now."""

    day: date | None
    shifted: Sequence[RankedPair] = ()
    newest: date | None = None
    whole: bool = True
    past: bool = False
    then: bool = False


def front_finding(facts: FrontFacts, change_of: Callable[[RankedPair], Finding | None]) -> Finding:
    """Return the finding of the first page. `change_of` returns the finding of a pair since its
    shift began, or None where its change may not be named: pairs are tried by size times
    certainty, the largest first."""
    if facts.day is None or facts.newest is None:
        nothing = _("Nothing was on record yet.") if facts.past else _("Nothing is on record yet.")
        return Finding(lead=nothing)
    if facts.past:
        return Finding(
            lead=_("As known on %(day)s, the newest report on file was of %(newest)s.")
            % {"day": day_in_words(facts.day), "newest": day_in_words(facts.newest)}
        )
    ordered = sorted(facts.shifted, key=lambda row: (-_weight(row.shift), row.pair))
    for row in ordered[:MOST_TRIED]:
        if found := change_of(row):
            return Finding(
                lead=found.lead,
                rest=f"{_others(len(ordered) - 1, facts)} {found.rest}".strip(),
                claims=found.claims,
            )
    given = {"day": day_in_words(facts.day), "newest": day_in_words(facts.newest)}
    if facts.then:
        lead = _(
            "No major change in the two weeks up to %(day)s. The newest report up to that day is of"
            " %(newest)s."
        )
    else:
        lead = _(
            "No major change in the past two weeks. The newest report on file is of %(newest)s."
        )
    return Finding(lead=lead % given)


def _weight(shift: Shift | None) -> float:
    """The size of a shift times its certainty: the probability that a normal variable with the sd
    of the pair's earlier changes stays within it."""
    if shift is None:
        return 0.0
    certainty = erf(abs(shift.amount) / shift.sd / sqrt(2)) if shift.sd else 1.0
    return abs(shift.amount) * certainty


def _others(number: int, facts: FrontFacts) -> str:
    if number <= 0:
        return ""
    if not facts.whole:
        return _("Others may have changed too.")
    if facts.then:
        text = ngettext(
            "%(number)s more pair may have changed in those two weeks.",
            "%(number)s more pairs may have changed in those two weeks.",
            number,
        )
    else:
        text = ngettext(
            "%(number)s more pair may have changed in the past two weeks.",
            "%(number)s more pairs may have changed in the past two weeks.",
            number,
        )
    return text % {"number": capitalised(in_words(number))}
