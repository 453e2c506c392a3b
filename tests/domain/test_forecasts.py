import pytest

from tracker.domain.forecasts import Forecast, brier, record

CAME, FAILED, VOID, OPEN = "happened", "did not happen", "void", None


def of(likelihood: str | None, outcome: str | None, *, times: int = 1) -> list[Forecast]:
    return [Forecast(likelihood=likelihood, outcome=outcome)] * times


class TestBrier:
    @pytest.mark.parametrize(
        ("likelihood", "outcome", "score"),
        [
            ("likely", CAME, 0.105625),  # (.675 − 1)²
            ("likely", FAILED, 0.455625),  # .675²
            ("almost-certain", CAME, 0.0009),
            ("almost-no-chance", CAME, 0.9409),
            ("roughly-even-chance", FAILED, 0.25),
        ],
    )
    def test_is_the_square_of_how_far_off_the_midpoint_was(self, likelihood, outcome, score):
        (forecast,) = of(likelihood, outcome)

        assert brier(forecast) == pytest.approx(score)

    @pytest.mark.parametrize(
        ("likelihood", "outcome"), [(None, CAME), ("likely", OPEN), ("likely", VOID), (None, OPEN)]
    )
    def test_is_none_of_what_is_not_counted(self, likelihood, outcome):
        (forecast,) = of(likelihood, outcome)

        assert brier(forecast) is None


class TestRecord:
    def test_holds_the_mean_against_always_saying_the_base_rate(self):
        # 12 · .105625 + 8 · .455625 = 4.9125, over 20; base rate .6: .6 · .4
        found = record(of("likely", CAME, times=12) + of("likely", FAILED, times=8))

        assert (found.counted, found.happened, found.missing) == (20, 12, 0)
        assert found.brier == pytest.approx(0.245625)
        assert found.reference == pytest.approx(0.24)

    def test_is_not_shown_before_twenty_are_counted(self):
        found = record(of("likely", CAME, times=19))

        assert (found.counted, found.missing) == (19, 1)
        assert found.brier is None
        assert found.reference is None

    def test_says_what_it_does_not_count_and_why(self):
        found = record(
            [
                *of("likely", CAME, times=20),
                *of(None, CAME, times=3),
                *of(None, FAILED),
                *of("likely", VOID, times=2),
                *of(None, VOID),
                *of("likely", OPEN, times=5),
                *of(None, OPEN),
            ]
        )

        assert (found.counted, found.happened) == (20, 20)
        assert (found.unjudged, found.void, found.open) == (4, 3, 6)
        assert found.brier == pytest.approx(0.105625)
        assert found.reference == 0

    def test_misses_all_twenty_where_nothing_was_forecast(self):
        assert (record([]).counted, record([]).missing) == (0, 20)
