"""A copy of this checkout in which `make run` is tried, and what a person does beside it."""

import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.error import HTTPError

import psycopg

from tests.kit.processes import Terminal, copy, free_port, shell

EMBEDDED = (sys.executable, "-m", "config.embedded")
CTRL_C = "\x03"
UP = "everything is up"
FIND = """
import os
from config import embedded
from config.embedded import places
there = embedded.addresses(os.environ)
"""


class Checkout:
    """A copy with a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = copy(folder)
        self.port = free_port()

    def run(self) -> Terminal:
        """Start everything, in a terminal."""
        return self.start(*EMBEDDED, "run")

    def start(self, *command: str) -> Terminal:
        """Start a command in the clone, in a terminal."""
        return Terminal(command, folder=self.folder, environ=shell(PORT=str(self.port)))

    def ask(self, expression: str) -> str:
        """Evaluate an expression beside the checkout; `there` are its addresses."""
        return subprocess.run(
            [sys.executable, "-c", f"{FIND}print({expression})"],
            cwd=self.folder,
            env=shell(),
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()

    def manage(self, *words: str) -> str:
        """Run a management command beside the checkout, and give what it says."""
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=self.folder,
            env=shell(),
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def kept(self) -> tuple[object, ...]:
        """Give what must outlive a run: the moment the record was made, and the secrets."""
        with psycopg.connect(self.ask("there.database_url")) as connection:
            row = connection.execute("SELECT min(applied) FROM django_migrations").fetchone()
        return row, self.ask("embedded.admin_password()"), self.ask("there.secret_key")

    def token(self) -> str:
        """Give the token that the last run issued."""
        return (self.folder / ".run" / "token").read_text().strip()

    def curl(self, script: str) -> str:
        """Run a call of the documentation as it stands, but at this checkout's port."""
        asked = script.replace(":8000", f":{self.port}").replace("curl ", "curl -sSf ")
        return subprocess.run(
            ["sh", "-ec", asked],
            cwd=self.folder,
            env=shell(),
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def status(self, path: str = "/", *, token: str = "") -> int:
        """Ask the web server for a page, by default its first."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        address = f"http://127.0.0.1:{self.port}{path}"
        asked = urllib.request.Request(address, headers=headers)
        try:
            with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310
                return int(answer.status)
        except HTTPError as error:
            return error.code

    def forget(self) -> None:
        """Delete what the clone has kept outside its folder."""
        subprocess.run([*EMBEDDED, "forget", "--yes"], cwd=self.folder, env=shell(), check=True)
