"""One program a figure; each ends with one machine-readable line. Django is set up for all."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()
