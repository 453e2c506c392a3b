"""The weights of acts on a level that depend on other acts of the pair, and of sidelines."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from uuid import UUID

from tracker.domain import codebooks
from tracker.domain.scoring import moments
from tracker.domain.scoring.evidence import Pull


def shared(pulls: Sequence[Pull]) -> list[Pull]:
    """Give each act 1/n of its weight, for the n acts of its day."""
    acts = Counter(pull.first for pull in pulls if _is_act(pull))
    return [
        pull._replace(weight=pull.weight / acts[pull.first]) if _is_act(pull) else pull
        for pull in pulls
    ]


def habituated(pulls: Sequence[Pull], *, fade: float) -> list[Pull]:
    """Give acts of cooperation 1/(1 + n) of their weight, for the sum n of p · weight of the acts
    with the same code before theirs, of which `fade` remains from day to day; none to contacts on
    the sidelines.

    Acts of one day are counted in claim-id order. An act without a code counts in full.
    """
    acting: dict[str, list[Pull]] = defaultdict(list)
    for pull in pulls:
        if _is_routine(pull):
            acting[pull.code].append(pull)
    weights = {
        claim: weight
        for of_code in acting.values()
        for claim, weight in _weights(sorted(of_code, key=_in_order), fade=fade)
    }

    def weight(pull: Pull) -> float:
        return 0.0 if _is_sideline(pull.code) else weights.get(pull.claim, pull.weight)

    return [pull._replace(weight=weight(pull)) for pull in pulls]


def _weights(acts: Sequence[Pull], *, fade: float) -> Iterator[tuple[UUID, float]]:
    """The weights of acts with one code, in their order."""
    before, day = 0.0, acts[0].first
    for act in acts:
        before *= moments.powers(fade, upto=act.first - day)[act.first - day]
        day = act.first
        yield act.claim, act.weight / (1 + before)
        before += act.p * act.weight


def _in_order(pull: Pull) -> tuple[int, int]:
    return pull.first, pull.claim.int


def _is_act(pull: Pull) -> bool:
    return not pull.situation and pull.sd is None


def _is_routine(pull: Pull) -> bool:
    return pull.value > 0 and pull.code != "" and _is_act(pull)


@lru_cache(4_096)
def _is_sideline(code: str) -> bool:
    try:
        return bool(code) and codebooks.find(code).sideline
    except codebooks.UnknownCode:
        return False
