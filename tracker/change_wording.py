"""How a pair changed between two days, and what would change a finding, in words: for pages, mail
and feeds."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.domain import movements
from tracker.domain.decisive import ActsNeeded, DecisiveSet, Finding
from tracker.domain.movements import Turn, WindowMovement
from tracker.language_formats import decimal
from tracker.vocabulary import word
from tracker.wording import capitalised, day_in_words, in_words, listed, signed

ARROWS = {"worse": "▼", "better": "▲", "unchanged": "●"}


def turned(turn: str, *, one_source: bool = False) -> str:
    """The word for a turn: "worse", "better", "no certain change"; "worse, one source reports"."""
    word_of = {"worse": _("worse"), "better": _("better")}.get(turn, _("no certain change"))
    return _("%(turn)s, one source reports") % {"turn": word_of} if one_source else word_of


def moved(movement: WindowMovement | None, turn: Turn, *, one_source: bool = False) -> str:
    """ "worse by 0.8 points (90 % interval 0.2 to 1.3)"; "… (90 % interval −1.3 to +0.1)" where it
    contains 0."""
    if movement is None:
        return _("no act moved it")
    if turn == "unchanged":
        return _("no certain change (90 %% interval %(low)s to %(high)s points)") % {
            "low": signed(movement.low),
            "high": signed(movement.high),
        }
    if one_source:
        return _one_source(movement, turn)
    sizes = sorted((abs(movement.low), abs(movement.high)))
    numbers = {
        "points": decimal(f"{abs(movement.value):.1f}"),
        "low": decimal(f"{sizes[0]:.1f}"),
        "high": decimal(f"{sizes[1]:.1f}"),
    }
    if not movements.apart(movement):
        numbers |= {"low": signed(movement.low), "high": signed(movement.high)}
    if numbers["low"] == numbers["high"]:
        short = {
            "worse": _("worse by %(points)s points"),
            "better": _("better by %(points)s points"),
        }
        return short[turn] % numbers
    if turn == "worse":
        return _("worse by %(points)s points (90 %% interval %(low)s to %(high)s)") % numbers
    return _("better by %(points)s points (90 %% interval %(low)s to %(high)s)") % numbers


def _one_source(movement: WindowMovement, turn: Turn) -> str:
    """ "worse by 0.6 points, one source reports (90 % interval −0.6 to 0.0)"."""
    numbers = {
        "points": decimal(f"{abs(movement.value):.1f}"),
        "low": signed(movement.low),
        "high": signed(movement.high),
    }
    if turn == "worse":
        text = _(
            "worse by %(points)s points, one source reports (90 %% interval %(low)s to %(high)s)"
        )
    else:
        text = _(
            "better by %(points)s points, one source reports (90 %% interval %(low)s to %(high)s)"
        )
    return text % numbers


def by_one_source(number: int) -> str:
    """ "Of these changes, 2 are each reported by one source alone."; empty for none."""
    if not number:
        return ""
    return ngettext(
        "Of these changes, %(number)d is reported by one source alone.",
        "Of these changes, %(number)d are each reported by one source alone.",
        number,
    ) % {"number": number}


def between(movement: WindowMovement) -> str:
    """ "30 March 2022 to 24 May 2022"."""
    return _("%(since)s to %(until)s") % {
        "since": day_in_words(movement.since),
        "until": day_in_words(movement.until),
    }


def reported_by(roots: Sequence[str], *, coded: bool, level: bool) -> str:
    """Who reported a claim: "reported by Xinhua and TASS"; or, if it assesses a level, that."""
    if level:
        return _level_assessed(roots)
    if not roots:
        return _("reported by a source whose name is withheld")
    names = {"names": listed([*roots[:3]]), "number": len(roots) - 3}
    if coded:
        return _("a machine-read row from %(names)s, unchecked") % names
    if len(roots) > 3:
        return (
            ngettext(
                "reported by %(names)s, and %(number)d more source",
                "reported by %(names)s, and %(number)d more sources",
                len(roots) - 3,
            )
            % names
        )
    return _("reported by %(names)s") % names


def _level_assessed(roots: Sequence[str]) -> str:
    if not roots:
        return _("the level was assessed anew")
    return _("the level was assessed anew by %(names)s") % {"names": listed([*roots[:3]])}


def hangs_on(sets: Sequence[DecisiveSet]) -> str:
    """A sentence: what would be found without these claims. The sets have the same claims."""
    claims = len(sets[0].claims)
    # Without a movement it has no direction that could be certain.
    still = any(one.question == "direction" and not one.instead.direction for one in sets)
    told = [one for one in sets if not (still and one.question == "certainty")]
    what = dict.fromkeys(_other_finding(one.question, one.now, one.instead) for one in told)
    sentence = ngettext(
        "Without one claim %(what)s.", "Without these %(claims)s claims %(what)s.", claims
    )
    return sentence % {"claims": in_words(claims), "what": listed([*what])}


def _other_finding(question: str, now: Finding, instead: Finding) -> str:
    """What would be found instead: "the direction would no longer be clear"."""
    if question == "direction":
        ways = {
            -1: _("the relation would have become worse"),
            0: _("no movement would be left"),
            1: _("the relation would have become better"),
        }
        return ways[instead.direction or 0]
    if question == "certainty":
        if now.certainty:
            return _("the direction would no longer be clear")
        return _("the direction would be clear")
    return _other_level(question, now, instead)


def _other_level(question: str, now: Finding, instead: Finding) -> str:
    if (instead.sign if question == "sign" else instead.band) is None:
        return _("nobody would have assessed the level")
    if question == "sign":
        sides = {
            -1: _("the level would be below zero"),
            0: _("the level would be at zero"),
            1: _("the level would be above zero"),
        }
        return sides[instead.sign or 0]
    return _("the level would be in the band “%(instead)s” and not “%(now)s”") % {
        "instead": word(instead.band),
        "now": word(now.band),
    }


def open_questions(questions: Sequence[str]) -> str:
    """The parts of a finding that no small set of claims changes: "the direction, or the band of
    the level"."""
    words = [_open_question(one) for one in questions]
    if len(words) < 2:
        return "".join(words)
    return _("%(some)s or %(last)s") % {"some": ", ".join(words[:-1]), "last": words[-1]}


def _open_question(question: str) -> str:
    return {
        "direction": _("the direction"),
        "certainty": _("whether the direction is clear"),
        "sign": _("the side of zero on which the level is"),
        "band": _("the band of the level"),
    }[question]


def regraded(name: str, grade: str, *, now: float, then: float, moved: bool) -> str:
    """ "If Xinhua were graded D, the movement would be −0.6, not −0.8."."""
    values = {"name": name, "grade": grade, "then": signed(then), "now": signed(now)}
    if values["then"] == values["now"]:
        return _("If %(name)s were graded %(grade)s, it would stay at %(now)s.") % values
    if moved:
        says = _("If %(name)s were graded %(grade)s, the movement would be %(then)s, not %(now)s.")
    else:
        says = _("If %(name)s were graded %(grade)s, the level would be %(then)s, not %(now)s.")
    return says % values


def acts_needed(acts: Sequence[ActsNeeded], *, most: int) -> list[str]:
    """Sentences: how many acts of each kind bring another band, and for which kinds even `most`
    acts do not."""
    bringing = [
        ngettext(
            "%(kind)s: one more would bring “%(band)s”.",
            "%(kind)s: %(number)s more would bring “%(band)s”.",
            one.number,
        )
        % {
            "kind": capitalised(_KINDS[one.code]()),
            "number": in_words(one.number),
            "band": word(one.band),
        }
        for one in acts
        if one.number is not None
    ]
    others = [_KINDS[one.code]() for one in acts if one.number is None]
    if others:
        kinds = {"most": most, "kinds": listed(others)}
        bringing.append(_("Not even %(most)d more: %(kinds)s.") % kinds)
    return bringing


_KINDS = {
    "plover-2.0/CONSULT/visit": lambda: _("official visits"),
    "plover-2.0/AGREE": lambda: _("agreements signed"),
    "plover-2.0/COOPERATE": lambda: _("acts of material cooperation"),
    "plover-2.0/THREATEN": lambda: _("threats"),
    "plover-2.0/SANCTION": lambda: _("sanctions"),
}
