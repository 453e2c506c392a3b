"""What takes longer than an answer may: asked for at an edge, done by a worker that may be killed,
and told of meanwhile."""

from tracker.operations.jobs.asking import (
    Gone,
    NoSuchJob,
    NotNow,
    Options,
    ask_batch,
    ask_import,
    ask_in_earnest,
    ask_withdrawal,
    asked,
    cancel,
)
from tracker.operations.jobs.leases import Lease, is_lost, taken
from tracker.operations.jobs.spool import Received, rejected_of, review_of, to_mend_of
from tracker.operations.jobs.tidying import tidy
from tracker.operations.jobs.uploads import SpooledFile, SpoolHandler, TooLarge, receive
from tracker.operations.jobs.work import Apart, work, work_on

__all__ = [
    "Apart",
    "Gone",
    "Lease",
    "NoSuchJob",
    "NotNow",
    "Options",
    "Received",
    "SpoolHandler",
    "SpooledFile",
    "TooLarge",
    "ask_batch",
    "ask_import",
    "ask_in_earnest",
    "ask_withdrawal",
    "asked",
    "cancel",
    "is_lost",
    "receive",
    "rejected_of",
    "review_of",
    "taken",
    "tidy",
    "to_mend_of",
    "work",
    "work_on",
]
