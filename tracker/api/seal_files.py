"""The tree of the log as static files (C2SP `tlog-tiles`), for verifiers and witnesses.

They are open to all: hashes with nonces say nothing of events but their number.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tracker.domain.proofs import tiles
from tracker.domain.proofs.refusals import Refused
from tracker.log import seal
from tracker.queries import log_history, progress, seals, timestamps

FOR_EVER = "public, max-age=31536000, immutable"
# A checkpoint is replaced every five seconds, while events come in.
SHORTLY = "public, max-age=5"


@require_safe
def checkpoint(_request: HttpRequest) -> HttpResponse:
    """The last checkpoint for readers."""
    last = seals.published_checkpoint()
    if last is None:
        raise Http404
    return _text(last.note)


@require_safe
def key(_request: HttpRequest) -> HttpResponse:
    """The public key of the last checkpoint, also for witnesses that do not know it yet."""
    last = seals.last_checkpoint()
    if last is None:
        raise Http404
    return _text(f"{last.key}\n")


@require_safe
def tile(_request: HttpRequest, path: str) -> HttpResponse:
    """The hashes of a tile. Caches keep it for ever, but not while something is wrong."""
    try:
        level, number, width = tiles.parse_path(path)
    except Refused:
        raise Http404 from None
    # What no checkpoint signs may yet be another tree.
    if width > tiles.width(level, number, seals.signed_through()):
        raise Http404
    hashes = seal.read_tile(level, number, width)
    last_event = (number * tiles.WIDTH + width) << tiles.HEIGHT * level
    answer = _kept(hashes, "application/octet-stream")
    if log_history.may_have_changed(last_event):
        answer.headers["Cache-Control"] = SHORTLY
    # It may have been rewritten: no cache may keep that for ever.
    if seals.state().alarm or progress.audited().damaged:
        answer.headers["Cache-Control"] = "no-store"
    return answer


@require_safe
def timestamp(_request: HttpRequest, size: int) -> HttpResponse:
    """What an authority answered about the checkpoint of a size (RFC 3161)."""
    return _kept(timestamps.answer(size), "application/timestamp-reply")


@require_safe
def timestamped(_request: HttpRequest, size: int) -> HttpResponse:
    """The text that the timestamp is about."""
    text = timestamps.stamped_text(size)
    return _kept(None if text is None else text.encode(), "text/plain; charset=utf-8")


def _kept(data: bytes | None, kind: str) -> HttpResponse:
    if data is None:
        raise Http404
    return HttpResponse(data, content_type=kind, headers={"Cache-Control": FOR_EVER})


def _text(text: str) -> HttpResponse:
    headers = {"Cache-Control": SHORTLY}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)
