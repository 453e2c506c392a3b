"""Claims as a file: all that the API says of them, as of one position, whatever comes after. What
goes out as plain values is what the API's serializers describe."""

import csv
import io
import json
import tracemalloc
from dataclasses import replace
from decimal import Decimal
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from rest_framework.renderers import JSONRenderer

from tests.kit.api_client import api_with
from tests.kit.builders import AT, BY, Desk, a_citation, a_collection, a_token
from tests.kit.seeded import SEEDED, put_seed_on_record
from tracker import log
from tracker.api.resources.claims import ClaimOut
from tracker.api.resources.pairs import RowOut
from tracker.api.resources.score_fields import ScoreOut
from tracker.domain import events as e
from tracker.domain.claims import Magnitude
from tracker.domain.disclosure import Reader
from tracker.domain.events import ClaimAsserted
from tracker.domain.records import Name, Party
from tracker.exports import claimlines, readings, requests
from tracker.exports import claims as exported
from tracker.exports.formats import FORMATS
from tracker.exports.requests import TableRequest
from tracker.log import Draft
from tracker.operations import claims, ids, links, sources
from tracker.projections import impacts, scores, shifts, standing
from tracker.queries import moment
from tracker.queries.claims import detail
from tracker.queries.records.names import NoSuchName
from tracker.queries.scores import pairs, table

pytestmark = pytest.mark.django_db
# An act that needs nobody to whom it is done.
DEMONSTRATE = "plover-2.0/PROTEST/demo"


@pytest.fixture(scope="module")
def article(django_db_setup, django_db_blocker):
    """The seed, read through the API and as a file, then rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        put_seed_on_record()
        api = api_with(a_token("read", at=SEEDED))
        out = {form: io.BytesIO() for form in ("ndjson", "csv")}
        for form, stream in out.items():
            FORMATS[form].write(
                requests.table(
                    TableRequest(table="claims", as_of=moment.now()), reader=Reader.DESK
                ),
                stream,
            )
        found = SimpleNamespace(
            api=api.get("claims/", limit=1000)["results"],
            lines=[json.loads(line) for line in out["ndjson"].getvalue().splitlines()],
            rows=list(csv.DictReader(io.StringIO(out["csv"].getvalue().decode()))),
        )
        transaction.set_rollback(True)
    return found


def alone(line: dict[str, Any]) -> dict[str, Any]:
    """What a line says of its claim, without what it brings along for another log."""
    return {name: one for name, one in line.items() if name not in ("records", "later")}


class TestALine:
    def test_says_what_the_api_says(self, article):
        assert len(article.lines) == 52
        assert [alone(line) for line in article.lines] == article.api

    def test_brings_along_what_it_refers_to_as_it_was_then(self, desk: Desk, lines):
        document = desk.hears(grade="B", name="The Herald", country=desk.countries["CHN"])
        actor = desk.speaker("RUS", "military", names=(Name(text="Army"),))
        parties = (Party(actor=actor, role="initiator"),)
        claim = desk.asserts(parties=parties, citations=(a_citation(document),), code=DEMONSTRATE)
        desk.speaker("RUS", "military", names=(Name(text="The Army"),), actor_id=actor)

        (line,) = lines("claims", as_of=claim.position)

        said = [(one["kind"], one["body"]) for one in line["records"]]
        described = {kind: body for kind, body in said if kind != "ActorDescribed"}
        assert described["CollectionDescribed"]["collection"]["name"] == "curated"
        assert described["SourceDescribed"]["source"]["name"] == "The Herald"
        assert described["SourceRated"] == {
            "reliability": "B",
            "since": "2020-01-01",
            "reason": "its record",
        }
        assert described["DocumentDescribed"]["document"]["title"] == "A report"
        people = [
            body["actor"]["names"][0]["text"] for kind, body in said if kind == "ActorDescribed"
        ]
        assert people == ["RUS", "Army", "CHN"]
        order = [one["stream"] for one in line["records"]]
        assert order.index(str(desk.countries["RUS"])) < order.index(str(actor))


class TestARow:
    def test_says_who_did_what_when_and_by_whose_word(self, article):
        rows = {int(row["key"]): row for row in article.rows}

        visit = rows[11]
        assert (visit["initiators"], visit["recipients"]) == ("Qasym-Zhomart Toqaev", "TUR")
        assert visit["code"] == "plover-2.0/CONSULT/visit"
        assert (visit["occurred"], visit["earliest"]) == ("2022-05-11", "2022-05-11")
        assert rows[13]["initiators"] == "Qasym-Zhomart Toqaev; TUR"
        assert rows[3]["affected"] == "CHN"
        assert rows[27]["occurred"] == rows[27]["earliest"] == ""

    def test_says_of_each_claim_what_its_line_says(self, article):
        for row, line in zip(article.rows, article.lines, strict=True):
            assert row["id"] == line["id"]
            assert row["value"] == ("" if not line["coded"] else repr(line["coded"]["value"]))
            assert row["asserted_at"] == line["asserted"]["recorded_at"]
            assert row["roots"].split("; ") == [
                one["provenance"][-1]["name"] for one in line["citations"]
            ]


class TestAsOf:
    def test_gives_the_same_bytes_whatever_was_written_since(self, desk: Desk, written):
        held, fixed = desk.asserts(), desk.asserts(summary="Old words.")
        position = log.head().position
        before = written("claims", as_of=position)

        claims.retract_claim(held.stream, reason="typo", expected=1, at=AT, by=BY)
        new = desk.claim(summary="New words.")
        claims.correct_claim(fixed.stream, new, reason="typo", expected=1, at=AT, by=BY)
        desk.asserts()

        assert written("claims", as_of=position) == before
        assert len(before.splitlines()) == 2
        assert len(written("claims").splitlines()) == 3

    def test_a_position_at_which_nothing_was_known_has_no_claims(self, desk: Desk, written):
        desk.asserts()

        assert written("claims", as_of=1) == b""


class TestCollection:
    def test_is_found_by_its_name(self, desk: Desk, lines):
        other = sources.describe_collection(a_collection(name="steppe"), at=AT, by=BY).stream
        desk.asserts()
        own = desk.asserts(collection=other)

        assert [one["id"] for one in lines("claims", collection="Steppe")] == [str(own.stream)]

    def test_that_is_not_there_is_refused_with_those_that_come_near(self, desk: Desk, written):
        with pytest.raises(NoSuchName, match="nearest: curated"):
            written("claims", collection="currated")


class TestMemory:
    @pytest.mark.parametrize("form", ["ndjson", "csv", "parquet"])
    def test_does_not_grow_with_the_table(self, desk: Desk, form: str, monkeypatch):
        monkeypatch.setattr(exported, "PAGE", 50)
        monkeypatch.setattr("tracker.exports.formats.ROWS", 50)
        monkeypatch.setattr("tracker.exports.parquet.BATCH", 50)
        few = enter(desk, 300)
        many = enter(desk, 600)

        peak(form, few)  # what is made once and kept
        # A line has some 1,500 bytes, and as Python's values many more.
        assert peak(form, many) - peak(form, few) < 300 * 600


class Nowhere(io.RawIOBase):
    """Forgets what is written to it."""

    def write(self, data) -> int:
        return len(data)


def enter(desk: Desk, times: int) -> int:
    """Put claims on record at once, and give the position after them."""
    made = [Draft(stream=ids.new_id(AT), event=ClaimAsserted(claim=desk.claim()), expected=0)]
    made += [
        Draft(stream=UUID(int=one.stream.int + n), event=one.event, expected=0)
        for one in made
        for n in range(1, times)
    ]
    return log.append(made, at=AT, by=BY, project=standing.project)[-1].position


def peak(form: str, position: int) -> int:
    """How many bytes Python held at most while it wrote what was known at a position."""
    import_module("tracker.exports.parquet")  # the memory of the library is not counted
    tracemalloc.start()
    table = requests.table(
        TableRequest(table="claims", as_of=moment.at(position)), reader=Reader.DESK
    )
    FORMATS[form].write(table, Nowhere())  # type: ignore[arg-type]
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def as_json(value):
    return json.loads(JSONRenderer().render(value))


class TestAClaim:
    def test_is_as_described(self, desk):
        document = desk.hears(grade=None)
        one = desk.asserts("CHN", "RUS", citations=(a_citation(document, chain=(desk.source,)),))
        verdict = e.VerdictGiven(verdict="disputed", reason="no", source=desk.source)
        claims.give_verdict(one.stream, verdict, expected=1, at=AT, by=BY)
        other = desk.asserts(
            kind="measure",
            code=None,
            occurred=None,
            magnitude=Magnitude(value=Decimal("-4.50"), unit="%", change=True, baseline="2021"),
        )
        links.link("says", one.stream, other.stream, at=AT, by=BY)
        claims.retract_claim(other.stream, reason="typo", expected=1, at=AT, by=BY)

        for stream in (one.stream, other.stream):
            sheet = detail.sheet(stream, reader=Reader.DESK, as_of=moment.now())
            assert as_json(claimlines.plain(sheet)) == as_json(ClaimOut(sheet).data)


class TestAReading:
    def test_is_as_described(self, desk):
        desk.asserts("RUS", "KAZ", code="plover-2.0/ASSAULT")
        impacts.follow_all()
        scores.recompute_all(at=AT)
        shifts.find(today=AT.date())

        (row,) = pairs.table(lens="standing")
        reading = pairs.series("KAZ-RUS", direction="RUS>KAZ", lens="tone", as_of=moment.now()).on(
            AT.date()
        )
        nothing = pairs.series("KAZ-RUS", direction="RUS>KAZ", lens="tone", as_of=moment.now()).on(
            AT.date().min
        )

        assert as_json(readings.line(row)) == as_json(RowOut(row).data)
        for one in (reading, nothing):
            assert as_json(readings.plain(one)) == as_json(ScoreOut(one).data)

    def test_with_a_shift_is_as_described(self, desk):
        desk.asserts("RUS", "KAZ")
        impacts.follow_all()
        scores.recompute_all(at=AT)
        (row,) = pairs.table(lens="standing")
        moved = table.shift([AT.date(), AT.date(), AT.date(), -1.5, 0.2, "fast"])

        shown = replace(row, shift=moved)

        assert as_json(readings.line(shown)) == as_json(RowOut(shown).data)
