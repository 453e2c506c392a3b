"""From the log to the derived tables. Each function can be repeated, and can start from nothing."""
