"""Django's entry for the workers' side."""

from django.apps import AppConfig


class WorkersConfig(AppConfig):
    name = "workers"
