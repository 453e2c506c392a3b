"""The stand-alone verifier as a reader runs it, and what a site gives to readers."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from urllib.request import Request, urlopen

from tests.kit.processes import CHECKOUT
from tests.kit.sites import Site

TOOL = CHECKOUT / "tools" / "verify.py"
# What it may need besides the standard library.
ALLOWED = {"cryptography", "cffi", "_cffi_backend"}
# Says on its last line what was loaded from the folder of packages.
LOADED = """
import runpy, sys
sys.argv.pop(0)
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
finally:
    found = [one.split(".")[0] for one, module in sys.modules.items()
             if "site-packages" in (getattr(module, "__file__", None) or "")
             or one.split(".")[0] == "tracker"]
    print("loaded", *sorted(set(found)))
"""


def kept_by_a_reader(site: Site, folder: Path) -> SimpleNamespace:
    """What a reader has who keeps the proof of the last event of the seed with words."""
    (folder / "events.ndjson").write_bytes(fetch(site, "log/events.ndjson"))
    lines = (folder / "events.ndjson").read_text().splitlines()
    line = next(one for one in reversed(lines) if json.loads(one)["words"])
    position = json.loads(line)["position"]
    proof = fetch(site, f"log/events/{position}.tlog-proof").decode()
    (folder / "event.tlog-proof").write_text(proof)
    return SimpleNamespace(
        folder=folder, line=line, position=position, proof=proof, key=key_of(site)
    )


def key_of(site: Site) -> str:
    """The public key that a site gives."""
    with urlopen(f"{site.url}/.well-known/entente-log-key", timeout=60) as answer:  # noqa: S310
        return str(answer.read().decode().strip())


def fetch(site: Site, path: str) -> bytes:
    address = f"{site.url}/api/v1/{path}"
    asked = Request(address, headers={"Authorization": f"Bearer {site.token}"})  # noqa: S310
    with urlopen(asked, timeout=60) as answer:  # noqa: S310
        return bytes(answer.read())


def run(*words: object, here: Path) -> tuple[int, str]:
    """Run the tool without anything of this session; its status, and what it said."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", LOADED, str(TOOL), *map(str, words)],
        cwd=here,
        env={},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    said, _, loaded = done.stdout.rpartition("loaded")
    assert {*loaded.split()} <= ALLOWED
    return done.returncode, said + done.stderr
