"""Runs examples as a reader would: in a shell, in the folder of the program, against a site."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import parse_qsl, quote, urlencode, urlsplit
from urllib.request import Request, urlopen

from django.core.management import CommandError, get_commands, load_command_class

from tests.kit.processes import CHECKOUT

# Where the documentation says that a site is.
SITES = ("http://127.0.0.1:8000", "https://entente.example")
CLAIM = "43a764ba-1641-588b-989e-89030cec9c41"
# What stands for something of the reader's own.
PLACEHOLDERS = {
    "FILE…": "fixtures/samples/steppe.csv",
    "FILE": "fixtures/samples/steppe.csv",
    "claim:ID": f"claim:{CLAIM}",
    "ID": "00000000-0000-0000-0000-000000000001",
    "POSITION": "118",
    "PREFIX": "ent_0000",
    "NUMBER": "118",
    "NAME": "claims",
    "…": "x",
}


def folder(at: Path) -> Path:
    """A folder that looks like the program's, in which files may be written."""
    for name in ("manage.py", "docs", "tools"):
        (at / name).symlink_to(Path(CHECKOUT) / name)
    shutil.copytree(Path(CHECKOUT) / "fixtures" / "samples", at / "fixtures" / "samples")
    shutil.copy(at / "fixtures" / "samples" / "steppe.csv", at / "20160729.export.CSV")
    (at / ".venv" / "bin").mkdir(parents=True)
    python = at / ".venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
    python.chmod(0o755)
    return at


def shell(
    command: str, *, at: Path, environ: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a line in that folder."""
    return subprocess.run(
        ["sh", "-ec", command],
        cwd=at,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def manage(
    lines: Sequence[str], *, at: Path, environ: Mapping[str, str]
) -> dict[str, tuple[int, str]]:
    """Run lines of manage.py; give how each ended, and what it said."""
    settings = {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(CHECKOUT)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.kit.command_runner"],
        cwd=at,
        env={**os.environ, **settings, **environ},
        input=json.dumps(lines),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=900,
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def curl(command: str, *, site: str) -> str:
    """A command of curl that asks a site and says nothing but the status."""
    for one in SITES:
        command = command.replace(one, site)
    return command.replace("curl ", "curl -s -o /dev/null -w '%{http_code}' ", 1)


def status(address: str, *, token: str = "") -> int:
    """What a site answers to a GET; redirects are followed."""
    split = urlsplit(address)
    query = urlencode(parse_qsl(split.query, keep_blank_values=True))
    asked = split._replace(path=quote(split.path, safe="/@>:"), query=query).geturl()
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        with urlopen(Request(asked, headers=headers), timeout=60) as answer:  # noqa: S310
            answer.read()
            return int(answer.status)
    except HTTPError as problem:
        return problem.code


def with_parameter(address: str, name: str, value: str) -> str:
    """An address in which a parameter has a value."""
    split = urlsplit(address)
    query = [(key, one) for key, one in parse_qsl(split.query) if key != name]
    return split._replace(query=urlencode([*query, (name, value)])).geturl()


def variants(command: str) -> list[str]:
    """A command with each of its options in brackets alone, and without any."""
    command = re.sub(r"( \| gzip)? ?>.*", "", command.removeprefix(".venv/bin/python "))
    options = re.findall(r"\[([^\]]+)\]", command)
    base = re.sub(r"\s*\[[^\]]+\]", "", command)
    head, *others = re.split(r" \| ", base)
    words = head.split()
    bases = [head, *(" ".join([*words[:2], one]) for one in others)]
    return [*(f"{head} {one}" for one in options), *bases]


def filled(command: str) -> str:
    """A command with something in place of what stands for the reader's own."""
    for name, value in PLACEHOLDERS.items():
        command = re.sub(rf"(?<![\w.-]){re.escape(name)}(?!\w)", value, command)
    return command


def is_whole(command: str) -> bool:
    """Whether nothing in it stands for something of the reader's own but a claim on record."""
    return filled(command) == command or "claim:ID" in command


def is_complete(command: str) -> bool:
    """Let a command's own parser read a line; whether nothing that must be said is left out.

    :raises CommandError: :raises KeyError: where a command, a choice or an option does not exist.
    """
    _, name, *words = shlex.split(re.split(r" [|>] ?", filled(command))[0])
    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
    try:
        parser.parse_args(words)
    except CommandError as problem:
        if "arguments are required" not in str(problem):
            raise
        return False
    return True
