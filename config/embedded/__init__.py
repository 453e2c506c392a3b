"""Starts a private PostgreSQL and Valkey from wheels when no address is given.

`python -m config.embedded run` is the whole product in one process tree; `exec` lends a command
servers that are thrown away with their data. This page is all that the rest of the house imports.
"""

from config.embedded.state import (
    SECRETS,
    TOKEN,
    Addresses,
    addresses,
    admin_password,
    owner_url,
)

__all__ = ["SECRETS", "TOKEN", "Addresses", "addresses", "admin_password", "owner_url"]
