"""A field that is added to the domain has its place in what goes in and out."""

import inspect

import pytest

from tracker.api.resources import claims, log, site
from tracker.domain.codes import Code
from tracker.domain.scoring.evidence import Impact
from tracker.domain.state import ClaimState
from tracker.log import Recorded

pytestmark = pytest.mark.django_db


class TestEveryFieldOfTheDomain:
    """Guards the serializers: a field that is added to a record has to be added there."""

    @pytest.mark.parametrize(
        ("serializer", "shape", "elsewhere"),
        [
            # `asserted.position` is when; verdicts' events and proposals are in the history
            (claims.ClaimOut, ClaimState, {"claim", "asserted_at", "judged_at", "proposed"}),
            (site.CodeOut, Code, {"scheme", "parts", "event", "mode"}),
            # what proves the words is in the proofs
            (log.FeedEvent, Recorded, {"salt", "text_sha256"}),
            (log.ImpactOut, Impact, {"claim"}),
        ],
        ids=lambda value: getattr(value, "__name__", ""),
    )
    def test_has_its_place_in_the_serializer(self, serializer, shape, elsewhere):
        wanted = set(inspect.signature(shape).parameters) - elsewhere

        assert wanted <= serializer().fields.keys()
