"""A piece of news has a key, by which a webhook is told once."""

import pytest

from tests.kit.builders import AT, a_desk
from tracker import log
from tracker.operations import sealing
from tracker.operations.sealing import Request
from tracker.queries import news, seals
from tracker.queries.news import NewsFilter

pytestmark = pytest.mark.django_db


def keys() -> list[str]:
    wanted = NewsFilter(kinds=frozenset({"claim.asserted"}))
    return [one.key for one in news.from_log(wanted, after=0, until=log.head().position)]


def test_another_event_at_the_position_of_a_lost_one_has_another_key(settings, tmp_path):
    settings.SEAL_FOLDER = tmp_path
    desk = a_desk()
    first, second = desk.asserts().position, desk.asserts().position
    assert keys() == [f"claim.asserted:{first}", f"claim.asserted:{second}"]

    request = Request(lost_from=second, reason="a disk failed", authority="the editor")
    sealing.reopen(request, at=AT, by="ann")

    incarnation = seals.reopened().event.incarnation
    assert keys() == [
        f"claim.asserted:{first}",
        f"claim.asserted:{second}-{incarnation.hex[:8]}",
    ]
