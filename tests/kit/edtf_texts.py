"""Strategies for EDTF texts that we keep, and where python-edtf 5.0.2 is known to differ."""

import re

from hypothesis import strategies as st

from tracker.domain.dates.edtf import BadDate, bounds


def _kept(edtf: str) -> bool:
    try:
        bounds(edtf)
    except BadDate:
        return False
    return True


def _cut(iso: str, length: int) -> str:
    return iso[:length]


PLAIN = st.builds(_cut, st.dates().map(str), st.sampled_from([4, 7, 10]))
DOUBTED = st.builds(str.__add__, PLAIN, st.sampled_from("?~%"))
MASKED = st.builds(
    lambda iso, start: iso[:start] + re.sub("[0-9]", "X", iso[start:]), PLAIN, st.integers(1, 9)
)
SEASON = st.builds(
    lambda year, code: f"{year:04}-{code}", st.integers(1, 9998), st.integers(21, 41)
)
STRETCH = st.builds(lambda one, other: f"{one}..{other}", PLAIN, PLAIN)
MEMBERS = st.lists(PLAIN | DOUBTED | MASKED | STRETCH, min_size=1, max_size=4).map(",".join)
SIDE = PLAIN | DOUBTED | MASKED | SEASON | st.sampled_from(["", ".."])

EDTF = st.one_of(
    PLAIN,
    DOUBTED,
    MASKED,
    SEASON,
    st.builds(lambda members: f"[{members}]", MEMBERS),
    st.builds(lambda members: f"{{{members}}}", MEMBERS),
    st.builds(lambda start: f"[..{start}]", PLAIN),
    st.builds(lambda start: f"[{start}..]", PLAIN),
    st.builds(lambda start, end: f"{start}/{end}", SIDE, SIDE),
).filter(_kept)


def is_known_difference(edtf: str) -> bool:
    """The library crashes on the month of `2022-1X`, in sets on that of `2022-XX` too, and refuses
    a masked side of an interval whose other side is open or doubted."""
    return bool(re.search(r"[0-9X]{4}-[01X]X|X.*/|/.*X", edtf))
