"""A worker sends the messages: confirmations, alerts and weekly digests.

The database holds what is due. A message is composed when it is sent, from what the public may see
at that moment, so no mail contains retracted or withheld claims. No transaction is open while
waiting for a mail server. If a worker is killed, its message is sent again with the same
Message-ID.
"""

import hashlib
import smtplib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import override

from tracker.domain.disclosure import Reader
from tracker.mail import following, messages
from tracker.mail.links import CONFIRM_WITHIN
from tracker.mail.messages import Recipient, ReportedChange
from tracker.models.mail import MailFollow, MailReader
from tracker.projections import leases
from tracker.queries import moment
from tracker.queries.evidence.impacts import CatchingUp
from tracker.queries.scores import lenses, pair_changes
from tracker.queries.scores.pair_changes import Covered, PairChange

# The approximate time of a run in seconds, and the number of readers that it looks at.
SECONDS = 45.0
MOST_READERS = 500
LEASE = timedelta(minutes=5)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=12)
# An address that the mail server refuses this many times, over about five days, is deleted.
MOST_ATTEMPTS = 16
# Other failures say nothing about the address: they count up to this, so that waits get longer.
MOST_OTHER_ATTEMPTS = 8
# Pairs with very many impacts that one run works out: some seconds each.
MOST_LARGE = 4
# A late record is reported if its event is not older than this.
LATE = timedelta(days=90)
# Digests are sent on Mondays, from this hour (UTC).
DIGEST_HOUR = timedelta(hours=6)
logger = structlog.get_logger()

type Clock = Callable[[], datetime]


def send_due(*, now: Clock) -> int:
    """Send what is due, for under a minute. Returns the number of messages sent.

    It waits while there is no lens, or its view is catching up. With MAIL_URL=off nothing is sent.
    """
    if not settings.MAIL:
        return 0
    following.take_requests()
    end, sent, movements = time.monotonic() + SECONDS, 0, _Movements()
    for reader in _due(now()):
        if time.monotonic() >= end:
            break
        sent += _serve(reader, movements, now)
    return sent


def _due(at: datetime) -> list[UUID]:
    """The readers for whom something may be due, in random order, so that nobody is always last."""
    own = MailFollow.objects.filter(reader=OuterRef("id"))
    asked = own.filter(confirmed_at=None, made_at__gt=at - CONFIRM_WITHIN)
    alerts = own.filter(_unseen(at), each=True)
    digests = own.filter(each=False, confirmed_at__isnull=False)
    week = Q(week=None) | Q(week__lt=_week(at))
    rows = MailReader.objects.filter(
        leases.is_free(at=at),
        leases.is_free(at=at, until="not_before"),
        Exists(asked) | Exists(alerts) | (week & Exists(digests)),
    )
    return list(rows.order_by("?").values_list("id", flat=True)[:MOST_READERS])


def _unseen(at: datetime) -> Q:
    """The follows whose pair may have moved since the last check: something was recorded, or a new
    day began."""
    head = moment.now().position
    return Q(confirmed_at__isnull=False) & (Q(seen__lt=head) | Q(seen_day__lt=at.date()))


def _week(at: datetime) -> date:
    """The Monday of the week whose digest is due."""
    day = (at - DIGEST_HOUR).date()
    return day - timedelta(days=day.weekday())


def _serve(reader: UUID, movements: "_Movements", now: Clock) -> int:
    """Send one reader what is due; returns the number of messages."""
    lease, sent = uuid4(), 0
    for step in (_confirmation, _alert, _digest):
        row = _held(reader, lease, now())
        if row is None:
            return sent
        try:
            with override(row.language):
                sent += step(row, movements, now())
        except (CatchingUp, lenses.NoSuchLens):
            continue
        except Exception as problem:  # noqa: BLE001 # of one reader: the others get their messages
            _failed(row, problem, now())
            break
    MailReader.objects.filter(id=reader, lease=lease).update(lease=None, lease_until=None)
    return sent


def _held(reader: UUID, lease: UUID, at: datetime) -> MailReader | None:
    """Take or extend the lease of a reader; None if another worker has it, or the reader is
    gone."""
    rows = MailReader.objects.filter(leases.is_free(at=at, but=lease), id=reader)
    if not rows.update(lease=lease, lease_until=at + LEASE):
        return None
    return MailReader.objects.filter(id=reader, lease=lease).first()


def _confirmation(row: MailReader, _movements: "_Movements", at: datetime) -> int:
    """Ask a reader to confirm the requests, at most once a day for an address."""
    asked = following.waiting(row.id, at=at)
    if not asked or following.is_paused(row.address, at=at):
        return 0
    # Noted before sending, so that the address gets no second message if this worker is killed.
    until = at + following.ONE_CONFIRMATION_IN
    following.pause(row.address, until=until)
    try:
        return _send(row, messages.confirmation(_recipient(row), asked), f"confirm {at.date()}")
    except Exception:
        following.resume(row.address, until=until)
        raise


def _alert(row: MailReader, movements: "_Movements", at: datetime) -> int:
    follows = [*row.follows.filter(_unseen(at), each=True).order_by("pair")]
    changes = movements.of(follows, at)
    reported = [*_past_threshold(follows, changes)]
    sent = 0
    if reported:
        key = " ".join(f"{one.change.pair}@{one.change.position}" for one in reported)
        sent = _send(row, messages.alert(_recipient(row), reported), f"alert {at.date()} {key}")
    _note(follows, changes, reported, at)
    return sent


def _digest(row: MailReader, movements: "_Movements", at: datetime) -> int:
    """Send the digest of a week, if anything passed the reader's thresholds. The pairs that one run
    leaves out are in a second message."""
    week = _week(at)
    if row.week is not None and row.week >= week:
        return 0
    follows = [*row.follows.filter(each=False, seen_day__lt=week).order_by("pair")]
    changes = movements.of(follows, at)
    reported = [*_past_threshold(follows, changes)]
    sent = 0
    if reported:
        key = " ".join(one.change.pair for one in reported)
        sent = _send(row, messages.digest(_recipient(row), reported), f"digest {week} {key}")
    _note(follows, changes, reported, at)
    if len(changes) == len(follows):
        MailReader.objects.filter(id=row.id).update(week=week)
    return sent


class _Window(NamedTuple):
    """The days of a pair's movement, without what is `covered` if they overlap with that."""

    pair: str
    since: date
    until: date
    covered: Covered | None


class _Movements:
    """How followed pairs moved, worked out once in a run for all who follow from the same day.

    A pair that did not change is not worked out again on the same day. One with very many impacts
    is worked out only once a day, and at most `MOST_LARGE` of these in a run.
    """

    def __init__(self) -> None:
        self._known: dict[_Window, PairChange] = {}
        self._large_left = MOST_LARGE

    def of(self, follows: Sequence[MailFollow], at: datetime) -> dict[str, PairChange]:
        """Return the changes since the last report, without the pairs left to the next run.

        Late records of events from the ninety days before are included; what was known of these
        days is not counted again.
        """
        today, by_pair = at.date(), {one.pair: one for one in follows}
        position, changed = pair_changes.changed_since({one.pair: one.seen for one in follows})
        wanted = [one.pair for one in follows if one.pair in changed or one.seen_day != today]
        groups, large = pair_changes.in_groups(wanted)
        first_today = [pair for pair in large if by_pair[pair].seen_day != today]
        groups += [[pair] for pair in first_today]
        found = {
            pair: PairChange(pair=pair, position=position, movement=None, main=None)
            for pair in by_pair.keys() - {pair for group in groups for pair in group}
        }
        for group in groups:
            windows = [_window(by_pair[pair], today) for pair in group]
            found |= self._through(windows, large=group[0] in first_today)
        return found

    def _through(self, windows: Sequence[_Window], *, large: bool) -> dict[str, PairChange]:
        new = [one for one in windows if one not in self._known]
        if large and new and not self._large_left:
            return {}
        if new:
            self._large_left -= large
            changes = pair_changes.of_pairs(
                [one.pair for one in new],
                {one.pair: one.since for one in new},
                new[0].until,
                covered={one.pair: one.covered for one in new if one.covered},
                reader=Reader.PUBLIC,
            )
            self._known |= {one: changes[one.pair] for one in new}
        return {one.pair: self._known[one] for one in windows}


def _window(follow: MailFollow, today: date) -> _Window:
    since, until = _since(follow, today), follow.since or today
    covered = Covered(until=until, position=follow.position) if since < until else None
    return _Window(follow.pair, since, today, covered)


def _since(follow: MailFollow, today: date) -> date:
    begun = follow.since or today
    late = pair_changes.first_new_day(follow.pair, after=follow.position, earliest=begun - LATE)
    return min(begun, late - timedelta(days=1)) if late else begun


def _past_threshold(
    follows: Iterable[MailFollow], changes: dict[str, PairChange]
) -> Iterator[ReportedChange]:
    """The movements for each reader: those of at least the threshold that are known."""
    for follow in follows:
        if (change := changes.get(follow.pair)) is None:
            continue
        turn = change.turn_from(follow.threshold)
        if turn != "unchanged":
            yield ReportedChange(change=change, turn=turn)


def _note(
    follows: Iterable[MailFollow],
    changes: dict[str, PairChange],
    reported: Sequence[ReportedChange],
    at: datetime,
) -> None:
    """Note which follows were checked, and which were reported."""
    pairs = {one.change.pair for one in reported}
    for follow in follows:
        if follow.pair not in changes:
            continue
        position, day = changes[follow.pair].position, at.date()
        noted: dict[str, object] = {"seen": position, "seen_day": day}
        if follow.pair in pairs:
            noted |= {"since": day, "position": position}
        MailFollow.objects.filter(id=follow.id).update(**noted)


def _send(row: MailReader, message: EmailMessage, key: str) -> int:
    """Send a message. The same key gives the same Message-ID, by which a mail server drops a
    copy."""
    host = row.site.split("//")[-1].split("/")[0].split(":")[0] or "localhost"
    name = hashlib.sha256(f"{row.id} {key}".encode()).hexdigest()[:32]
    message.extra_headers["Message-ID"] = f"<{name}@{host}>"
    message.send()
    MailReader.objects.filter(id=row.id).update(attempts=0, not_before=None)
    return 1


def _failed(row: MailReader, problem: Exception, at: datetime) -> None:
    """Try again later. The error message may contain the address, so it is not logged."""
    code, attempts = _code(problem), row.attempts + 1
    logger.warning(
        "a message was not sent", reader=str(row.id), problem=type(problem).__name__, code=code
    )
    if not (isinstance(problem, smtplib.SMTPRecipientsRefused) and code and code >= _PERMANENT):
        attempts = max(row.attempts, min(attempts, MOST_OTHER_ATTEMPTS))
    elif attempts >= MOST_ATTEMPTS:
        MailReader.objects.filter(id=row.id).delete()
        return
    wait = leases.backoff(attempts, first=FIRST_WAIT, longest=LONGEST_WAIT)
    MailReader.objects.filter(id=row.id).update(attempts=attempts, not_before=at + wait)


# From this code on an answer of a mail server is not temporary (RFC 5321).
_PERMANENT = 500


def _code(problem: Exception) -> int | None:
    """The answer of the mail server; None if it gave none. A message has one recipient."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        return next((code for code, _text in problem.recipients.values()), None)
    return getattr(problem, "smtp_code", None)


def _recipient(row: MailReader) -> Recipient:
    return Recipient(id=row.id, address=row.address, site=row.site)
