"""A receiver of webhooks on this machine, which keeps what it is sent."""

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

CERTIFICATES = Path(__file__).parent / "certificates"


@dataclass(slots=True)
class Receiver:
    """Answers with the first of `answers`, or 204 when there is none left."""

    url: str
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    asked_for: list[str] = field(default_factory=list)
    port: int = 0

    def bodies(self) -> list[Any]:
        return [json.loads(body) for _, body in self.got]

    def kinds(self) -> list[str]:
        return [body["type"] for body in self.bodies()]


@contextmanager
def a_receiver(ip: str = "127.0.0.1", port: int = 0, *, tls: bool = False) -> Iterator[Receiver]:
    """With `tls` it is hook.example's, by the tests' own authority."""
    found = Receiver(url="")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.got.append((dict(self.headers), body))
            status, headers = found.answers.pop(0) if found.answers else (204, {})
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer((ip, port), Handler)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATES / "hook.example.pem")
        context.sni_callback = lambda _socket, name, _context: found.asked_for.append(name)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    found.port = server.server_port
    found.url = f"http{'s' * tls}://{ip}:{found.port}/hook?a=b"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
