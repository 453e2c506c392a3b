"""Claims of Russia and Kazakhstan, and what comes of them."""

from tests.kit.domain_builders import World, a_claim_state, a_group, somebody, speaks_for, voice_of

CAST = {
    "officials": somebody(speaks_for("RUS"), kind="group"),
    "figures": somebody(speaks_for("RUS", "society"), kind="group"),
    "firm": somebody(speaks_for("RUS", "business"), kind="company"),
    "toqaev": somebody(speaks_for("KAZ", since="2019-03-20")),
    "nato": somebody(kind="organisation"),
    "central-asia": a_group("KAZ KGZ TJK TKM UZB"),
    "the-west": a_group(),
}
WORLD = World(actors=CAST, sources={"putin": voice_of("RUS")})


def evaluation(state=None, *same, world=WORLD, **given):
    return world.evaluate(state or a_claim_state(), *same, **given)


def ways(found) -> dict[str, float]:
    """The weight of each direction: {"RUS>KAZ": 1.0}."""
    return {f"{one.initiator}>{one.recipient}": one.weight for one in found.impacts}


def of(ends="RUS>KAZ", **given) -> dict[str, float]:
    return ways(evaluation(a_claim_state(ends, **given)))


def only(*args, **given):
    """The one impact of a claim."""
    [impact] = evaluation(a_claim_state(*args, **given)).impacts
    return impact


def why_none(state, *same, **given) -> str:
    found = evaluation(state, *same, **given)
    assert found.impacts == ()
    return found.silent_because
