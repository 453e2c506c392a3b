"""The URLs of the API, the desk and the public pages."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config import readiness
from tracker.api.resources import proofs, site
from workers.metrics import page

admin.autodiscover()
urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("tracker.api.urls")),
    path("admin/", admin.site.urls),
    path(".well-known/api-catalog", site.catalog),
    path(".well-known/entente-log-key", proofs.key),
    path("log/checkpoint", proofs.checkpoint),
    path("log/tile/<path:path>", proofs.tile),
    path("log/timestamp/<int:size>.tsr", proofs.timestamp, name="log-timestamp"),
    path("log/timestamp/<int:size>.txt", proofs.timestamped),
    path("healthz", readiness.healthz),
    path("readyz", readiness.readyz, name="readyz"),
    path("metrics", page.metrics),
    *i18n_patterns(path("", include("tracker.pages.urls")), prefix_default_language=False),
]
handler500 = "config.unavailable.answer"
handler403 = "tracker.admin.access.permission_denied"
