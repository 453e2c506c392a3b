"""The application of the desk for Django."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DeskConfig(AppConfig):
    name = "tracker.admin"
    label = "desk"
    verbose_name = "Record"

    def ready(self) -> None:
        from tracker.admin import access

        post_migrate.connect(access.create_roles, sender=self, dispatch_uid="desk roles")
