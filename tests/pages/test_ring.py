"""Countries on a ring: the same input gives the same places."""

import random

from tracker.charts.ring import ring_order, ring_places

TIES = {("AAA", "CCC"): 5.0, ("CCC", "EEE"): 4.0, ("BBB", "DDD"): 3.0}


def beside(order, one, other):
    apart = abs(order.index(one) - order.index(other))
    return apart in (1, len(order) - 1)


class TestTheOrder:
    def test_puts_those_with_ties_side_by_side(self):
        order = ring_order(["AAA", "BBB", "CCC", "DDD", "EEE"], TIES)

        assert all(beside(order, *ends) for ends in TIES)

    def test_begins_with_the_strongest(self):
        assert ring_order(["AAA", "BBB", "CCC", "DDD", "EEE"], TIES)[0] == "CCC"

    def test_does_not_depend_on_the_order_of_the_input(self):
        names = [f"N{number:02}" for number in range(20)]
        ties = {
            (one, other): float((7 * a + 3 * b) % 5)
            for a, one in enumerate(names)
            for b, other in enumerate(names)
            if a < b
        }
        expected = ring_order(names, ties)
        shuffler = random.Random(1)  # noqa: S311 # no secret
        for _ in range(3):
            mixed = [*ties.items()]
            shuffler.shuffle(mixed)
            shuffler.shuffle(names)

            assert ring_order(names, dict(mixed)) == expected

    def test_of_nothing_is_nothing(self):
        assert ring_order([], {}) == []


class TestPlaces:
    def test_go_clockwise_from_the_top(self):
        places = ring_places(["A", "B", "C", "D"], radius=100, middle=(200, 150))

        assert places == {"A": (200, 50), "B": (300, 150), "C": (200, 250), "D": (100, 150)}
