"""Rebuilds the derived tables from the log: the same bytes, and nobody notices."""

import pytest
from django.db import connection

from tests.kit.background_work import digests, work_off
from tests.kit.builders import AT, BY, a_citation, a_desk, rate, withhold_text
from tracker.operations import claims, links
from tracker.projections import shadow_tables
from tracker.projections.rebuild import rebuild

pytestmark = pytest.mark.django_db
TODAY = AT.date()


def quietly(_stage: str, _done: int, _whole: int) -> None:
    pass


class TestRebuild:
    def test_gives_the_same_bytes(self) -> None:
        desk = a_desk()
        first, second = desk.asserts().stream, desk.asserts("CHN", "KAZ").stream
        claims.retract_claim(first, reason="no", at=AT, by=BY)
        work_off()
        claims.reinstate_claim(first, reason="yes", at=AT, by=BY)
        links.link("same_as", first, second, at=AT, by=BY)
        rate(desk.source, "B")
        work_off()
        before = digests()

        position = rebuild(today=TODAY, report=quietly)

        assert digests() == before
        assert position == 16

    def test_gives_the_same_bytes_of_claims_that_were_cited_again(self) -> None:
        desk = a_desk()
        better, chain = desk.hears(grade="A"), (desk.source,)
        cited = [
            a_citation(better, chain=chain, quote='«Да», \\ "é"'),
            a_citation(better, stance="denies"),
            a_citation(better, credibility=2),
        ]
        first, second = (
            desk.asserts(note="n").stream,
            desk.asserts(code="plover-2.0/ASSAULT").stream,
        )
        for claim in (first, second):
            claims.cite(claim, cited[0], at=AT, by=BY)
            claims.cite(claim, cited[1], at=AT, by=BY)
        revised = desk.claim("CHN", "KAZ")
        claims.correct_claim(first, revised, reason="typo", expected=3, at=AT, by=BY)
        claims.cite(first, cited[2], at=AT, by=BY)
        work_off()
        before = digests()

        rebuild(today=TODAY, report=quietly)

        assert digests() == before

    def test_leaves_every_index_with_the_name_that_the_migrations_know(self) -> None:
        before = names()

        rebuild(today=TODAY, report=quietly)

        assert names() == before
        assert "impact impact_ended" in before

    def test_reads_words_withheld_later_as_the_live_path_did(self) -> None:
        desk = a_desk()
        asserted = desk.asserts()
        claims.correct_claim(
            asserted.stream, desk.claim(note="new"), reason="typo", expected=1, at=AT, by=BY
        )
        withhold_text(asserted.position, reason="a name", authority="a court", at=AT, by=BY)
        claims.retract_claim(asserted.stream, reason="no", at=AT, by=BY)
        work_off()
        before = digests()

        rebuild(today=TODAY, report=quietly)

        assert digests() == before


def names() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename || ' ' || indexname FROM pg_indexes WHERE schemaname = 'public'"
            " AND tablename = ANY(%s) UNION ALL SELECT conrelid::regclass || ' ' || conname"
            " FROM pg_constraint WHERE contype <> 'n' AND conrelid = ANY(%s::regclass[])"
            " ORDER BY 1",
            [list(shadow_tables.TABLES), list(shadow_tables.TABLES)],
        )
        return [row[0] for row in cursor.fetchall()]
