"""Work that takes too long for a request: requested by users, done by workers, with progress."""
