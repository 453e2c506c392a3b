"""What is missing from the log, or was never recorded, by counting."""

from django.db import connection

# Of one kind of damage, so many are named.
MOST = 20
_QUESTIONS = (
    (
        "SELECT format('the log has %s events up to position %s, its head says %s',"
        " n, last, position)"
        " FROM (SELECT count(*) AS n, coalesce(max(position), 0) AS last FROM event) AS e, log_head"
        " WHERE n <> position OR last <> position"
    ),
    (
        "SELECT format('stream %s has %s events up to version %s', stream, count(*), max(version))"
        " FROM event GROUP BY stream HAVING count(*) <> max(version) ORDER BY stream"
    ),
    (
        "SELECT format('event %s was recorded before the one before it', position) FROM"
        " (SELECT position, recorded_at <= lag(recorded_at) OVER (ORDER BY position) AS early"
        "  FROM event) AS e WHERE early ORDER BY position"
    ),
    (
        "SELECT format('event %s has words that nobody recorded', position) FROM event"
        " JOIN event_text USING (position) WHERE text_sha256 IS NULL ORDER BY position"
    ),
    (
        "SELECT format('the words of event %s are gone, and nobody withheld them', e.position)"
        " FROM event e LEFT JOIN event_text t USING (position)"
        " WHERE e.text_sha256 IS NOT NULL AND t.position IS NULL AND NOT EXISTS"
        " (SELECT FROM event w WHERE w.kind = 'TextWithheld'"
        " AND (w.body::json ->> 'position')::bigint = e.position) ORDER BY e.position"
    ),
)


def gaps() -> list[str]:
    """Say what the counts betray: holes in the positions or in a stream's versions, an end cut
    off, a disordered clock, words too many or too few."""
    found: list[str] = []
    for question in _QUESTIONS:
        with connection.cursor() as cursor:
            cursor.execute(f"{question} LIMIT {MOST}")
            found += [row[0] for row in cursor.fetchall()]
    return found
