"""Why a proof is refused. Each way to fail has a name, the same as in `tools/verify.py`."""

from enum import StrEnum


class Reason(StrEnum):
    """Names of refusals."""

    MALFORMED = "malformed"
    CONSISTENCY = "consistency"
    SIGNATURE = "signature"
    SCORE = "score"


class Refused(ValueError):
    """A proof that does not show what it should."""

    def __init__(self, reason: Reason, says: str) -> None:
        super().__init__(f"{reason}: {says}")
        self.reason = reason
