"""What is said of a triangle of countries, by rules."""

from collections.abc import Collection, Sequence

from tracker.domain.triads import Edge, Triad
from tracker.pages.headlines import in_words, short
from tracker.pages.words import Names

SIGNS = {"positive": "positive", "negative": "negative", "undetermined": "sign not known"}
# Of a pair without a claim.
UNKNOWN = "no claims"


def headline(triad: Triad, named: Names, *, silent: Collection[str] = ()) -> str:
    """Say whether three countries are in balance, why, and which pair is nearest to a flip. Of the
    `silent` pairs nothing is on record, which is more to the point."""
    if silent:
        pairs = " or ".join(named.joined(one) for one in sorted(silent))
        return f"{_balance(triad, named)} Nothing on record moves {pairs}."
    nearest = triad.nearest_flip
    tail = f"Nearest to a flip: {named.joined(nearest.pair)} ({short(nearest.value)})."
    return f"{_balance(triad, named)} {tail}"


def three(triad: Triad, named: Names) -> str:
    """ "China, Kazakhstan and Russia"."""
    codes = sorted({code for edge in triad.edges for code in edge.pair.split("-")})
    first, second, third = (named.country(code) for code in codes)
    return f"{first}, {second} and {third}"


def _balance(triad: Triad, named: Names) -> str:
    called = three(triad, named)
    if triad.balance == "undetermined":
        open_ = triad.undetermined
        several = "the signs of all three pairs are" if len(open_) == 3 else _open(open_, named)
        return f"Whether {called} are in balance is open: {several} not known."
    negative = [edge for edge in triad.edges if edge.sign == "negative"]
    if triad.balance == "balanced":
        return f"{called} are in balance: {_balanced(triad.edges, negative, named)}."
    return f"{called} are under strain: {_unbalanced(negative, named)}."


def _open(edges: Sequence[Edge], named: Names) -> str:
    pairs = " and ".join(named.joined(edge.pair) for edge in edges)
    return f"the sign{'s' * (len(edges) > 1)} of {pairs} {'is' if len(edges) == 1 else 'are'}"


def _balanced(edges: Sequence[Edge], negative: Sequence[Edge], named: Names) -> str:
    if not negative:
        return "all three relations are positive"
    friends = next(edge for edge in edges if edge.sign == "positive")
    third = {code for edge in negative for code in edge.pair.split("-")} - {
        *friends.pair.split("-")
    }
    return f"{named.joined(friends.pair)} positive, both at odds with {named.country(third.pop())}"


def _unbalanced(negative: Sequence[Edge], named: Names) -> str:
    if len(negative) == 1:
        return f"{named.joined(negative[0].pair)} at odds, though both get on with the third"
    return f"all {in_words(len(negative))} relations are negative"
