"""What people see of trays: their own half done, and how far colleagues are."""

from datetime import timedelta

import pytest

from tests.kit.builders import AT, BY
from tests.kit.trays import a_draft, a_draft_about, a_new_name, a_tray, puts, records
from tracker.domain.reading.drafts import OFFERED
from tracker.operations import trays
from tracker.queries import trays as queries

pytestmark = pytest.mark.django_db


def test_a_colleague_sees_how_far_each_person_is(desk):
    own = a_tray(desk, sentences=12, text_sha256="a" * 64)
    trays.move_to(own, 7, by=BY, at=AT)
    puts(own, a_draft(desk.claim()))
    puts(own, a_draft(desk.claim()))
    puts(own, a_draft(desk.claim()), state=OFFERED)
    puts(a_tray(desk, "bea"), a_draft_about(desk, a_new_name()), by="bea")
    records(queries.tray(desk.document, "bea").id, by="bea")

    found = queries.progress(desk.document)

    assert [(one.person, one.place, one.sentences) for one in found] == [
        (BY, 7, 12),
        ("bea", 0, 0),
    ]
    assert [(one.taken, one.waiting) for one in found] == [(2, 0), (0, 1)]
    assert [one.person for one in queries.progress(desk.document, but="bea")] == [BY]


def test_half_done_are_trays_with_cards_or_sentences_left(desk):
    with_cards = a_tray(desk)
    puts(with_cards, a_draft(desk.claim(), sentence=2))
    puts(with_cards, a_draft(desk.claim(), sentence=1))
    other = desk.hears()
    unread = trays.open_tray(other, by=BY, at=AT, sentences=3, text_sha256="a" * 64)
    later = AT + timedelta(days=1)
    trays.move_to(unread.id, 2, by=BY, at=later)

    found = queries.half_done(BY)

    assert [(one.tray, one.document) for one in found] == [
        (unread.id, other),
        (with_cards, desk.document),
    ]
    assert [(one.title, one.place, one.taken) for one in found] == [
        ("A report", 2, 0),
        ("A report", 0, 2),
    ]
    assert [card.sentence for card in queries.cards(with_cards)] == [1, 2]
    assert queries.half_done("bea") == []

    trays.move_to(unread.id, 3, by=BY, at=later)
    records(with_cards)

    assert queries.half_done(BY) == []
