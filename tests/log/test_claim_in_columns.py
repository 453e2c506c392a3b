"""A claim that is appended by one call, outside a transaction, with the rows that it needs."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from tests.kit.accusations import a_firm, blames
from tests.kit.background_work import digests, rebuilt, rows, work_off
from tests.kit.builders import AT, Desk, a_citation, a_desk
from tests.kit.databases import a_clone, working_in
from tracker import log
from tracker.domain.claims import Occurred
from tracker.domain.validity import Invalid
from tracker.projections.audit import audit

pytestmark = pytest.mark.django_db
BODIES: dict[str, dict[str, Any]] = {
    "an act": {},
    "a situation without a code": {
        "kind": "situation",
        "code": None,
        "occurred": Occurred(edtf="2022-03-21/2022-04-02"),
    },
    "one without a date": {"occurred": None},
    "one with all kinds of quotes": {"summary": '“Да”, he said: "it\'s {a, b}" \\ NULL'},
}


@pytest.fixture
def desk(template: str, db: None) -> Iterator[Desk]:
    """Records in a database of the test's own, without a transaction around it."""
    with a_clone(template) as name, working_in(name):
        yield a_desk()


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_has_the_rows_of_a_rebuild(desk: Desk, body: dict[str, Any]) -> None:
    recorded = desk.asserts(**body)
    work_off()
    stored = digests()
    found = log.at(recorded.position)

    assert found == recorded
    assert rebuilt() == stored
    assert audit(at=AT, sample=None) == []


def test_that_accuses_somebody_is_withheld(desk: Desk) -> None:
    shown = desk.asserts().stream
    blames(desk, a_firm(desk))

    assert rows("disclosed", "claim") == [(shown,)]


def test_is_refused_without_a_trace_if_a_record_is_missing(desk: Desk) -> None:
    head = log.head()

    with pytest.raises(Invalid) as refused:
        desk.asserts(collection=desk.source, citations=(a_citation(uuid4()),))

    pointers = [problem.pointer for problem in refused.value.problems]
    assert pointers == ["/collection", "/citations/0/document"]
    assert (log.head(), rows("standing_claim")) == (head, [])
