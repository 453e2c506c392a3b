"""Mounts the faces: the API, the desk and the public pages."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from workers import readiness

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("tracker.api.urls")),
    path("admin/", admin.site.urls),
    path("healthz", readiness.healthz),
    path("readyz", readiness.readyz),
    path("", include("tracker.pages.urls")),
]
