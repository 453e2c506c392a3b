"""The application of the record and its scores for Django."""

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate, post_save, pre_migrate, pre_save


class TrackerConfig(AppConfig):
    name = "tracker"

    def ready(self) -> None:
        """Register the checks of guards and rights for `manage.py check`, and their repair after
        `manage.py migrate`, and what keeps the names of accounts."""
        from django.contrib.auth import get_user_model

        from tracker.checks import (
            check_guards,
            check_role,
            check_witnesses,
            grant,
            refuse_foreign_tables,
            restore_guards,
        )
        from tracker.operations import accounts
        from tracker.queries import guards

        user = get_user_model()
        pre_save.connect(accounts.before_saving, sender=user, dispatch_uid="account name")
        post_save.connect(accounts.after_saving, sender=user, dispatch_uid="account name")
        checks.register(check_guards, guards.CHECK)
        checks.register(check_role, checks.Tags.database)
        checks.register(check_witnesses)
        pre_migrate.connect(refuse_foreign_tables, sender=self, dispatch_uid="tables")
        post_migrate.connect(restore_guards, sender=self, dispatch_uid="guards")
        post_migrate.connect(grant, sender=self, dispatch_uid="rights")
