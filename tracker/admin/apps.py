"""Django's entry for the desk."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "tracker.admin"
    label = "desk"
    verbose_name = "Record"
