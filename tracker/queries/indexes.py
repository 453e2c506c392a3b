"""Indexes that a failed build has left: each write keeps them up to date, and no read uses them."""

from django.db import connection

# Who builds an index beside writers locks its table in this mode, and so do ANALYZE and VACUUM; who
# drops one or builds it again locks the index too. To web and workers the view of builds shows the
# process only, not the index.
_INVALID = """
    SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE NOT i.indisvalid AND c.relnamespace = current_schema()::regnamespace
    AND c.relkind = 'i' AND NOT EXISTS (
        SELECT FROM pg_locks l WHERE l.locktype = 'relation'
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND l.mode = 'ShareUpdateExclusiveLock' AND l.granted AND l.pid <> pg_backend_pid()
        AND (l.relation = i.indexrelid OR l.relation = i.indrelid
             AND l.pid IN (SELECT pid FROM pg_stat_progress_create_index)))
    ORDER BY 1"""


def invalid() -> list[str]:
    """Name the invalid indexes that nobody is building or dropping just now."""
    with connection.cursor() as cursor:
        cursor.execute(_INVALID)
        return [name for (name,) in cursor.fetchall()]
