"""Compresses responses, each content once.

The compressed form is looked up by content, so a client gets it only for a response that it may
read. Responses to requests with a session are not compressed: an attacker who can add words to a
page could learn its secrets from the compressed length (BREACH).
"""

import gzip
import hashlib
import re
from collections.abc import Callable

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

# Compression hardly helps a shorter text, and a longer one would fill the cache.
SHORTEST, LONGEST_KEPT = 500, 2_000_000
LEVEL = 6
_TEXTS = re.compile(r"text/|application/(?:[a-z.-]+\+)?(?:json|xml)\b|image/svg\+xml")
_GZIP = re.compile(r"(?:^|,)\s*(?:gzip|\*)\s*(?:;\s*q\s*=\s*([0-9.]+)\s*)?(?=,|$)", re.IGNORECASE)


def accepts_gzip(request: HttpRequest) -> bool:
    """Whether a client accepts gzip."""
    found = _GZIP.search(request.headers.get("Accept-Encoding", ""))
    return found is not None and bool((found[1] or "1").strip("0."))


def packed(content: bytes) -> bytes:
    """Compress some content, or take it from the cache."""
    key = hashlib.blake2b(content, digest_size=16).hexdigest()
    kept: bytes | None = caches["compressed"].get(key)
    if kept is None:
        kept = gzip.compress(content, LEVEL, mtime=0)
        if len(content) <= LONGEST_KEPT:
            caches["compressed"].set(key, kept)
    return kept


def compressed(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that compresses texts for clients that accept gzip.

    Their `ETag` becomes weak, since both encodings share it.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not _may_be_compressed(request, response):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if not accepts_gzip(request):
            return response
        _weaken_tag(response)
        if response.status_code != NOT_MODIFIED:
            response.content = packed(response.content)
            response.headers["Content-Encoding"] = "gzip"
            response.headers["Content-Length"] = str(len(response.content))
        return response

    return middleware


NOT_MODIFIED = 304


def _may_be_compressed(request: HttpRequest, response: HttpResponse) -> bool:
    if settings.SESSION_COOKIE_NAME in request.COOKIES or response.cookies:
        return False
    if response.status_code == NOT_MODIFIED:
        return True
    if response.streaming or "Content-Encoding" in response.headers:
        return False
    is_text = _TEXTS.match(response.headers.get("Content-Type", "")) is not None
    return is_text and len(response.content) >= SHORTEST


def _weaken_tag(response: HttpResponse) -> None:
    tag = response.headers.get("ETag", "")
    if tag.startswith('"'):
        response.headers["ETag"] = f"W/{tag}"
