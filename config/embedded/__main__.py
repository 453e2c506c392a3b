"""Command line: run the product, or run a command with private servers."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence

from config.embedded import launcher, places, private_command, supervisor
from config.embedded.places import BadPlace
from config.embedded.postgres import NoPostgres
from config.embedded.supervisor import CannotRun
from config.embedded.valkey import NoValkey
from config.embedded.wheels import NoServers

PROBLEMS = (CannotRun, BadPlace, NoPostgres, NoValkey, NoServers)


def main(arguments: Sequence[str]) -> int:
    """Run a subcommand. Print known problems as one sentence, without a traceback."""
    options = _parser().parse_args(arguments)
    # What this process and all that it starts write is for their user alone.
    os.umask(0o077)
    try:
        return int(options.run(options))
    except PermissionError as problem:
        print(f"entente | {problem}. Does it belong to another user?", file=sys.stderr)  # noqa: T201
    except PROBLEMS as problem:
        print(f"entente | {problem}", file=sys.stderr)  # noqa: T201
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m config.embedded", description=__doc__)
    commands = parser.add_subparsers(required=True)
    run = commands.add_parser("run", help="run servers, web, worker and beat until Ctrl-C")
    run.add_argument("--with-parent", action="store_true", help="stop when the parent ends")
    run.set_defaults(run=_run)
    command = commands.add_parser("exec", help="run a command with temporary servers")
    command.add_argument("--fast", action="store_true", help="for tests: do not sync to disk")
    command.add_argument("--benchmark", action="store_true", help="keep the databases")
    command.add_argument("command", nargs="+")
    command.set_defaults(run=_run_command)
    clean = commands.add_parser("clean", help="delete the databases of the benchmarks")
    clean.set_defaults(run=_clean)
    forget = commands.add_parser("forget", help="delete this clone's record and secrets")
    forget.add_argument("--yes", action="store_true", help="skip the confirmation")
    forget.set_defaults(run=_forget)
    return parser


def _run(options: argparse.Namespace) -> int:
    if options.with_parent:
        launcher.bind(os.getppid(), by=signal.SIGTERM)
    supervisor.run(os.environ)
    return 0


def _run_command(options: argparse.Namespace) -> int:
    return private_command.run(
        options.command, fast=options.fast, benchmark=options.benchmark, base=os.environ
    )


def _clean(_options: argparse.Namespace) -> int:
    places.remove_benchmarks()
    return 0


def _forget(options: argparse.Namespace) -> int:
    question = "Delete this clone's record, its log included, and its secrets? Type yes: "
    if options.yes or input(question).strip() == "yes":
        with supervisor.clone_lock():
            places.forget()
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
