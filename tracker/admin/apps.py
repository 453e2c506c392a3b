"""Django's entry for the desk."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DeskConfig(AppConfig):
    name = "tracker.admin"
    label = "desk"
    verbose_name = "Record"

    def ready(self) -> None:
        from tracker.admin import access

        post_migrate.connect(access.ensure, sender=self, dispatch_uid="desk roles")
