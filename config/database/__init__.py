"""Django's database backend for PostgreSQL, with limits that hold for every connection."""
