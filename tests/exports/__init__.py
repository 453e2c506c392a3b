"""Tables as files: what they say, how they are read elsewhere, and what they cost."""
