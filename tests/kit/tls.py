"""Certificates of an authority of a test, and TLS before a server that has none."""

import socket
import socketserver
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_KEY = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc"
# Python refuses an authority that does not say what it is for.
_USE = "-addext keyUsage=critical,keyCertSign"
_COMMANDS = (
    f"req -x509 {_KEY} -keyout root.key -out root.pem -days 2 -subj /CN=Root {_USE}",
    f"req -new {_KEY} -keyout server.key -out server.csr -subj /CN=Server",
    "x509 -req -in server.csr -CA root.pem -CAkey root.key -days 2 -out server.pem -extfile names",
)


def make(folder: Path) -> Path:
    """Make an authority (`root.pem`) and the certificate of a server; give their folder."""
    folder.mkdir()
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1\n")
    for command in _COMMANDS:
        words = ["openssl", *command.split()]
        subprocess.run(words, check=True, cwd=folder, capture_output=True)
    return folder


@contextmanager
def before(port: int, folder: Path) -> Iterator[int]:
    """Take TLS on another port, and hand on what comes to a port of this host."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                client = context.wrap_socket(self.request, server_side=True)
                with client, socket.create_connection(("127.0.0.1", port)) as server:
                    back = threading.Thread(target=_hand_on, args=(server, client), daemon=True)
                    back.start()
                    _hand_on(client, server)
                    back.join()

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

        def server_close(self) -> None:
            self.socket.close()

    with Server(("127.0.0.1", 0), Handler) as front:
        threading.Thread(target=front.serve_forever, daemon=True).start()
        yield front.server_address[1]
        front.shutdown()


def _hand_on(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while data := one.recv(65_536):
            other.sendall(data)
    for end in (one, other):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
