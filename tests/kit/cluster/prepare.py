"""Fills a new cluster: the first records, the key of the log, an administrator and a token.

Run as a module, with a file for the token. One process, since to start one takes seconds.
"""

import os
import sys
from datetime import timedelta
from pathlib import Path

import django

ADMIN = "admin"


def main(file: str) -> None:
    """Fill it. The token appears in the file at the end."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    from django.conf import settings  # noqa: PLC0415 # needs the set-up
    from django.core.management import call_command  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from tracker.operations import accounts, seal_keys  # noqa: PLC0415

    Path(".run/static").mkdir(parents=True, exist_ok=True)
    call_command("loadseed", "--if-empty")
    call_command("load-structural", "--if-empty")
    seal_keys.make_key(settings.AUTHORITY)
    accounts.ensure_admin(ADMIN, password=settings.ADMIN_PASSWORD)
    token = accounts.issue(
        ADMIN,
        by=accounts.COMMAND_LINE,
        name="cluster",
        scopes=accounts.SCOPES,
        lasting=timedelta(days=7),
        at=timezone.now(),
    )
    Path(file).touch(mode=0o600)
    Path(file).write_text(token)


if __name__ == "__main__":
    main(*sys.argv[1:])
