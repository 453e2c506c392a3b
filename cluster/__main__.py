"""`make cluster`: runs the product on several hosts until Ctrl-C, with a small load."""

import argparse
import os
import signal
import sys
import time

from rich.console import Console

from cluster import proof
from cluster.cluster import Cluster, Options, running_cluster
from cluster.debian import NoProgram
from cluster.hosts import NotHere, namespaces_problem
from cluster.load import Load
from cluster.members import NotStarted
from cluster.pooler import NoPooler
from cluster.proxy import NoProxy
from cluster.table import progress_line, table
from config.embedded import SECRETS, admin_password, launcher
from config.embedded.loop import Loop, StopRequested
from config.embedded.places import BadPlace
from config.embedded.postgres import NoPostgres
from config.embedded.valkey import NoValkey
from config.embedded.wheels import NoServers

PROBLEMS = (NotHere, NotStarted, NoProgram, NoPooler, NoProxy, NoPostgres, NoValkey, NoServers)
LINE_SECONDS = 5


def main() -> int:
    """Run it. Known problems are one sentence, without a traceback."""
    options = _parser().parse_args()
    if options.with_parent:
        launcher.bind(os.getppid(), by=signal.SIGTERM)
    loop = Loop(descriptor=sys.stdout.fileno())
    try:
        _run(options, loop)
    except StopRequested:
        loop.print_line("stopped: no process, namespace or folder is left")
    except (*PROBLEMS, BadPlace) as problem:
        print(f"entente | {problem}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m cluster", description=__doc__)
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    parser.add_argument("--hosts", choices=("namespaces", "ports"), default="")
    parser.add_argument(
        "--synchronous", action="store_true", help="commits wait until the standby shows them"
    )
    parser.add_argument("--writers", type=int, default=1, help="threads that enter claims")
    parser.add_argument("--readers", type=int, default=2, help="threads that read")
    parser.add_argument("--with-parent", action="store_true", help="stop when the parent ends")
    return parser


def _run(options: argparse.Namespace, loop: Loop) -> None:
    started = time.monotonic()
    chosen = Options(hosts=options.hosts, port=options.port, synchronous=options.synchronous)
    with running_cluster(chosen, pace=loop, report=loop.print_line) as cluster:
        loop.print_line(f"everything is up after {time.monotonic() - started:.0f} s")
        _introduce(cluster, loop)
        loop.print_line(str(proof.send_one(cluster)))
        with Load(
            url=cluster.url,
            token=cluster.token,
            writers=options.writers,
            readers=options.readers,
            pause=1,
        ) as load:
            while True:
                loop.pause(LINE_SECONDS)
                loop.print_line(progress_line(cluster, load), label="load")
                for name in cluster.restart_ended():
                    loop.print_line(f"{name} had ended and was started again")


def _introduce(cluster: Cluster, loop: Loop) -> None:
    """Print the table and the addresses. Secrets are printed only to a terminal."""
    # Logs have long names, and a table that is not cut is of more use.
    Console(width=None if sys.stdout.isatty() else 200).print(table(cluster))
    if cluster.network.kind == "ports":
        loop.print_line(f"the hosts are ports: {namespaces_problem() or 'as asked for'}")
    visible = sys.stdout.isatty()
    password = admin_password() if visible else f"see admin_password in {SECRETS}"
    loop.print_line(f"open {cluster.url}/")
    loop.print_line(f"enter claims at {cluster.url}/admin/ as user admin, password {password}")
    loop.print_line(f"the token of the API is in {cluster.token_file}")
    loop.print_line("Ctrl-C stops it all")


if __name__ == "__main__":
    sys.exit(main())
