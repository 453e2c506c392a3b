"""The table of what the public may see is what the log says: at once where something is withheld,
soon after where something is cleared."""

from uuid import uuid4

import pytest
from django.db import connection

from tests.kit.accusations import a_firm, blames, reviewed, second_root
from tests.kit.background_work import digests, rebuilt, rows, work_off
from tests.kit.builders import AT, BY, a_citation, a_document, a_source, an_actor
from tests.kit.log_entries import rows_gone_through
from tests.kit.odd_events import unchecked
from tracker import log
from tracker.domain import events as e
from tracker.domain.disclosure import NEVER, Reader
from tracker.domain.records import Name
from tracker.log import Draft
from tracker.operations import actors, claims, sources
from tracker.projections import disclosure
from tracker.projections.audit import audit
from tracker.queries import progress
from tracker.queries.claims import accusations
from tracker.queries.claims.disclosure import withheld_claims

pytestmark = pytest.mark.django_db
DISCLOSED = "claim, known_from, known_until"


@pytest.fixture
def blaming(desk):
    return blames(desk, a_firm(desk))


@pytest.fixture
def cleared(blaming):
    second_root(blaming)
    reviewed(blaming, by="bob")
    disclosure.follow_all()
    return blaming


def spans(claim):
    return [span for one, *span in rows("disclosed", DISCLOSED) if one == claim]


def run(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


class TestAnAppend:
    def test_shows_what_is_about_nothing_grave(self, desk):
        assert spans(desk.asserts().stream) == [[0, None]]

    def test_leaves_what_is_grave_to_the_follower(self, desk):
        between_states = desk.asserts(code="plover-2.0/COERCE/cyber").stream
        assert spans(between_states) == []

        disclosure.follow_all()

        assert spans(between_states) == [[0, None]]

    @pytest.mark.parametrize(
        "act",
        [
            lambda claim, desk: claims.review_claim(
                claim, e.ClaimReviewed(outcome="rejected"), at=AT, by="cleo"
            ),
            lambda claim, desk: claims.cite(
                claim, a_citation(desk.document, locator="p. 9"), at=AT, by="bob"
            ),
            lambda claim, desk: claims.correct_claim(
                claim, desk.claim(), reason="so", expected=3, at=AT, by="bob"
            ),
        ],
    )
    def test_withholds_a_grave_claim_until_it_is_assessed_again(self, desk, cleared, act):
        assert spans(cleared) != []

        act(cleared, desk)

        assert spans(cleared) == []
        disclosure.follow_all()
        assert audit(at=AT, sample=None) == []

    def test_withholds_what_becomes_grave(self, desk):
        claim = desk.asserts().stream
        grave = desk.claim(code="plover-2.0/COERCE/cyber")

        claims.correct_claim(claim, grave, reason="coded", expected=1, at=AT, by=BY)

        assert spans(claim) == []

    def test_withholds_what_names_somebody_who_turns_out_to_be_a_firm(self, desk):
        group = an_actor(None, kind="group", names=(Name(text="Acme"),))
        firm = actors.describe_actor(group, at=AT, by=BY).stream
        claim = blames(desk, firm)
        harmless = desk.asserts().stream
        disclosure.follow_all()
        assert spans(claim) == [[0, None]]

        known = an_actor(None, kind="company", names=(Name(text="Acme"),))
        actors.describe_actor(known, actor_id=firm, expected=1, at=AT, by=BY)

        assert spans(claim) == []
        assert spans(harmless) == [[0, None]]
        disclosure.follow_all()
        assert spans(claim) == []

    def test_withholds_what_rests_on_a_document_that_gets_another_publisher(self, desk, cleared):
        [(_, documents)] = rows("standing_claim", "id, documents")
        [wire] = {*documents} - {desk.document}
        same = a_document(desk.source)

        sources.describe_document(same, document_id=wire, expected=1, at=AT, by=BY)

        assert spans(cleared) == []
        disclosure.follow_all()
        assert spans(cleared) == []

    def test_withholds_nothing_for_another_name(self, desk, cleared):
        before = spans(cleared)
        country = an_actor("KAZ", names=(Name(text="Qazaqstan"),))

        actors.describe_actor(country, actor_id=desk.countries["KAZ"], expected=1, at=AT, by=BY)

        assert spans(cleared) == before


class TestTheFollower:
    def test_shows_a_claim_from_where_it_is_cleared(self, cleared):
        reviewed_at = log.head().position

        assert spans(cleared) == [[reviewed_at, None]]
        assert withheld_claims([cleared], at=reviewed_at - 1, reader=Reader.PUBLIC) == {cleared}
        assert withheld_claims([cleared], at=reviewed_at, reader=Reader.PUBLIC) == set()
        assert withheld_claims([cleared], at=None, reader=Reader.PUBLIC) == set()

    def test_shows_what_blames_no_more_only_as_it_stands(self, desk, blaming):
        claims.correct_claim(blaming, desk.claim(), reason="so", expected=1, at=AT, by=BY)
        disclosure.follow_all()

        assert spans(blaming) == [[NEVER, None]]
        assert withheld_claims([blaming], at=None, reader=Reader.PUBLIC) == set()
        head = log.head().position
        assert withheld_claims([blaming], at=head, reader=Reader.PUBLIC) == {blaming}

    def test_shows_what_an_official_source_confirms(self, desk, blaming):
        outlet = sources.describe_source(a_source(name="A Court"), at=AT, by="bob").stream
        finding = e.VerdictGiven(verdict="confirmed", reason="judged", source=outlet)
        claims.give_verdict(blaming, finding, at=AT, by="bob")
        disclosure.follow_all()
        assert spans(blaming) == []

        court = a_source(kind="organisation", name="A Court", ownership="state")
        sources.describe_source(court, source_id=outlet, expected=1, at=AT, by="bob")
        disclosure.follow_all()

        assert spans(blaming) == [[log.head().position, None]]

    def test_changes_the_stamp_of_pages(self, blaming):
        second_root(blaming)
        reviewed(blaming, by="bob")
        before = progress.of_log()

        disclosure.follow_all()

        assert progress.of_log() != before
        assert disclosure.follow_all() == 0

    def test_takes_what_affects_many_in_several_transactions(self, desk, monkeypatch):
        group = an_actor(None, kind="group", names=(Name(text="Acme"),))
        firm = actors.describe_actor(group, at=AT, by=BY).stream
        many = [blames(desk, firm, summary=f"Acme, {number}.") for number in range(5)]
        monkeypatch.setattr(disclosure, "CHUNK", 2)
        disclosure.follow_all()
        assert [spans(one) for one in many] == [[[0, None]]] * 5
        known = an_actor(None, kind="company", names=(Name(text="Acme"),))
        actors.describe_actor(known, actor_id=firm, expected=1, at=AT, by=BY)
        again = an_actor(None, kind="group", names=(Name(text="Acme"),))
        actors.describe_actor(again, actor_id=firm, expected=2, at=AT, by=BY)

        assert disclosure.follow_all() > 2

        head = log.head().position
        assert [spans(one) for one in many] == [[[0, head - 1], [head, None]]] * 5

    def test_reads_few_of_many_disclosed_claims(self, desk):
        for _ in range(9):
            desk.asserts()
        run("INSERT INTO disclosed SELECT gen_random_uuid(), 0 FROM generate_series(1, 3000)")
        run("ANALYZE disclosed")
        before = rows_gone_through("disclosed")

        disclosure.follow_all()

        # Nine are looked up; without an index all would be read.
        assert rows_gone_through("disclosed") - before <= 2 * 9

    def test_withholds_what_cannot_be_read(self, desk):
        firm = a_firm(desk)
        blaming = blames(desk, firm)
        other = blames(desk, firm, code="plover-2.0/AGREE")
        # Nothing can be made of this stream.
        broken = uuid4()
        rating = e.SourceRated(reliability="B", since=AT.date(), reason="none")
        log.append([Draft(stream=broken, event=rating)], at=AT, by=BY, project=lambda _: [])
        finding = e.VerdictGiven(verdict="confirmed", reason="judged", source=broken)
        unchecked(finding, stream=blaming)

        disclosure.follow_all()

        assert spans(blaming) == []
        assert spans(other) == [[0, None]]


class TestRebuildAndAudit:
    def test_a_rebuild_gives_the_same_rows(self, desk, cleared):
        blames(desk, a_firm(desk), summary="Acme again.")
        desk.asserts(code="plover-2.0/COERCE/cyber")
        work_off()
        before = digests()

        assert rebuilt() == before
        assert audit(at=AT, sample=None) == []

    @pytest.mark.parametrize(
        "damage",
        [
            "INSERT INTO disclosed SELECT id, 0 FROM standing_claim WHERE code LIKE '%%COERCE%%'",
            "DELETE FROM disclosed",
            "UPDATE disclosed SET known_from = 1",
            "INSERT INTO disclosed (claim, known_from) VALUES (gen_random_uuid(), 0)",
        ],
    )
    def test_an_audit_finds_wrong_rows(self, desk, blaming, damage):
        desk.asserts()
        work_off()
        assert audit(at=AT, sample=None) == []

        run(damage)

        assert len(audit(at=AT, sample=None)) == 1

    def test_an_audit_leaves_alone_what_still_waits(self, desk):
        desk.asserts(code="plover-2.0/COERCE/cyber")

        assert [one for one in audit(at=AT, sample=None) if "disclosure" in one] == []


class TestTheDesk:
    def test_is_told_of_an_assessment_that_failed(self, blaming, monkeypatch):
        def fails(*_):
            raise ZeroDivisionError

        monkeypatch.setattr(accusations.disclosure, "assess", fails)

        assert "the log of the worker has the reason" in accusations.lacks(blaming)[0]

    def test_is_told_of_an_assessment_that_has_not_run(self, cleared):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM disclosed")

        assert "runs in the background" in accusations.lacks(cleared)[0]

    def test_is_told_what_is_missing(self, blaming, cleared):
        assert accusations.lacks(cleared) == ()

    def test_sees_everything(self, blaming):
        assert withheld_claims([blaming], at=None, reader=Reader.DESK) == set()
        assert len(accusations.lacks(blaming)) == 2
