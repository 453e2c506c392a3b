"""Reads, by noun. They write nothing."""
