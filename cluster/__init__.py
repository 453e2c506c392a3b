"""The product on several hosts of one machine: a test bed, and something to look at.

`make cluster` runs it. A test or a benchmark starts it by `running_cluster` and drives it by the
methods of `Cluster`: it kills, freezes and restarts processes by name, cuts links, promotes the
standby.
"""

from cluster.cluster import Cluster, Options, running_cluster
from cluster.hosts import NotHere

__all__ = ["Cluster", "NotHere", "Options", "running_cluster"]
