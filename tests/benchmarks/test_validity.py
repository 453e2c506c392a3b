"""The validity run on a small file of the same form, with other countries, computed by hand."""

from argparse import ArgumentTypeError
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import expert, options, validity
from benchmarks.expert import BadSeries
from tests.kit.builders import AT, an_actor, on_record
from tracker.domain.records import Name
from tracker.imports.formats import mappings

pytestmark = pytest.mark.django_db

BY_CATEGORY, CODED = (
    mappings.read(Path(validity.__file__).with_name(name).read_text("utf-8"))
    for name in validity.MAPPINGS
)
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
        on_record(an_actor(code, names=(Name(text=name),), aliases=tuple(aliases)))


@pytest.fixture
def compare(tmp_path):
    """Compare the events of some rows with the expert."""
    (tmp_path / "expert.csv").write_text(EXPERT)

    def run(*rows, mapping=BY_CATEGORY, header=HEADER, **options):
        events = tmp_path / "events.csv"
        events.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
        values = expert.read(tmp_path / "expert.csv")
        return validity.compare(events, mapping, values, at=AT, **options)

    return run


class TestCompare:
    def test_computes_a_pair_as_by_hand(self, compare):
        """The visit is cooperation in words, a step of .3 from a source graded B: odds 17/3, with a
        prior of 9 to 1 51 to 1, at most .97. The tariffs are conflict in deeds, −.6 from an
        ungraded source, with the prior p .90, both countries initiators. Between worlds steps
        differ from half to twice as much, with the mean 1. So the level is .97 · .3 = .291, then
        .291 · (1 − .9 · .6/9) − .9 · .6 = −.266. At the ends of the months .291, .291, −.266,
        −.266 against 5.5, 5.6, 4.5, 3.0: ranks 3.5 3.5 1.5 1.5 against 3 4 2 1 correlate by 4/√20,
        the errors have the mean 4.638. With nothing known of the start a tenth of the worlds begins
        above 1.28 · 4 = 5.13; the visit adds .3 · .97 · (1 − 5.13/9) there, and the tariffs take
        .9 · .6 · (1 + 5.25/9), so that it is above 5.2 at first and above 4.4 in the end.
        """
        result = compare(VISIT, TARIFF, start="none")

        found = result.found.tracks["CHN-KAZ"]
        assert (len(found.scores), result.events) == (4, {"CHN-KAZ": 2})
        assert found.spearman == pytest.approx(4 / 20**0.5)
        # Which worlds a claim is true in depends on the id of its root.
        assert found.error == pytest.approx(4.638, abs=0.01)
        assert found.coverage(80) == 0.25

    def test_names_skipped_countries_with_the_reason(self, compare):
        result = compare(VISIT, TARIFF, FLAT)

        assert list(result.events) == ["CHN-KAZ"]
        assert result.skipped["Uzbekistan"] == "the expert's series hardly moves"
        assert result.skipped["Mongolia"] == "no event"
        assert "no actor on record is called 'Atlantis'" in result.skipped["Atlantis"]

    def test_skips_a_pair_without_a_value_for_the_start(self, compare):
        result = compare(VISIT.replace("2002-01", "2001-12"), TARIFF)

        assert result.events == {}
        assert result.skipped["Kazakhstan"].startswith("the expert has no value in the month")

    def test_needs_no_value_before_the_first_event_if_nothing_is_known(self, compare):
        result = compare(VISIT.replace("2002-01", "2001-12"), TARIFF, start="none")

        assert list(result.events) == ["CHN-KAZ"]

    def test_accepts_another_hub(self, compare):
        assert list(compare(TARIFF, VISIT, hub="Uzbekistan").events) == ["KAZ-UZB"]

    def test_takes_the_country_with_the_most_events_for_a_hub_without_a_name(self, compare):
        parties = tuple(one for one in BY_CATEGORY.parties if one.label != "hub")
        mapping = replace(BY_CATEGORY, parties=parties)

        result = compare(VISIT, TARIFF, FLAT, mapping=mapping, start="none")

        assert result.skipped["Kazakhstan"] == "no event"

    def test_names_the_first_reason_if_no_row_is_recorded(self, compare):
        with pytest.raises(validity.NoPair, match="recorded: line 2, code: is skipped: The coders"):
            compare(CODED_ROWS[3], mapping=CODED, header=CODED_HEADER)


class TestStart:
    """A visit moves a level by no more than .24."""

    @pytest.mark.parametrize(
        ("start", "level"), [("none", 0.0), ("structural", 3.0), ("expert", 5.0)]
    )
    def test_is_a_level_claim(self, compare, start, level):
        """China and Kazakhstan are not rivals, and have a pact of non-aggression: 3 with sd 2.5."""
        track = compare(VISIT, TARIFF, start=start).found.tracks["CHN-KAZ"]

        assert track.start == level
        assert track.scores[2002, 1].mean == pytest.approx(level, abs=0.3)


CODED_HEADER = (
    "row,partner,date,event,initiator,recipient,code,form,between_pair,strength,code_a,code_b,"
    "form_a,form_b,source"
)
CODED_ROWS = (
    "1,Kazakhstan,2002-01,A visit,CHN+KAZ,,CONSULT/visit,act,yes,full,,,,,https://mfa.gov.kz/a",
    "2,Kazakhstan,2002-03,A ban,KAZ,ORG:CHN,SANCTION,situation,yes,partial,,,,,https://mfa.gov.kz/b",
    "3,Kazakhstan,2002-03,A protest,ORG:KAZ,CHN,PROTEST/demo,act,no,full,,,,,https://mfa.gov.kz/c",
    "4,Kazakhstan,2002-03,An anniversary,,,NONE,act,no,full,,,,,https://mfa.gov.kz/d",
)


class TestCodedRows:
    def test_are_imported_by_the_mapping_that_comes_with_it(self, compare):
        result = compare(*CODED_ROWS, mapping=CODED, header=CODED_HEADER, hub="CHN")

        assert result.events == {"CHN-KAZ": 2}
        assert [(row.line, row.column) for row in result.refused] == [(4, "initiator"), (5, "code")]
        assert all(row.reason.startswith("is skipped: ") for row in result.refused)

    def test_are_recognised_by_their_columns(self, tmp_path):
        found = []
        for header in (HEADER, CODED_HEADER, "x,y"):
            (tmp_path / "events.csv").write_text(header + "\n", encoding="utf-8")
            found.append(validity.shipped_mapping(tmp_path / "events.csv").name)

        assert found == ["validity.toml", "validity_coded.toml", "validity.toml"]


class TestRead:
    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("Country,Score\n", "no column YearMonth"),
            ("Country,YearMonth,Score\nX,2001-13,1\n", "line 2"),
            ("Country,YearMonth,Score\nX,2001-12,?\n", "line 2"),
            ("Country,YearMonth,Score\nX,2001-12,9.5\n", r"line 2: 9.5 is not in -9..9"),
            ("Country,YearMonth,Score\nX,2001-12,nan\n", r"line 2: nan is not in -9..9"),
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
