"""The hands of a worker hear that it has to go."""

import os
import subprocess
import sys

from tests.kit.processes import CHECKOUT

# As a worker that forks its hands, and is told to go then.
PROGRAM = """
import os
import django; django.setup()
from celery.signals import worker_shutting_down
from workers import shutdown

told, asked = os.pipe(), os.pipe()
if os.fork() == 0:
    before = shutdown.is_requested()
    os.write(told[1], b"x")
    os.read(asked[0], 1)
    print(before, shutdown.is_requested(), flush=True)
    os._exit(0)
os.read(told[0], 1)
worker_shutting_down.send(sender=None, sig="SIGTERM", how="Warm", exitcode=0)
os.write(asked[1], b"x")
os.wait()
"""


def test_a_forked_hand_knows_what_the_worker_was_told() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", PROGRAM],
        cwd=CHECKOUT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert done.stdout.split() == ["False", "True"]
