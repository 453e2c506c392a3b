"""A program that says again and again that there is work, and how long it was held up."""

import sys
import time

from tracker.imports.jobs.requests import job_requested
from tracker.log import appended


def main() -> None:
    """Print the milliseconds of the longest call; the arguments are how often and how far apart,
    and of what."""
    times, pause = int(sys.argv[1]), float(sys.argv[2])
    news = {"grown": appended, "asked": job_requested}[sys.argv[3]]
    longest = 0.0
    for _ in range(times):
        began = time.perf_counter()
        for _, problem in news.send_robust(sender=None):
            if problem is not None:
                raise problem
        longest = max(longest, time.perf_counter() - began)
        time.sleep(pause)
    print("longest", 1000 * longest)  # noqa: T201
