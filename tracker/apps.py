"""Django's entry for the record and its meaning."""

from django.apps import AppConfig


class TrackerConfig(AppConfig):
    name = "tracker"
