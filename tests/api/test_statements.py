"""However long a page is, it is asked for with as many SQL statements: on every list route."""

import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.kit.api_client import V1
from tests.kit.builders import AT, BY, a_citation, a_collection, a_lens, a_source, an_actor
from tracker import log
from tracker.domain import events as e
from tracker.domain.claims import Magnitude, Occurred
from tracker.domain.records import Affiliation, Name
from tracker.operations import actors, claims, editions, lenses, links, sources
from tracker.projections import score_rows, shifts
from tracker.queries import moment

pytestmark = pytest.mark.django_db
MANY = 4
# Of the ten pairs of five countries: with four hostile ones, four triangles are unbalanced.
HOSTILE = {"KAZ-UZB", "RUS-UZB", "TJK-UZB", "CHN-KAZ"}
FIVE = ("CHN", "KAZ", "RUS", "TJK", "UZB")
LEVELS = {pair: "-3" if pair in HOSTILE else "3" for pair in map("-".join, combinations(FIVE, 2))}
# What a list must be asked about.
ASKED: dict[str, dict[str, Any]] = {
    "claims/": {"kind": "act"},
    "triads/": {"countries": "CHN,KAZ,RUS,TJK,UZB", "day": "2022-06-02"},
    "shifts/": {"from": "2022-01-01", "to": "2022-12-31"},
}
OF_THE_PROGRAM = ("codebooks/",)
# Lists of what a log does not hold: other tests are about them.
ELSEWHERE = re.compile("job|import|webhook|drafts")


def list_routes(api):
    """The routes that answer with `results`, by the OpenAPI document."""
    described = api.http.get(V1 + "openapi.json").json()
    pages = described["components"]["schemas"]
    for path, methods in described["paths"].items():
        answer = methods.get("get", {}).get("responses", {}).get("200", {})
        named = answer.get("content", {}).get("application/json", {}).get("schema", {})
        page = pages.get(named.get("$ref", "").rpartition("/")[2], {})
        if "results" in page.get("properties", {}):
            yield path.removeprefix(V1), methods["get"]


def statements(api, path, query):
    with CaptureQueriesContext(connection) as captured:
        found = api.get(path, **query)
    return len(captured), len(found["results"])


@pytest.fixture
def full(api, desk, catch_up):
    """Four and more of everything that there are lists of."""
    records(desk)
    other, speech = desk.asserts(), desk.asserts(kind="situation")
    acts_and_measures(desk)
    triangles(desk)
    levels(desk)
    report_all(desk, other=other.stream, speech=speech.stream)
    catch_up()
    score_rows.age(today=AT.date())
    shifts.find(today=AT.date())
    for number in range(MANY):
        editions.publish(
            "standing", date(2022, 6, 1) + timedelta(days=number), at=AT, as_of=moment.now()
        )
    return desk


def records(desk):
    """Countries with their people and sources, lenses and collections."""
    for number, code in enumerate(("TJK", "UZB", "BLR", "ARM")):
        country = actors.describe_actor(an_actor(code), at=AT, by=BY).stream
        desk.countries[code] = country
        voice = Affiliation(country=country, sector="government")
        man = an_actor(None, kind="person", names=(Name(text=code),), affiliations=(voice,))
        actors.describe_actor(man, at=AT, by=BY)
        sources.describe_source(a_source(name="", actor=country), at=AT, by=BY)
        lens = a_lens(name=f"lens{number}", view=desk.view)
        lenses.define_lens(lens, at=AT, by=BY)
        _collection(number)


def acts_and_measures(desk):
    """An assault between neighbours in the list of countries, and as many measures of one pair."""
    for number, (one, another) in enumerate(pairwise(desk.countries)):
        document = desk.hears(ends="2022-12-31")
        day = date(2022, 2, 1) + timedelta(days=30 * number)
        desk.asserts(
            one,
            another,
            citations=(a_citation(document, chain=(desk.source,)),),
            code="plover-2.0/ASSAULT",
            occurred=Occurred(edtf=day.isoformat()),
        )
        desk.asserts(
            "KAZ",
            "RUS",
            kind="measure",
            code=None,
            magnitude=Magnitude(value=Decimal(number), unit="%"),
            citations=(a_citation(document),),
        )


def triangles(desk):
    """Acts on every side of the triangles of five countries; some sides turn hostile."""
    for one, another in [("CHN", "KAZ"), ("KAZ", "TJK"), ("RUS", "UZB"), ("CHN", "UZB")]:
        desk.asserts(one, another, occurred=Occurred(edtf="2022-01-01"))
        desk.asserts(one, another, code="plover-2.0/ASSAULT", occurred=Occurred(edtf="2022-06-01"))
    for one, another in combinations(FIVE, 2):
        desk.asserts(one, another, occurred=Occurred(edtf="2021-01-01"))


def levels(desk):
    """Assessed levels of the pairs of some triangles."""
    heard = (a_citation(desk.hears(ends="2022-12-31")),)
    for pair, level in LEVELS.items():
        desk.assesses(level, "1", "2022-06-02", pair=pair, citations=heard)


def report_all(desk, *, other, speech):
    """Give every claim a verdict, a further citation and a speech, so that no query is about what
    only some claims have. `other` says every claim but itself and `speech`, which says `other`."""
    heard = desk.hears(ends="2022-12-31")
    for stream in log.streams("ClaimAsserted"):
        verdict = e.VerdictGiven(verdict="disputed", reason="no", source=desk.source)
        claims.give_verdict(stream, verdict, expected=1, at=AT, by=BY)
        claims.cite(stream, a_citation(heard), expected=2, at=AT, by=BY)
        if stream != speech:
            links.link("says", speech if stream == other else other, stream, at=AT, by=BY)


def _collection(number):
    sources.describe_collection(a_collection(name=f"c{number}"), at=AT, by=BY)


class TestEveryList:
    def test_is_asked_for_as_often_whatever_its_length(self, api, full):
        differing, short = {}, []
        for path, _ in list_routes(api):
            if ELSEWHERE.search(path):
                continue
            place = path.format(one="KAZ", other="RUS") if "{" in path else path
            asked = ASKED.get(path, {})
            few, one = statements(api, place, {**asked, "limit": 1})
            more, all_ = statements(api, place, {**asked, "limit": MANY})
            if few != more:
                differing[path] = (few, more)
            if (one, all_) != (1, MANY) and path not in OF_THE_PROGRAM:
                short.append((path, one, all_))

        assert not differing
        assert not short
