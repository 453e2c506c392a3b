"""The metrics of `/metrics`: what processes count, and what is read when somebody asks."""
