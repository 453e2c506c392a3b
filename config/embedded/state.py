"""Files that a clone keeps between runs: its secrets, and the addresses of its private servers."""

import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CLONE = Path(__file__).resolve().parents[2]
STATE = CLONE / ".run"
SERVERS = STATE / "servers.json"
# A separate file, since web and workers never open it.
OWNER = STATE / "owner.json"
SECRETS = STATE / "secrets.json"
TOKEN = STATE / "token"

# Connecting to these fails at once, and the address says what to do.
NO_DATABASE = "postgres://entente@%2Fnothing-runs-here%2Fstart-make-run-or-set-database_url/entente"
NO_REDIS = "redis://127.0.0.1:1/0"

# No letters or digits that look alike.
PASSWORD_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # noqa: S105


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """The servers' addresses, and the key that signs sessions."""

    database_url: str
    redis_url: str
    secret_key: str


def addresses(environ: Mapping[str, str]) -> Addresses:
    """The addresses in the environment, else those of this clone's private servers.

    The private servers need not run: then connecting fails.
    """
    saved = _read(SERVERS)
    return Addresses(
        database_url=environ.get("DATABASE_URL") or saved.get("database_url", NO_DATABASE),
        redis_url=environ.get("REDIS_URL") or saved.get("redis_url", NO_REDIS),
        secret_key=environ.get("SECRET_KEY") or clone_secrets()["secret_key"],
    )


def owner_url(environ: Mapping[str, str]) -> str:
    """The address for changing tables: the owner's in the environment, else `DATABASE_URL`, else
    the owner's of this clone's private server."""
    if url := environ.get("DATABASE_OWNER_URL") or environ.get("DATABASE_URL"):
        return url
    return _read(OWNER).get("database_url") or addresses(environ).database_url


def save_addresses(urls: dict[str, str], *, owner: dict[str, str]) -> None:
    """Save the addresses for commands that are run by hand: `database_url` and `redis_url`, and
    separately the owner's `database_url`."""
    STATE.mkdir(exist_ok=True)
    _write_draft(SERVERS, urls).replace(SERVERS)
    _write_draft(OWNER, owner).replace(OWNER)


def admin_password() -> str:
    """The password of the first administrator, the same as long as `.run` exists."""
    return clone_secrets()["admin_password"]


@cache
def clone_secrets() -> dict[str, str]:
    """This clone's generated secrets. If they cannot be saved, they last for one process."""
    fresh = {
        "secret_key": secrets.token_urlsafe(50),
        "admin_password": "".join(secrets.choice(PASSWORD_LETTERS) for _ in range(16)),
        "instance": secrets.token_hex(8),
    }
    with suppress(OSError):
        STATE.mkdir(exist_ok=True)
        draft = _write_draft(SECRETS, fresh)
        # Another process may write them at the same time.
        with suppress(FileExistsError):
            os.link(draft, SECRETS)
        draft.unlink()
    return fresh | _read(SECRETS)


def _write_draft(path: Path, content: dict[str, str]) -> Path:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file)
    return draft


def _read(path: Path) -> dict[str, str]:
    """Read a JSON object. A missing, unreadable or incomplete file counts as empty."""
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in content.items()}
