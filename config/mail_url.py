"""The mail server of this installation, from one address in the environment."""

from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

_BACKENDS = "django.core.mail.backends"
_SUBMISSION, _SMTPS, _SMTP = 587, 465, 25


class MailServer(NamedTuple):
    """What Django needs to know of a mail server. Without a `backend` no mail is sent."""

    backend: str
    folder: str = ""
    host: str = ""
    port: int = _SMTP
    user: str = ""
    password: str = ""
    ssl: bool = False
    starttls: bool = False


class BadMailUrl(ValueError):
    """`MAIL_URL` cannot be read; the message does not repeat it, since it may contain a
    password."""


def read(url: str, *, folder: Path) -> MailServer:
    """Read `MAIL_URL`: empty for files in a folder, "console:", "off", "smtp://…" or "smtps://…".

    With `smtp` the connection is encrypted (STARTTLS) at the port 587 or with a password.

    :raises BadMailUrl: for anything else.
    """
    if not url:
        return MailServer("tracker.mail.private_files.EmailBackend", folder=str(folder))
    if url == "off":
        return MailServer("")
    if url == "console:":
        return MailServer(f"{_BACKENDS}.console.EmailBackend")
    return _server(url)


def _server(url: str) -> MailServer:
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError as problem:
        raise BadMailUrl("MAIL_URL has a port that is no number") from problem
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise BadMailUrl("MAIL_URL must be empty, off, console:, smtp://… or smtps://…")
    ssl = parts.scheme == "smtps"
    port = port or (_SMTPS if ssl else _SUBMISSION if parts.password else _SMTP)
    return MailServer(
        f"{_BACKENDS}.smtp.EmailBackend",
        host=parts.hostname,
        port=port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        ssl=ssl,
        starttls=not ssl and (port == _SUBMISSION or bool(parts.password)),
    )
