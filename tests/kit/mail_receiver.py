"""A mail server on this machine, which keeps what it is sent."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass(slots=True)
class MailReceiver:
    """Refuses recipients with the answer `refusal` if that is set."""

    port: int = 0
    refusal: str = ""
    got: list[tuple[str, EmailMessage]] = field(default_factory=list)


class _Conversation(socketserver.StreamRequestHandler):
    """Enough of RFC 5321 for a client that sends one message."""

    found: MailReceiver

    def handle(self) -> None:
        self._answer("220 mail.example")
        recipient = ""
        while line := self.rfile.readline().decode().strip():
            verb, reply = line[:4].upper(), "250 mail.example"
            if verb == "RCPT":
                recipient = line.partition("<")[2].partition(">")[0]
                reply = self.found.refusal or reply
            elif verb == "DATA":
                self._answer("354 go on")
                self.found.got.append((recipient, self._message()))
            self._answer("221 bye" if verb == "QUIT" else reply)

    def _message(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return message_from_bytes(b"".join(lines), policy=policy.default)  # type: ignore[return-value]

    def _answer(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def a_mail_receiver() -> Iterator[MailReceiver]:
    """Serve until the end."""
    found = MailReceiver()
    handler = type("Conversation", (_Conversation,), {"found": found})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        found.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()
