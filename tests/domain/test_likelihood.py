"""ICD 203's bands, and what a source's own words do."""

from decimal import Decimal

import pytest

from tests.kit.tables import each
from tracker.domain.facts import rows
from tracker.domain.likelihood import BANDS, HEDGES, UnknownBand, midpoint, rule_for


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
            ("could have", "assessment"),
            ("may be quietly considering", "assessment"),
            ("might", "assessment"),
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
