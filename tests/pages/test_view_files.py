"""The tables of a comparison and a digest as files: the same figures as on the page."""

import csv
import io

import pytest

from tests.kit.builders import SANCTION, a_citation, a_desk
from tests.kit.pulls import still_parameters
from tracker import log
from tracker.domain.claims import Occurred

pytestmark = pytest.mark.django_db
DAY = "2022-06-01"


@pytest.fixture
def desk(db):
    """A record on which nothing happens unreported: see `still_parameters`."""
    return a_desk(level=still_parameters())


@pytest.fixture
def record(desk, scored):
    """Three roots tell of sanctions by Russia on Kazakhstan in May 2022; one of one on China."""
    for number in (1, 2, 3):
        heard = a_citation(desk.hears(name=f"Paper {number}"))
        day = Occurred(edtf=f"2022-05-1{number}")
        desk.asserts(
            "RUS",
            "KAZ",
            code=SANCTION,
            occurred=day,
            citations=(heard,),
            summary="=1+1 as a title.",
        )
    desk.asserts("RUS", "CHN", code=SANCTION, occurred=Occurred(edtf="2022-05-12"))
    scored()
    return desk


def sheet(client, path, **parameters):
    answer = client.get(path, parameters)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.text)))


class TestAComparison:
    PATH = "/compare/movements"

    def test_has_each_line_on_the_days_of_its_acts(self, client, record):
        """A sanction moves a level by −.6 in the worlds in which it was."""
        rows = sheet(client, f"{self.PATH}.csv", pairs="KAZ-RUS,CHN-RUS", day=DAY)

        lines = {name: [r for r in rows if r["pair"] == name] for name in ("KAZ-RUS", "CHN-RUS")}
        assert len(lines["KAZ-RUS"]) + len(lines["CHN-RUS"]) == len(rows)
        assert [row["day"] for row in lines["CHN-RUS"]] == ["2022-05-11", "2022-05-12", DAY]
        assert float(lines["CHN-RUS"][0]["points"]) == 0
        assert -0.6 < float(lines["CHN-RUS"][-1]["points"]) < -0.5
        assert float(lines["CHN-RUS"][-1]["low"]) == pytest.approx(-0.6)

    def test_is_linked_by_an_address_whose_content_stays(self, client, record, scored):
        page = client.get("/compare/", {"pairs": "KAZ-RUS,CHN-RUS", "day": DAY}).text
        link = page.partition(f'href="{self.PATH}.json?')[2].partition('"')[0].replace("&amp;", "&")
        before = client.get(f"{self.PATH}.json?{link}").json()
        assert before["movements"][0]["position"] <= log.head().position

        record.asserts(
            "RUS", "CHN", code=SANCTION, occurred=Occurred(edtf="2022-05-13"), summary="Another."
        )
        scored()

        assert client.get(f"{self.PATH}.json?{link}").json() == before


class TestADigest:
    PATH = "/digest/2022-05/changes"

    def test_has_each_pair_with_its_claim_and_no_formula(self, client, record):
        rows = {row["pair"]: row for row in sheet(client, f"{self.PATH}.csv")}
        body = client.get(f"{self.PATH}.json").json()

        assert rows.keys() == {"KAZ-RUS", "CHN-RUS"}
        assert rows["KAZ-RUS"]["turn"] == "worse"
        assert rows["CHN-RUS"]["turn"] == "worse"
        assert [rows[pair]["one_source"] for pair in ("KAZ-RUS", "CHN-RUS")] == ["False", "True"]
        assert rows["KAZ-RUS"]["title"].startswith("'=1+1")
        assert body["changes"][0]["title"].startswith("=1+1")
        assert (body["month"], body["until"], body["others"]) == ("2022-05", "2022-05-31", 0)
        assert f'href="{self.PATH}.csv"' in client.get("/digest/2022-05/").text

    def test_of_a_month_to_come_is_not_found(self, client, record):
        assert client.get("/digest/2999-01/changes.csv").status_code == 404
