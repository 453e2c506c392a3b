"""The writes, by noun: one transaction each, checked before anything is written."""
