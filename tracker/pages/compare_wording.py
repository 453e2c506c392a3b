"""What a comparison of movements shows, in one or two sentences."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.domain.movements import known
from tracker.pages import movement_pictures
from tracker.pages.movement_pictures import MovedPair, NamedPair
from tracker.queries.scores import divergence
from tracker.queries.scores.divergence import Comparison
from tracker.wording import day_in_words, listed


def comparison_sentence(lines: Sequence[NamedPair], day: date, *, lenses: bool) -> str:
    """State the largest change and what did not clearly change. For two `lenses`, state what each
    says and whether they differ."""
    if not lines:
        return _("No pair of countries has a score yet.")
    named = [line for line in lines if _named(line.pair)]
    if lenses and len(lines) == len(Comparison._fields):
        return _of_two_lenses(lines, day)
    if not named and any(_small(line.pair) for line in lines):
        return " ".join(_of_others(lines))
    if not named:
        return ngettext(
            "No clear change.", "No clear change in any of the %(number)d.", len(lines)
        ) % {"number": len(lines)}
    most = max(named, key=lambda line: abs(movement_pictures.points(line.pair)))
    told = {"name": most.name, "since": _since(most.pair)}
    return " ".join([_largest(most.pair) % told, *_of_others(lines)])


def _of_others(lines: Sequence[NamedPair]) -> list[str]:
    """What is said of the lines without a change that is clear and large, as their legends say."""
    small = [line.name for line in lines if _small(line.pair)]
    unclear = [line.name for line in lines if not (_named(line.pair) or _small(line.pair))]
    said = []
    if small:
        said.append(_("No large change: %(names)s.") % {"names": listed(small)})
    if unclear:
        said.append(_("No clear change: %(names)s.") % {"names": listed(unclear)})
    return said


def _largest(pair: MovedPair) -> str:
    """The sentence of the largest change, with places for its name and first day."""
    if pair.one_source:
        return (
            _("The largest change, one source reports: %(name)s, for the worse since %(since)s.")
            if pair.way == "worse"
            else _(
                "The largest change, one source reports: %(name)s, for the better since %(since)s."
            )
        )
    return (
        _("The largest clear change: %(name)s, for the worse since %(since)s.")
        if pair.way == "worse"
        else _("The largest clear change: %(name)s, for the better since %(since)s.")
    )


def _of_two_lenses(lines: Sequence[NamedPair], day: date) -> str:
    one, other = lines
    told = _("%(one)s: %(first)s. %(other)s: %(second)s.") % {
        "one": one.name,
        "first": movement_pictures.says(one.pair),
        "other": other.name,
        "second": movement_pictures.says(other.pair),
    }
    if None in (one.pair.pulls, other.pair.pulls):
        return told
    found = divergence.compare_on(Comparison(one.pair.series, other.pair.series), day).divergence
    if found is None:
        return told
    apart = (
        _("The two differ by more than their uncertainty.")
        if found.apart
        else _("The two do not differ by more than their uncertainty.")
    )
    return f"{told} {apart}"


def _small(pair: MovedPair) -> bool:
    """Whether a pair moved one way, though not far."""
    moved = pair.movement
    return bool(moved and moved.acted and known(moved)) and not (_named(pair) or pair.torn)


def _named(pair: MovedPair) -> bool:
    return pair.way in ("better", "worse")


def _since(pair: MovedPair) -> str:
    return day_in_words(pair.movement.since) if pair.movement else ""
