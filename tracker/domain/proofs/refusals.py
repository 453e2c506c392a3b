"""Why a proof is refused. Each way to fail has a name, the same in all verifiers."""

from enum import StrEnum


class Reason(StrEnum):
    """Names of refusals."""

    MALFORMED = "malformed"
    EVENT = "event"
    WORDS = "words"
    ERASED = "erased"
    INCLUSION = "inclusion"
    CONSISTENCY = "consistency"
    ORIGIN = "origin"
    SIGNATURE = "signature"
    WITNESSES = "witnesses"
    SCORE = "score"


class Refused(ValueError):
    """A proof that does not show what it should."""

    def __init__(self, reason: Reason, says: str) -> None:
        super().__init__(f"{reason}: {says}")
        self.reason = reason
