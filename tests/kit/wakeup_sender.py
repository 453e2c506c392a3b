"""A program that says again and again that there is work, and how long it was held up."""

import os
import sys
import time

from tracker.imports.jobs.requests import job_requested
from tracker.log import appended


def main() -> None:
    """Be such a program for each line of the input: a fork of this one, which has loaded all."""
    for line in sys.stdin:
        times, pause, news = line.split()
        if os.fork() == 0:
            say(int(times), float(pause), news)
            # Whatever is still to be sent is sent at the end of a program.
            sys.exit()
        _, status = os.wait()
        print("ended", status, flush=True)  # noqa: T201


def say(times: int, pause: float, news: str) -> None:
    """Print the milliseconds of the longest call; the arguments are how often and how far apart,
    and of what."""
    signal = {"grown": appended, "asked": job_requested}[news]
    longest = 0.0
    for _ in range(times):
        began = time.perf_counter()
        for _, problem in signal.send_robust(sender=None):
            if problem is not None:
                raise problem
        longest = max(longest, time.perf_counter() - began)
        time.sleep(pause)
    print("longest", 1000 * longest)  # noqa: T201
