"""The addresses of the public pages."""

from django.urls import path, re_path

from tracker.pages import feeds, views

app_name = "pages"

urlpatterns = [
    path("", views.first, name="overview"),
    path("claims/feed.atom", feeds.of_claims, name="claims-feed"),
    path("shifts/feed.atom", feeds.of_shifts, name="shifts-feed"),
    path("claims/<uuid:claim_id>/", views.claim, name="claim"),
    re_path(r"^pairs/(?P<one>[A-Za-z]{3})-(?P<other>[A-Za-z]{3})/$", views.pair, name="pair"),
    re_path(
        r"^pairs/(?P<one>[A-Za-z]{3})-(?P<other>[A-Za-z]{3})/feed\.atom$",
        feeds.of_pair,
        name="pair-feed",
    ),
]
