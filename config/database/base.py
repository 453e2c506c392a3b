"""The backend's connections."""

from typing import Any

from django.db import OperationalError
from django.db.backends.postgresql import base

from config.database import limits, watch


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that never waits for a lock without an end."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open a connection.

        :raises OperationalError: at once, while the database is known to be frozen.
        """
        if watch.of(self.alias).is_silent():
            raise OperationalError("the database does not answer")
        return super().get_new_connection(conn_params)

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
        watch.register(self.alias, driver)
