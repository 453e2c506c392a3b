"""The messages to readers, as plain text: they load nothing from the network."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker import change_wording
from tracker.domain.movements import Turn
from tracker.mail import links
from tracker.mail.following import Followed
from tracker.queries.records import names
from tracker.queries.scores.pair_changes import PairChange
from tracker.wording import Names, capitalised


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """The recipient of a message, and the site's address in its links."""

    id: UUID
    address: str
    site: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedChange:
    """A change for a reader, and which way it went by the reader's own threshold."""

    change: PairChange
    turn: Turn

    @property
    def one_source(self) -> bool:
        return self.change.one_source


def confirmation(to: Recipient, asked: Sequence[Followed]) -> EmailMessage:
    """The message that asks the owner of an address to confirm the request."""
    named = _names(one.pair for one in asked)
    lines = [
        _("Somebody, probably you, asked %(site)s to send mail to this address about:")
        % {"site": to.site},
        "",
        *(f"- {named.direction(one.pair)}" for one in asked),
        "",
        _("To confirm, open this page and press the button:"),
        links.confirm_address(to.id, site=to.site),
        "",
        _(
            "If it was not you, do nothing: nothing else is sent, and the address is deleted after"
            " seven days. On the page you can also forbid any further message."
        ),
    ]
    return _message(to, _("Confirm: mail about relations between states"), lines)


def alert(to: Recipient, reported: Sequence[ReportedChange]) -> EmailMessage:
    """The message about movements past a reader's threshold."""
    several = ngettext(
        "%(number)d relation changed, among them %(pair)s",
        "%(number)d relations changed, among them %(pair)s",
        len(reported),
    )
    return _of_changes(to, reported, _("%(pair)s: %(turn)s") if len(reported) == 1 else several)


def digest(to: Recipient, reported: Sequence[ReportedChange]) -> EmailMessage:
    """The weekly message about movements past a reader's threshold."""
    several = ngettext(
        "This week: %(number)d relation changed, among them %(pair)s",
        "This week: %(number)d relations changed, among them %(pair)s",
        len(reported),
    )
    return _of_changes(
        to, reported, _("This week: %(pair)s, %(turn)s") if len(reported) == 1 else several
    )


def _of_changes(to: Recipient, reported: Sequence[ReportedChange], subject: str) -> EmailMessage:
    named = _names(one.change.pair for one in reported)
    first = {
        "pair": named.direction(reported[0].change.pair),
        "turn": change_wording.turned(reported[0].turn, one_source=reported[0].one_source),
        "number": len(reported),
    }
    lines = [line for one in reported for line in _lines(to, one, named)]
    lines += [
        _("These are sums of what was reported. Each page says who reported it."),
        "",
        _("What you follow, and how to end it:"),
        links.stop_address(to.id, site=to.site),
    ]
    return _message(to, subject % first, lines, stop=True)


def _lines(to: Recipient, reported: ReportedChange, named: Names) -> Iterator[str]:
    change, movement = reported.change, reported.change.movement
    arrow, pair = change_wording.ARROWS[reported.turn], named.direction(change.pair)
    told = change_wording.moved(movement, reported.turn, one_source=reported.one_source)
    yield f"{arrow} {pair}: {told}"
    if movement:
        yield f"  {change_wording.between(movement)}"
    if change.main:
        main = change.main
        by = change_wording.reported_by(main.roots, coded=main.coded, level=main.level)
        yield f"  “{main.title}”, {by}"
        yield f"  {_link(to, 'pages:claim', main.id)}"
    else:
        yield "  " + _("No claim of these days that may be shown explains it.")
    yield f"  {_link(to, 'pages:pair', *change.pair.split('-'))}"
    yield ""


def _link(to: Recipient, route: str, *args: object) -> str:
    return to.site.rstrip("/") + reverse(route, args=args)


def _message(
    to: Recipient, subject: str, lines: Iterable[str], *, stop: bool = False
) -> EmailMessage:
    headers: dict[str, str] = {"Auto-Submitted": "auto-generated", "Precedence": "list"}
    if stop:
        # One click ends it (RFC 8058).
        headers |= {
            "List-Unsubscribe": f"<{links.stop_address(to.id, site=to.site)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return EmailMessage(
        subject=" ".join(capitalised(subject).split()),
        body="\n".join(lines) + "\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to.address],
        headers=headers,
    )


def _names(pairs: Iterable[str]) -> Names:
    return Names(by_code=names.countries({code for pair in pairs for code in pair.split("-")}))
