"""Bytes with one change."""

from hypothesis import strategies as st


@st.composite
def altered(draw: st.DrawFn, before: bytes) -> bytes:
    """The bytes with one changed, added or left out."""
    place = draw(st.integers(0, len(before) - 1))
    change = draw(st.sampled_from(["flip", "insert", "delete"]))
    if change == "flip":
        flipped = before[place] ^ draw(st.integers(1, 255))
        return before[:place] + bytes([flipped]) + before[place + 1 :]
    if change == "insert":
        place = draw(st.integers(0, len(before)))
        return before[:place] + bytes([draw(st.integers(0, 255))]) + before[place:]
    return before[:place] + before[place + 1 :]
