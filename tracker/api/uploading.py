"""Uploads: multipart/form-data whose `file` is streamed to the spool."""

from typing import Any

from django.core.exceptions import TooManyFieldsSent, TooManyFilesSent
from django.utils.datastructures import MultiValueDict
from rest_framework.exceptions import ParseError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from tracker.api.problems import Fault, Refused
from tracker.imports.spool import SpoolHandler


class UploadParser(MultiPartParser):
    """Parses fields and files, each at most once. The view has to call `clear`."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        parser_context["request"].upload_handlers = [SpoolHandler()]
        try:
            found = super().parse(stream, media_type, parser_context)
        except (TooManyFieldsSent, TooManyFilesSent) as problem:
            raise ParseError(str(problem)) from problem
        return _once(found.data) | _once(found.files)


def clear(request: Request) -> None:
    """Delete uploaded files that no job has taken over."""
    for handler in request.upload_handlers:
        if isinstance(handler, SpoolHandler):
            handler.clear()


def _once(sent: "MultiValueDict[str, Any]") -> dict[str, Any]:
    for name, values in sent.lists():
        if len(values) > 1:
            fault = Fault(pointer=f"/{name[:40]}", code="repeated", detail="is given twice")
            raise Refused("invalid", faults=[fault])
    return sent.dict()
