"""Writes messages into files that only this system account can read, since they contain
addresses."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail.backends import filebased


class EmailBackend(filebased.EmailBackend):
    """Django's backend of files, with a private folder."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        folder = Path(kwargs.get("file_path") or settings.EMAIL_FILE_PATH)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(*args, **kwargs)
