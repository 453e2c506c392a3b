"""The command line: run the product, or lend a command private servers."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence

from config.embedded import house, lending, mortal, places
from config.embedded.house import CannotRun
from config.embedded.places import BadPlace
from config.embedded.postgres import NoPostgres
from config.embedded.valkey import NoValkey
from config.embedded.wheels import NoServers

PROBLEMS = (CannotRun, BadPlace, NoPostgres, NoValkey, NoServers)


def main(arguments: Sequence[str]) -> int:
    """Do what the arguments say; a problem that has a way out is told in a sentence."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.act(options))
    except PermissionError as problem:
        print(f"entente | {problem}. Does it belong to another user?", file=sys.stderr)  # noqa: T201
    except PROBLEMS as problem:
        print(f"entente | {problem}", file=sys.stderr)  # noqa: T201
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m config.embedded", description=__doc__)
    acts = parser.add_subparsers(required=True)
    run = acts.add_parser("run", help="servers, web, worker and beat until Ctrl-C")
    run.add_argument("--with-parent", action="store_true", help="stop when the parent is gone")
    run.set_defaults(act=_run)
    lend = acts.add_parser("exec", help="run a command beside servers that are thrown away")
    lend.add_argument("--fast", action="store_true", help="for tests: nothing is synced to disk")
    lend.add_argument("--migrated", action="store_true", help="make the tables first")
    lend.add_argument("command", nargs="+")
    lend.set_defaults(act=_lend)
    forget = acts.add_parser("forget", help="delete this clone's record and secrets")
    forget.add_argument("--yes", action="store_true", help="do not ask")
    forget.set_defaults(act=_forget)
    return parser


def _run(options: argparse.Namespace) -> int:
    if options.with_parent:
        mortal.bind(os.getppid(), by=signal.SIGTERM)
    house.run(os.environ)
    return 0


def _lend(options: argparse.Namespace) -> int:
    return lending.lend(
        options.command, fast=options.fast, migrated=options.migrated, given=os.environ
    )


def _forget(options: argparse.Namespace) -> int:
    question = "Delete this clone's record, its log included, and its secrets? Type yes: "
    if options.yes or input(question).strip() == "yes":
        with house.alone():
            places.forget()
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
