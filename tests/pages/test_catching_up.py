"""A new lens on the pages, while its view takes in the log."""

import pytest

from tests.kit.background_work import work_off
from tests.kit.builders import AT, BY, a_lens
from tracker.domain.lenses import Bloc, View
from tracker.operations import lenses

pytestmark = pytest.mark.django_db


class TestANewLens:
    @pytest.mark.parametrize("path", ["/", "/pairs/KAZ-RUS/"])
    def test_is_not_shown_before_it_has_caught_up(self, client, desk, path):
        desk.asserts()
        work_off()
        bloc = Bloc(ownerships=("private",), rule="except")
        view = View(method="1", collections=(desk.collection,), bloc=bloc)
        begun = lenses.define_lens(a_lens(name="others", view=view), at=AT, by=BY).position

        before = client.get(path, {"lens": "others"})
        work_off()
        after = client.get(path, {"lens": "others"})

        assert before.status_code == 503
        assert f"0 of {begun} events are processed" in before.text
        assert after.status_code == 200
