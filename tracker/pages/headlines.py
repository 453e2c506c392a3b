"""Sentences beside a finding: where a level is and how certain, what it rests on, whether sources
disagree, and the citation."""

from contextlib import suppress
from datetime import date, timedelta

from django.utils.translation import gettext as _

from tracker.domain.movements import WindowMovement
from tracker.language_formats import month_name
from tracker.lens_names import in_order, labelled, reader_name, two_sides
from tracker.level_wording import assessed, is_assessed, it_moved, where
from tracker.queries import moment
from tracker.queries.evidence import impacts
from tracker.queries.moment import At
from tracker.queries.scores import divergence, lenses
from tracker.queries.scores.pairs import Reading, Series
from tracker.wording import (
    capitalised,
    claims_in_words,
    day_in_words,
    independent_sources_in_words,
    signed,
    sources_in_words,
)


def disagreement(series: Series, day: date, *, as_of: At) -> str:
    """Return a sentence about two lenses, one of a bloc of sources and one of all others: what each
    says, where they differ by more than their uncertainty or the series is of one of them. Empty
    otherwise."""
    same = [lens for lens in in_order(lenses.latest()) if lens.lens.model == series.lens.lens.model]
    for sides in two_sides(same):
        names = (sides[0].lens.name, sides[1].lens.name)
        two_values = _compared(series, names, day, as_of=as_of)
        apart = two_values and two_values.divergence and two_values.divergence.apart
        if two_values and (apart or (series.lens.lens.name in names and _known(two_values))):
            given = {
                "one": signed(two_values.one.score.value),
                "one_side": _within(reader_name(sides[0])),
                "other": signed(two_values.other.score.value),
                "other_side": _within(reader_name(sides[1])),
            }
            if apart:
                text = _("Sources disagree: %(one)s %(one_side)s, %(other)s %(other_side)s.")
            else:
                text = _(
                    "%(one)s %(one_side)s, %(other)s %(other_side)s: no more apart than their"
                    " uncertainty allows."
                )
            return text % given
    return ""


def _known(both: divergence.ComparedDay) -> bool:
    """Whether both sides say something: a level that nobody assessed may be anywhere."""
    return is_assessed(both.one.score) and is_assessed(both.other.score)


def _within(name: str) -> str:
    """The name of a lens as part of a sentence: "according to everyone else"."""
    return name[:1].lower() + name[1:]


def _compared(
    series: Series, names: tuple[str, str], day: date, *, as_of: At
) -> divergence.ComparedDay | None:
    """Both values on a day; None where a lens was not defined yet, or its view is catching up."""
    with suppress(lenses.NoSuchLens, impacts.CatchingUp):
        two = divergence.comparison(
            series.pair, direction=series.direction, lenses=names, as_of=as_of
        )
        return divergence.compare_on(two, day)
    return None


def citation(name: str, *, lens: str, position: int, day: str, address: str) -> str:
    """The citation of a score; the address names the position, so that its content is fixed."""
    return _(
        "Entente, %(name)s, %(lens)s, score of %(day)s as known at position %(position)d of the"
        " record. %(address)s"
    ) % {
        "name": name,
        "lens": labelled(lens),
        "day": day,
        "position": position,
        "address": address,
    }


def known_on(position: int) -> str:
    """The day of a position of the log: "27 November 2026"."""
    day = moment.known_at(position).day()
    return day_in_words(day) if day else _("an empty record")


def as_of(day: date, reported: date | None) -> str:
    """Return the day of a page in a sentence, with that of the newest report, if it is known."""
    given = {"day": day_in_words(day)}
    if reported is None:
        return _("As of %(day)s.") % given
    given["reported"] = day_in_words(reported)
    return _("As of %(day)s. The newest report is of %(reported)s.") % given


def evidence(reading: Reading, moved: WindowMovement | None = None, *, when: str = "") -> str:
    """Return sentences about the day of a page: where a level is and how far it moved, each with
    its 90 % interval; when it was last assessed; and how many claims and sources it rests on.
    `when` is the time of the movement."""
    score = reading.score
    if score.assessed:
        return " ".join(filter(None, (_level(reading, moved, when), _acts(reading))))
    if not reading.claims:
        return _("Nothing recorded moves this score up to %(day)s.") % {
            "day": day_in_words(reading.day)
        }
    if score.silent:
        return _acts(reading)
    value = _("On %(day)s the score is %(value)s.") % {
        "day": day_in_words(reading.day),
        "value": signed(score.value),
    }
    return f"{value} {_acts(reading)}"


def before(day: date, begins: date) -> str:
    """Return a sentence about a day before all that is on record."""
    return _(
        "Up to %(day)s nothing on record moves this score; the first that does is of %(begins)s."
    ) % {"day": day_in_words(day), "begins": month_name(begins)}


def _level(reading: Reading, moved: WindowMovement | None, when: str) -> str:
    score, level = reading.score, reading.score.assessed
    assert level is not None  # noqa: S101 # the model says so
    if level.day is None:
        sentences = [assessed(level)]
    else:
        sentences = [f"{capitalised(where(score))}.", assessed(level)]
    if moved and reading.claims:
        sentences.append(it_moved(moved, when))
    return " ".join(sentences)


def _acts(reading: Reading) -> str:
    """The acts and situations behind a score, and how old the latest is."""
    if not reading.claims:
        return _("No act is on record up to %(day)s.") % {"day": day_in_words(reading.day)}
    latest = reading.day - timedelta(days=reading.days_since or 0)
    given = {
        "claims": claims_in_words(reading.claims),
        "sources": sources(reading.roots, reading.state_roots),
        "latest": day_in_words(latest),
    }
    text = _("It rests on %(claims)s from %(sources)s; the latest counts from %(latest)s.")
    return text % given


def sources(roots: int, owned: int) -> str:
    """ "3 independent sources"; "11 sources, all state-owned"; "12 sources, 11 of them
    state-owned". They are called independent, of one another, only where no reader takes that for
    independent of a state."""
    if not owned:
        return independent_sources_in_words(roots)
    given = {"sources": sources_in_words(roots), "owned": owned}
    if owned < roots:
        return _("%(sources)s, %(owned)d of them state-owned") % given
    return _("1 state-owned source") if roots == 1 else _("%(sources)s, all state-owned") % given
