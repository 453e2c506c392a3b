import ast
from pathlib import Path

from tests.kit.impacts import DAY, a_day, a_scorer, an_act, an_id, pulls_of
from tests.kit.tables import each
from tracker.domain import scoring
from tracker.domain.scoring import MODELS
from tracker.domain.scoring.moments import Score, clipped, latest, powers


class TestModels:
    def test_do_not_lean_on_one_another(self):
        for name in MODELS:
            text = (Path(scoring.__file__).parent / f"{name}.py").read_text()
            imported = {
                alias.name.rpartition(".")[2]
                for node in ast.walk(ast.parse(text))
                if isinstance(node, ast.Import | ast.ImportFrom)
                for alias in [*node.names, ast.alias(getattr(node, "module", None) or "")]
            }
            assert not imported & (MODELS.keys() - {name})


class TestPowers:
    def test_are_products_and_not_the_machines_powers(self):
        ratio, product = 0.98471475293443124, 1.0
        for power in powers(ratio, upto=3000)[:3001]:
            assert power == product
            product *= ratio

    def test_do_not_depend_on_how_many_are_asked_for(self):
        assert powers(0.99, upto=5000)[:1024] == powers(0.99, upto=5)


class TestLatest:
    def test_is_the_last_knot_up_to_the_day(self):
        knots = a_scorer("tone").knots(
            pulls_of(*(an_act(claim=an_id(n), first=a_day(n)) for n in (2, 5)))
        )

        assert latest(knots, a_day(1)) is None
        assert latest(knots, a_day(4)) is knots[0]
        assert latest(knots, a_day(5)) is knots[1]


class TestClipped:
    def test_brings_values_into_the_range(self):
        assert clipped([-10.5, -9.0, 0.0, 9.25], top=9) == [-9.0, -9.0, 0.0, 9.0]
        assert clipped([0.5, 9.0], top=9) == [0.5, 9.0]
        assert clipped([], top=9) == []


class TestKnot:
    def test_counts_each_root_once_and_the_state_owned_among_them(self):
        pulls = pulls_of(
            an_act(roots=(an_id(901), an_id(902)), state_roots=(an_id(902),)),
            an_act(claim=an_id(2), first=a_day(3), roots=(an_id(902),), state_roots=(an_id(902),)),
        )
        first, second = a_scorer("standing").knots(pulls)

        assert (first.claims, first.roots, first.state_roots, first.newest) == (1, 2, 1, DAY)
        assert (second.claims, second.roots, second.state_roots, second.newest) == (
            2,
            2,
            1,
            a_day(3),
        )


class TestWords:
    @each(
        ("model", "low", "high", "words"),
        [
            ("tone", 0.1, 4.0, "mostly cooperation"),
            ("tone", -4.0, -0.1, "mostly conflict"),
            ("tone", -1.0, 2.0, "no clear tone"),
            ("tone", 0.0, 2.0, "no clear tone"),
            ("cooperation", 0.1, 0.4, "more cooperation than conflict"),
            ("cooperation", -0.4, -0.1, "more conflict than cooperation"),
            ("cooperation", -0.1, 0.2, "no clear balance"),
            ("cooperation", 0.0, 0.2, "no clear balance"),
        ],
    )
    def test_of_a_flow_follow_from_the_interval(self, model, low, high, words):
        found = Score(value=(low + high) / 2, sd=0.1, low=low, high=high)

        assert a_scorer(model).words(found, since=DAY) == words

    @each("model", ["tone", "cooperation"])
    def test_say_when_nothing_is_recorded(self, model):
        scorer = a_scorer(model)

        assert scorer.words(scorer.at(None, DAY), since=None) == "nothing recorded"
