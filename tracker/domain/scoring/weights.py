"""The weights of acts on a level that depend on other acts of the pair, and of sidelines."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache

from tracker.domain import codebooks
from tracker.domain.scoring.evidence import Pull


def shared(pulls: Sequence[Pull]) -> list[Pull]:
    """Give each act 1/n of its weight, for the n acts of its day."""
    acts = Counter(pull.first for pull in pulls if _is_act(pull))
    return [
        pull._replace(weight=pull.weight / acts[pull.first]) if _is_act(pull) else pull
        for pull in pulls
    ]


def habituated(pulls: Sequence[Pull], *, days: int) -> list[Pull]:
    """Give acts of cooperation 1/(1 + n) of their weight, for the n acts with the same code in the
    `days` before theirs; none to contacts on the sidelines.

    Acts of one day are counted in claim-id order. An act without a code counts in full.
    """
    acting: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for pull in pulls:
        if _is_routine(pull):
            acting[pull.code].append((pull.first, pull.claim.int))
    for of_code in acting.values():
        of_code.sort()

    def weight(pull: Pull) -> float:
        if _is_sideline(pull.code):
            return 0.0
        if not _is_routine(pull):
            return pull.weight
        of_code = acting[pull.code]
        place = bisect_left(of_code, (pull.first, pull.claim.int))
        before = place - bisect_left(of_code, (pull.first - days, 0))
        return pull.weight / (1 + before)

    return [pull._replace(weight=weight(pull)) for pull in pulls]


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
