"""The validity run on a small file of the same form, with other countries, computed by hand."""

import statistics
from argparse import ArgumentTypeError
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import expert, options, validity
from benchmarks.expert import Agreement, BadSeries, Point
from tests.kit.builders import AT, BY, an_actor
from tracker.domain.records import Name
from tracker.imports.formats import mappings
from tracker.operations import actors

pytestmark = pytest.mark.django_db

MAPPING = mappings.read(Path(validity.__file__).with_suffix(".toml").read_text("utf-8"))
HEADER = (
    "country_en,country_cn,event_date,event_name,event_type_original,event_category,"
    "event_category_en,impact,visit_level,visit_direction,visitor,host,location,source"
)
VISIT = (
    "Republic of Kazakhstan,,2002-01,State visit,leader_visit,,High-level visit,positive,"
    "state_head,partner_to_china,,,,https://www.mfa.gov.kz/visits"
)
TARIFF = (
    "Kazakhstan,,2002-03,Tariffs on rice,economic,,Economic sanction / tariff barrier,negative,"
    ",,,,,https://example.org/rice"
)
FLAT = (
    "Uzbekistan,,2002-01,State visit,leader_visit,,High-level visit,neutral,"
    "state_head,china_to_partner,,,,https://example.org/visit"
)
EXPERT = """Country,YearMonth,Score
Kazakhstan,2001-12,5.0
Kazakhstan,2002-01,5.5
Kazakhstan,2002-02,5.6
Kazakhstan,2002-03,4.5
Kazakhstan,2002-04,3.0
Uzbekistan,2001-12,2.0
Uzbekistan,2002-01,2.0
Uzbekistan,2002-02,2.1
Mongolia,2001-12,1.0
Atlantis,2001-12,1.0
"""


@pytest.fixture(autouse=True)
def countries():
    described = {
        "CHN": ("China",),
        "KAZ": ("Kazakhstan", "Republic of Kazakhstan"),
        "UZB": ("Uzbekistan",),
        "MNG": ("Mongolia",),
    }
    for code, (name, *aliases) in described.items():
        actor = an_actor(code, names=(Name(text=name),), aliases=tuple(aliases))
        actors.describe_actor(actor, at=AT, by=BY)


@pytest.fixture
def compare(tmp_path):
    """Compare the events of some rows with the expert."""
    (tmp_path / "expert.csv").write_text(EXPERT)

    def run(*rows, mapping=MAPPING):
        events = tmp_path / "events.csv"
        events.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
        values = expert.read(tmp_path / "expert.csv")
        return validity.compare(events, mapping, values, at=AT)

    return run


class TestCompare:
    def test_computes_a_pair_as_by_hand(self, compare):
        """The visit, PLOVER 4.0, is a step of .24 from a source graded B (p .85):
        5 · (1 − .85 · .24/9) + .85 · .24 = 5.0906667. The tariffs, −6, are a step of −.6 from an
        ungraded source (p .50), both countries initiators, so that the pair has the mean of two:
        5.0906667 · (1 − .5 · .6/9) − .5 · .6 = 4.6209778. Scores at the ends of the months are
        5.0907, 5.0907, 4.6210, 4.6210 against 5.5, 5.6, 4.5, 3.0: ranks 3.5 3.5 1.5 1.5 against
        3 4 2 1 correlate by 4/√20, the errors .4093 .5093 .1210 1.6210 have the mean .66516. The
        variance in April is about .09 + 120 · .0016, so its interval is ± .9 and misses 3.0; the
        other three hold.
        """
        result = compare(VISIT, TARIFF)

        found, events = result.pairs["CHN-KAZ"]
        assert (found.months, events) == (4, 2)
        assert found.spearman == pytest.approx(4 / 20**0.5)
        assert found.error == pytest.approx(0.66515556)
        assert found.coverage == 0.75

    def test_names_skipped_countries_with_the_reason(self, compare):
        result = compare(VISIT, TARIFF, FLAT)

        assert list(result.pairs) == ["CHN-KAZ"]
        assert result.skipped["Uzbekistan"] == "the expert's series hardly moves"
        assert result.skipped["Mongolia"] == "no event"
        assert "no actor on record is called 'Atlantis'" in result.skipped["Atlantis"]

    def test_skips_a_pair_without_a_value_for_the_anchor(self, compare):
        result = compare(VISIT.replace("2002-01", "2001-12"), TARIFF)

        assert result.pairs == {}
        assert result.skipped["Kazakhstan"].startswith("the expert has no value in the month")

    def test_accepts_another_hub(self, compare):
        result = compare(TARIFF, VISIT, mapping=validity.with_hub(MAPPING, "Uzbekistan"))

        assert list(result.pairs) == ["KAZ-UZB"]

    def test_refuses_a_mapping_without_a_hub(self, compare):
        parties = tuple(one for one in MAPPING.parties if one.label != "hub")

        with pytest.raises(validity.NoHub):
            compare(VISIT, mapping=replace(MAPPING, parties=parties))

    def test_skips_refused_rows_and_reports_them(self, compare):
        result = compare(VISIT, TARIFF, TARIFF.replace("Economic sanction / tariff barrier", "War"))

        assert list(result.pairs) == ["CHN-KAZ"]
        assert [(one.line, one.value) for one in result.refused] == [(4, "War")]


class TestAgreement:
    def test_of_a_constant_score_has_no_order(self):
        points = [Point(expert=e, value=1.0, low=0.0, high=2.0) for e in (1.0, 2.0, 3.0)]

        assert expert.agreement(points) == Agreement(
            months=3, spearman=0.0, error=1.0, coverage=pytest.approx(2 / 3)
        )


class TestLine:
    def test_gives_each_pair_the_same_weight(self):
        found = [
            Agreement(months=2, spearman=0.9, error=1.0, coverage=1.0),
            Agreement(months=200, spearman=0.4, error=3.0, coverage=0.5),
            Agreement(months=20, spearman=0.8, error=2.0, coverage=0.9),
        ]

        assert validity.summary(found) == (
            "validity mean_spearman=0.700 median_spearman=0.800 mean_abs_error=2.000"
            " coverage90=0.800 pairs=3"
        )


class TestRead:
    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("Country,Score\n", "no column YearMonth"),
            ("Country,YearMonth,Score\nX,2001-13,1\n", "line 2"),
            ("Country,YearMonth,Score\nX,2001-12,?\n", "line 2"),
            ("Country,YearMonth,Score\nX,2001-12,1\nX,2001-12,1\n", "line 3: duplicate month"),
        ],
    )
    def test_names_the_line_of_an_error(self, tmp_path, text, says):
        (tmp_path / "expert.csv").write_text(text)

        with pytest.raises(BadSeries, match=says):
            expert.read(tmp_path / "expert.csv")


class TestAMissingFile:
    @pytest.mark.parametrize("text", ["", "nowhere.csv", "."])
    def test_is_named_with_the_variables(self, text):
        with pytest.raises(ArgumentTypeError, match=r"no file '.*': EVENTS=… EXPERT=…"):
            options.existing_file(text)


class TestTheMapping:
    def test_gives_a_reason_for_every_code_and_every_grade(self):
        assert all(rule.reason for rule in MAPPING.rules)
        assert all(one.grade and one.grade.reason for one in MAPPING.publishers)

    def test_scores_nothing_for_a_disaster(self):
        without_code = [rule for rule in MAPPING.rules if rule.code is None]

        assert [rule.kind for rule in without_code] == ["assessment"]


def test_months_continue_after_the_end_of_a_year():
    assert expert.previous((2002, 1)) == (2001, 12)
    assert expert.last_day((2001, 12)).isoformat() == "2001-12-31"
    assert expert.last_day((2004, 2)).isoformat() == "2004-02-29"
    assert statistics.pstdev([2.0, 2.0, 2.1]) < expert.LEAST_SD
