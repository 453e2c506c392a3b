"""The product on several hosts of one machine: a test bed, and something to look at.

`make cluster` runs it. A test or a benchmark starts it by `cluster.cluster.running_cluster` and
drives it by the methods of `Cluster`: it kills, freezes and restarts processes by name, cuts links,
promotes the standby.
"""
