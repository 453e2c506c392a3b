"""The reads, by noun. They change nothing."""
