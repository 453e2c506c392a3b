"""What is printed of a cluster: what runs where, and how it goes."""

import psycopg
from rich.table import Table

from cluster.cluster import Cluster
from cluster.load import Load


def table(cluster: Cluster) -> Table:
    """Each process with its host, address, pid, memory and log."""
    found = Table(box=None, title="What runs where", title_justify="left", pad_edge=False)
    for title in ("host", "address", "process", "program", "pid", "memory", "log"):
        right = title in ("pid", "memory")
        found.add_column(title, justify="right" if right else "left", no_wrap=title != "log")
    for name, member in cluster.members.items():
        role = ""
        if member.kind == "PostgreSQL":
            role = ", primary" if member.server is cluster.primary else ", standby"
        found.add_row(
            member.host.name,
            cluster.address(name),
            name,
            member.kind + role,
            str(member.pid or "ended"),
            f"{member.resources().memory_kb // 1024} MB",
            str(member.log),
        )
    return found


def progress_line(cluster: Cluster, load: Load) -> str:
    """What the load has done, and how far the standby has come."""
    problems = ", ".join(f"{status}: {count}" for status, count in load.problems.items())
    return (
        f"{load.written} written, {load.answered} read, {problems or 'no errors'};"
        f" {replication(cluster)}"
    )


def replication(cluster: Cluster) -> str:
    """The position of primary and standby, and the lag."""
    try:
        primary = f"primary at {cluster.primary.position()}"
    except psycopg.Error:
        return "the primary does not answer"
    try:
        standby = f"standby at {cluster.standby.position()}"
        lag = cluster.primary.lags().get(cluster.standby.slot)
    except psycopg.Error:
        return f"{primary}, no standby"
    if lag is None:
        return f"{primary}, {standby}, which does not follow"
    return f"{primary}, {standby}, {lag.bytes_behind} bytes and {lag.seconds_behind:.3f} s behind"
