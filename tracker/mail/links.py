"""The signed links of messages. They name a reader by id, so that no address is in a link or in the
log of a server."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from tracker.domain.problems import NotFound

# A request that is not confirmed in this time is deleted, and its link is no longer valid.
CONFIRM_WITHIN = timedelta(days=7)
CONFIRM, STOP = "mail.confirm", "mail.stop"


class NoSuchLink(NotFound):
    """The link is not valid, has expired, or its reader no longer follows anything."""


def confirm_address(reader: UUID, *, site: str) -> str:
    """The address at which a reader confirms."""
    return site.rstrip("/") + reverse("pages:mail-confirm", args=[_signed(reader, CONFIRM)])


def stop_address(reader: UUID, *, site: str) -> str:
    """The address at which a reader sees what is followed and ends it. It does not expire."""
    return site.rstrip("/") + reverse("pages:mail-stop", args=[_signed(reader, STOP)])


def reader_of_confirmation(token: str) -> UUID:
    """Return the reader that a link to confirm is for.

    :raises NoSuchLink: also if it was signed more than a week ago.
    """
    return _reader(token, CONFIRM, lasting=CONFIRM_WITHIN)


def reader_of_stop(token: str) -> UUID:
    """Return the reader that a link to stop is for.

    :raises NoSuchLink:
    """
    return _reader(token, STOP, lasting=None)


def keys() -> list[str]:
    """The keys of links and of hashed addresses; new ones are of the first."""
    named = (settings.MAIL_KEY, *settings.MAIL_KEY_FALLBACKS)
    return [key for key in (*named, settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS) if key]


def _signer(purpose: str) -> signing.TimestampSigner:
    key, *former = keys()
    return signing.TimestampSigner(key=key, sep=".", salt=purpose, fallback_keys=[*former])


def _signed(reader: UUID, purpose: str) -> str:
    return _signer(purpose).sign(reader.hex)


def _reader(token: str, purpose: str, *, lasting: timedelta | None) -> UUID:
    try:
        return UUID(_signer(purpose).unsign(token, max_age=lasting))
    except (signing.BadSignature, ValueError) as problem:
        raise NoSuchLink(_("This link is not valid, or it has expired.")) from problem
