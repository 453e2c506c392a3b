"""What a clone remembers between runs: its secrets, and where its private servers were seen."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CLONE = Path(__file__).resolve().parents[2]
STATE = CLONE / ".run"
SERVERS = STATE / "servers.json"
# Apart from the others, since web and workers never open it.
OWNER = STATE / "owner.json"
SECRETS = STATE / "secrets.json"
TOKEN = STATE / "token"

# Connecting to these fails at once, in words that say what to do.
NO_DATABASE = "postgres://entente@%2Fnothing-runs-here%2Fstart-make-run-or-set-database_url/entente"
NO_REDIS = "redis://127.0.0.1:1/0"

# No letter or digit that a reader could take for another.
PASSWORD_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # noqa: S105


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where this process finds its servers, and the key that signs its sessions."""

    database_url: str
    redis_url: str
    secret_key: str


def addresses(environ: Mapping[str, str]) -> Addresses:
    """Give the addresses in the environment, else those of this clone's private servers.

    The private servers need not be running, nor ever have been: then connecting fails, not this.
    """
    seen = _read(SERVERS)
    return Addresses(
        database_url=environ.get("DATABASE_URL") or seen.get("database_url", NO_DATABASE),
        redis_url=environ.get("REDIS_URL") or seen.get("redis_url", NO_REDIS),
        secret_key=environ.get("SECRET_KEY") or own_secrets()["secret_key"],
    )


def owner_url(environ: Mapping[str, str]) -> str:
    """Give the address at which the tables may be changed: the owner's in the environment, else
    that of this clone's private server. Where only `DATABASE_URL` is given, that has to do.
    """
    if url := environ.get("DATABASE_OWNER_URL") or environ.get("DATABASE_URL"):
        return url
    return _read(OWNER).get("database_url") or addresses(environ).database_url


def remember(urls: dict[str, str], *, owner: dict[str, str]) -> None:
    """Note addresses for commands that are started by hand beside the servers: `database_url` and
    `redis_url`, and the owner's `database_url` by itself."""
    STATE.mkdir(exist_ok=True)
    _draft(SERVERS, urls).replace(SERVERS)
    _draft(OWNER, owner).replace(OWNER)


def admin_password() -> str:
    """Give the password of the first administrator; it stays the same for the life of `.run`."""
    return own_secrets()["admin_password"]


@cache
def own_secrets() -> dict[str, str]:
    """Give this clone's generated secrets; where none can be kept they last for one process."""
    fresh = {
        "secret_key": secrets.token_urlsafe(50),
        "admin_password": "".join(secrets.choice(PASSWORD_LETTERS) for _ in range(16)),
        "instance": secrets.token_hex(8),
    }
    if not (kept := _read(SECRETS)):
        kept = _keep_first(SECRETS, fresh)
    return fresh | kept


def _keep_first(path: Path, fresh: dict[str, str]) -> dict[str, str]:
    """Write the secrets unless another process was faster; give those that count."""
    try:
        path.parent.mkdir(exist_ok=True)
        draft = _draft(path, fresh)
        try:
            os.link(draft, path)
        except FileExistsError:
            return _read(path)
        except OSError:  # Not every file system has links.
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError:
        return fresh
    return fresh


def _draft(path: Path, content: dict[str, str]) -> Path:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file)
    return draft


def _read(path: Path) -> dict[str, str]:
    """Read a small table; absent, half-written or another user's counts as empty."""
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in content.items()}
