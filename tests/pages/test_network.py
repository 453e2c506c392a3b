"""The network: only relations whose direction is known, on any day, always in the same places."""

import re

import pytest

from tests.kit.background_work import work_off
from tests.kit.builders import a_citation
from tests.kit.texts import text_of
from tracker.domain.claims import Occurred
from tracker.pages import network_page, network_ring
from tracker.queries import moment
from tracker.queries.scores import lenses, movements, pairs, table
from tracker.queries.scores.table import Order

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(desk):
    """Three roots report sanctions by Russia on Kazakhstan in May 2022; one reports a sanction on
    China."""
    desk.sees_levels()
    for number in (1, 2, 3):
        heard = a_citation(desk.hears(name=f"Paper {number}"))
        day = Occurred(edtf=f"2022-05-1{number}")
        desk.asserts("RUS", "KAZ", occurred=day, citations=(heard,))
    desk.asserts("RUS", "CHN", occurred=Occurred(edtf="2022-05-12"))
    work_off()
    return desk


def ties(answer):
    """The ties of the wide picture: their classes and what they say."""
    wide = answer.text.partition('class="wide-only"')[2].partition('class="narrow-only"')[0]
    return re.findall(r'class="tie (\w+)".*?<title>(.*?)</title>', wide, re.DOTALL)


class TestTies:
    def test_are_those_of_which_findings_tell(self, client, record):
        answer = client.get("/network/", {"day": "2022-06-01"})

        [(_, alone), (way, says)] = ties(answer)
        assert alone == "CHN and RUS: ▼ worse, one source reports (−0.6 to 0.0)"
        assert way == "worse"
        assert says.startswith("KAZ and RUS: ▼ worse (−")
        assert (
            "Relations up to 1 June 2022: worse 2, better 0. Of these changes, 1 is reported by one"
            " source alone."
        ) in text_of(answer)

    def test_are_those_of_the_day(self, client, record):
        """On the first day only one root reports a sanction of Kazakhstan, and none of China."""
        answer = client.get("/network/", {"day": "2022-05-11"})

        [(_, says)] = ties(answer)
        assert says.startswith("KAZ and RUS: ▼ worse, one source reports (")
        text = text_of(answer)
        assert "Relations up to 11 May 2022: worse 1, better 0." in text

    def test_of_less_than_half_a_point_are_not_drawn(self, client, desk):
        """Three roots report talks, which surely move a level, by less than half a point."""
        desk.sees_levels()
        for number in (1, 2, 3):
            heard = a_citation(desk.hears(name=f"Paper {number}", grade="A"))
            desk.asserts("RUS", "KAZ", code="plover-2.0/CONSULT", citations=(heard,))
        work_off()

        answer = client.get("/network/", {"day": "2022-06-01"})

        assert ties(answer) == []
        says = "Up to 1 June 2022 no relation clearly changed by half a point or more."
        assert says in text_of(answer)

    def test_of_signals_in_both_directions_are_not_drawn_as_in_a_comparison(self, client, record):
        """Three sanctions pull Russia and Kazakhstan apart, and two acts of aid back by half of
        that."""
        for number in (4, 5):
            heard = a_citation(record.hears(name=f"Paper {number}", grade="A"))
            day = Occurred(edtf=f"2022-05-1{number}")
            record.asserts("RUS", "KAZ", code="plover-2.0/AID", occurred=day, citations=(heard,))
        work_off()

        drawn = ties(client.get("/network/", {"day": "2022-06-01"}))

        assert not [says for _, says in drawn if says.startswith("KAZ and RUS")]
        compared = client.get("/compare/", {"day": "2022-06-01", "pairs": "KAZ-RUS,CHN-RUS"})
        assert "KAZ and RUS : ? signals in both directions" in text_of(compared)

    def test_may_show_that_no_relation_stands_on_a_side(self, client, record):
        answer = client.get("/network/", {"day": "2022-06-01", "show": "level"})

        assert ties(answer) == []
        assert "On 1 June 2022 no relation is surely friendly or hostile." in text_of(answer)

    def test_may_show_where_relations_stand(self, client, record):
        record.assesses("6", "1", pair="CHN-KAZ", day="2022-05-01")
        work_off()

        answer = client.get("/network/", {"day": "2022-06-01", "show": "level"})

        assert [(way, says.partition(" (")[0]) for way, says in ties(answer)] == [
            ("better", "CHN and KAZ: ▲ friendly side")
        ]

    def test_are_in_the_list_too(self, client, record):
        answer = client.get("/network/", {"day": "2022-06-01"})

        rows = re.findall(r"<tbody>(.*?)</tbody>", answer.text, re.DOTALL)
        assert rows[0].count("<tr>") == 2
        assert "KAZ and RUS" in rows[0]


class TestPlaces:
    def test_do_not_depend_on_the_day(self, client, record):
        found = [
            re.findall(r"<circle [^>]*>", client.get("/network/", {"day": day}).text)
            for day in ("2022-05-10", "2022-06-01")
        ]

        assert found[0] == found[1]
        assert len(found[0]) == 2 * 3

    def test_are_of_the_countries_with_most_reports(self, client, record, monkeypatch):
        monkeypatch.setattr(network_page, "MOST_COUNTRIES", 2)

        text = text_of(client.get("/network/", {"day": "2022-06-01"}))

        assert "The 2 countries with most reports are shown" in text
        assert "One more pair, with fewer reports, is in the table of pairs." in text

    def test_leave_room_for_names_that_stand_on_end(self, client, record, monkeypatch):
        monkeypatch.setattr(network_ring, "MOST_UPRIGHT", 2)
        monkeypatch.setattr(network_ring, "LETTER", 100)

        height, y = re.search(
            r'<svg class="ring" viewBox="0 0 760 (\d+)".*?<text x="[\d.]+" y="([\d.]+)"',
            client.get("/network/", {"day": "2022-06-01"}).text,
            re.DOTALL,
        ).groups()

        # The first of three names of three letters stands on top of the ring.
        assert float(height) == 2 * (250 + 12 + 300)
        assert float(y) == 300


class TestTheSlider:
    def test_stops_at_the_ends_of_months_and_today(self, client, record):
        answer = client.get("/network/", {"day": "2022-06-01"})

        options = re.findall(r'<option value="(\S+?)"( selected)?>(.*?)<', answer.text)
        assert [(day, label) for day, _, label in options[:1]] == [("2022-05-31", "May 2022")]
        assert options[-1][2] == "Today"
        assert [day for day, chosen, _ in options if chosen] == ["2022-05-31"]

    def test_has_a_form_and_links_without_a_script(self, client, record):
        answer = client.get("/network/", {"day": "2022-06-01", "show": "level"})

        form = answer.text.partition('class="controls months"')[2].partition("</form>")[0]
        assert '<input type="hidden" name="show" value="level">' in form
        assert "<button>" in form
        assert 'rel="next"' in form
        assert '<p class="range" hidden>' in form


class TestBadInput:
    @pytest.mark.parametrize(
        ("parameters", "says"),
        [
            ({"lens": "tone"}, "measures no level"),
            ({"lens": "nope"}, "no lens"),
            ({"show": "all"}, "The parameter show is one of moved, level."),
            ({"day": "soon"}, "is not a day (2022-05-24)"),
            ({"country": "KAZ"}, "This page has no parameter country."),
        ],
    )
    def test_is_answered_in_words(self, client, record, parameters, says):
        assert says.lower() in text_of(client.get("/network/", parameters), status=400).lower()


class TestMovementsOnADay:
    """The network has the same movements for many pairs as the page of each pair."""

    @pytest.mark.parametrize("day", ["2022-05-11", "2022-05-12", "2022-07-01"])
    def test_are_those_of_each_series(self, record, day):
        lens = lenses.find("standing", position=moment.now().position)
        rows = table.page(lens, Order(column="claims", descending=True), limit=10)
        when = moment.read_day(day)

        found = movements.on_day(lens, rows, when)

        for row in rows:
            series = pairs.series(row.pair, direction=row.pair, lens="standing", as_of=moment.now())
            if series.knots[0].day > when:
                assert row.pair not in found
                continue
            assert found[row.pair].score == series.score_on(when)
            assert found[row.pair].movement == movements.of_series(series, when)
            assert found[row.pair].known

    def test_are_unknown_beyond_what_may_be_folded(self, record):
        lens = lenses.find("standing", position=moment.now().position)
        rows = table.page(lens, Order(column="claims", descending=True), limit=10)

        found = movements.on_day(lens, rows, moment.read_day("2022-06-01"), most=1)

        assert {pair: one.known for pair, one in found.items()} == {
            "KAZ-RUS": False,
            "CHN-RUS": True,
        }
        assert found["KAZ-RUS"].movement is None

    @pytest.mark.parametrize("parameters", [{}, {"day": "2022-06-01"}])
    def test_that_are_unknown_are_counted_on_the_page(
        self, client, record, parameters, monkeypatch
    ):
        monkeypatch.setattr(network_page, "MOST_FOLDED", 1)

        answer = client.get("/network/", parameters)

        assert [says.partition(":")[0] for _, says in ties(answer)] == ["CHN and RUS"]
        assert "One more relation has too many reports" in text_of(answer)

    def test_are_all_known_where_levels_are_shown(self, client, record, monkeypatch):
        monkeypatch.setattr(network_page, "MOST_FOLDED", 1)

        answer = client.get("/network/", {"day": "2022-06-01", "show": "level"})

        assert "too many reports" not in text_of(answer)
