"""Asks an outside authority once a day for a timestamp (RFC 3161) of the last checkpoint.

The authority sees a hash of the checkpoint's text, and nothing of the log.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from http import HTTPStatus
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from tracker.models.seals import SealedCheckpoint, SealTimestamp
from tracker.operations.outside_posts import NoAnswer, post
from tracker.queries import seals
from tracker.queries.seals import MOST_SKEW, Timestamp

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

# A day, and a little less than an hour: a task that runs each hour is early by seconds.
EVERY = timedelta(hours=23, minutes=30)
# Seconds for each step, and for the whole answer once there is a connection.
SECONDS = 15.0
MOST_BYTES = 100_000


class NoTimestamp(Exception):
    """Why there is no timestamp: the settings, the authority or its answer."""


def stamp_if_due(*, at: datetime) -> bool:
    """Get a timestamp of the last checkpoint if the last one is a day old and the log has grown.
    Returns whether there is a new one.

    :raises NoTimestamp:
    """
    checkpoint = SealedCheckpoint.objects.order_by("-size").first()
    if not settings.TIMESTAMP_URL or checkpoint is None:
        return False
    before = seals.last_timestamp()
    if before and (before.size >= checkpoint.size or _is_recent(before, at=at)):
        return False
    asked = authority()
    data, stamped_at = _stamp(asked, seals.text_of(checkpoint.note).encode())
    if abs(stamped_at - at) > MOST_SKEW:
        raise NoTimestamp(f"the authority says that it is {stamped_at.isoformat()}")
    SealTimestamp.objects.bulk_create(
        [
            SealTimestamp(
                size=checkpoint.size,
                answer=data,
                stamped_at=stamped_at,
                authority=asked.hostname or "",
            )
        ],
        ignore_conflicts=True,
    )
    return True


def check(stamp: Timestamp) -> None:
    """Verify a timestamp as it is stored, by the certificates in the settings.

    :raises NoTimestamp:
    """
    from tracker.operations import timestamp_answers  # noqa: PLC0415

    trusted, data = certificates(), seals.timestamp_answer(stamp.size) or b""
    text = seals.stamped_text(stamp.size) or ""
    try:
        stamped_at = timestamp_answers.verify(data, text.encode(), trusted)
    except timestamp_answers.NotVerified as problem:
        raise NoTimestamp(f"the one of {stamp.size} events does not verify: {problem}") from problem
    if stamped_at != stamp.stamped_at:
        raise NoTimestamp(f"the one of {stamp.size} events says another time than its row")


def _is_recent(stamp: Timestamp, *, at: datetime) -> bool:
    """Whether a timestamp is less than a day old. A forged one is not."""
    if at - stamp.stamped_at >= EVERY:
        return False
    try:
        check(stamp)
    except NoTimestamp:
        return False
    return True


def _stamp(asked: SplitResult, text: bytes) -> tuple[bytes, datetime]:
    """Get a timestamp of a text, and verify it. Returns the answer and its time.

    :raises NoTimestamp:
    """
    from tracker.operations import timestamp_answers  # noqa: PLC0415

    trusted, request = certificates(), timestamp_answers.request_for(text)
    data = _ask(asked, request.as_bytes())
    try:
        return data, timestamp_answers.verify(data, text, trusted, request=request)
    except timestamp_answers.NotVerified as problem:
        raise NoTimestamp(str(problem)) from problem


def authority() -> SplitResult:
    """The address of the authority in the settings.

    :raises NoTimestamp: it is no address, or not encrypted.
    """
    try:
        parts = urlsplit(settings.TIMESTAMP_URL)
        well = parts.port != 0 and bool(parts.hostname) and not parts.username
    except ValueError:
        well = False
    if not well or (parts.scheme != "https" and not _is_here(parts)):
        raise NoTimestamp("TIMESTAMP_URL must begin with https:// and name a host")
    return parts


def certificates() -> "list[Certificate]":
    """The certificates of the authority in the settings.

    :raises NoTimestamp: they cannot be read.
    """
    from tracker.operations import timestamp_answers  # noqa: PLC0415

    try:
        data = Path(settings.TIMESTAMP_CERTIFICATES).read_bytes()
        return timestamp_answers.read_certificates(data)
    except (OSError, ValueError) as problem:
        raise NoTimestamp("TIMESTAMP_CERTIFICATES must name a file in PEM format") from problem


def _is_here(parts: SplitResult) -> bool:
    """Whether an address is one of this machine, to which nothing need be encrypted."""
    with suppress(ValueError):
        return parts.scheme == "http" and ip_address(parts.hostname or "").is_loopback
    return parts.scheme == "http" and parts.hostname == "localhost"


def _ask(place: SplitResult, request: bytes) -> bytes:
    """
    :raises NoTimestamp: the authority does not answer, or with something else.
    """
    try:
        status, data = post(
            place, request, "application/timestamp-query", seconds=SECONDS, most=MOST_BYTES + 1
        )
    except NoAnswer as problem:
        raise NoTimestamp(f"the authority does not answer: {problem}") from problem
    if status != HTTPStatus.OK or len(data) > MOST_BYTES:
        raise NoTimestamp(f"the authority answered {status} with {len(data)} bytes")
    return data
