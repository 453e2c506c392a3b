"""Likelihood as judged by the source itself: the bands of ICD 203, and the meaning of hedges."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal


class UnknownBand(LookupError):
    """There is no such band of likelihood; the message lists those that exist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """From `low` to `high`; the p of a claim is multiplied by the midpoint."""

    low: Decimal
    high: Decimal
    midpoint: Decimal


def _band(low: str, high: str, midpoint: str) -> Band:
    return Band(low=Decimal(low), high=Decimal(high), midpoint=Decimal(midpoint))


# Intelligence Community Directive 203, Analytic Standards (2015)
BANDS: dict[str, Band] = {
    "almost-no-chance": _band(".01", ".05", ".03"),
    "very-unlikely": _band(".05", ".20", ".125"),
    "unlikely": _band(".20", ".45", ".325"),
    "roughly-even-chance": _band(".45", ".55", ".5"),
    "likely": _band(".55", ".80", ".675"),
    "very-likely": _band(".80", ".95", ".875"),
    "almost-certain": _band(".95", ".99", ".97"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HedgeRule:
    """The effect of a hedge on a claim: it sets a band, marks a link of the chain, or makes it an
    assessment.
    """

    means: Literal["band", "chain", "assessment"]
    band: str = ""


_CHAIN = HedgeRule(means="chain")
_ASSESSMENT = HedgeRule(means="assessment")


def _in(band: str) -> HedgeRule:
    return HedgeRule(means="band", band=band)


HEDGES: dict[str, HedgeRule] = {
    "suspected": _in("roughly-even-chance"),
    "apparently": _in("likely"),
    "reportedly": _CHAIN,
    "according to": _CHAIN,
    "may": _ASSESSMENT,
    "might": _ASSESSMENT,
    "could": _ASSESSMENT,
    # the terms of the directive
    "remote": _in("almost-no-chance"),
    "highly improbable": _in("very-unlikely"),
    "very unlikely": _in("very-unlikely"),
    "improbable": _in("unlikely"),
    "improbably": _in("unlikely"),
    "unlikely": _in("unlikely"),
    "roughly even odds": _in("roughly-even-chance"),
    "likely": _in("likely"),
    "probable": _in("likely"),
    "probably": _in("likely"),
    "very likely": _in("very-likely"),
    "highly probable": _in("very-likely"),
    "almost certain": _in("almost-certain"),
    "almost certainly": _in("almost-certain"),
    "nearly certain": _in("almost-certain"),
}


def rule_for(hedge: str) -> HedgeRule | None:
    """Return the rule for the source's own word; None if there is none.

    "May be considering" follows its first word. No other longer phrase is interpreted: "neither is
    likely" does not mean likely.
    """
    words = hedge.casefold().split()
    rule = HEDGES.get(" ".join(words))
    if rule is None and words and HEDGES.get(words[0]) is _ASSESSMENT:
        return _ASSESSMENT
    return rule


def midpoint(band: str | None) -> float | None:
    """Return the middle of a band; None if the source gives no likelihood.

    :raises UnknownBand: if there is no such band.
    """
    if band is None:
        return None
    if band not in BANDS:
        raise UnknownBand(f"unknown likelihood {band[:40]!r}; expected one of: {', '.join(BANDS)}")
    return float(BANDS[band].midpoint)
