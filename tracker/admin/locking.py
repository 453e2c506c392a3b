"""How often somebody may try to log in: from one address, with one name and with all names."""

from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings
from django.http import HttpRequest


class Handler(AxesDatabaseHandler):
    """Locks a name at an address, and an address for all names. Axes knows one limit; the other
    counts here. Attempts that come from many addresses are not added up: whoever knew a name
    could lock its owner out."""

    def get_failures(self, request: HttpRequest, credentials: Any = None) -> int:
        """Failures with the name from the address; the whole limit where the address is over its
        own."""
        counts = [
            sum(attempts.values_list("failures_since_start", flat=True))
            for attempts in self.get_user_attempts(request, credentials)
        ]
        by_name, by_address = map(int, counts)
        over = by_address >= settings.ADDRESS_FAILURE_LIMIT
        return max(by_name, settings.AXES_FAILURE_LIMIT) if over else by_name
