"""Static files under names with a digest of their content, which clients may keep for ever.

The names need no build step: a digest is taken when a page first names the file. Stylesheets that
every page needs are joined to one.
"""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from config.compression import LEVEL, SHORTEST, accepts_gzip

FOR_EVER = "public, max-age=31536000, immutable"
# Files that are joined from others.
JOINED = {"pages/pages.css": ("pages/site.css", "pages/chart.css")}
_DIGITS = 12
_HASHED = re.compile(rf"(?P<stem>.+)\.(?P<digest>[0-9a-f]{{{_DIGITS}}})(?P<ending>\.[A-Za-z0-9]+)")
_PACKABLE = (".css", ".js", ".svg", ".json", ".txt", ".html", ".xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A static file in memory, and compressed if that makes it shorter."""

    content: bytes
    packed: bytes | None
    kind: str
    digest: str


class HashedNames(StaticFilesStorage):
    """Names files after their content: `pages/site.0a1b2c3d4e5f.css`."""

    def url(self, name: str | None) -> str:
        return super().url(hashed_name(name or ""))


def hashed_name(name: str) -> str:
    """The name of a file with the digest of its content; the same name if there is no such file."""
    file = read(name)
    if file is None:
        return name
    stem, dot, ending = name.rpartition(".")
    return f"{stem}.{file.digest}.{ending}" if dot else name


_read: dict[str, File] = {}


def read(name: str) -> File | None:
    """Read a static file by its name, once for each process; None if there is none."""
    if name not in _read:
        file = _from_folders(name)
        if file is None:
            return None
        _read[name] = file
    return _read[name]


def _from_folders(name: str) -> File | None:
    parts = [finders.find(part) for part in JOINED.get(name, (name,))]
    if not all(parts):
        return None
    content = b"\n".join(Path(str(part)).read_bytes() for part in parts)
    worth = name.endswith(_PACKABLE) and len(content) >= SHORTEST
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return File(
        content=content,
        packed=gzip.compress(content, LEVEL, mtime=0) if worth else None,
        kind=f"{kind}; charset=utf-8" if kind.startswith("text/") else kind,
        digest=hashlib.sha256(content).hexdigest()[:_DIGITS],
    )


def hashed_files(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that serves files by their names with a digest, and passes on all other
    requests."""
    prefix = f"/{settings.STATIC_URL.strip('/')}/"

    def middleware(request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if path.startswith(prefix) and request.method in ("GET", "HEAD"):
            found = _HASHED.fullmatch(path.removeprefix(prefix))
            file = read(found["stem"] + found["ending"]) if found else None
            if found and file:
                return _answer(request, file, current=found["digest"] == file.digest)
        return get_response(request)

    return middleware


def _answer(request: HttpRequest, file: File, *, current: bool) -> HttpResponse:
    """The response with a file. A name with an outdated digest gets the current content,
    uncached."""
    packed = file.packed if accepts_gzip(request) else None
    tag = f'"{file.digest}{"-gzip" if packed else ""}"'
    response: HttpResponse
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(packed or file.content, content_type=file.kind)
        if packed:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(response.content))
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = FOR_EVER if current else "no-cache"
    # The same as for files without a digest: other sites may show our card and our pictures.
    response.headers["Access-Control-Allow-Origin"] = "*"
    if file.packed:
        response.headers["Vary"] = "Accept-Encoding"
    return response
