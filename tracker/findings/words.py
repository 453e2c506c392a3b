"""The pieces of a finding's sentences: what was done, by its code; who says so; and when."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import accumulate

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.utils.translation import gettext_lazy as lazy

from tracker.date_wording import named as date_name
from tracker.findings.facts import Act, PairFacts, Root, is_stale
from tracker.findings.moves import FEW, MOST, Move
from tracker.language_formats import grouped, since_month
from tracker.wording import capitalised, in_words, listed, percent

# What an act is called as a verb, by its event and mode, or its event alone.
_DID = {
    "ACCUSE": gettext_lazy("{who} accused {whom}"),
    "ACCUSE/disapprove": gettext_lazy("{who} criticised {whom}"),
    "AID": gettext_lazy("{who} gave aid to {whom}"),
    "AGREE": gettext_lazy("{who} came to an agreement with {whom}"),
    "ASSAULT": gettext_lazy("{who} attacked {whom}"),
    "COERCE": gettext_lazy("{who} put {whom} under pressure"),
    "CONCEDE": gettext_lazy("{who} made concessions to {whom}"),
    "CONSULT": gettext_lazy("{who} held talks with {whom}"),
    "CONSULT/visit": gettext_lazy("{who} visited {whom}"),
    "COOPERATE": gettext_lazy("{who} worked together with {whom}"),
    "MOBILIZE": gettext_lazy("{who} moved forces against {whom}"),
    "REJECT": gettext_lazy("{who} turned {whom} down"),
    "RETREAT": gettext_lazy("{who} gave way to {whom}"),
    "SANCTION": gettext_lazy("{who} sanctioned {whom}"),
    "SUPPORT": gettext_lazy("{who} backed {whom}"),
    "THREATEN": gettext_lazy("{who} threatened {whom}"),
}
# What one act, and several, are called as a noun.
_NOUNS = {
    "ACCUSE": (gettext_lazy("an accusation"), gettext_lazy("accusations")),
    "ACCUSE/disapprove": (gettext_lazy("criticism"), gettext_lazy("criticism")),
    "AID": (gettext_lazy("aid"), gettext_lazy("aid")),
    "AGREE": (gettext_lazy("an agreement"), gettext_lazy("agreements")),
    "ASSAULT": (gettext_lazy("an attack"), gettext_lazy("attacks")),
    "COERCE": (gettext_lazy("pressure"), gettext_lazy("pressure")),
    "CONCEDE": (gettext_lazy("a concession"), gettext_lazy("concessions")),
    "CONSULT": (gettext_lazy("a meeting"), gettext_lazy("meetings")),
    "CONSULT/visit": (gettext_lazy("a visit"), gettext_lazy("visits")),
    "COOPERATE": (gettext_lazy("cooperation"), gettext_lazy("cooperation")),
    "MOBILIZE": (gettext_lazy("a move of forces"), gettext_lazy("moves of forces")),
    "PROTEST": (gettext_lazy("a protest"), gettext_lazy("protests")),
    "REJECT": (gettext_lazy("a refusal"), gettext_lazy("refusals")),
    "REQUEST": (gettext_lazy("a request"), gettext_lazy("requests")),
    "RETREAT": (gettext_lazy("a withdrawal"), gettext_lazy("withdrawals")),
    "SANCTION": (gettext_lazy("sanctions"), gettext_lazy("sanctions")),
    "SUPPORT": (gettext_lazy("support"), gettext_lazy("support")),
    "THREATEN": (gettext_lazy("a threat"), gettext_lazy("threats")),
}
# Events that are no more than words. Two countries that only exchange such ones cool, or warm; acts
# draw them apart, or closer.
_SPOKEN = frozenset({"ACCUSE", "AGREE", "CONSULT", "REJECT", "REQUEST", "SUPPORT", "THREATEN"})
# Beginnings of a title that stay small within a sentence.
_SMALL = ("A ", "An ", "At ", "In ", "On ", "One ", "Several ", "Some ", "The ", "Two ")
# Nouns that name what pulled one way.
_MOST_NOUNS = 2
# The share of a move that counts as all of it.
_ALL = 0.97
_ROUNDING = 1e-9


def did(act: Act) -> str:
    """ "Russia sanctioned Kazakhstan"; empty where no state alone acts on the other, or the code
    has no verb."""
    verb = _DID.get(f"{act.event}/{act.mode}") or _DID.get(act.event)
    if not (verb and act.by and act.to):
        return ""
    return capitalised(str(verb).format(who=act.by, whom=act.to))


# How two countries changed: by whether the time goes on to this day, whether it fell, and whether
# all acts are words.
_CHANGED = {
    (False, True, True): lazy("%(names)s cooled"),
    (False, True, False): lazy("%(names)s drew apart"),
    (False, False, True): lazy("%(names)s warmed"),
    (False, False, False): lazy("%(names)s drew closer"),
    (True, True, True): lazy("%(names)s have cooled"),
    (True, True, False): lazy("%(names)s have drawn apart"),
    (True, False, True): lazy("%(names)s have warmed"),
    (True, False, False): lazy("%(names)s have drawn closer"),
}
# The same of one country towards the other, by whether it goes on, and whether it fell.
_CHANGED_TOWARDS = {
    (False, True): lazy("%(who)s grew colder towards %(whom)s"),
    (False, False): lazy("%(who)s grew warmer towards %(whom)s"),
    (True, True): lazy("%(who)s has grown colder towards %(whom)s"),
    (True, False): lazy("%(who)s has grown warmer towards %(whom)s"),
}


def changed(facts: PairFacts, acts: Sequence[Act], *, fell: bool) -> str:
    """ "Kazakhstan and Russia drew apart": by what the codes of the acts are. A time that goes on
    to this day has another tense."""
    goes_on = _goes_on(facts)
    if facts.towards:
        who, whom = facts.towards
        way = str(_CHANGED_TOWARDS[goes_on, fell])
        return capitalised(way % {"who": who, "whom": whom})
    spoken = all(act.event in _SPOKEN for act in acts)
    return str(_CHANGED[goes_on, fell, spoken]) % {"names": facts.names}


def _goes_on(facts: PairFacts) -> bool:
    """Whether the move is of a time up to now, of which there are reports."""
    return facts.move is not None and not facts.move.month and not facts.stale


def when(move: Move, reported: date | None, day: date) -> str:
    """ "in March 2022"; of a longer time "since March 2022", or "in January–May 2022" where the
    newest report is old."""
    if move.month:
        return _("in %(months)s") % {"months": month(move.end)}
    if reported and reported > move.start and is_stale(reported, day):
        return _("in %(months)s") % {"months": months(move.first, reported)}
    return since(move)


def dated(acts: Sequence[Act], move: Move) -> str:
    """ "in November 2025": when some acts behind a move began; empty if that is not known, or was
    before the move."""
    days = [act.begun for act in acts if act.begun and act.begun > move.start]
    if len(days) < len(acts):
        return ""
    return _("in %(months)s") % {"months": months(min(days), max(days))}


def since(move: Move) -> str:
    """ "since March 2022"; "since 30 March 2022" where the reader chose that day."""
    if move.chosen:
        return _("since %(day)s") % {"day": date_name(move.start.isoformat())}
    return _("since %(month)s") % {"month": since_month(move.first)}


def month(day: date) -> str:
    """ "March 2022"."""
    return date_name(f"{day:%Y-%m}")


def months(first: date, last: date) -> str:
    """ "September–October 2018"; "March 2022" for days of one month."""
    return date_name(f"{first:%Y-%m}/{last:%Y-%m}")


def clause(title: str) -> str:
    """A title as part of a sentence: "Japan's prime minister spoke on Taiwan" of what ends in a
    full stop; others are quoted."""
    text = title.strip()
    if not text.endswith("."):
        return f"“{text}”"
    text = text[:-1]
    return text[:1].lower() + text[1:] if text.startswith(_SMALL) else text


def nouns(acts: Sequence[Act]) -> str:
    """What pulled one way, the largest first: "sanctions and a threat". A title that is a noun in
    small letters ("cheap oil") stands for itself."""
    kinds = Counter(filter(None, map(_kind, acts)))
    found = [_noun(kind, number) for kind, number in kinds.items()]
    return listed(found[:_MOST_NOUNS])


def _kind(act: Act) -> str:
    """The key of its noun, or the title that is one; empty where there is none."""
    title = act.title.strip()
    if title[:1].islower() and not title.endswith("."):
        return title
    return next((key for key in (f"{act.event}/{act.mode}", act.event) if key in _NOUNS), "")


def _noun(kind: str, number: int) -> str:
    return str(_NOUNS[kind][number > 1]) if kind in _NOUNS else kind


def who_says(acts: Sequence[Act]) -> str:
    """ "one newsletter reports", "Chinese state media report", "three sources report"; empty
    where no root is on record."""
    roots = list(dict.fromkeys(root for act in acts for root in act.roots))
    if not roots:
        return ""
    if len(roots) == 1:
        return _of_one(roots[0])
    states = {root.state if root.state_owned else "" for root in roots}
    if len(states) == 1 and (state := states.pop()):
        return _("%(chinese)s state media report") % {"chinese": state}
    if all(root.state_owned for root in roots):
        return _("state media report")
    return _("%(three)s sources report") % {"three": in_words(len(roots))}


def _of_one(root: Root) -> str:
    if not root.name:
        return _("one source reports")
    name = clause(f"{root.name}.")
    if "report" in name.casefold():
        return _("%(source)s says") % {"source": name}
    return _("%(source)s reports") % {"source": name}


def explained(move: Move, acts: Sequence[Act]) -> str:
    """ "Two events explain it.", or "most of it": how many acts, from the largest on, make up the
    move. `acts` are the visible ones that pulled its way."""
    along = [abs(part.amount) for part in move.along if not part.assesses]
    if not acts or not along:
        return ""
    totals = list(accumulate(along[:FEW]))
    all_of = next((n for n, one in enumerate(totals, 1) if one >= _ALL * move.size), 0)
    if all_of:
        return ngettext(
            "%(number)s event explains it.", "%(number)s events explain it.", all_of
        ) % {"number": capitalised(in_words(all_of))}
    # Two thirds of three equal acts are two of them, to the last bit.
    most_of = next((n for n, one in enumerate(totals, 1) if one >= MOST * move.size - _ROUNDING), 0)
    if most_of:
        return ngettext(
            "%(number)s event explains most of it.",
            "%(number)s events explain most of it.",
            most_of,
        ) % {"number": capitalised(in_words(most_of))}
    return _("The %(few)s largest of %(all)s events make up %(share)s of what moved it.") % {
        "few": in_words(FEW),
        "all": grouped(len(along)),
        "share": percent(totals[-1] / move.size),
    }
