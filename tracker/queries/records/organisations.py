"""The countries for which organisations on record act (`Actor.represented`), in SQL."""

from tracker.domain.records import MOST_REPRESENTED

# The memberships of an actor whose JSON is {actor}: none if it lists too many countries to act.
MEMBERSHIPS = f"""jsonb_array_elements(
    CASE WHEN (
        SELECT count(DISTINCT link ->> 'country')
        FROM jsonb_array_elements({{actor}} -> 'memberships') AS link
    ) <= {MOST_REPRESENTED} THEN {{actor}} -> 'memberships' END)"""  # noqa: S608 # constants
