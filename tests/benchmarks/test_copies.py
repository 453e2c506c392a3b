from datetime import UTC, datetime

import pytest

from benchmarks import copies, crowds
from tracker import log
from tracker.models.derived import ImpactVersion
from tracker.projections import scores
from tracker.projections.audit import audit

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.mark.django_db
class TestFill:
    def test_writes_what_the_pipeline_would_have_written(self):
        made = crowds.on_record()
        entered = crowds.enter(made, made.measured, times=3) + crowds.enter(made, made.few, times=4)
        copies.prepare(entered, made.view)
        before = log.head().position

        copies.fill(made.big, made.view, times=20)
        copies.fill(made.few, made.view, times=9)
        copies.mark_all(made.view)
        scores.recompute_all(at=NOW)

        assert log.head().position == before + 29
        assert ImpactVersion.objects.filter(pair=crowds.pair(made.big)).count() == 20
        assert audit(at=NOW, sample=None) == []
