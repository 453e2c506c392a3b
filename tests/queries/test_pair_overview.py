"""What an overview of a pair reads."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.kit.background_work import work_off
from tests.kit.builders import AT, BY, a_collection
from tracker.domain.claims import Occurred
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import machine_lens
from tracker.operations import lenses, sources
from tracker.queries import moment
from tracker.queries.scores import pair_overview

pytestmark = pytest.mark.django_db
ASSAULT = "plover-2.0/ASSAULT/heavy-weapons"


class TestAnArchive:
    def test_is_not_read_again(self, desk):
        """Of 90 acts of p .65 and step −.19 none can hold a tenth of the variance, some .2 against
        .2²/4: its movements come from the knots. The other lenses have scores too, and acts that
        share truths are read: of `standing` those of both directions that have one."""
        wire = sources.describe_collection(
            a_collection(name="wire", coding="machine"), at=AT, by=BY
        ).stream
        lenses.define_lens(machine_lens(wire, name="wire"), at=AT, by=BY)
        for n in range(90):
            day = date(2022, 2, 1) + timedelta(days=n)
            given = {"code": ASSAULT, "occurred": Occurred(edtf=day.isoformat())}
            desk.asserts(collection=wire, **given)
        desk.asserts()
        work_off()

        with CaptureQueriesContext(connection) as sent:
            found = pair_overview.overview(
                "KAZ-RUS", day=date(2023, 1, 1), reader=Reader.PUBLIC, as_of=moment.now()
            )

        moved = {
            one.direction: one.movement and one.movement.since
            for lens in found.lenses
            for one in lens.directions
            if lens.lens.startswith("machine-wire")
        }
        before = date(2022, 1, 31)
        assert moved == {"KAZ-RUS": before, "RUS>KAZ": before, "KAZ>RUS": None}
        assert sum("ORDER BY claim, initiator" in one["sql"] for one in sent) == 2
