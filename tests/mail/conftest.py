"""A record with levels, a clock, and a mail server."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from tests.kit.builders import Desk, a_desk
from tests.kit.mail_receiver import MailReceiver, a_mail_receiver
from tests.kit.pulls import still_parameters

# A Wednesday, some days before the claims of these tests.
START = datetime(2024, 5, 1, 9, tzinfo=UTC)


@pytest.fixture
def desk(db: Any) -> Desk:
    """A desk whose source is graded A, and on which nothing happens unreported."""
    return a_desk(grade="A", level=still_parameters())


@pytest.fixture
def now() -> Iterator[Any]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def mailbox(settings: Any) -> Iterator[MailReceiver]:
    with a_mail_receiver() as receiver:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", receiver.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield receiver
