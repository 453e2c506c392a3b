"""The backend's connections."""

from typing import Any

from django.db.backends.postgresql import base

from config.database import limits


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that never waits for a lock without an end."""

    def init_connection_state(self) -> None:
        """Check the limits of a new connection.

        :raises OperationalError: if they cannot be set.
        """
        super().init_connection_state()
        driver: Any = self.connection
        try:
            with self.wrap_database_errors:
                limits.ensure(driver)
        except Exception:
            self.connection = None
            driver.close()
            raise
