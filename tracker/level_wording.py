"""How levels and movements are said: where a pair is, which way it moves, why it starts there."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tracker.date_wording import described
from tracker.domain.claims import Claim, Level
from tracker.domain.dates.edtf import bounds
from tracker.domain.movements import AssessedLevel, WindowMovement
from tracker.domain.robustness import NotWorkedOut, Robustness, Spread
from tracker.domain.scoring.bands import FRESH_DAYS, Assessment
from tracker.domain.scoring.moments import Score
from tracker.language_formats import decimal, month_name, since_month, year_name
from tracker.vocabulary import word
from tracker.wording import about, day_in_words, in_words, listed, percent, signed, with_article

_DAYS_OF_A_YEAR = 365.25
# It stands on every list of levels of several pairs: the errors of a pair are one error for years.
WITHIN_PAIRS = lazy("Compare changes within a pair, not levels between pairs.")


def interval(low: float, high: float, places: int = 1) -> str:
    """ "+1.3 to +9.0"."""
    return _("%(low)s to %(high)s") % {"low": signed(low, places), "high": signed(high, places)}


def shown(score: Score, places: int = 1) -> str:
    """A score as a number with its sign: "−0.5"; without one, "no news since May 2022"."""
    return _no_news(score) if score.silent else signed(score.value, places)


def _no_news(score: Score) -> str:
    assert score.silent is not None  # noqa: S101 # the case
    return _("no news since %(month)s") % {"month": since_month(score.silent)}


def score_words(score: Score, said: str) -> str:
    """Where a score is, in the language of the page: "normal or good (about 80 %), level never
    assessed". `said` is the same in English, as the model has it."""
    if score.silent:
        return _no_news(score)
    if score.assessed is not None:
        return _bands_and_doubt(score, score.assessed)
    return word(said)


def _bands_and_doubt(score: Score, last: Assessment) -> str:
    given = {"year": year_name(last.day.year) if last.day and last.state == "past" else ""}
    if score.likely is None:
        if last.day is None:
            return _("level never assessed")
        return _("last assessed in %(year)s") % given if given["year"] else ""
    one, other = map(word, score.likely.bands)
    given |= {"one": one, "other": other, "chance": about(score.likely.chance)}
    if last.day is None:
        return _("%(one)s or %(other)s (%(chance)s), level never assessed") % given
    if given["year"]:
        return _("%(one)s or %(other)s (%(chance)s), last assessed in %(year)s") % given
    return _("%(one)s or %(other)s (%(chance)s)") % given


def is_assessed(score: Score) -> bool:
    """Whether a score says where a relation is: a level does only if somebody assessed it."""
    return score.assessed is None or score.assessed.day is not None


def in_short(score: Score) -> str:
    """A level with its interval: "+3.72, −0.47 to +7.91"; "never assessed" where no claim says what
    the level was, since 0 would look like a neutral one."""
    if not is_assessed(score):
        return _("never assessed")
    return f"{signed(score.value, 2)}, {interval(*score.ends, 2)}"


def where(score: Score) -> str:
    """ "good or friendly, about 80 %; level +5.2, +1.3 to +9.0". Lenses over archives name no
    bands."""
    given = {"value": signed(score.value), "interval": interval(*score.ends)}
    if score.likely is None:
        return _("level %(value)s, %(interval)s") % given
    one, other = map(word, score.likely.bands)
    given |= {"one": one, "other": other, "chance": about(score.likely.chance)}
    return _("%(one)s or %(other)s, %(chance)s; level %(value)s, %(interval)s") % given


def which_way(moved: WindowMovement) -> str:
    """ "moved −0.8 since March 2022, −1.3 to +0.1; fell with about 90 % probability", since the
    month of the first act, whose day may be unknown."""
    since = moved_since(moved)
    if not moved.acted:
        return _("no act since %(day)s") % {"day": since}
    return _("moved %(value)s since %(since)s, %(interval)s; %(chance)s") % {
        "value": signed(moved.value),
        "since": since,
        "interval": interval(moved.low, moved.high),
        "chance": chance(moved),
    }


def it_moved(moved: WindowMovement, when: str) -> str:
    """A sentence: "It moved by −0.8 since March 2022, 90 % interval −1.3 to +0.1; it fell with
    about 90 % probability.". `when` is the time: "since March 2022", "in March 2022"."""
    if not moved.acted:
        return _("No act is on record since %(day)s.") % {"day": day_in_words(moved.since)}
    if moved.value < 0:
        text = _(
            "It moved by %(value)s %(when)s, 90 %% interval %(interval)s; it fell with %(chance)s"
            " probability."
        )
    else:
        text = _(
            "It moved by %(value)s %(when)s, 90 %% interval %(interval)s; it rose with %(chance)s"
            " probability."
        )
    return text % {
        "value": signed(moved.value),
        "when": when,
        "interval": interval(moved.low, moved.high),
        "chance": about(moved.chance),
    }


def confirms(alone: float, places: int) -> str:
    """That other reports of its month count instead of an act, and what it would have moved."""
    text = _(
        "confirms another report of its month; alone it would have moved the level by %(value)s"
    )
    return text % {"value": signed(alone, places)}


def since_when(moved: WindowMovement, *, chosen: bool = False) -> str:
    """ "since March 2022", as `moved_since`."""
    return _("since %(when)s") % {"when": moved_since(moved, chosen=chosen)}


def moved_since(moved: WindowMovement, *, chosen: bool = False) -> str:
    """ "March 2022", the month of the first act; "30 March 2022", where the reader chose it."""
    if chosen:
        return day_in_words(moved.since)
    return since_month(moved.since + timedelta(days=1))


def chance(moved: WindowMovement) -> str:
    """ "fell with about 90 % probability": the way of the expected movement, so that words and
    figure agree; empty without an act."""
    if not moved.acted:
        return ""
    if moved.value < 0:
        return _("fell with %(chance)s probability") % {"chance": about(moved.chance)}
    return _("rose with %(chance)s probability") % {"chance": about(moved.chance)}


def assessed(one: Assessment) -> str:
    """A sentence: whether the level was ever assessed, and how long ago."""
    if one.day is None:
        return _(
            "Nobody has assessed the level of this pair, so where it stands is not known. What the"
            " record shows is how far it moved."
        )
    given = {
        "day": day_in_words(one.day),
        "years": in_words(round(FRESH_DAYS / _DAYS_OF_A_YEAR)),
    }
    if one.state == "fresh":
        return _("The level was last assessed as of %(day)s.") % given
    text = _("The level was last assessed as of %(day)s. That is more than %(years)s years ago.")
    return text % given


def level_assessed(level: AssessedLevel, by: str) -> str:
    """ "level assessed at +2.0 ± 2.5 by Thompson, as of 31 December 2020"."""
    given = {
        "value": f"{signed(level.value)} ± {decimal(f'{level.sd:.1f}')}",
        "by": by,
        "day": day_in_words(level.day),
    }
    if by:
        return _("level assessed at %(value)s by %(by)s, as of %(day)s") % given
    return _("level assessed at %(value)s, as of %(day)s") % given


def claimed(level: Level) -> str:
    """A level as a claim has it: "+2 ± 2.5, negative peace"."""
    value = f"{level.mean:+g}".replace("-", "−") if level.mean else "0"
    rung = f", {word(level.rung.partition('/')[2].replace('-', ' '))}" if level.rung else ""
    return decimal(f"{value} ± {level.doubt:g}") + rung


def level_claim(claim: Claim, countries: Sequence[str], by: str = "") -> str:
    """ "Level of Kazakhstan and Russia at the end of 2020: +2 ± 2.5, negative peace"; empty for
    other kinds of claims. `countries`: the names of its parties."""
    if claim.level is None:
        return ""
    given = {
        "names": listed([with_article(name) for name in countries]),
        "when": _at_close(claim.occurred.edtf) if claim.occurred else "",
        "by": by,
        "level": claimed(claim.level),
    }
    if claim.occurred and by:
        return _("Level of %(names)s %(when)s, by %(by)s: %(level)s") % given
    if claim.occurred:
        return _("Level of %(names)s %(when)s: %(level)s") % given
    if by:
        return _("Level of %(names)s, by %(by)s: %(level)s") % given
    return _("Level of %(names)s: %(level)s") % given


def _at_close(edtf: str) -> str:
    """The close of a day, "at the end of 2020"; of a date of several "in 2020", since the level may
    apply before the last of them."""
    found = bounds(edtf)
    last = found.latest
    if last is None or found.earliest != last:
        return described(edtf)
    if (last.month, last.day) == (12, 31):
        return _("at the end of %(period)s") % {"period": year_name(last.year)}
    if (last + timedelta(days=1)).day == 1:
        return _("at the end of %(period)s") % {"period": month_name(last)}
    return _("at the close of %(day)s") % {"day": day_in_words(last)}


def robust(found: Robustness | NotWorkedOut) -> list[str]:
    """Sentences: how far a level, and its movement if there is an act, depend on the settings of
    the model, or why that is not worked out."""
    if isinstance(found, NotWorkedOut):
        return [word(found.detail)]
    text = _("Under %(settings)s settings that can all be defended the level is %(spread)s.")
    sentences = [text % {"settings": found.settings, "spread": _spread(found.level)}]
    if found.since and found.movement:
        text = _("Its movement since %(day)s is %(spread)s.")
        day = day_in_words(found.since)
        sentences.append(text % {"day": day, "spread": _spread(found.movement)})
    return sentences


def _spread(spread: Spread) -> str:
    """ "−1.3 to +0.2; the sign is the same in 94 % of them"."""
    given = {"reach": interval(spread.low, spread.high, 2)}
    if spread.same_sign is None:
        return _("%(reach)s; under the lens's own it is 0 and has no sign") % given
    given["share"] = percent(spread.same_sign)
    return _("%(reach)s; the sign is the same in %(share)s of them") % given
