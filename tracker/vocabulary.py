"""The words of the record for readers: kinds of claims and sources, verdicts, reasons.

The record or the domain has each as an English word or phrase. Pages show it in their own language.
A word that is not listed here stays as it is.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy as plazy

from tracker.language_formats import decimal

_CLAIMS: dict[str, Promise] = {
    "act": plazy("kind of claim", "act"),
    "situation": plazy("kind of claim", "situation"),
    "measure": plazy("kind of claim", "measure"),
    "assessment": plazy("kind of claim", "assessment"),
    "forecast": plazy("kind of claim", "forecast"),
    "level": plazy("kind of claim", "level"),
    "asserted": plazy("claim", "asserted"),
    "denied": plazy("claim", "denied"),
    "actual": plazy("act", "actual"),
    "announced": plazy("act", "announced"),
    "conditional": plazy("act", "conditional"),
    "stated": plazy("date", "stated"),
    "inferred": plazy("date", "inferred"),
    "publication": plazy("date", "publication"),
    "weak": plazy("strength", "weak"),
    "partial": plazy("strength", "partial"),
    "full": plazy("strength", "full"),
    "self-serving": lazy("self-serving"),
    "against interest": lazy("against interest"),
    "almost-no-chance": lazy("almost no chance"),
    "very-unlikely": lazy("very unlikely"),
    "unlikely": lazy("unlikely"),
    "roughly-even-chance": lazy("roughly even chance"),
    "likely": lazy("likely"),
    "very-likely": lazy("very likely"),
    "almost-certain": lazy("almost certain"),
}
_RECORDS: dict[str, Promise] = {
    "initiator": plazy("role", "initiator"),
    "recipient": plazy("role", "recipient"),
    "affected": plazy("role", "affected"),
    "about": plazy("role", "about"),
    "suspended": plazy("membership", "suspended"),
    "outlet": plazy("kind of source", "outlet"),
    "agency": plazy("kind of source", "agency"),
    "firm": plazy("kind of source", "firm"),
    "organisation": plazy("kind of source", "organisation"),
    "person": plazy("kind of source", "person"),
    "state": plazy("ownership", "state"),
    "ruling party": plazy("ownership", "ruling party"),
    "party": plazy("ownership", "party"),
    "public": plazy("ownership", "public"),
    "private": plazy("ownership", "private"),
    "society": plazy("ownership", "society"),
    "state-prohibited": lazy("state-prohibited"),
    "state-prohibited-but-inadequate": lazy("state-prohibited but inadequate"),
    "state-ignored": lazy("state-ignored"),
    "state-encouraged": lazy("state-encouraged"),
    "state-shaped": lazy("state-shaped"),
    "state-coordinated": lazy("state-coordinated"),
    "state-ordered": lazy("state-ordered"),
    "state-rogue-conducted": lazy("state-rogue-conducted"),
    "state-executed": lazy("state-executed"),
    "state-integrated": lazy("state-integrated"),
}
_JUDGEMENTS: dict[str, Promise] = {
    "confirmed": plazy("verdict", "confirmed"),
    "disputed": plazy("verdict", "disputed"),
    "false": plazy("verdict", "false"),
    "unverifiable": plazy("verdict", "unverifiable"),
    "happened": plazy("outcome", "happened"),
    "did not happen": plazy("outcome", "did not happen"),
    "void": plazy("outcome", "void"),
    "says": plazy("link", "says"),
    "causes": plazy("link", "causes"),
    "part_of": plazy("link", "part of"),
    "same_as": plazy("link", "same as"),
    "supersedes": plazy("link", "supersedes"),
    "contradicts": plazy("link", "contradicts"),
    "the desk": lazy("the desk"),
    "no grade": lazy("no grade"),
    "no support": lazy("no support"),
    "all claims": lazy("all claims"),
}
# Why a claim moves no score.
_SILENT: dict[str, Promise] = {
    "it says that the act did not happen": lazy("it says that the act did not happen"),
    "it has no code with a value": lazy("it has no code with a value"),
    "a claim of kind measure moves no score": lazy("a measure moves no score"),
    "a claim of kind assessment moves no score": lazy("an assessment moves no score"),
    "a claim of kind forecast moves no score": lazy("a forecast moves no score"),
    "a claim of kind level moves no score under method 1": lazy(
        "a level moves no score under method 1"
    ),
    "the act is only announced, and its code is not itself speech": lazy(
        "the act is only announced, and its code is not itself speech"
    ),
    "the act is only conditional, and its code is not itself speech": lazy(
        "the act is only conditional, and its code is not itself speech"
    ),
    "when it happened is unknown": lazy("when it happened is unknown"),
    "its dates are open at the start": lazy("its dates are open at the start"),
    "it lasts more than 100 years: check the year": lazy(
        "it lasts more than 100 years: check the year"
    ),
    "the day of its level is unknown": lazy("the day of its level is unknown"),
    "its dates are open at the end, and it is no situation": lazy(
        "its dates are open at the end, and it is no situation"
    ),
    "its dates span more than 366 days": lazy("its dates span more than 366 days"),
    "it is not about two countries": lazy("it is not about two countries"),
    "it is not between two countries": lazy("it is not between two countries"),
    "another claim says the same and counts for both": lazy(
        "another claim says the same and counts for both"
    ),
    "its p is 0: it was judged false, or outweighed by denials": lazy(
        "its p is 0: it was judged false, or outweighed by denials"
    ),
    "its p is 0: nothing that counts in this view supports it": lazy(
        "its p is 0: nothing that counts in this view supports it"
    ),
}
# How certain a claim is, and how much an assault weighs.
_STEPS: dict[str, Promise] = {
    "an act that can be checked in public: prior odds 9 to 1": lazy(
        "an act that can be checked in public: prior odds 9 to 1"
    ),
    "an act that is attributed or covert: prior odds 1 to 1": lazy(
        "an act that is attributed or covert: prior odds 1 to 1"
    ),
    "a party that would know denies it: prior odds 1 to 1 instead of 9 to 1": lazy(
        "a party that would know denies it: prior odds 1 to 1 instead of 9 to 1"
    ),
    "an assessed level: prior odds 1 to 1": lazy("an assessed level: prior odds 1 to 1"),
    "no act with a code: no prior odds": lazy("no act with a code: no prior odds"),
    "coded by a program, whose errors are of coding: prior odds 1 to 1": lazy(
        "coded by a program, whose errors are of coding: prior odds 1 to 1"
    ),
    "1,000 dead or more": lazy("1,000 dead or more"),
    "25 to 999 dead": lazy("25 to 999 dead"),
    "1 to 24 dead": lazy("1 to 24 dead"),
    "nobody killed": lazy("nobody killed"),
}
# The bands of a level, the worst first.
_BANDS: dict[str, Promise] = {
    "confrontation": lazy("confrontation"),
    "tension": lazy("tension"),
    "discord": lazy("discord"),
    "normal": lazy("normal"),
    "good": lazy("good"),
    "friendly": lazy("friendly"),
}
# What a flow or a ratio shows.
_FLOWS: dict[str, Promise] = {
    "nothing recorded": lazy("nothing recorded"),
    "mostly cooperation": lazy("mostly cooperation"),
    "mostly conflict": lazy("mostly conflict"),
    "no clear tone": lazy("no clear tone"),
    "more cooperation than conflict": lazy("more cooperation than conflict"),
    "more conflict than cooperation": lazy("more conflict than cooperation"),
    "no clear balance": lazy("no clear balance"),
}
# The named levels of the table of structural claims.
_RUNGS: dict[str, Promise] = {
    "severe rivalry": plazy("level", "severe rivalry"),
    "lesser rivalry": plazy("level", "lesser rivalry"),
    "negative peace": plazy("level", "negative peace"),
    "pact": plazy("level", "pact"),
    "defence pact": plazy("level", "defence pact"),
    "security community": plazy("level", "security community"),
    "rivalry with pact": plazy("level", "rivalry with pact"),
}
# The fields of a claim, as a history of changes names them.
_FIELDS: dict[str, Promise] = {
    "baseline": plazy("field of a claim", "baseline"),
    "basis": plazy("field of a claim", "basis"),
    "chain": plazy("field of a claim", "chain"),
    "change": plazy("field of a claim", "change"),
    "citation": plazy("field of a claim", "citation"),
    "citations": plazy("field of a claim", "citations"),
    "code": plazy("field of a claim", "code"),
    "collection": plazy("field of a claim", "collection"),
    "condition": plazy("field of a claim", "condition"),
    "context": plazy("field of a claim", "context"),
    "contexts": plazy("field of a claim", "contexts"),
    "credibility": plazy("field of a claim", "credibility"),
    "criterion": plazy("field of a claim", "criterion"),
    "document": plazy("field of a claim", "document"),
    "edtf": plazy("field of a claim", "edtf"),
    "grade": plazy("field of a claim", "grade"),
    "hedge": plazy("field of a claim", "hedge"),
    "interest": plazy("field of a claim", "interest"),
    "key": plazy("field of a claim", "key"),
    "kind": plazy("field of a claim", "kind"),
    "language": plazy("field of a claim", "language"),
    "level": plazy("field of a claim", "level"),
    "likelihood": plazy("field of a claim", "likelihood"),
    "locator": plazy("field of a claim", "locator"),
    "magnitude": plazy("field of a claim", "magnitude"),
    "modality": plazy("field of a claim", "modality"),
    "note": plazy("field of a claim", "note"),
    "occurred": plazy("field of a claim", "date"),
    "parties": plazy("field of a claim", "parties"),
    "party": plazy("field of a claim", "party"),
    "phrase": plazy("field of a claim", "phrase"),
    "polarity": plazy("field of a claim", "polarity"),
    "quote": plazy("field of a claim", "quote"),
    "reason": plazy("field of a claim", "reason"),
    "resolves by": plazy("field of a claim", "resolves by"),
    "rung": plazy("field of a claim", "rung"),
    "sd": plazy("field of a claim", "sd"),
    "selector": plazy("field of a claim", "selector"),
    "stance": plazy("field of a claim", "stance"),
    "strength": plazy("field of a claim", "strength"),
    "summary": plazy("field of a claim", "summary"),
    "tag": plazy("field of a claim", "tag"),
    "tags": plazy("field of a claim", "tags"),
    "translation": plazy("field of a claim", "translation"),
    "unit": plazy("field of a claim", "unit"),
    "value": plazy("field of a claim", "value"),
}
# The settings under which a level is worked out again, their choices, and why.
_SETTINGS: dict[str, Promise] = {
    "steps of conflict": lazy("steps of conflict"),
    "as they are": lazy("as they are"),
    "Nobody can measure how much worse a sanction is than a threat. Half and twice as much"
    " leave the order of the classes as it is.": lazy(
        "Nobody can measure how much worse a sanction is than a threat. Half and twice as much"
        " leave the order of the classes as it is."
    ),
    "steps of cooperation": lazy("steps of cooperation"),
    "Routine cooperation is reported too much, and by how much differs between countries and"
    " outlets.": lazy(
        "Routine cooperation is reported too much, and by how much differs between countries and"
        " outlets."
    ),
    "how fast a war lowers a level": lazy("how fast a war lowers a level"),
    "A war that is reported takes a level to the end of the scale, but nobody knows within how"
    " many months.": lazy(
        "A war that is reported takes a level to the end of the scale, but nobody knows within how"
        " many months."
    ),
    "certainty of every claim, in log odds": lazy("certainty of every claim, in log odds"),
    "as it is": lazy("as it is"),
    "About half of what lies between two grades (C and B are 1.1 apart): who hesitates between"
    " them may give either.": lazy(
        "About half of what lies between two grades (C and B are 1.1 apart): who hesitates between"
        " them may give either."
    ),
    "The model of this lens has no settings that could as well be others: choose a lens of the"
    " overall relationship.": lazy(
        "The model of this lens has no settings that could as well be others: choose a lens of the"
        " overall relationship."
    ),
}
WORDS = _BANDS | _FLOWS | _RUNGS | _CLAIMS | _RECORDS | _JUDGEMENTS | _SILENT | _STEPS | _SETTINGS


def word(text: str | None) -> str:
    """A word of the record in the language of the page: "ruling party", "part of"."""
    return str(WORDS.get(text or "", text or ""))


def field_name(name: str) -> str:
    """A field of a claim, or one within it, in the language of the page: "resolves by"."""
    spaced = name.replace("_", " ")
    return str(_FIELDS.get(spaced, spaced))


def is_word(text: str) -> bool:
    """Whether a text is among these words."""
    return text in WORDS


def group_name(label: str) -> str:
    """A group of judged claims in the language of the page: "reliability C", "0.1 to 0.2", "3 or
    more"."""
    begins, _space, rest = label.partition(" ")
    if begins == "reliability":
        return _("reliability %(grade)s") % {"grade": rest}
    if begins == "credibility":
        return _("credibility %(grade)s") % {"grade": rest}
    low, between, high = label.partition(" to ")
    if between:
        return _("%(low)s to %(high)s") % {"low": decimal(low), "high": decimal(high)}
    if rest == "or more":
        return _("%(number)s or more") % {"number": begins}
    return word(label)
