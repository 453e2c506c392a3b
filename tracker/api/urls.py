"""The addresses of the API."""

from datetime import date

from django.urls import URLPattern, URLResolver, include, path, re_path, register_converter
from django.urls.converters import StringConverter

from tracker.api.resources import (
    articles,
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
    pairs,
    proofs,
    records,
    scores,
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
    path("", site.RootView.as_view(), name="root"),
    path("claims/", claims.ClaimsView.as_view(), name="claims"),
    path("claims.<form:form>", exports.ClaimsDownload.as_view(), name="claims-file"),
    path("claims.<form:form>.metadata.json", exports.AboutClaimsView.as_view()),
    path("claims/batch/", batches.BatchView.as_view(), name="batch"),
    path("claims/batch/<uuid:job_id>/", batches.BatchJobView.as_view(), name="batch-job"),
    path("claims/preview/", batches.PreviewView.as_view(), name="preview"),
    path(CLAIM, claims.ClaimView.as_view(), name="claim"),
    path(f"{CLAIM}corrections/", claim_events.CorrectionsView.as_view(), name="corrections"),
    path(f"{CLAIM}retraction/", claim_events.RetractionView.as_view(), name="retraction"),
    path(f"{CLAIM}reinstatement/", claim_events.ReinstatementView.as_view(), name="reinstatement"),
    path(f"{CLAIM}verdicts/", claim_events.VerdictsView.as_view(), name="verdicts"),
    path(f"{CLAIM}citations/", claim_events.CitationsView.as_view(), name="citations"),
    path(f"{CLAIM}denials/", claim_events.DenialsView.as_view(), name="denials"),
    path(f"{CLAIM}links/", claim_events.LinksView.as_view(), name="links"),
    path(f"{CLAIM}links/<uuid:link_id>/removal/", claim_events.LinkRemovalView.as_view()),
    path(f"{CLAIM}reviews/", claim_events.ReviewsView.as_view(), name="reviews"),
    path(f"{CLAIM}resolution/", claim_events.ResolutionView.as_view(), name="resolution"),
    path(f"{CLAIM}history/", log.HistoryView.as_view(), name="history"),
    path(f"{CLAIM}impacts/", log.ImpactsView.as_view(), name="impacts"),
    path("actors/", records.ActorsView.as_view(), name="actors"),
    path("actors/<uuid:record>/", records.ActorView.as_view(), name="actor"),
    path("actors/<uuid:record>/descriptions/", records.ActorDescriptionsView.as_view()),
    path("sources/", records.SourcesView.as_view(), name="sources"),
    path("sources/<uuid:record>/", records.SourceView.as_view(), name="source"),
    path("sources/<uuid:record>/descriptions/", records.SourceDescriptionsView.as_view()),
    path("sources/<uuid:record>/record/", records.SourceRecordView.as_view(), name="source-record"),
    path("sources/<uuid:record>/ratings/", records.RatingsView.as_view()),
    path("documents/", records.DocumentsView.as_view(), name="documents"),
    path("documents/<uuid:record>/", records.DocumentView.as_view(), name="document"),
    path("documents/<uuid:record>/descriptions/", records.DocumentDescriptionsView.as_view()),
    path("documents/<uuid:record>/drafts/", articles.DraftsView.as_view(), name="drafts"),
    path("reading/", articles.ReadingView.as_view(), name="reading"),
    path("collections/", records.CollectionsView.as_view(), name="collections"),
    path("collections/<uuid:record>/", records.CollectionView.as_view(), name="collection"),
    path("collections/<uuid:record>/descriptions/", records.CollectionDescriptionsView.as_view()),
    path("collections/<uuid:record>/lens/", records.CollectionLensView.as_view()),
    path("lenses/", lenses.LensesView.as_view(), name="lenses"),
    path("lenses/<str:label>/", lenses.LensView.as_view(), name="lens"),
    path("lenses/<str:label>/versions/", lenses.LensVersionsView.as_view(), name="lens-versions"),
    path("codebooks/", site.CodebooksView.as_view(), name="codebooks"),
    path("codebooks/<str:scheme>/", site.CodebookView.as_view(), name="codebook"),
    path("pairs/", pairs.PairsView.as_view(), name="pairs"),
    path("pairs.<form:form>", exports.PairsDownload.as_view(), name="pairs-file"),
    path("pairs.<form:form>.metadata.json", exports.AboutPairsView.as_view()),
    path(PAIR, pairs.PairView.as_view(), name="pair"),
    path(f"{PAIR}scores/", scores.ScoresView.as_view(), name="scores"),
    path(f"{PAIR}scores.proof.json", proofs.CitedScoreView.as_view(), name="scores-proof"),
    path(f"{PAIR}scores.<form:form>", exports.ScoresDownload.as_view(), name="scores-file"),
    path(f"{PAIR}scores.<form:form>.metadata.json", exports.AboutScoresView.as_view()),
    path(f"{PAIR}divergence/", divergence.DivergenceView.as_view(), name="divergence"),
    path(f"{PAIR}measures/", pairs.MeasuresView.as_view(), name="measures"),
    path(f"{PAIR}explanation/", scores.ExplanationView.as_view(), name="explanation"),
    path(f"{PAIR}robustness/", divergence.RobustnessView.as_view(), name="robustness"),
    path(f"{PAIR}changes/", changes.ChangesView.as_view(), name="changes"),
    path("calibration/", scores.CalibrationView.as_view(), name="calibration"),
    path("search/", site.SearchView.as_view(), name="search"),
    path("shifts/", shifts.ShiftsView.as_view(), name="shifts"),
    path("triads/", triads.TriadsView.as_view(), name="triads"),
    path(TRIAD, triads.TriadView.as_view(), name="triad"),
    path(f"{TRIAD}history/", triads.TriadHistoryView.as_view(), name="triad-history"),
    path("editions/", editions.EditionsView.as_view(), name="editions"),
    path(EDITION, editions.EditionView.as_view(), name="edition"),
    path(f"{EDITION}values/", editions.ValuesView.as_view(), name="edition-values"),
    path(f"{EDITION}spreads/", editions.SpreadsView.as_view(), name="edition-spreads"),
    path("imports/", imports.ImportsView.as_view(), name="imports"),
    path("imports/<uuid:run>/", imports.ImportView.as_view(), name="import"),
    path("imports/<uuid:run>/withdrawal/", imports.WithdrawalView.as_view(), name="withdrawal"),
    path("jobs/", jobs.JobsView.as_view(), name="jobs"),
    path(JOB, jobs.JobView.as_view(), name="job"),
    path(f"{JOB}cancellation/", jobs.CancellationView.as_view(), name="cancellation"),
    path(f"{JOB}rejected.csv", jobs.RejectedView.as_view(), name="rejected"),
    path(f"{JOB}review.csv", jobs.ReviewView.as_view(), name="review"),
    path(f"{JOB}mend.csv", jobs.RowsToFixView.as_view(), name="to-mend"),
    path("log/events/", log.EventsView.as_view(), name="events"),
    path("log/events.<form:form>", exports.EventsDownload.as_view(), name="events-file"),
    path("log/events.<form:form>.metadata.json", exports.AboutEventsView.as_view()),
    path("log/events/<int:position>/", log.EventView.as_view(), name="event"),
    path("log/events/<int:position>/withholding/", claim_events.WithholdingView.as_view()),
    path("log/events/<int:position>.tlog-proof", proofs.EventProofView.as_view()),
    path("log/seal/", proofs.SealView.as_view(), name="seal"),
    path("webhooks/", webhooks.HooksView.as_view(), name="webhooks"),
    path(HOOK, webhooks.HookView.as_view(), name="webhook"),
    path(f"{HOOK}secret/", webhooks.SecretView.as_view(), name="webhook-secret"),
    path(f"{HOOK}test/", webhooks.TestView.as_view(), name="webhook-test"),
    path(f"{HOOK}deliveries/", webhooks.DeliveriesView.as_view(), name="webhook-deliveries"),
    path("problems/", site.ProblemsView.as_view(), name="problems"),
    path("problems/<str:code>/", site.ProblemView.as_view(), name="problem"),
    path("openapi.json", site.OpenApiView.as_view(), name="openapi"),
    path("docs/", site.docs, name="docs"),
]

urlpatterns = [
    path("v1/", include(v1)),
    re_path(r"", site.ElsewhereView.as_view()),
]
