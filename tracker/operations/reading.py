"""Reads an article for a person: what is on record is brought to the reader. The text is not kept."""
