"""Filters that write corrections and changes of pairs in words."""

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker import change_wording
from tracker.domain.movements import WindowMovement
from tracker.language_formats import kept_by_language, month_name
from tracker.pages import relations
from tracker.pages.pair_context import PairContext
from tracker.pages.request_params import address
from tracker.queries.scores.digests import Digest
from tracker.queries.scores.pair_changes import MainClaim, PairChange
from tracker.queries.scores.table import RankedPair
from tracker.wording import capitalised

register = template.Library()


@register.filter
def corrected(kind: str) -> str:
    """The kind of a correction: "Retracted"."""
    words = {
        "ClaimCorrected": _("Corrected"),
        "ClaimRetracted": _("Retracted"),
        "ClaimReinstated": _("Reinstated"),
        "VerdictGiven": _("Judged"),
    }
    return words.get(kind, _("Changed"))


@register.filter
def what_would_change(pair: PairContext) -> str:
    """The address of the page about what would change a pair's finding."""
    path = reverse("pages:what-would-change", args=(pair.one, pair.other))
    return address(path, pair.params, show="")


@register.filter
def turn_arrow(turn: str) -> str:
    return change_wording.ARROWS[turn]


@register.filter
def turned(turn: str) -> str:
    return capitalised(change_wording.turned(turn))


@register.filter
def change_in_words(change: PairChange) -> str:
    """ "worse by 0.8 points (90 % interval 0.2 to 1.3)"."""
    return change_wording.moved(change.movement, change.turn, one_source=change.one_source)


@register.filter
def main_reported(main: MainClaim) -> str:
    """ "reported by Xinhua"."""
    return change_wording.reported_by(main.roots, coded=main.coded, level=main.level)


@register.filter
def digest_in_short(digest: Digest) -> str:
    """ "2 relations became worse in March 2022, and 1 better."; and how many of these changes one
    source alone reports."""
    says = _turns_in_short(digest)
    number = sum(change.one_source for change in digest.changes)
    return " ".join(filter(None, [says, change_wording.by_one_source(number)]))


def _turns_in_short(digest: Digest) -> str:
    worse, better = len(digest.of_turn("worse")), len(digest.of_turn("better"))
    numbers = {"worse": worse, "better": better, "month": month_name(digest.month)}
    if worse and better:
        says = ngettext(
            "%(worse)d relation became worse in %(month)s, and %(better)d better.",
            "%(worse)d relations became worse in %(month)s, and %(better)d better.",
            worse,
        )
    elif worse:
        says = ngettext(
            "%(worse)d relation became worse in %(month)s, and none certainly better.",
            "%(worse)d relations became worse in %(month)s, and none certainly better.",
            worse,
        )
    elif better:
        says = ngettext(
            "%(better)d relation became better in %(month)s, and none certainly worse.",
            "%(better)d relations became better in %(month)s, and none certainly worse.",
            better,
        )
    else:
        says = _("No certain change of a relation in %(month)s.")
    return says % numbers


register.filter(relations.sure)


@register.filter
def moved_cell(row: RankedPair) -> SafeString:
    """How far a pair moved, in a cell of a table."""
    return _moved_cell(row.movement, row.moved_known)


@kept_by_language(1_000)
def _moved_cell(moved: WindowMovement | None, known: bool) -> SafeString:  # noqa: FBT001
    return mark_safe(render_to_string("pages/moved.html", {"moved": moved, "known": known}))  # noqa: S308 # it is escaped
