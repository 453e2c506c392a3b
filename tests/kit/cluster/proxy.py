"""haproxy in front of the web hosts. It asks each of them whether it is ready."""

import os
import shlex
import signal
import socket
from collections.abc import Mapping
from pathlib import Path

from config.embedded.places import Place
from config.embedded.processes import Child, ProcessSpec, stop
from tests.kit.cluster.members import begin, write_private
from tests.kit.debian_programs import Program

CONFIGURATION = """global
    maxconn 2000
    stats socket {control} mode 600 level admin
defaults
    mode http
    log stdout format raw local0
    timeout connect 3s
    timeout client 30s
    timeout server 60s
    timeout queue 10s
    timeout check 3s
    # A read whose host has ended goes to another one, and so does a write that no host saw.
    retries 3
    option redispatch 1
    retry-on conn-failure empty-response
    errorfile 500 {unavailable}
    errorfile 502 {unavailable}
    errorfile 503 {unavailable}
    errorfile 504 {unavailable}
frontend readers
    bind fd@{descriptor}
    option forwardfor
    http-request del-header X-Forwarded-For
    http-request set-header X-Forwarded-Proto http
    http-request disable-l7-retry unless METH_GET
    default_backend web
backend web
    balance roundrobin
    option httpchk
    http-check send meth GET uri /readyz hdr Host localhost
    http-check expect status 200
    default-server check inter 1s fall 2 rise 1 fastinter 500ms on-marked-down shutdown-sessions
"""
# What the proxy says itself: no host took the request, or the one that took it ended. A write may
# have been recorded all the same; with its Idempotency-Key it can be repeated.
UNAVAILABLE = (
    "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/problem+json\r\n"
    "cache-control: no-store\r\nretry-after: 1\r\nconnection: close\r\n\r\n"
    '{"type":"about:blank","title":"No web host can answer","status":503}\n'
)


class Proxy:
    """One haproxy. Its listening socket is made outside of the hosts and handed to it."""

    def __init__(
        self, place: Place, *, program: Program, listener: socket.socket, web: Mapping[str, str]
    ) -> None:
        self.place = place
        self.program = program
        self.listener = listener
        self.web = web
        self.log = place.home / "haproxy.log"
        self.child: Child | None = None

    @property
    def url(self) -> str:
        """The address for browsers and clients."""
        return "http://{}:{}".format(*self.listener.getsockname())

    @property
    def _control(self) -> Path:
        return self.place.sockets / "haproxy.sock"

    def start(self) -> None:
        """Start it and wait until it answers."""
        unavailable = write_private(self.place, "unavailable.http", UNAVAILABLE)
        # haproxy reads quotes as a shell does.
        text = CONFIGURATION.format(
            control=shlex.quote(str(self._control)),
            unavailable=shlex.quote(str(unavailable)),
            descriptor=self.listener.fileno(),
        )
        text += "".join(f"    server {name} {address}\n" for name, address in self.web.items())
        configuration = write_private(self.place, "haproxy.cfg", text)
        spec = ProcessSpec(
            name="haproxy",
            command=[self.program.path, "-db", "-f", str(configuration)],
            account=self.place.account,
            folder=self.place.home,
            environ={"PATH": os.defpath, **self.program.environ},
            descriptors=(self.listener.fileno(),),
            stop_signals=(signal.SIGKILL,),
        )
        self.child = begin(spec, self.log, lambda: "Pid:" in self.ask("show info"))

    def stop(self) -> None:
        if self.child:
            stop([self.child])

    def ask(self, command: str) -> str:
        """Ask it by its socket, such as `show servers state`.

        :raises OSError: if it does not answer.
        """
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect(str(self._control))
            connection.sendall(f"{command}\n".encode())
            with connection.makefile() as answer:
                return answer.read()
