"""The record's meaning in plain Python: no I/O, no clock, no framework."""
