"""The addresses of the public pages."""

from django.urls import path, re_path

from tracker.pages import views

app_name = "pages"

urlpatterns = [
    path("", views.first, name="overview"),
    path("claims/<uuid:claim_id>/", views.claim, name="claim"),
    re_path(r"^pairs/(?P<one>[A-Za-z]{3})-(?P<other>[A-Za-z]{3})/$", views.pair, name="pair"),
]
