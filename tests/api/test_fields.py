"""A field that is added to the domain has its place in what goes in and out."""

import inspect

import pytest

from tracker.api.resources import claims, log, record_fields, site
from tracker.api.resources import lenses as lenses_out
from tracker.domain import claims as c
from tracker.domain import events as e
from tracker.domain import records as domain_records
from tracker.domain.codes import Code
from tracker.domain.lenses import Bloc, Lens, View
from tracker.domain.scoring.evidence import Impact
from tracker.domain.state import ClaimState
from tracker.log import Recorded

pytestmark = pytest.mark.django_db


class TestEveryFieldOfTheDomain:
    """Guards the serializers: a field that is added to a record has to be added there."""

    @pytest.mark.parametrize(
        ("serializer", "shape", "elsewhere"),
        [
            (claims.ClaimOut, c.Claim, set()),
            # `asserted.position` is when; the ids of verdicts' events are in the history
            (claims.ClaimOut, ClaimState, {"claim", "asserted_at", "judged_at"}),
            (claims.PartyOut, domain_records.Party, set()),
            (claims.OccurredOut, c.Occurred, set()),
            (claims.StrengthOut, c.Strength, set()),
            (claims.MagnitudeOut, c.Magnitude, set()),
            (claims.CitationOut, c.Citation, set()),
            (claims.VerdictOut, e.VerdictGiven, set()),
            (claims.ResolutionOut, e.ForecastResolved, set()),
            (site.CodeOut, Code, {"scheme", "parts", "event", "mode"}),
            (log.FeedEvent, Recorded, set()),
            (log.ImpactOut, Impact, {"claim"}),
            (record_fields.ActorOut, domain_records.Actor, set()),
            (record_fields.NameOut, domain_records.Name, set()),
            (record_fields.AffiliationOut, domain_records.Affiliation, set()),
            (record_fields.SourceOut, domain_records.Source, set()),
            (record_fields.RatingOut, domain_records.Rating, set()),
            (record_fields.DocumentOut, domain_records.Document, set()),
            (record_fields.CollectionOut, domain_records.Collection, set()),
            (lenses_out.LensOut, Lens, set()),
            (lenses_out.ViewOut, View, set()),
            (lenses_out.BlocOut, Bloc, set()),
        ],
        ids=lambda value: getattr(value, "__name__", ""),
    )
    def test_has_its_place_in_the_serializer(self, serializer, shape, elsewhere):
        wanted = set(inspect.signature(shape).parameters) - elsewhere

        assert wanted <= serializer().fields.keys()
