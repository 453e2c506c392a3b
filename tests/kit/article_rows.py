"""Rows of the article as claims, and what they move."""

from tests.kit.domain_builders import (
    World,
    a_citation,
    a_claim_state,
    a_group,
    an_outlet,
    somebody,
    speaks_for,
    voice_of,
)

WORLD = World(
    actors={
        "officials": somebody(speaks_for("RUS"), kind="group"),
        "figures": somebody(speaks_for("RUS", "society"), kind="group"),
        "state-media": somebody(speaks_for("RUS", "state media"), kind="group"),
        "fsb": somebody(speaks_for("RUS", "intelligence"), kind="organisation"),
        "putin": somebody(speaks_for("RUS", since="1999-08-09")),
        "toqaev": somebody(speaks_for("KAZ", since="2019-03-20")),
        "kazakh-officials": somebody(speaks_for("KAZ"), kind="group"),
        "chinese-services": somebody(speaks_for("CHN", "intelligence"), kind="group"),
        "daily": somebody(speaks_for("CHN", "state media"), kind="organisation"),
        "alibaba": somebody(speaks_for("CHN", "business"), kind="company"),
        "mail-ru": somebody(speaks_for("RUS", "business"), kind="company"),
        "central-asia": a_group("KAZ KGZ TJK TKM UZB"),
        "nato": somebody(kind="organisation"),
    },
    sources={
        "bloomberg": an_outlet("B"),
        "times": an_outlet("B"),
        "interest": an_outlet("B"),
        "check-point": an_outlet("B"),
        "alibaba": an_outlet("C"),
        "putin": voice_of("putin"),
        "fsb": voice_of("fsb"),
    },
)
GOVERNMENT, INTELLIGENCE = ("government",), ("intelligence",)
STATE_MEDIA, BUSINESS = ("state media",), ("business",)
THIS_WEEK = "[2022-05-17..2022-05-24]"


def row(ends: str, *, chain: str = "", around=(), **given):
    """A row of the table, evaluated; `chain` goes on from the newsletter."""
    state = a_claim_state(ends, citations=(a_citation(chain=chain),), **given)
    return WORLD.evaluate(state, **dict(around))


def moved(found) -> list[tuple]:
    return [
        (
            f"{one.initiator}>{one.recipient}",
            one.last.isoformat(),
            one.value,
            one.weight,
            one.p,
            one.sectors,
        )
        for one in found.impacts
    ]
