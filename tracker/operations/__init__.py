"""The writes, by noun: plain verbs, one transaction each, checked before anything is written."""
