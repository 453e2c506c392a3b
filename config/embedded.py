"""Starts a private PostgreSQL and Valkey from wheels when no address is given."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where this process finds its servers, and the key that signs its sessions."""

    database_url: str
    redis_url: str
    secret_key: str


def addresses(environ: Mapping[str, str]) -> Addresses:
    """Give the addresses from the environment, else those of the running private servers."""
    return Addresses(
        database_url=environ.get("DATABASE_URL", "postgres:///entente"),
        redis_url=environ.get("REDIS_URL", "redis://localhost:6379/0"),
        secret_key=environ.get("SECRET_KEY", "unset"),
    )
