"""Files in: multipart/form-data whose `file` goes to the spool while it comes in."""

from typing import Any

from django.core.exceptions import TooManyFieldsSent, TooManyFilesSent
from django.utils.datastructures import MultiValueDict
from rest_framework.exceptions import ParseError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from tracker.api.problems import Fault, Refused
from tracker.operations.jobs import SpoolHandler


class UploadParser(MultiPartParser):
    """Reads fields and files, each at most once. Whoever asked for the data calls `clear`."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        parser_context["request"].upload_handlers = [SpoolHandler()]
        try:
            found = super().parse(stream, media_type, parser_context)
        except (TooManyFieldsSent, TooManyFilesSent) as problem:
            raise ParseError(str(problem)) from problem
        return _once(found.data) | _once(found.files)


def clear(request: Request) -> None:
    """Delete what came in with a request and has become no job's."""
    for handler in request.upload_handlers:
        if isinstance(handler, SpoolHandler):
            handler.clear()


def _once(sent: "MultiValueDict[str, Any]") -> dict[str, Any]:
    for name, values in sent.lists():
        if len(values) > 1:
            fault = Fault(pointer=f"/{name[:40]}", code="repeated", detail="stands twice")
            raise Refused("invalid", faults=[fault])
    return sent.dict()
