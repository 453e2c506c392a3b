"""What a process of the web server sets once."""

import gc

from django.conf import settings

from config.web.worker import prepare_process
from tracker.log.messages import PREPARE_THRESHOLD


def test_a_process_prepares_queries_and_collects_no_garbage_of_the_program(monkeypatch):
    options: dict[str, int] = {}
    monkeypatch.setitem(settings.DATABASES["default"], "OPTIONS", options)
    try:
        prepare_process()

        assert options == {"prepare_threshold": PREPARE_THRESHOLD}
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
