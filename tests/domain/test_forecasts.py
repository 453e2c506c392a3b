"""How forecasts came out, ICD 203's bands, and what a source's own words do."""

from decimal import Decimal

import pytest

from tests.kit.tables import each
from tracker.domain.facts import rows
from tracker.domain.forecasts import Forecast, brier, record
from tracker.domain.likelihood import BANDS, HEDGES, UnknownBand, midpoint, rule_for

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


class TestBands:
    @each(
        ("band", "middle"),
        [
            ("almost-no-chance", ".03"),
            ("very-unlikely", ".125"),
            ("unlikely", ".325"),
            ("roughly-even-chance", ".5"),
            ("likely", ".675"),
            ("very-likely", ".875"),
            ("almost-certain", ".97"),
        ],
    )
    def test_have_the_directive_s_midpoints(self, band, middle):
        assert BANDS[band].midpoint == Decimal(middle)
        assert midpoint(band) == float(middle)

    def test_are_those_of_the_table(self):
        table = {
            row["value"]: tuple(Decimal(row[c]) / 100 for c in ("p_low_pct", "p_high_pct"))
            for row in rows("icd203")
            if row["axis"] == "likelihood"
        }

        assert {name: (band.low, band.high) for name, band in BANDS.items()} == table


class TestMidpoint:
    def test_is_none_where_the_source_does_not_judge(self):
        assert midpoint(None) is None

    @pytest.mark.parametrize("band", ["Likely", "", "certain", "x" * 10_000])
    def test_refuses_what_is_no_band(self, band):
        with pytest.raises(UnknownBand, match="roughly-even-chance"):
            midpoint(band)


class TestRuleFor:
    @pytest.mark.parametrize(
        ("hedge", "band"),
        [
            ("suspected", "roughly-even-chance"),
            ("Apparently", "likely"),
            (" very  likely ", "very-likely"),
            ("unlikely", "unlikely"),
        ],
    )
    def test_gives_a_band_to_a_judgement(self, hedge, band):
        rule = rule_for(hedge)

        assert rule is not None
        assert (rule.means, rule.band) == ("band", band)

    @each(
        ("hedge", "means"),
        [
            ("reportedly", "chain"),
            ("according to", "chain"),
            ("may", "assessment"),
            ("may be quietly considering", "assessment"),
        ],
    )
    def test_gives_no_band_to_hearsay_or_conjecture(self, hedge, means):
        rule = rule_for(hedge)

        assert rule is not None
        assert (rule.means, rule.band) == (means, "")

    @pytest.mark.parametrize("hedge", ["", "  ", "neither appear likely", "essentially", "mayor"])
    def test_reads_nothing_else_into_words(self, hedge):
        assert rule_for(hedge) is None

    def test_names_only_bands_that_there_are(self):
        assert {rule.band for rule in HEDGES.values()} - {""} <= BANDS.keys()
