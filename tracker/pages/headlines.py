"""Sentences beside a finding: where a level is and how certain, what it rests on, whether sources
disagree, and the citation."""

from contextlib import suppress
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.domain.movements import WindowMovement
from tracker.language_formats import month_name
from tracker.lens_names import in_order, labelled, reader_name, two_sides
from tracker.level_wording import acts_moved, assessed, interval, is_assessed, where
from tracker.queries import moment
from tracker.queries.evidence import impacts
from tracker.queries.moment import At
from tracker.queries.scores import divergence, lenses
from tracker.queries.scores.pairs import Reading, Series
from tracker.wording import claims_in_words, day_in_words, signed, sources_in_words


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


def evidence(reading: Reading, moved: WindowMovement | None = None, *, chosen: bool = False) -> str:
    """Return sentences: where a level is and how far it moved, each with its 90 % interval; when it
    was last assessed; and how many claims and sources it rests on. `chosen`: the reader chose the
    start of the movement."""
    score = reading.score
    if score.assessed:
        return " ".join(filter(None, (_level(reading, moved, chosen=chosen), _acts(reading))))
    if not reading.claims:
        return _("Nothing recorded moves this score up to %(day)s.") % {
            "day": day_in_words(reading.day)
        }
    if score.silent:
        return _acts(reading)
    reach = _("On %(day)s the score is %(value)s, 90 %% interval %(interval)s.") % {
        "day": day_in_words(reading.day),
        "value": signed(score.value),
        "interval": interval(score.low, score.high),
    }
    return f"{reach} {_acts(reading)}"


def before(day: date, begins: date) -> str:
    """Return a sentence about a day before all that is on record."""
    return _(
        "Up to %(day)s nothing on record moves this score; the first that does is of %(begins)s."
    ) % {"day": day_in_words(day), "begins": month_name(begins)}


def _level(reading: Reading, moved: WindowMovement | None, *, chosen: bool) -> str:
    score, level = reading.score, reading.score.assessed
    assert level is not None  # noqa: S101 # the model says so
    if level.day is None:
        sentences = [assessed(level)]
    else:
        place = _("On %(day)s: %(where)s.") % {
            "day": day_in_words(reading.day),
            "where": where(score),
        }
        sentences = [place, assessed(level)]
    if moved and reading.claims:
        sentences.append(acts_moved(moved, chosen=chosen))
    return " ".join(sentences)


def _acts(reading: Reading) -> str:
    """The acts and situations behind a score, and how old the latest is."""
    if not reading.claims:
        return _("No act is on record up to %(day)s.") % {"day": day_in_words(reading.day)}
    given = {
        "claims": claims_in_words(reading.claims),
        "roots": sources_in_words(reading.roots),
        "owned": reading.state_roots,
        "ago": _ago(reading.days_since),
    }
    if not reading.state_roots:
        return _("It rests on %(claims)s from %(roots)s; the latest took effect %(ago)s.") % given
    return (
        _(
            "It rests on %(claims)s from %(roots)s, %(owned)d of them state-owned; the latest took"
            " effect %(ago)s."
        )
        % given
    )


def _ago(days: int | None) -> str:
    if not days:
        return _("on that day")
    if days < 60:
        return ngettext("%(days)d day before", "%(days)d days before", days) % {"days": days}
    if days < 730:
        months = int(days / 30.5)
        text = ngettext(
            "more than %(months)d month before", "more than %(months)d months before", months
        )
        return text % {"months": months}
    years = int(days / 365.25)
    text = ngettext("more than %(years)d year before", "more than %(years)d years before", years)
    return text % {"years": years}
