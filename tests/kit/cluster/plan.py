"""What runs where: the hosts of a cluster, their processes, and what these are told."""

import os
import secrets
import socket
from dataclasses import replace
from functools import partial

from config.embedded import processes
from config.embedded.places import Place
from config.embedded.processes import ProcessSpec
from config.embedded.valkey import Valkey
from tests.kit import debian_programs as debian
from tests.kit.cluster.hosts import LOOPBACK, Host, Namespaces
from tests.kit.cluster.members import Member, Program
from tests.kit.cluster.pooler import READ, WEB, Pooler
from tests.kit.cluster.postgres import Node
from tests.kit.cluster.proxy import Proxy
from tests.kit.private_servers import inner_place

WEB_HOSTS = ("web-1", "web-2")
DATABASE_HOSTS = ("db-1", "db-2")
BROKER_PORT, WEB_PORT = 6379, 8000
# What the processes see of the shell that started the cluster.
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV")


class Plan:
    """The hosts and processes of a cluster, none of which runs yet."""

    def __init__(self, place: Place, *, network: Namespaces) -> None:
        self.place, self.network = place, network
        self.members: dict[str, Member] = {}
        self.hosts: dict[str, Host] = {}
        self.places: list[Place] = []
        self.folder = place.home / "shared"
        self.folder.mkdir()
        self.logs = place.home / "logs"
        self.logs.mkdir()
        self.nodes = self._databases()
        self.pooler = self._pooler()
        self.broker = self._broker()
        self.environ = self._environ()
        for number in (1, 2):
            self._web(f"web-{number}")
            self._workers(f"work-{number}", number)
        self.proxy = self._proxy()

    def environ_of(self, host: str) -> dict[str, str]:
        """The settings of the product's processes on a host."""
        environ = {**self.environ, "METRICS_FOLDER": str(self.folder / f"metrics of {host}")}
        if host in WEB_HOSTS:
            environ["DATABASE_URL"] = self.pooler.url(WEB)
            environ["DATABASE_READ_URL"] = self.pooler.url(READ)
            environ["ALLOWED_HOSTS"] = f"localhost {LOOPBACK} {self.hosts[host].address}"
        return environ

    def owner_environ(self, node: Node) -> dict[str, str]:
        """The settings of a command that changes tables: it connects to the primary itself."""
        direct = node.remote_url("entente_app")
        owner = node.remote_url("entente_owner")
        return {**self.environ, "DATABASE_URL": direct, "DATABASE_OWNER_URL": owner}

    def _host(self, name: str) -> Host:
        self.hosts[name] = self.network.add(name)
        return self.hosts[name]

    def _inner(self, name: str) -> Place:
        inner = inner_place(self.place, name)
        self.places.append(inner)
        return inner

    def _add(self, member: Member) -> None:
        self.members[member.name] = member

    def _databases(self) -> dict[str, Node]:
        nodes: dict[str, Node] = {}
        passwords: dict[str, str] | None = None
        for number, name in enumerate(DATABASE_HOSTS, start=1):
            host = self._host(name)
            node = Node(
                self._inner(name),
                name=name,
                address=host.address,
                clients=self.network.clients,
                passwords=passwords,
            )
            passwords = node.passwords
            nodes[name] = node
            process = f"postgres-{number}"
            self._add(Member(name=process, host=host, server=node))
        nodes["db-2"].upstream = nodes["db-1"]
        return nodes

    def _pooler(self) -> Pooler:
        host = self._host("pool")
        pooler = Pooler(
            self._inner("pool"),
            program=self._copied("pgbouncer"),
            address=host.address,
            passwords=self.nodes["db-1"].passwords,
        )
        primary, standby = (self.nodes[name].remote_url() for name in DATABASE_HOSTS)
        pooler.point(primary=primary, standby=standby)
        self._add(Member(name="pooler", host=host, server=pooler))
        return pooler

    def _broker(self) -> Valkey:
        host = self._host("broker")
        broker = Valkey(self._inner("broker"))
        broker.address = host.address
        broker.port = BROKER_PORT
        self._add(Member(name="broker", host=host, server=broker))
        return broker

    def _environ(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        return {
            **kept,
            "DATABASE_URL": self.pooler.url(),
            "REDIS_URL": self.broker.url,
            "SECRET_KEY": secrets.token_urlsafe(50),
            "SPOOL_FOLDER": str(self.folder / "spool"),
            "SEAL_FOLDER": str(self.folder / "seal"),
            "METRICS_FOLDER": str(self.folder / "metrics"),
            "AUTHORITY": "localhost",
            "MAIL_URL": "off",
            "BEHIND_PROXY": "1",
            # All clients come from one address.
            "RATE_LIMIT": "1000000",
        }

    def _web(self, name: str) -> None:
        host = self._host(name)
        address = (host.address, WEB_PORT)

        def make() -> ProcessSpec:
            spec = processes.web(self.environ_of(name), listener=self.proxy.listener)
            # Its last word is the socket that it binds.
            command = [*spec.command[:-1], "{}:{}".format(*address)]
            return replace(spec, name=name, command=command, descriptors=())

        program = Program(make=make, log=self.logs / f"{name}.log", address=address)
        self._add(Member(name=name, host=host, server=program))

    def _workers(self, host_name: str, number: int) -> None:
        host = self._host(host_name)
        name = f"worker-{number}"
        program = Program(
            make=partial(self._worker, name=name, host=host_name, scheduler=number == 1),
            log=self.logs / f"{name}.log",
        )
        self._add(Member(name=name, host=host, server=program))

    def _worker(self, *, name: str, host: str, scheduler: bool) -> ProcessSpec:
        # Its log says which tasks it has done.
        environ = self.environ_of(host) | {"LOG_FORMAT": "json", "LOG_LEVEL": "INFO"}
        schedule = self.place.home / "schedule" if scheduler else None
        spec = processes.worker(environ, schedule=schedule)
        return replace(spec, name=name, command=[*spec.command, "--hostname", f"worker@{host}"])

    def _proxy(self) -> Proxy:
        host = self._host("proxy")
        listener = _listener()
        web = {name: self.hosts[name] for name in WEB_HOSTS}
        proxy = Proxy(
            self._inner("proxy"),
            program=self._copied("haproxy"),
            listener=listener,
            web={name: f"{one.address}:{WEB_PORT}" for name, one in web.items()},
        )
        self._add(Member(name="proxy", host=host, server=proxy))
        return proxy

    def _copied(self, name: str) -> debian.Program:
        found = debian.program(name)
        return debian.copied(found, name, to=self.place.home) if self.place.account else found


def _listener() -> socket.socket:
    """A socket outside of the hosts, for clients."""
    listener = socket.create_server((LOOPBACK, 0))
    listener.listen(512)
    return listener
