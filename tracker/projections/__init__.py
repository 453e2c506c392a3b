"""From the log to the derived tables. Everything here can run twice and can start anew."""
