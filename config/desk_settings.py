"""The look of the desk, by unfold: its name, files and menus."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse_lazy

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Entente",
    "SITE_HEADER": "Entente",
    "SITE_SUBHEADER": "The desk",
    "SITE_SYMBOL": "handshake",
    "SITE_URL": "/",
    "BORDER_RADIUS": "4px",
    "STYLES": [lambda _: static("desk/desk.css")],
    "SCRIPTS": [
        lambda _: static("desk/desk.js"),
        lambda _: static("desk/combobox.js"),
        lambda _: static("desk/article.js"),
    ],
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda _: static("pages/icon.svg")}
    ],
    "DASHBOARD_CALLBACK": "tracker.admin.home.index_context",
    "ACCOUNT": {
        "navigation": [
            {"title": "Change password", "link": reverse_lazy("admin:password_change")},
            {"title": "Second factor", "link": reverse_lazy("admin:second_factor")},
        ]
    },
    "SIDEBAR": {"navigation": "tracker.admin.menu.navigation"},
}
