"""The titles of the first claims that may be shown."""

from dataclasses import replace
from uuid import UUID

import pytest
from django.db import connection

from tests.kit.accusations import SENTENCE, a_firm, blames
from tests.kit.builders import AT
from tracker.domain import events as e
from tracker.domain.disclosure import MASK, Reader
from tracker.domain.records import Party
from tracker.operations import claims
from tracker.queries.claims import listing
from tracker.queries.records import states

pytestmark = pytest.mark.django_db


@pytest.fixture
def plain(desk):
    return [desk.asserts(summary=f"It was done, {n}.").stream for n in (1, 2, 3)]


@pytest.fixture
def withheld(desk):
    return blames(desk, a_firm(desk))


class TestFirstTitles:
    @pytest.mark.parametrize("most", [1, 2, 3, None])
    def test_leave_withheld_claims_out_without_being_fewer(self, plain, withheld, most):
        asked = [withheld, *reversed(plain)]

        titles = listing.first_titles(asked, reader=Reader.PUBLIC, at=None, most=most)

        said = [(plain[n - 1], f"It was done, {n}.") for n in (3, 2, 1)]
        assert [*titles.items()] == said[:most]

    def test_show_the_desk_all(self, plain, withheld):
        titles = listing.first_titles([withheld, *plain], reader=Reader.DESK, at=None, most=2)

        assert titles == {withheld: SENTENCE, plain[0]: "It was done, 1."}

    def test_show_no_words_that_are_recorded_and_withheld_meanwhile(self, desk, plain):
        """The accusation is recorded just before the words are read."""
        firm, claim = a_firm(desk), plain[0]
        before: list[UUID] = []

        def accuse(execute, sql, params, many, context):
            if "{claim,summary}" in sql and not before:
                before.append(claim)
                acts = Party(actor=firm, role="initiator")
                said = states.claim(claim).claim
                accusing = replace(
                    said,
                    summary=SENTENCE,
                    code="plover-2.0/COERCE/cyber",
                    parties=(acts, said.parties[1]),
                )
                claims.correct_claim(claim, accusing, reason="more", expected=1, at=AT, by="ann")
            return execute(sql, params, many, context)

        with connection.execute_wrapper(accuse):
            titles = listing.first_titles([claim], reader=Reader.PUBLIC, at=None, most=None)

        assert before == [claim]
        assert titles == {}


class TestTitles:
    def test_mask_withheld_claims(self, plain, withheld):
        titles = listing.titles([withheld, plain[0]], reader=Reader.PUBLIC)

        assert titles == {withheld: MASK, plain[0]: "It was done, 1."}

    def test_have_the_verdicts_and_what_became_of_the_claim(self, desk, plain):
        verdict = e.VerdictGiven(verdict="false", reason="seen", source=desk.source)
        claims.give_verdict(plain[0], verdict, at=AT, by="bea")
        claims.retract_claim(plain[1], reason="no", at=AT, by="ann")

        titles = listing.titles(plain[:2], reader=Reader.PUBLIC)

        assert titles == {
            plain[0]: "It was done, 1. [judged false by The Gazette]",
            plain[1]: "It was done, 2. [retracted]",
        }
