"""The URLs of the API, the desk and the public pages."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config import readiness
from tracker.api import seal_files
from tracker.api.resources import site
from workers.metrics import page

admin.autodiscover()
urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("tracker.api.urls")),
    path("admin/", admin.site.urls),
    path(".well-known/api-catalog", site.catalog),
    path(".well-known/entente-log-key", seal_files.key),
    path("log/checkpoint", seal_files.checkpoint),
    path("log/tile/<path:path>", seal_files.tile),
    path("log/timestamp/<int:size>.tsr", seal_files.timestamp, name="log-timestamp"),
    path("log/timestamp/<int:size>.txt", seal_files.timestamped),
    path("healthz", readiness.healthz),
    path("readyz", readiness.readyz, name="readyz"),
    path("metrics", page.metrics),
    *i18n_patterns(path("", include("tracker.pages.urls")), prefix_default_language=False),
]
handler500 = "config.unavailable.answer"
handler403 = "tracker.admin.access.permission_denied"
