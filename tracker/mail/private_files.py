"""Writes messages into files that only this system account can read, since they contain
addresses."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail.backends import filebased


class EmailBackend(filebased.EmailBackend):
    """Django's backend of files, with a private folder."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        folder = Path(kwargs.get("file_path") or settings.EMAIL_FILE_PATH)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # It may be older, and its mode that of other folders.
        folder.chmod(0o700)
        super().__init__(*args, **kwargs)


def forget(*, before: datetime) -> None:
    """Delete the messages that were written into files before a moment."""
    if settings.EMAIL_FILE_PATH:
        for file in Path(settings.EMAIL_FILE_PATH).glob("*.log"):
            with suppress(FileNotFoundError):
                if file.stat().st_mtime < before.timestamp():
                    file.unlink()
