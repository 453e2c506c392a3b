"""Starts a private PostgreSQL and Valkey from wheels when no address is given.

`python -m config.embedded run` runs the whole product in one process tree; `exec` runs a benchmark
with servers of its own. Other packages import only this module.
"""

from config.embedded.state import (
    SECRETS,
    TOKEN,
    Addresses,
    addresses,
    admin_password,
    owner_url,
)

__all__ = [
    "SECRETS",
    "TOKEN",
    "Addresses",
    "addresses",
    "admin_password",
    "owner_url",
]
