"""A small application behind the product's own web server."""

import io
from collections.abc import Callable, Iterable
from typing import Any

import django

django.setup()
LARGE = b"x" * 8_000_000


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if path == "/parts":
        start_response("200 OK", [])
        return iter([b"one", b"two"])
    if path == "/file":
        start_response("200 OK", [("Content-Length", "3")])
        wrapper = environ.get("wsgi.file_wrapper")
        return wrapper(io.BytesIO(b"one")) if wrapper else [b"one"]
    if path == "/unchanged":
        start_response("304 Not Modified", [])
        return []
    body = b"small"
    if path == "/large":
        body = LARGE
    elif path == "/length":
        body = str(sum(map(len, iter(lambda: environ["wsgi.input"].read(100_000), b"")))).encode()
    status = "401 Unauthorized" if path == "/refused" else "200 OK"
    start_response(status, [("Content-Length", str(len(body)))])
    return [body]
