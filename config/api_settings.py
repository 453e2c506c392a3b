"""The settings of the libraries behind the API: requests, problems, tokens and the schema."""

from datetime import timedelta

REST_FRAMEWORK = {
    "DEFAULT_THROTTLE_CLASSES": ["tracker.api.throttling.PerMinute"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["tracker.api.access.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["tracker.api.access.Scoped"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["tracker.api.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "tracker.api.schema.Schema",
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "URL_FORMAT_OVERRIDE": None,
}
DRF_STANDARDIZED_ERRORS = {
    "ALLOWED_ERROR_STATUS_CODES": [
        "400",
        "401",
        "403",
        "404",
        "405",
        "409",
        "412",
        "413",
        "415",
        "422",
        "428",
        "429",
        "500",
        "503",
    ],
    "EXCEPTION_HANDLER_CLASS": "tracker.api.errors.Handler",
    "EXCEPTION_FORMATTER_CLASS": "tracker.api.errors.Formatter",
}
KNOX_TOKEN_MODEL = "tracker.ApiToken"  # noqa: S105 # a model, not a secret
REST_KNOX = {
    "AUTH_HEADER_PREFIX": "Bearer",
    "TOKEN_PREFIX": "ent_",
    "TOKEN_MODEL": "tracker.ApiToken",
    "TOKEN_TTL": timedelta(days=90),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Entente",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "ClaimKind": "tracker.api.schema.CLAIM_KINDS",
        "GradeEnum": "tracker.api.schema.GRADES",
        "ActorKind": "tracker.api.schema.ACTOR_KINDS",
        "SourceKind": "tracker.api.schema.SOURCE_KINDS",
        "Ownership": "tracker.api.schema.OWNERSHIPS",
        "Sector": "tracker.api.schema.SECTORS",
        "Reliability": "tracker.api.resources.record_fields.RELIABILITIES",
        "ReviewOutcome": "tracker.api.resources.claim_events.REVIEWS",
        "JobKind": "tracker.api.resources.jobs.KINDS",
        "JobState": "tracker.api.resources.jobs.STATES",
        "ImportState": "tracker.api.resources.jobs.RUN_STATES",
        "BatchRowState": "tracker.api.resources.batches.ROW_STATES",
        "DraftState": "tracker.api.resources.articles.DRAFT_STATES",
        "WebhookState": "tracker.api.resources.webhooks.HOOK_STATES",
        "DeliveryState": "tracker.api.resources.webhooks.DELIVERY_STATES",
        "ResolutionOutcome": "tracker.api.resources.claim_events.RESOLUTIONS",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_standardized_errors.openapi_hooks.postprocess_schema_enums",
        "tracker.api.examples.add",
    ],
}
