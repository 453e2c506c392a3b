"""Levels of a pair that somebody assessed: a number with its sd, or a named rung of a scale.

The rungs of `structural-1` follow from what the words mean on the scale from −9 to 9, after the
peace scale of Diehl, Goertz and Gallegos. They were written down before any expert's series was
looked at, and do not change: another table gets another name.
"""

from decimal import Decimal
from typing import NamedTuple

TOP = 9


class Rung(NamedTuple):
    """A named level of a scale, its sd, what is on record of a pair on it, and why it is there."""

    value: Decimal
    sd: Decimal
    record: str
    reason: str


def _rung(value: str, sd: str, record: str, reason: str) -> Rung:
    return Rung(Decimal(value), Decimal(sd), record, reason)


RUNGS: dict[str, Rung] = {
    "structural-1/severe-rivalry": _rung(
        "-6",
        "2",
        "a going strategic rivalry with a war on record, or with a dispute of hostility 4 or 5 and"
        " more than 25 dead in the last 30 years",
        "the border of tension and confrontation: each expects the other to use force",
    ),
    "structural-1/lesser-rivalry": _rung(
        "-2",
        "2.5",
        "any other going strategic rivalry",
        "discord: each counts the other as an adversary, and force is not expected",
    ),
    "structural-1/negative-peace": _rung(
        "2",
        "2.5",
        "neither rivalry nor pact",
        "normal: there is no quarrel to speak of, and no bond either",
    ),
    "structural-1/pact": _rung(
        "3",
        "2.5",
        "a consultation, neutrality or non-aggression pact, no rivalry",
        "the border of normal and good: a promise that costs little",
    ),
    "structural-1/defence-pact": _rung(
        "5",
        "2",
        "a defence pact, no rivalry",
        "good: a promise to fight for the other",
    ),
    "structural-1/security-community": _rung(
        "7",
        "1.5",
        "both in NATO or both in the EU, no rivalry",
        "friendly: war between them is not thought of, and they decide much together",
    ),
    "structural-1/rivalry-with-pact": _rung(
        "0",
        "3",
        "a rivalry and a defence pact",
        "the two pull in opposite directions, so the middle, with the widest doubt",
    ),
}
