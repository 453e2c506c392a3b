"""What people wait for goes before what an archive brings in."""

import pytest

from tests.kit.background_work import rows, work_off
from tests.kit.builders import AT, BY, Desk, a_lens, rate
from tests.kit.imports import bring
from tracker import log
from tracker.domain.lenses import Bloc, View
from tracker.operations import lenses
from tracker.projections import impacts, scores, urgency
from tracker.queries.scores import lenses as lenses_on_record

pytestmark = pytest.mark.django_db


def second_view(desk: Desk) -> View:
    """Define a lens on a view of its own, the other one is the desk's."""
    view = View(
        method="1",
        collections=(desk.collection,),
        bloc=Bloc(countries=(desk.countries["RUS"],)),
    )
    lenses.define_lens(a_lens(name="russian", view=view), at=AT, by=BY)
    return view


def in_turn() -> list[View]:
    """The views that are behind, in the order in which they take turns."""
    return [view for view, _ in urgency.behind()]


def positions() -> dict[str, int]:
    return dict(rows("cursor", "view, position"))


class TestTheViewsThatAreBehind:
    def test_come_last_where_only_former_versions_of_lenses_use_them(self, desk):
        former = second_view(desk)
        [state] = [one for one in lenses_on_record.states() if one.versions[0].view == former]
        newer = View(method="1", collections=(desk.collection,))
        lenses.define_lens(
            a_lens(name="russian", view=newer), at=AT, by=BY, lens_id=state.id, expected=1
        )
        # The former view is nearer to the end than both others.
        impacts.step(former)
        desk.asserts()

        assert in_turn()[-1] == former

    def test_come_first_where_a_persons_event_is_ahead(self, desk):
        far = second_view(desk)
        desk.asserts()
        bring(3)
        impacts.step(desk.view)

        assert in_turn() == [far]
        bring(4)
        assert in_turn() == [far, desk.view]

    def test_come_in_the_order_in_which_they_reach_such_an_event(self, desk):
        other = second_view(desk)
        work_off()
        start = log.head().position
        bring(9)
        desk.asserts()
        impacts.step(other, limit=5)

        assert in_turn() == [other, desk.view]
        assert [positions()[view.id] for view in (desk.view, other)] == [start, start + 5]

    def test_take_turns_where_an_archive_is_ahead(self, desk, monkeypatch):
        other = second_view(desk)
        work_off()
        start = log.head().position
        bring(9)
        monkeypatch.setattr(impacts, "ROUND_SECONDS", 0)

        processed = impacts.follow_all(limit=2, most=4)

        assert processed == 4
        assert {positions()[view.id] for view in (desk.view, other)} == {start + 2}

    def test_hold_up_no_other_where_they_stop(self, desk, monkeypatch):
        other = second_view(desk)
        work_off()
        desk.asserts()
        step = impacts.step
        stopped = max(desk.view.id, other.id)
        calls = []

        def stops(view, **given):
            calls.append(view.id)
            return 0 if view.id == stopped else step(view, **given)

        monkeypatch.setattr(impacts, "step", stops)
        impacts.follow_all()

        assert sorted(calls) == sorted([desk.view.id, other.id])
        assert len(set(positions().values())) > 1


class TestWhatPeopleEntered:
    def test_is_what_no_import_wrote(self, desk):
        start = log.head().position
        bring(2)
        claim = desk.asserts().position
        bring(3)

        # Two claims and their document; the record of the import; the person's; and so on.
        assert rows("import_span", "first, last") == [
            (start + 1, start + 3),
            (claim + 1, claim + 1),
        ]
        record = start + 4
        assert claim == record + 1
        assert urgency.entered(range(start, claim + 3)) == {start, record, claim, claim + 2}
        assert urgency.entered([start + 3, claim]) == {claim}
        assert urgency.entered([start + 2]) == set()


class TestAPairThatAPersonWaitsFor:
    def test_is_scored_before_those_of_an_archive(self, desk):
        work_off()
        bring(30)
        desk.asserts("KAZ", "RUS")
        bring(33)

        impacts.follow_all()

        assert rows("dirty_pair", "pair, urgent") == [("CHN-KAZ", False), ("KAZ-RUS", True)]
        # Both have waited since the same position.
        assert scores.take_pairs(at=AT)[0].pair == "KAZ-RUS"

    def test_may_have_waited_for_an_archive_before(self, desk):
        work_off()
        bring(30)
        impacts.follow_all()
        before = rows("dirty_pair", "pair, urgent")
        desk.asserts("CHN", "KAZ")

        impacts.follow_all()

        assert (before, rows("dirty_pair", "pair, urgent")) == (
            [("CHN-KAZ", False)],
            [("CHN-KAZ", True)],
        )

    def test_is_one_of_few(self, desk):
        for _ in range(21):
            desk.asserts()
        work_off()

        rate(desk.source, "A")
        impacts.follow_all()

        assert rows("dirty_pair", "pair, urgent") == [("KAZ-RUS", False)]

    def test_is_none_of_those_that_a_new_lens_scores(self, desk):
        desk.asserts()
        work_off()

        lenses.define_lens(a_lens(name="again", view=desk.view), at=AT, by=BY)
        impacts.follow_all()

        assert rows("dirty_pair", "pair, urgent") == [("KAZ-RUS", False)]
