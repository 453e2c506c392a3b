"""A proof of inclusion with its checkpoint as one text (C2SP `tlog-proof`)."""

from collections.abc import Sequence

from tracker.domain.proofs.encoding import encode


def write(index: int, proof: Sequence[bytes], note: str, *, extra: bytes | None) -> str:
    """`index` counts from 0; `note` is the signed checkpoint."""
    lines = [
        "c2sp.org/tlog-proof@v1",
        *([f"extra {encode(extra)}"] if extra else []),
        f"index {index}",
        *(encode(one) for one in proof),
        "",
        note,
    ]
    return "\n".join(lines)
