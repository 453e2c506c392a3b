"""The days that are read in a text."""

from tracker.domain.reading.days import find_days

TUESDAY = "2022-05-24"


def found(text: str, published: str | None = TUESDAY) -> list[tuple[str, str]]:
    days = find_days(text, published)
    assert all(one.phrase == text[one.start : one.end] for one in days)
    return [(one.phrase, one.edtf) for one in days]


def edtf(text: str, published: str | None = TUESDAY) -> str:
    [(_, only)] = found(text, published)
    return only
