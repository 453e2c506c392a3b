"""What fits a process that serves requests until it ends."""

import gc

from django.conf import settings

from config.database.limits import limit_statements
from tracker.log.messages import PREPARE_THRESHOLD


def prepare() -> None:
    """Prepare this process. Call it once, after the program is loaded."""
    # Each full collection would look at all of the program: a tenth of a second.
    gc.collect()
    gc.freeze()
    # The database plans a query once per connection. A connection ends after a minute
    # (`CONN_MAX_AGE`), and with it plans that no longer fit the tables.
    for database in settings.DATABASES.values():
        database["OPTIONS"]["prepare_threshold"] = PREPARE_THRESHOLD
    limit_statements(settings.WEB_STATEMENT_SECONDS)
