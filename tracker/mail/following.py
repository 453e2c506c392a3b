"""Requests to follow pairs by mail: asking, confirming and stopping.

A request has the same answer, after the same work, whether or not the address is known: a worker
takes the request and sends the message. So nobody can find out which addresses are on file.
Addresses are kept only while they are needed.
"""

import hashlib
import hmac
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.encoding import punycode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tracker import log
from tracker.domain.problems import BadParameter
from tracker.mail import private_files
from tracker.mail.links import CONFIRM_WITHIN, NoSuchLink, keys
from tracker.models.mail import MailFollow, MailPause, MailReader, MailRequest
from tracker.operations import ids
from tracker.queries.records import pair_names

LONGEST_ADDRESS = 254
# Points of the scale of −9 to 9.
LEAST_THRESHOLD, MOST_THRESHOLD = 0.5, 9.0
# Pairs that one address may follow, and requests that may wait to be confirmed.
MOST_PAIRS = 50
MOST_WAITING = 2_000
ONE_CONFIRMATION_IN = timedelta(days=1)
FOR_EVER = timedelta(days=365 * 50)


class BadRequest(BadParameter):
    """A field of the form cannot be used; the message says what to write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowRequest:
    """A request: the pair "KAZ-RUS", the least movement in points, and a message for `each`
    movement instead of a weekly digest."""

    address: str
    pair: str
    threshold: float
    each: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A pair that a reader follows or asked to follow."""

    id: int
    pair: str
    threshold: float
    each: bool


def read(form: dict[str, str]) -> FollowRequest:
    """Read the form of a pair's page.

    :raises BadRequest: for the first field that cannot be used. :raises pair_names.NoSuchPair:
    """
    address = _address(form.get("address", ""))
    ends = form.get("pair", "").split("-")
    if len(ends) != 2:
        raise BadRequest(_("The pair must be two codes of countries, such as KAZ-RUS."))
    return FollowRequest(
        address=address,
        pair=pair_names.pair_name(*ends),
        threshold=_threshold(form.get("threshold", "").strip() or str(LEAST_THRESHOLD)),
        each=_each(form.get("how", "") or "digest"),
    )


def _address(text: str) -> str:
    """The form in which an address is kept: in lower case, its domain in ASCII as it is written on
    the wire.

    The name before the domain is ASCII too, and hardly any mailbox tells its capitals apart. A
    quoted name may contain control characters, which no header can have, and hardly anybody has
    one.

    :raises BadRequest:
    """
    text = text.strip()
    # To convert the domain of a very long one would take minutes.
    address = _ascii_address(text) if len(text) <= LONGEST_ADDRESS else None
    if address is None or len(address) > LONGEST_ADDRESS:
        raise BadRequest(
            _(
                "The address must be a mail address such as name@example.org, of at most %(most)d"
                " characters."
            )
            % {"most": LONGEST_ADDRESS}
        )
    return address


def _ascii_address(text: str) -> str | None:
    name, _at_sign, domain = text.rpartition("@")
    try:
        # As Django writes it when it sends: one mailbox has one form here.
        address = f"{name}@{punycode(domain)}".lower()
        EmailValidator(allowlist=())(address)
    except (UnicodeError, ValidationError):
        return None
    quoted = name.startswith('"') or domain.endswith("]")
    return address if address.isascii() and not quoted else None


def _threshold(text: str) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = 0.0
    if not LEAST_THRESHOLD <= value <= MOST_THRESHOLD:
        raise BadRequest(
            _("The threshold must be a number of points from %(least)g to %(most)g.")
            % {"least": LEAST_THRESHOLD, "most": MOST_THRESHOLD}
        )
    return round(value, 1)


def _each(text: str) -> bool:
    if text not in ("digest", "each"):
        raise BadRequest(_("The field how must be either digest or each."))
    return text == "each"


def ask(request: FollowRequest, *, site: str, at: datetime) -> None:
    """Keep a request to follow a pair for a worker. The work is the same for every address.

    Of too many that wait, the oldest are deleted, so that nobody can keep others from asking.
    """
    wanted = {name: getattr(request, name) for name in ("address", "pair", "threshold", "each")}
    MailRequest.objects.create(**wanted, site=site, language=_language(), made_at=at)
    _keep_newest(MailRequest.objects.all(), most=MOST_WAITING)


def take_requests() -> None:
    """Take the requests that web processes have kept."""
    with transaction.atomic():
        rows = MailRequest.objects.select_for_update(skip_locked=True).order_by("id")
        taken = [*rows]
        for row in taken:
            _take(row)
        MailRequest.objects.filter(id__in=[row.id for row in taken]).delete()


def _take(request: MailRequest) -> None:
    """Keep a request to follow a pair until it is confirmed.

    A repeated request does not wait longer than the first. Of too many that wait, the oldest are
    deleted.
    """
    at = request.made_at
    reader = _reader(request)
    asked = {"threshold": request.threshold, "each": request.each}
    unconfirmed = MailFollow.objects.filter(confirmed_at=None)
    same = unconfirmed.filter(reader=reader, pair=request.pair)
    same.filter(made_at__lte=at - CONFIRM_WITHIN).delete()
    if same.update(**asked):
        return
    row = MailFollow(reader=reader, pair=request.pair, made_at=at, **asked)
    # At the same time somebody may end the reader's last follow, which deletes the reader.
    with suppress(IntegrityError), transaction.atomic():
        MailFollow.objects.bulk_create([row], ignore_conflicts=True)
    _keep_newest(unconfirmed.filter(reader=reader), most=MOST_PAIRS)
    _keep_newest(unconfirmed, most=MOST_WAITING)


def _keep_newest(rows: QuerySet[Any], *, most: int) -> None:
    older = rows.order_by("-made_at", "-id").values_list("id", flat=True)[most:]
    rows.filter(id__in=[*older]).delete()


def _reader(request: MailRequest) -> MailReader:
    """The reader of an address, perhaps a new one. Another worker may add it at the same time.

    Until the owner of the address confirms something, the last request decides on the language.
    """
    at, address = request.made_at, request.address
    here = {"site": request.site, "language": request.language}
    new = MailReader(id=ids.new_id(at), address=address, made_at=at, **here)
    MailReader.objects.bulk_create([new], ignore_conflicts=True)
    confirmed = MailFollow.objects.filter(reader=OuterRef("id"), confirmed_at__isnull=False)
    MailReader.objects.filter(~Exists(confirmed), address=address).update(**here)
    return MailReader.objects.get(address=address)


def _language() -> str:
    """The language of the page that is shown."""
    return get_language() or settings.LANGUAGE_CODE


def waiting(reader: UUID, *, at: datetime) -> list[Followed]:
    """Return what a reader asked for and has not confirmed, by pair."""
    rows = MailFollow.objects.filter(
        reader=reader, confirmed_at=None, made_at__gt=at - CONFIRM_WITHIN
    )
    return [*_followed(rows.order_by("pair"))]


def confirm(reader: UUID, follows: Collection[int], *, at: datetime) -> int:
    """Confirm some of what a reader asked for, and forget the rest. Returns how many pairs were
    confirmed.

    A confirmed request replaces an earlier one for the same pair. Changes that were recorded before
    are not reported.

    :raises NoSuchLink: if nothing waits for this reader. :raises BadRequest: if the reader would
        follow too many pairs.
    """
    head = log.head().position
    with transaction.atomic():
        rows = list(
            MailFollow.objects.select_for_update().filter(
                reader=reader, confirmed_at=None, made_at__gt=at - CONFIRM_WITHIN
            )
        )
        if not rows:
            raise NoSuchLink(
                _("Nothing waits to be confirmed: it was confirmed, or it has expired.")
            )
        chosen = [row for row in rows if row.id in follows]
        _replace(reader, [row.pair for row in chosen])
        MailFollow.objects.filter(id__in=[row.id for row in rows if row not in chosen]).delete()
        day = at.date()
        MailFollow.objects.filter(id__in=[row.id for row in chosen]).update(
            confirmed_at=at, since=day, position=head, seen=head, seen_day=day
        )
        MailReader.objects.filter(id=reader).update(language=_language())
        _forget_if_idle(reader)
    return len(chosen)


def _replace(reader: UUID, pairs: Collection[str]) -> None:
    """Make room for pairs that a reader confirms: end what was confirmed for them before."""
    confirmed = MailFollow.objects.filter(reader=reader, confirmed_at__isnull=False)
    confirmed.filter(pair__in=pairs).delete()
    if confirmed.count() + len(pairs) > MOST_PAIRS:
        raise BadRequest(
            _("An address can follow at most %(most)d pairs. Choose fewer, or end some first.")
            % {"most": MOST_PAIRS}
        )


def followed(reader: UUID) -> list[Followed]:
    """Return what a reader follows, by pair.

    :raises NoSuchLink: if there is no such reader any more.
    """
    if not MailReader.objects.filter(id=reader).exists():
        raise NoSuchLink(_("Nothing is sent to this address any more."))
    rows = MailFollow.objects.filter(reader=reader, confirmed_at__isnull=False)
    return [*_followed(rows.order_by("pair"))]


def stop(reader: UUID, follow: int | None = None) -> None:
    """End one follow of a reader, or all, and delete the address if nothing is left. Does nothing
    if the reader no longer exists."""
    with transaction.atomic():
        rows = MailFollow.objects.filter(reader=reader)
        (rows if follow is None else rows.filter(id=follow)).delete()
        _forget_if_idle(reader)


def block(reader: UUID, *, at: datetime) -> None:
    """Delete a reader and never send another confirmation to the address. Only a keyed hash of it
    is kept.

    :raises NoSuchLink:
    """
    row = MailReader.objects.filter(id=reader).first()
    if row is None:
        raise NoSuchLink(_("Nothing is sent to this address any more."))
    pause(row.address, until=at + FOR_EVER)
    row.delete()


def pause(address: str, *, until: datetime) -> None:
    """Send no confirmation to an address until a moment."""
    current, *former = digests(address)
    MailPause.objects.update_or_create(digest=current, defaults={"until": until})
    MailPause.objects.filter(digest__in=former, until__lte=until).delete()


def resume(address: str, *, until: datetime) -> None:
    """End a pause that lasts until this moment; a longer one stays."""
    MailPause.objects.filter(digest__in=digests(address), until=until).delete()


def is_paused(address: str, *, at: datetime) -> bool:
    """Whether no confirmation may be sent to an address at a moment."""
    return MailPause.objects.filter(digest__in=digests(address), until__gt=at).exists()


def digests(address: str) -> list[bytes]:
    """Keyed hashes of the mailbox of an address: many providers ignore the case of its letters, its
    full stops, and what follows a plus sign. The first is of the present key, the others are of
    those before."""
    name, _at, domain = address.casefold().rpartition("@")
    mailbox = f"{name.partition('+')[0].replace('.', '')}@{domain}"
    return [hmac.digest(f"mail {key}".encode(), mailbox.encode(), hashlib.sha256) for key in keys()]


def forget(*, at: datetime) -> None:
    """Delete requests that nobody confirmed in a week, readers who follow nothing, and messages
    that were written into files a week ago."""
    private_files.forget(before=at - CONFIRM_WITHIN)
    MailFollow.objects.filter(confirmed_at=None, made_at__lte=at - CONFIRM_WITHIN).delete()
    MailRequest.objects.filter(made_at__lte=at - CONFIRM_WITHIN).delete()
    # The row of a reader is written before the rows of its follows.
    MailReader.objects.filter(follows=None, made_at__lte=at - timedelta(minutes=5)).delete()
    MailPause.objects.filter(until__lte=at).delete()


def _forget_if_idle(reader: UUID) -> None:
    MailReader.objects.filter(id=reader, follows=None).delete()


def _followed(rows: Iterable[MailFollow]) -> Iterator[Followed]:
    for row in rows:
        yield Followed(id=row.id, pair=row.pair, threshold=row.threshold, each=row.each)
