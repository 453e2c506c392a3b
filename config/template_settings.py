"""The templates of pages, API and desk."""

from pathlib import Path
from typing import Any

_TRACKER = Path(__file__).resolve().parent.parent / "tracker"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        # Before those of installed applications, so that the desk's frame replaces unfold's.
        "DIRS": [_TRACKER / face / "templates" for face in ("pages", "api", "admin")],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "libraries": {
                name: f"tracker.pages.templatetags.{name}"
                for name in ("changes", "comparisons", "languages", "wording")
            },
            "builtins": ["tracker.pages.templatetags.layout"],
        },
    }
]
