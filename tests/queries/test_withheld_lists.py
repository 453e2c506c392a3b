"""Short public lists leave withheld claims out without being shorter for it, and name no speaker
of a statement that is withheld."""

from dataclasses import replace
from uuid import UUID

import pytest
from django.db import connection

from tests.kit.accusations import SENTENCE, a_firm, blames, reviewed, second_root
from tests.kit.background_work import work_off
from tests.kit.builders import AT
from tracker import log
from tracker.domain import events as e
from tracker.domain.claims import Occurred
from tracker.domain.disclosure import MASK, Reader
from tracker.domain.records import Party
from tracker.operations import claims, links
from tracker.operations import claims as operations
from tracker.projections import disclosure
from tracker.queries.claims import by_record, listing, recent
from tracker.queries.claims.listing import Filters
from tracker.queries.evidence import causes
from tracker.queries.records import states
from tracker.queries.scores import lenses

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm(desk):
    return a_firm(desk)


@pytest.fixture
def plain(desk):
    """Three claims between Russia and Kazakhstan of May 2022."""
    return [
        operations.assert_claim(
            desk.claim(occurred=Occurred(edtf=f"2022-05-0{day}")), at=AT, by="ann"
        ).stream
        for day in (1, 2, 3)
    ]


@pytest.fixture
def withheld(desk, firm, plain):
    """As many claims that blame a firm, dated and recorded after the plain ones."""
    return [
        blames(desk, firm, occurred=Occurred(edtf=f"2022-05-1{day}"), summary=f"Acme, {day}.")
        for day in (1, 2, 3)
    ]


def shown(found):
    return [one.state.id for one in found]


@pytest.mark.usefixtures("withheld")
class TestAShelf:
    def test_of_a_country_is_filled(self, desk, plain):
        found = shown(
            by_record.claims_about([desk.countries["KAZ"]], limit=2, reader=Reader.PUBLIC)
        )

        assert found == [plain[2], plain[1]]

    def test_of_a_document_is_filled(self, desk, plain):
        assert shown(by_record.claims_from(desk.document, limit=3, reader=Reader.PUBLIC)) == plain
        assert shown(by_record.claims_from(desk.document, limit=9, reader=Reader.PUBLIC)) == plain

    def test_at_the_desk_has_all(self, desk, withheld):
        found = shown(by_record.claims_about([desk.countries["KAZ"]], limit=2, reader=Reader.DESK))

        assert found == [withheld[2], withheld[1]]


class TestAPair:
    @pytest.fixture
    def moved(self, withheld):
        work_off()
        return lenses.find("standing", position=log.head().position)

    def test_has_a_full_feed(self, moved, plain, monkeypatch):
        monkeypatch.setattr(recent, "MOST_RECENT", 2)

        found = shown(recent.recent_of_pair("KAZ-RUS", lens="standing", reader=Reader.PUBLIC))

        assert found == [plain[2], plain[1]]

    def test_has_as_many_stops(self, moved, plain):
        found = causes.timeline(
            moved, "KAZ-RUS", until=log.head().position, limit=3, reader=Reader.PUBLIC
        ).stops

        assert len(found) == 3

    def test_has_all_that_was_retracted(self, moved, plain, withheld):
        for claim in (*plain, *withheld):
            operations.retract_claim(claim, reason="A slip.", at=AT, by="ann")
        work_off()

        until = log.head().position
        found = shown(
            causes.retracted_claims(moved, "KAZ-RUS", until=until, limit=3, reader=Reader.PUBLIC)
        )

        assert sorted(found) == sorted(plain)


class TestACount:
    def test_that_is_cut_counts_only_what_may_be_named(self, desk, firm, plain):
        for _ in range(2):
            # Somebody vouched for it, and it still lacks a root.
            reviewed(blames(desk, firm), by="bob")
        filters = Filters(actor=desk.countries["KAZ"])

        assert listing.count(filters, most=2, reader=Reader.PUBLIC) == 2
        assert listing.count(filters, most=9, reader=Reader.PUBLIC) == 3


class TestATitle:
    def test_does_not_name_who_speaks_in_a_withheld_statement(self, desk, firm, plain):
        statement = blames(desk, firm)
        links.link("says", statement, plain[0], at=AT, by="ann")

        def title(reader):
            return listing.titles([plain[0]], reader=reader)[plain[0]]

        assert title(Reader.DESK).startswith("Acme alleges: ")
        assert title(Reader.PUBLIC).startswith("somebody alleges: ")
        second_root(statement)
        reviewed(statement, by="bob")
        disclosure.follow_all()
        assert title(Reader.PUBLIC).startswith("Acme alleges: ")


@pytest.fixture
def three(desk):
    return [desk.asserts(summary=f"It was done, {n}.").stream for n in (1, 2, 3)]


@pytest.fixture
def blaming(desk):
    return blames(desk, a_firm(desk))


class TestFirstTitles:
    @pytest.mark.parametrize("most", [1, 2, 3, None])
    def test_leave_withheld_claims_out_without_being_fewer(self, three, blaming, most):
        asked = [blaming, *reversed(three)]

        titles = listing.first_titles(asked, reader=Reader.PUBLIC, at=None, most=most)

        said = [(three[n - 1], f"It was done, {n}.") for n in (3, 2, 1)]
        assert [*titles.items()] == said[:most]

    def test_show_the_desk_all(self, three, blaming):
        titles = listing.first_titles([blaming, *three], reader=Reader.DESK, at=None, most=2)

        assert titles == {blaming: SENTENCE, three[0]: "It was done, 1."}

    def test_show_no_words_that_are_recorded_and_withheld_meanwhile(self, desk, three):
        """The accusation is recorded just before the words are read."""
        firm, claim = a_firm(desk), three[0]
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
    def test_mask_withheld_claims(self, three, blaming):
        titles = listing.titles([blaming, three[0]], reader=Reader.PUBLIC)

        assert titles == {blaming: MASK, three[0]: "It was done, 1."}

    def test_have_the_verdicts_and_what_became_of_the_claim(self, desk, three):
        verdict = e.VerdictGiven(verdict="false", reason="seen", source=desk.source)
        claims.give_verdict(three[0], verdict, at=AT, by="bea")
        claims.retract_claim(three[1], reason="no", at=AT, by="ann")

        titles = listing.titles(three[:2], reader=Reader.PUBLIC)

        assert titles == {
            three[0]: "It was done, 1. [judged false by The Gazette]",
            three[1]: "It was done, 2. [retracted]",
        }
