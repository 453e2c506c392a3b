"""Command line: run the product, run a benchmark with private servers, or delete their data."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence

from config.embedded import launcher, places, running
from config.embedded.places import CannotRun


def main(arguments: Sequence[str]) -> int:
    """Run a subcommand. Print known problems as one sentence, without a traceback."""
    options = _parser().parse_args(arguments)
    # What this process and all that it starts write is for their user alone.
    os.umask(0o077)
    try:
        return _run(options)
    except PermissionError as problem:
        print(f"entente | {problem}. Does it belong to another user?", file=sys.stderr)  # noqa: T201
    except CannotRun as problem:
        print(f"entente | {problem}", file=sys.stderr)  # noqa: T201
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m config.embedded", description=__doc__)
    commands = parser.add_subparsers(required=True, dest="name")
    run = commands.add_parser("run", help="run servers, web and workers until Ctrl-C")
    run.add_argument("--with-parent", action="store_true", help="stop when the parent ends")
    command = commands.add_parser("exec", help="run a command with servers for benchmarks")
    command.add_argument("command", nargs="+")
    commands.add_parser("clean", help="delete the databases of the benchmarks")
    forget = commands.add_parser("forget", help="delete this clone's record and secrets")
    forget.add_argument("--yes", action="store_true", help="skip the confirmation")
    return parser


def _run(options: argparse.Namespace) -> int:
    if options.name == "run":
        if options.with_parent:
            launcher.bind(os.getppid(), by=signal.SIGTERM)
        return running.run(os.environ)
    if options.name == "exec":
        return running.run_benchmark(options.command, os.environ)
    if options.name == "clean":
        places.remove_benchmarks()
        return 0
    question = "Delete this clone's record, its log included, and its secrets? Type yes: "
    if not options.yes and _answer(question) != "yes":
        return 1
    with running.clone_lock():
        places.forget()
    return 0


def _answer(question: str) -> str:
    try:
        return input(question).strip()
    except EOFError:
        raise CannotRun(
            "Nothing was deleted: the answer could not be read. To delete without the question,"
            " run .venv/bin/python -m config.embedded forget --yes"
        ) from None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
