"""What the parameters of a model may be."""

import pytest

from tests.kit.impacts import a_scorer
from tests.kit.tables import each
from tracker.domain.scoring import parameters
from tracker.domain.scoring.parameters import WrongParameter


class TestCheckNames:
    def test_lets_a_whole_body_pass(self):
        parameters.check_names({"a": 1, "b": 2}, wanted=("a", "b"))

    @pytest.mark.parametrize(
        ("body", "message"),
        [
            ({"a": 1}, "b is missing"),
            ({"a": 1, "b": 2, "c": 3}, "c is unknown; expected one of: a, b"),
        ],
    )
    def test_names_what_is_missing_or_unknown(self, body, message):
        with pytest.raises(WrongParameter, match=message):
            parameters.check_names(body, wanted=("a", "b"))


class TestDecimal:
    @pytest.mark.parametrize("text", ["0.04", "-1", "1", "0.98471475293443124"])
    def test_reads_a_string(self, text):
        assert parameters.decimal(text, "x", least=-1, most=1) == float(text)

    @each(
        "value", [0.5, 1, None, "", "1e-3", "nan", "inf", ".5", "+1", " 1", "−1", "1.", "1\n", "٣"]
    )
    def test_refuses_what_is_no_plain_decimal(self, value):
        with pytest.raises(WrongParameter, match=r"x is .*must be a decimal"):
            parameters.decimal(value, "x", least=-1, most=1)

    @pytest.mark.parametrize("value", ["-1.01", "1.01"])
    def test_refuses_what_is_out_of_range(self, value):
        with pytest.raises(WrongParameter, match="must be between -1 and 1"):
            parameters.decimal(value, "x", least=-1, most=1)


class TestWhole:
    def test_reads_a_whole_number(self):
        assert parameters.whole(30, "x", least=30, most=30) == 30

    @pytest.mark.parametrize("value", [True, "30", 30.0, 0, 367])
    def test_refuses_anything_else(self, value):
        with pytest.raises(WrongParameter, match="x is"):
            parameters.whole(value, "x", least=1, most=366)


class TestModels:
    @each(
        ("model", "name", "value"),
        [
            *(
                (model, *wrong)
                for model in ("tone", "cooperation")
                for wrong in [
                    ("decay", "1.1"),
                    ("kappa", "0"),
                    ("situation_days", "30"),
                    ("situation_fade", "-0.5"),
                ]
            ),
        ],
    )
    def test_name_the_parameter_that_is_wrong(self, model, name, value):
        with pytest.raises(WrongParameter) as caught:
            a_scorer(model, **{name: value})

        assert caught.value.name == name
