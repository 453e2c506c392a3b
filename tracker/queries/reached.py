"""How far the database that answers has come, for clients that wait for what they wrote."""

from django.db.models import Min

from tracker import log
from tracker.models.derived import DISCLOSURE, Cursor, DirtyPair
from tracker.queries import progress


def by_log() -> int:
    """The last position on record here."""
    return log.head().position


def by_scores() -> int:
    """The position up to which all that follows from the log is complete: views, scores, and what
    the public may see. Views that are new and not served yet do not count."""
    by_disclosure = Cursor.objects.filter(view=DISCLOSURE).values_list("position", flat=True)
    disclosed: int = by_disclosure.first() or 0
    followed = [one.position for one in progress.followers() if not one.catching_up]
    waiting: int | None = DirtyPair.objects.aggregate(since=Min("since_position"))["since"]
    unscored = [] if waiting is None else [waiting - 1]
    return min([by_log(), disclosed, *followed, *unscored])
