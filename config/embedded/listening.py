"""The address at which other hosts reach a server."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """An address and a port, and the network whose clients may connect."""

    address: str
    port: int
    clients: str
