"""Pairs and countries by the codes of the countries."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from tracker.domain import state as f
from tracker.domain.lenses import pair_of
from tracker.domain.problems import NotFound
from tracker.queries.records import states


class NoSuchPair(NotFound):
    """One of the codes is not the code of a country, or both are the same."""


def ends(one: str, other: str) -> tuple[f.ActorState, f.ActorState]:
    """Return the two countries of a pair by their codes in any case.

    :raises NoSuchPair:
    """
    codes = (one.upper(), other.upper())
    if codes[0] == codes[1]:
        text = _("a pair must be two different countries; both are %(code)s")
        raise NoSuchPair(text % {"code": codes[0]})
    known = _known(codes)
    return known[codes[0]], known[codes[1]]


def country(code: str) -> str:
    """Return the code of a country on record, given in any case.

    :raises NoSuchPair:
    """
    return next(iter(_known((code.upper(),))))


def _known(codes: Sequence[str]) -> dict[str, f.ActorState]:
    known = states.countries(codes)
    for code in codes:
        if code not in known:
            raise NoSuchPair(_("no country on record has the code %(code)s") % {"code": code})
    return known


def pair_name(one: str, other: str) -> str:
    """Return the name of a pair by its countries' codes in any order and case: "KAZ-RUS".

    :raises NoSuchPair:
    """
    return pair_of(*(end.actor.code or "" for end in ends(one, other)))
