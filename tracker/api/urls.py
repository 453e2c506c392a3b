"""The addresses of the API."""

from datetime import date

from django.urls import URLPattern, URLResolver, include, path, re_path, register_converter
from django.urls.converters import StringConverter

from tracker.api.resources import (
    batches,
    changes,
    claim_events,
    claims,
    divergence,
    editions,
    exports,
    imports,
    jobs,
    lenses,
    log,
    measures,
    pairs,
    preview,
    records,
    shifts,
    site,
    triads,
    webhooks,
)

app_name = "api"


class CodeConverter(StringConverter):
    """A country's code, in any case."""

    regex = "[A-Za-z]{3}"


class FormConverter(StringConverter):
    """The format of a download."""

    regex = "csv|ndjson|parquet"


class DayConverter:
    """A day, as 2022-05-24."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(FormConverter, "form")
register_converter(CodeConverter, "code")
register_converter(DayConverter, "day")

CLAIM = "claims/<uuid:claim_id>/"
PAIR = "pairs/<code:one>-<code:other>/"
TRIAD = "triads/<code:one>-<code:two>-<code:three>/"
HOOK = "webhooks/<uuid:webhook>/"
JOB = "jobs/<uuid:job_id>/"
EDITION = "editions/<str:label>/<day:day>/"

v1: list[URLPattern | URLResolver] = [
    path("", site.Root.as_view(), name="root"),
    path("claims/", claims.Claims.as_view(), name="claims"),
    path("claims.<form:form>", exports.Claims.as_view(), name="claims-file"),
    path("claims.<form:form>.metadata.json", exports.AboutClaims.as_view()),
    path("claims/batch/", batches.Batch.as_view(), name="batch"),
    path("claims/batch/<uuid:job_id>/", batches.BatchJob.as_view(), name="batch-job"),
    path("claims/preview/", preview.Preview.as_view(), name="preview"),
    path(CLAIM, claims.Claim.as_view(), name="claim"),
    path(f"{CLAIM}corrections/", claim_events.Corrections.as_view(), name="corrections"),
    path(f"{CLAIM}retraction/", claim_events.Retraction.as_view(), name="retraction"),
    path(f"{CLAIM}reinstatement/", claim_events.Reinstatement.as_view(), name="reinstatement"),
    path(f"{CLAIM}verdicts/", claim_events.Verdicts.as_view(), name="verdicts"),
    path(f"{CLAIM}citations/", claim_events.Citations.as_view(), name="citations"),
    path(f"{CLAIM}denials/", claim_events.Denials.as_view(), name="denials"),
    path(f"{CLAIM}links/", claim_events.Links.as_view(), name="links"),
    path(f"{CLAIM}links/<uuid:link_id>/removal/", claim_events.LinkRemoval.as_view()),
    path(f"{CLAIM}reviews/", claim_events.Reviews.as_view(), name="reviews"),
    path(f"{CLAIM}resolution/", claim_events.Resolution.as_view(), name="resolution"),
    path(f"{CLAIM}history/", log.History.as_view(), name="history"),
    path(f"{CLAIM}impacts/", log.Impacts.as_view(), name="impacts"),
    path("actors/", records.Actors.as_view(), name="actors"),
    path("actors/<uuid:record>/", records.Actor.as_view(), name="actor"),
    path("actors/<uuid:record>/descriptions/", records.ActorDescriptions.as_view()),
    path("sources/", records.Sources.as_view(), name="sources"),
    path("sources/<uuid:record>/", records.Source.as_view(), name="source"),
    path("sources/<uuid:record>/descriptions/", records.SourceDescriptions.as_view()),
    path("sources/<uuid:record>/record/", records.SourceRecord.as_view(), name="source-record"),
    path("sources/<uuid:record>/ratings/", records.Ratings.as_view()),
    path("documents/", records.Documents.as_view(), name="documents"),
    path("documents/<uuid:record>/", records.Document.as_view(), name="document"),
    path("documents/<uuid:record>/descriptions/", records.DocumentDescriptions.as_view()),
    path("collections/", records.Collections.as_view(), name="collections"),
    path("collections/<uuid:record>/", records.Collection.as_view(), name="collection"),
    path("collections/<uuid:record>/descriptions/", records.CollectionDescriptions.as_view()),
    path("collections/<uuid:record>/lens/", records.CollectionLens.as_view()),
    path("lenses/", lenses.Lenses.as_view(), name="lenses"),
    path("lenses/<str:label>/", lenses.LensResource.as_view(), name="lens"),
    path("lenses/<str:label>/versions/", lenses.LensVersions.as_view(), name="lens-versions"),
    path("codebooks/", site.Codebooks.as_view(), name="codebooks"),
    path("codebooks/<str:scheme>/", site.Codebook.as_view(), name="codebook"),
    path("pairs/", pairs.Pairs.as_view(), name="pairs"),
    path("pairs.<form:form>", exports.Pairs.as_view(), name="pairs-file"),
    path("pairs.<form:form>.metadata.json", exports.AboutPairs.as_view()),
    path(PAIR, pairs.Pair.as_view(), name="pair"),
    path(f"{PAIR}scores/", pairs.Scores.as_view(), name="scores"),
    path(f"{PAIR}scores.<form:form>", exports.Scores.as_view(), name="scores-file"),
    path(f"{PAIR}scores.<form:form>.metadata.json", exports.AboutScores.as_view()),
    path(f"{PAIR}divergence/", divergence.Divergence.as_view(), name="divergence"),
    path(f"{PAIR}measures/", measures.Measures.as_view(), name="measures"),
    path(f"{PAIR}explanation/", pairs.Explanation.as_view(), name="explanation"),
    path(f"{PAIR}changes/", changes.Changes.as_view(), name="changes"),
    path("shifts/", shifts.Shifts.as_view(), name="shifts"),
    path("triads/", triads.Triads.as_view(), name="triads"),
    path(TRIAD, triads.Triad.as_view(), name="triad"),
    path(f"{TRIAD}history/", triads.TriadHistory.as_view(), name="triad-history"),
    path("editions/", editions.Editions.as_view(), name="editions"),
    path(EDITION, editions.Edition.as_view(), name="edition"),
    path(f"{EDITION}values/", editions.Values.as_view(), name="edition-values"),
    path("imports/", imports.Imports.as_view(), name="imports"),
    path("imports/<uuid:run>/", imports.Import.as_view(), name="import"),
    path("imports/<uuid:run>/withdrawal/", imports.Withdrawal.as_view(), name="withdrawal"),
    path("jobs/", jobs.Jobs.as_view(), name="jobs"),
    path(JOB, jobs.OneJob.as_view(), name="job"),
    path(f"{JOB}cancellation/", jobs.Cancellation.as_view(), name="cancellation"),
    path(f"{JOB}rejected.csv", jobs.Rejected.as_view(), name="rejected"),
    path(f"{JOB}review.csv", jobs.Review.as_view(), name="review"),
    path(f"{JOB}mend.csv", jobs.RowsToFix.as_view(), name="to-mend"),
    path("log/events/", log.Events.as_view(), name="events"),
    path("log/events.<form:form>", exports.Events.as_view(), name="events-file"),
    path("log/events.<form:form>.metadata.json", exports.AboutEvents.as_view()),
    path("log/events/<int:position>/", log.Event.as_view(), name="event"),
    path("log/events/<int:position>/withholding/", claim_events.Withholding.as_view()),
    path("webhooks/", webhooks.Hooks.as_view(), name="webhooks"),
    path(HOOK, webhooks.Hook.as_view(), name="webhook"),
    path(f"{HOOK}secret/", webhooks.Secret.as_view(), name="webhook-secret"),
    path(f"{HOOK}test/", webhooks.Test.as_view(), name="webhook-test"),
    path(f"{HOOK}deliveries/", webhooks.Deliveries.as_view(), name="webhook-deliveries"),
    path("problems/", site.Problems.as_view(), name="problems"),
    path("problems/<str:code>/", site.Problem.as_view(), name="problem"),
    path("openapi.json", site.OpenApi.as_view(), name="openapi"),
    path("docs/", site.docs, name="docs"),
]

urlpatterns = [
    path("v1/", include(v1)),
    re_path(r"", site.Elsewhere.as_view()),
]
