"""Countries on a ring: places that depend on nothing but the names and the ties given."""

from collections.abc import Mapping, Sequence
from math import cos, pi, sin

# The number of improvements of the order: each swaps neighbours on the ring if that makes the ties
# shorter.
ROUNDS = 12


def ring_order(names: Sequence[str], ties: Mapping[tuple[str, str], float]) -> list[str]:
    """Return the names in an order in which those with strong ties stand near one another. The same
    input gives the same order.

    It begins with the strongest name. Then it adds the name with the strongest ties to those
    already placed, on the side where its ties are stronger, and repeats this. Then neighbours are
    swapped as long as that makes the ties shorter.
    """
    order: list[str] = []
    left = sorted(names)
    while left:
        chosen = max(
            left,
            key=lambda name: (_tied(name, order, ties), _tied(name, names, ties), _back(name)),
        )
        left.remove(chosen)
        half = len(order) // 2
        first, second = order[:half], order[half:]
        if _tied(chosen, first, ties) > _tied(chosen, second, ties):
            order.insert(0, chosen)
        else:
            order.append(chosen)
    order = _swapped(order, ties)
    # The strongest name comes first.
    top = max(range(len(order)), key=lambda n: _tied(order[n], names, ties), default=0)
    return order[top:] + order[:top]


def ring_places(
    order: Sequence[str], *, radius: float, middle: tuple[float, float]
) -> dict[str, tuple[float, float]]:
    """Return where each name stands, clockwise from the top, in points from the left and top."""
    return {
        name: (
            round(middle[0] + radius * sin(2 * pi * place / len(order)), 1),
            round(middle[1] - radius * cos(2 * pi * place / len(order)), 1),
        )
        for place, name in enumerate(order)
    }


def _back(name: str) -> tuple[int, ...]:
    """A key that is larger for earlier names."""
    return tuple(-ord(letter) for letter in name)


def _tied(name: str, others: Sequence[str], ties: Mapping[tuple[str, str], float]) -> float:
    return sum(_tie(name, other, ties) for other in others)


def _tie(one: str, other: str, ties: Mapping[tuple[str, str], float]) -> float:
    return ties.get((one, other), ties.get((other, one), 0.0))


def _swapped(order: list[str], ties: Mapping[tuple[str, str], float]) -> list[str]:
    for _ in range(ROUNDS):
        better = False
        for place in range(len(order) - 1):
            swapped = [*order]
            swapped[place], swapped[place + 1] = order[place + 1], order[place]
            if _length(swapped, ties) < _length(order, ties) - 1e-9:
                order, better = swapped, True
        if not better:
            break
    return order


def _length(order: Sequence[str], ties: Mapping[tuple[str, str], float]) -> float:
    """The lengths of the ties along the ring, each times its strength."""
    places = {name: place for place, name in enumerate(order)}
    total = 0.0
    for (one, other), strength in ties.items():
        if one in places and other in places:
            apart = abs(places[one] - places[other])
            total += strength * min(apart, len(order) - apart)
    return total
