"""The lists of words that the reader goes by: `fixtures/reference/reading_words.csv`."""

import re
from functools import cache

from tracker.domain.facts import rows


@cache
def listed(means: str) -> frozenset[str]:
    """Return the words or phrases of one meaning, in lower case."""
    return frozenset(row["words"] for row in rows("reading_words") if row["means"] == means)


@cache
def pattern(*means: str) -> re.Pattern[str]:
    """Return a pattern for any word or phrase of some meanings, the longest first."""
    words = sorted((word for one in means for word in listed(one)), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b")
