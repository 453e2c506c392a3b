"""Sessions in the database whose key can change while other requests of a browser are under way."""

from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.utils import timezone

# A request that was sent with the former key is answered within this time.
OVERLAP = timedelta(seconds=30)


class SessionStore(DatabaseSessions):
    def cycle_key(self) -> None:
        """Continue under a new key, as after a login or a change of `SECRET_KEY`.

        Django deletes the row of the former key at once. A second request with it, sent at the same
        time, would then log the browser out.
        """
        content, former = dict(self.items()), self.session_key
        self.create()
        self._session_cache = content
        end = timezone.now() + OVERLAP
        rows = self.model.objects.filter(session_key=former, expire_date__gt=end)
        rows.update(expire_date=end)
