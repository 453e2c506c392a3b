"""What goes out as plain values is what the API's serializers describe."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from rest_framework.renderers import JSONRenderer

from tests.kit.builders import AT, BY, a_citation
from tracker.api.resources.claims import ClaimOut
from tracker.api.resources.pairs import RowOut
from tracker.api.resources.score_fields import ScoreOut
from tracker.domain import events as e
from tracker.domain.claims import Magnitude
from tracker.domain.disclosure import Reader
from tracker.exports import claimlines, readings
from tracker.operations import claims, links
from tracker.projections import impacts, scores, shifts
from tracker.queries import moment
from tracker.queries.claims import detail
from tracker.queries.scores import pairs, table

pytestmark = pytest.mark.django_db


def written(value):
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
            assert written(claimlines.plain(sheet)) == written(ClaimOut(sheet).data)


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

        assert written(readings.line(row)) == written(RowOut(row).data)
        for one in (reading, nothing):
            assert written(readings.plain(one)) == written(ScoreOut(one).data)

    def test_with_a_shift_is_as_described(self, desk):
        desk.asserts("RUS", "KAZ")
        impacts.follow_all()
        scores.recompute_all(at=AT)
        (row,) = pairs.table(lens="standing")
        moved = table.shift([AT.date(), AT.date(), AT.date(), -1.5, 0.2, "fast"])

        shown = replace(row, shift=moved)

        assert written(readings.line(shown)) == written(RowOut(shown).data)
