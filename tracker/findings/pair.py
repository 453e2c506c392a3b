"""What is said of a pair: the cases, in the order in which they are tried, and their sentences."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.findings import words
from tracker.findings.facts import Act, Finding, PairFacts
from tracker.findings.moves import MOST, Move
from tracker.language_formats import grouped, since_month
from tracker.vocabulary import word
from tracker.wording import capitalised, day_in_words, in_words, signed

# From these probabilities on a level is "probably" and "almost certainly" in one of two bands.
# ICD 203 calls "probable" what has 55 %, which readers take for more.
PROBABLE, NEAR_CERTAIN = 0.7, 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A case: when it holds, what is said then, and why it stands where it stands."""

    case: str
    holds: Callable[[PairFacts], bool]
    says: Callable[[PairFacts], Finding]
    because: str


def finding(facts: PairFacts) -> Finding:
    """Return the finding of a pair: that of the first case that holds."""
    rule = next(rule for rule in RULES if rule.holds(facts))
    found = rule.says(facts)
    return replace(found, lead=capitalised(found.lead))


def _nothing(facts: PairFacts) -> Finding:
    if facts.note:
        lead = _("No counted act between %(names)s yet.") % {"names": facts.names}
    elif facts.towards:
        who, whom = facts.towards
        lead = _("No reported act of %(who)s towards %(whom)s yet.") % {"who": who, "whom": whom}
    else:
        lead = _("No reported act between %(names)s yet.") % {"names": facts.names}
    return Finding(
        lead=lead,
        rest=_joined(facts.note, _overall(facts)),
        listed=_joined(_related(facts.related)),
    )


def _related(number: int) -> str:
    if not number:
        return ""
    return ngettext(
        "%(number)s related report is listed below.",
        "%(number)s related reports are listed below.",
        number,
    ) % {"number": capitalised(in_words(number))}


def _before(facts: PairFacts) -> Finding:
    assert facts.begins is not None  # noqa: S101 # the case
    return Finding(
        lead=_("Nothing is on file about %(names)s up to %(day)s.")
        % {"names": facts.names, "day": day_in_words(facts.day)},
        rest=_("The first report is of %(month)s.") % {"month": words.month(facts.begins)},
    )


def _machine(facts: PairFacts) -> Finding:
    assert facts.acted is not None  # noqa: S101 # the case
    given = {"names": facts.names, "months": words.months(*facts.acted)}
    move = facts.move
    if move and move.named:
        way = words.changed(facts, facts.along, fell=move.amount < 0)
        lead = _("In machine-read news %(change)s %(when)s.") % {
            "change": way,
            "when": words.when(move, facts.reported, facts.day),
        }
    else:
        lead = _("Machine-read news shows no clear change between %(names)s in %(months)s.") % given
    rows = ngettext("%(rows)s row", "%(rows)s rows", facts.claims) % {"rows": grouped(facts.claims)}
    sets = ngettext("one data set", "%(sets)s data sets", facts.data_sets) % {
        "sets": in_words(facts.data_sets)
    }
    rest = _("%(rows)s of %(sets)s, unchecked; they tell nothing about the level.")
    told = {"rows": rows, "sets": sets}
    return Finding(lead=lead, rest=rest % told, claims=_ids(facts.acts), move=move)


def _war(facts: PairFacts) -> Finding:
    war, day = facts.war, facts.reported
    assert war is not None  # noqa: S101 # the case
    if day and facts.stale:
        given = {"names": facts.names, "day": day_in_words(day)}
        if facts.past:
            lead = _("%(names)s were at war in the last report on file then, of %(day)s.")
            return Finding(lead=lead % given, claims=(war.claim,))
        if facts.then:
            lead = _("%(names)s were at war in the last report up to that day, of %(day)s.")
            return Finding(lead=lead % given, claims=(war.claim,))
        lead = _("%(names)s were at war when we last had a report, of %(day)s.")
        return Finding(lead=lead % given, rest=_("We hold nothing newer."), claims=(war.claim,))
    lead = _WARS[facts.then, bool(says := words.who_says([war]))]()
    given = {"names": facts.names, "day": day_in_words(facts.day), "source_reports": says}
    rest = ""
    if day and not facts.then:
        rest = _("Last reported on %(day)s.") % {"day": day_in_words(day)}
    return Finding(lead=lead % given, rest=rest, claims=(war.claim,))


# Sentences of a war by whether the day of the page is over, and whether a source is named.
_WARS: dict[tuple[bool, bool], Callable[[], str]] = {
    (False, False): lambda: _("%(names)s are at war."),
    (False, True): lambda: _("%(names)s are at war, %(source_reports)s."),
    (True, False): lambda: _("%(names)s were at war on %(day)s."),
    (True, True): lambda: _("%(names)s were at war on %(day)s, %(source_reports)s."),
}


def _change(facts: PairFacts) -> Finding:
    move, acts = facts.move, facts.along
    assert move is not None  # noqa: S101 # the case
    main = _main(facts)
    verb = words.did(main) if main and len(acts) == 1 and move.month else ""
    given = {
        "change": verb or words.changed(facts, acts, fell=move.amount < 0),
        "when": words.when(move, facts.reported, facts.day),
        "source_reports": _who_says(move, acts),
        "event": words.clause(main.title) if main and not verb else "",
    }
    says, event = bool(given["source_reports"]), bool(given["event"])
    lead = _LEADS[says, event, main is not None and main.situation]
    why = "" if main else words.explained(move, acts)
    rest = _joined(why, _caveat(acts), _overall(facts), _age(facts))
    return Finding(lead=lead() % given, rest=rest, claims=_ids(acts), move=move)


# Sentences of a change by whether a source is named, and an event, and whether that one lasts.
_LEADS: dict[tuple[bool, bool, bool], Callable[[], str]] = {
    **dict.fromkeys(
        [(True, False, False), (True, False, True)],
        lambda: _("%(change)s %(when)s, %(source_reports)s."),
    ),
    **dict.fromkeys(
        [(False, False, False), (False, False, True)], lambda: _("%(change)s %(when)s.")
    ),
    (True, True, False): lambda: _("%(change)s %(when)s, %(source_reports)s, after %(event)s."),
    (True, True, True): lambda: _("%(change)s %(when)s, %(source_reports)s: %(event)s."),
    (False, True, False): lambda: _("%(change)s %(when)s, after %(event)s."),
    (False, True, True): lambda: _("%(change)s %(when)s: %(event)s."),
}


def _who_says(move: Move, acts: Sequence[Act]) -> str:
    """Who reports it; of what parties alone allege, that it is an allegation. Where more acts are
    behind it than are looked at, all sources of that time are counted."""
    if acts and all(act.alleged for act in acts):
        return _("as a party to it alleges")
    along = [part for part in move.along if not part.assesses]
    if len(acts) < len(along) and not move.one_root:
        return _("%(three)s sources report") % {"three": in_words(move.roots)}
    return words.who_says(acts)


def _reassessed(facts: PairFacts) -> Finding:
    move, levels = facts.move, [act for act in facts.acts if act.level]
    assert move is not None  # noqa: S101 # the case
    when = words.dated(levels, move) if levels else ""
    lead = (
        _("%(names)s: the level was assessed anew %(when)s.")
        if when
        else _("%(names)s: the level was assessed anew.")
    )
    pulled = ""
    if round(move.of_acts, 1):
        pulled = _("Reported events pull it by %(value)s.") % {"value": signed(move.of_acts)}
    return Finding(
        lead=lead % {"names": facts.names, "when": when},
        rest=_joined(pulled, _overall(facts), _age(facts)),
        claims=_ids(facts.acts),
        move=move,
    )


def _main(facts: PairFacts) -> Act | None:
    """The act that made most of the move, if it may be told without a caveat: two countries changed
    "after" that one."""
    first = facts.along[0] if facts.along else None
    if facts.move and first and first.plain and abs(first.amount) >= MOST * facts.move.size:
        return first
    return None


def _caveat(acts: Sequence[Act]) -> str:
    number = sum(act.disputed for act in acts)
    if not number:
        return ""
    if number == len(acts):
        return ngettext("The report is disputed.", "All of it is disputed.", number)
    return ngettext(
        "%(number)s report is disputed.", "%(number)s reports are disputed.", number
    ) % {"number": capitalised(in_words(number))}


def _mixed(facts: PairFacts) -> Finding:
    move = facts.move
    assert move is not None  # noqa: S101 # the case
    good, bad = (facts.along, facts.against) if move.amount > 0 else (facts.against, facts.along)
    lead = _("%(names)s: signals in both directions.") % {"names": facts.names}
    given = {"good": capitalised(words.nouns(good)), "bad": words.nouns(bad)}
    if move.named:
        rest = _("%(good)s pulled them together, %(bad)s apart; on balance they drew %(way)s.")
        given["way"] = _("closer") if move.amount > 0 else _("apart")
    elif not (given["good"] and given["bad"]):
        rest = _("On balance no change we can be sure of.")
    elif move.small and move.certain:
        rest = _("%(good)s pulled them together, %(bad)s apart; on balance no large change.")
    else:
        rest = _(
            "%(good)s pulled them together, %(bad)s apart; on balance no change we can be sure of."
        )
    return Finding(
        lead=lead,
        rest=_joined(rest % given, _overall(facts), _age(facts)),
        claims=_ids(facts.acts),
        move=move,
    )


def _unsure(facts: PairFacts) -> Finding:
    move, acts = facts.move, facts.along
    given = {"names": facts.names}
    small = move is not None and move.small and move.certain
    lead = (
        _("%(names)s: no large change.") if small else _("%(names)s: no change we can be sure of.")
    )
    rest = _joined(_pointing(facts), _overall(facts), _age(facts))
    return Finding(lead=lead % given, rest=rest, claims=_ids(acts), move=move)


def _pointing(facts: PairFacts) -> str:
    """Which way what little there is points."""
    move, acts = facts.move, facts.along
    signals = words.nouns(acts)
    if move is None or not signals:
        return ""
    when = words.dated(acts, move) or words.when(move, facts.reported, facts.day)
    given = {"signals": capitalised(signals), "when": when}
    slight = move.small and move.certain
    if move.amount < 0 and slight:
        text = _("%(signals)s %(when)s set them apart, by less than half a point.")
    elif move.amount < 0:
        text = _("%(signals)s %(when)s would set them apart, if the reports are right.")
    elif slight:
        text = _("%(signals)s %(when)s brought them closer, by less than half a point.")
    else:
        text = _("%(signals)s %(when)s would bring them closer, if the reports are right.")
    return text % given


def _flow(facts: PairFacts) -> Finding:
    """A mood or a balance: what is measured is the acts themselves."""
    score, given = facts.score, {"names": facts.names}
    if score.silent:
        lead = _("No news about %(names)s since %(month)s.")
        return Finding(lead=lead % (given | {"month": since_month(score.silent)}))
    if facts.measure == "flow":
        leads = (
            _("Recent news about %(names)s is mostly of cooperation."),
            _("Recent news about %(names)s is mostly of conflict."),
            _("Recent news about %(names)s points no clear way."),
        )
    else:
        leads = (
            _("Cooperation outweighs conflict between %(names)s."),
            _("Conflict outweighs cooperation between %(names)s."),
            _("Neither cooperation nor conflict clearly prevails between %(names)s."),
        )
    lead = {1: leads[0], -1: leads[1], 0: leads[2]}[score.sign]
    return Finding(
        lead=lead % given, rest=_joined(_state_owned(facts), _age(facts)), claims=_ids(facts.acts)
    )


def _overall(facts: PairFacts) -> str:
    """Where a pair whose level was assessed stands overall, and how many sources a state owns."""
    side, owned = _bands(facts), _state_owned(facts)
    if side and owned:
        return _("%(side)s; %(owned)s") % {"side": side.rstrip("."), "owned": owned}
    return side or owned


def _bands(facts: PairFacts) -> str:
    """Where a level that was assessed probably is: in the words of the box below, which names the
    two most probable bands."""
    score = facts.score
    known = score.assessed is not None and score.assessed.day is not None
    if facts.measure != "level" or not known or score.likely is None:
        return ""
    one, other = map(word, score.likely.bands)
    given = {"one": one, "other": other}
    if score.likely.chance >= NEAR_CERTAIN:
        return _("The level is almost certainly “%(one)s” or “%(other)s”.") % given
    if score.likely.chance >= PROBABLE:
        return _("The level is probably “%(one)s” or “%(other)s”.") % given
    return _("The level may be “%(one)s” or “%(other)s”, or another.") % given


def _state_owned(facts: PairFacts) -> str:
    """ "11 of 12 sources are state-owned."; empty where none is."""
    if not facts.state_roots:
        return ""
    if facts.roots == 1:
        return _("the only source is state-owned.")
    if facts.state_roots == facts.roots:
        return _("all %(roots)d sources are state-owned.") % {"roots": facts.roots}
    return ngettext(
        "%(owned)d of %(roots)d sources is state-owned.",
        "%(owned)d of %(roots)d sources are state-owned.",
        facts.state_roots,
    ) % {"owned": facts.state_roots, "roots": facts.roots}


def _age(facts: PairFacts) -> str:
    """That the newest report is old."""
    if facts.reported is None or not facts.stale:
        return ""
    given = {"month": words.month(facts.reported)}
    if facts.past:
        return _("Nothing newer than %(month)s was on file then.") % given
    if facts.then:
        return _("The last report up to that day is of %(month)s.") % given
    return _("We have seen nothing newer than %(month)s.") % given


def _is_mixed(facts: PairFacts) -> bool:
    """Whether both ways have acts that may be seen, and the weaker one enough of them."""
    return bool(facts.move and facts.move.mixed and facts.along and facts.against)


def _joined(*sentences: str) -> str:
    return " ".join(map(capitalised, filter(None, sentences)))


def _ids(acts: Sequence[Act]) -> tuple[UUID, ...]:
    return tuple(act.claim for act in acts)


RULES: tuple[Rule, ...] = (
    Rule(
        case="a day before all reports",
        holds=lambda facts: facts.begins is not None,
        says=_before,
        because="Nothing that is known of later days was so on that day.",
    ),
    Rule(
        case="no act",
        holds=lambda facts: not facts.claims,
        says=_nothing,
        because="Silence is no news: 0 would look like a neutral relation.",
    ),
    Rule(
        case="a mood or a balance",
        holds=lambda facts: facts.measure != "level",
        says=_flow,
        because="It has no level that could move.",
    ),
    Rule(
        case="machine-coded rows alone",
        holds=lambda facts: facts.data_sets > 0 and facts.acted is not None,
        says=_machine,
        because="Nobody checked them, so that no act is told as one; before war for that reason.",
    ),
    Rule(
        case="war",
        holds=lambda facts: facts.war is not None and facts.towards is None,
        says=_war,
        because="It outweighs every change, and a last report is not an end.",
    ),
    Rule(
        case="an assessed level",
        holds=lambda facts: bool(facts.move and facts.move.named and facts.move.reassessed),
        says=_reassessed,
        because="Somebody looked at the level again, which is no act of the two.",
    ),
    Rule(
        case="two strong ways",
        holds=lambda facts: bool(facts.move and facts.move.torn) and _is_mixed(facts),
        says=_mixed,
        because="Half of what pulled one way pulled the other: the sum alone would mislead.",
    ),
    Rule(
        case="a change",
        holds=lambda facts: facts.move is not None and facts.move.named and bool(facts.along),
        says=_change,
        because="At least half a point, and at least 80 % of the worlds moved that way.",
    ),
    Rule(
        case="signals in both directions",
        holds=_is_mixed,
        says=_mixed,
        because="Both ways are reported, and their sum is too small or too doubtful to name.",
    ),
    Rule(
        case="no change to be sure of",
        holds=lambda _facts: True,
        says=_unsure,
        because="What is left: a move under half a point, or one that may well not have been.",
    ),
)
