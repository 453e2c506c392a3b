"""Every public address, while a claim is erased that was printed, corrected, judged and linked."""

from uuid import UUID

import pytest
from rest_framework.test import APIClient

from tests.api.test_public_routes import WORDS, a_scene
from tests.kit.background_work import work_off
from tests.kit.builders import AT
from tests.kit.public_routes import walk
from tracker import log
from tracker.log import seal
from tracker.operations import claims, erasing, links, withholding
from tracker.projections import audit
from tracker.projections.rebuild import rebuild

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.long,
    pytest.mark.usefixtures("open_site"),
    pytest.mark.timeout(900),
]
WHY = {"reason": "An order", "authority": "A court"}


def erase(claim: UUID) -> int:
    [first] = log.firsts([claim])
    claims.retract_claim(claim, reason="no", at=AT, by="ann")
    record, entries = withholding.select(first.position, every=True)
    asked = withholding.Withholding(record=record, entries=entries, number=first.position, **WHY)
    withholding.withhold(asked, at=AT, by="ann")
    seal.extend(most=1_000)
    work_off()
    erasing.erase(erasing.select(first.position), **WHY, at=AT, by="ann")
    return first.position


def test_answers_without_it(desk, firm):
    scene = a_scene(desk, firm)
    work_off()
    links.unlink("same_as", scene.other, scene.claim, reason="no", at=AT, by="ann")
    position = erase(scene.claim)
    seal.extend(most=1_000)
    work_off()

    answers = walk(APIClient(), scene.asking, alone=True)

    assert {(one.route, one.query) for one in answers if one.status >= 500} == set()
    assert {one.route for one in answers if any(word in one.text for word in WORDS)} == set()
    event = APIClient().get(f"/api/v1/log/events/{position}/").json()
    assert (event["erased"], event["body"], event["words"]) == (True, None, None)
    assert event["leaf_hash"] == log.at(position).leaf_hash.hex()
    last = APIClient().get(f"/api/v1/log/events/{log.head().position}/").json()
    assert (last["kind"], last["body"]["authority"]) == ("BodyErased", "A court")
    assert seal.leaves(after=position - 1, until=position)[position].nonce == bytes(32)
    assert audit.audit(at=AT, sample=None) == []
    rebuild(today=AT.date(), report=lambda *_: None)
    assert audit.audit(at=AT, sample=None) == []
