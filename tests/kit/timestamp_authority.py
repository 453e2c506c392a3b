"""An authority of timestamps: `openssl ts` behind a small web server.

As a program it serves a folder that `make` has filled, and prints its port.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.kit.processes import CHECKOUT

_CONFIG = """
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
[leaf]
basicConstraints = CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
serial = serial
signer_cert = leaf.pem
signer_key = leaf.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
"""
_KEY = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc"
_WITH = "-config made.cnf -extensions"
_SIGNED = "-CA root.pem -CAkey root.key"
_COMMANDS = (
    f"req -x509 {_KEY} -keyout root.key -out root.pem -days 2 -subj /CN=Root {_WITH} root",
    f"req -new {_KEY} -keyout leaf.key -out leaf.csr -subj /CN=Timestamps -config made.cnf",
    f"x509 -req -in leaf.csr {_SIGNED} -out leaf.pem -days 2 -extfile made.cnf -extensions leaf",
)


def make(folder: Path) -> Path:
    """Make an authority, and give the file with the certificate of its root."""
    (folder / "made.cnf").write_text(f"[req]\ndistinguished_name = name\n[name]\n{_CONFIG}")
    (folder / "serial").write_text("01\n")
    for command in _COMMANDS:
        openssl(*command.split(), folder=folder)
    return folder / "root.pem"


def openssl(*words: str, folder: Path) -> bytes:
    command = ["openssl", *words]
    return subprocess.run(command, check=True, cwd=folder, capture_output=True).stdout


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve an authority as a process of its own, and give its address."""
    command = [sys.executable, "-m", "tests.kit.timestamp_authority", str(folder)]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}/tsa"
        finally:
            process.kill()


class _Authority(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        folder = Path(sys.argv[1])
        data = self.rfile.read(int(self.headers["Content-Length"]))
        (folder / "asked.tsq").write_bytes(data)
        reply = "ts -reply -config made.cnf -section tsa -queryfile asked.tsq"
        answer = openssl(*reply.split(), folder=folder)
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    with ThreadingHTTPServer(("127.0.0.1", 0), _Authority) as server:
        print(server.server_port, flush=True)  # noqa: T201
        server.serve_forever()
