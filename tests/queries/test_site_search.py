"""What typed words find: countries, pairs, claims, sources and documents."""

import pytest
from django.db import OperationalError

from tests.kit.accusations import SENTENCE, a_firm, blames, reviewed, second_root
from tests.kit.background_work import work_off
from tests.kit.builders import AT, a_document, a_source, an_actor
from tracker.domain.claims import Occurred
from tracker.domain.disclosure import Reader
from tracker.domain.records import Name
from tracker.operations import actors, claims, sources
from tracker.queries import site_search
from tracker.queries.site_search import BadSearch

pytestmark = pytest.mark.django_db


def find(text, reader=Reader.PUBLIC):
    return site_search.find(text, reader=reader)


def codes(found):
    return [one.code for one in found.countries]


def pairs(found):
    return [one.pair for one in found.pairs]


def titles(found):
    return [one.title for one in found.claims]


@pytest.fixture
def named(desk):
    """Kazakhstan has its names in three languages, and a short code."""
    names = (
        Name(text="Kazakhstan"),
        Name(text="Казахстан", language="ru"),
        Name(text="哈萨克斯坦", language="zh"),
    )
    actor = an_actor("KAZ", names=names, aliases=("KZ", "Қазақстан"))
    actors.describe_actor(actor, at=AT, by="ann", actor_id=desk.countries["KAZ"], expected=1)


class TestCountries:
    @pytest.mark.parametrize(
        "text", ["Kazakhstan", "kazakh", "казахстан", "哈萨克斯坦", "Қазақстан", "KZ", "kaz"]
    )
    def test_are_found_by_any_name_on_record_or_in_the_tables(self, named, text):
        assert codes(find(text)) == ["KAZ"]

    def test_that_are_not_on_record_are_not_found(self, desk):
        assert codes(find("France")) == []

    def test_have_the_number_of_their_pairs_and_their_latest_news(self, desk):
        desk.asserts("RUS", "KAZ", occurred=Occurred(edtf="2022-03-01"))
        desk.asserts("CHN", "KAZ", occurred=Occurred(edtf="2022-05-11"))
        work_off()

        [kazakhstan] = find("kazakh").countries
        [russia] = find("russian").countries

        assert (kazakhstan.pairs, str(kazakhstan.latest)) == (2, "2022-05-11")
        assert (russia.pairs, str(russia.latest)) == (1, "2022-03-01")

    def test_with_a_similar_name_are_offered_if_nothing_is_found(self, desk):
        found = find("Kazakstan")

        assert found.nothing
        assert [one.code for one in found.near] == ["KAZ"]


class TestPairs:
    def test_are_found_by_two_countries_with_where_they_stand(self, desk):
        desk.asserts("RUS", "KAZ")
        work_off()

        [pair] = find("kazakh russia").pairs

        assert pair.pair == "KAZ-RUS"
        assert pair.row.claims == 1

    def test_without_a_claim_are_found_too(self, desk):
        work_off()

        [pair] = find("china kazakhstan").pairs

        assert (pair.pair, pair.row) == ("CHN-KAZ", None)


class TestClaims:
    def test_are_found_by_words_and_beginnings_the_latest_first(self, desk):
        for day in ("2022-03-01", "2022-05-11", "2022-01-05"):
            desk.asserts(summary=f"A pipeline was closed, {day}.", occurred=Occurred(edtf=day))
        desk.asserts(summary="A pipeline was opened.")

        assert [title[-11:-1] for title in titles(find("CLOSED pipe"))] == [
            "2022-05-11",
            "2022-03-01",
            "2022-01-05",
        ]

    def test_that_were_retracted_are_not_found(self, desk):
        claim = desk.asserts(summary="A pipeline was closed.").stream
        claims.retract_claim(claim, reason="wrong", at=AT, by="ann", expected=1)

        assert titles(find("pipeline")) == []

    def test_that_are_withheld_are_found_only_by_the_desk(self, desk):
        claim = blames(desk, a_firm(desk))
        work_off()
        assert titles(find("Acme")) == []
        assert titles(find("network ministry")) == []
        assert titles(find("Acme", Reader.DESK)) == [SENTENCE]

        second_root(claim)
        reviewed(claim, by="bob")
        work_off()
        assert titles(find("Acme")) == [SENTENCE]

    @pytest.mark.parametrize(
        ("looked_through", "few", "further"),
        [(9, 9, 9), (2, 5_000, 0), (0, 5_000, 0), (0, 2, 9), (0, 2, 0)],
    )
    def test_are_the_latest_however_they_are_found(
        self, desk, monkeypatch, looked_through, few, further
    ):
        """Whether among the latest claims, by the index of words, or further back."""
        monkeypatch.setattr(site_search, "MOST_CLAIMS", 2)
        monkeypatch.setattr(site_search, "LOOKED_THROUGH", looked_through)
        monkeypatch.setattr(site_search, "FEW", few)
        monkeypatch.setattr(site_search, "FURTHER", further)
        for day in ("2022-03-01", "2022-05-11", "2022-01-05"):
            desk.asserts(summary=f"A pipeline, {day}.", occurred=Occurred(edtf=day))
        desk.asserts(summary="A pipeline, undated.", occurred=None)
        blames(desk, a_firm(desk), summary="Acme closed a pipeline.")
        work_off()

        found = find("pipeline")

        shown = ["A pipeline, 2022-05-11.", "A pipeline, 2022-03-01."]
        assert (titles(found), found.more_claims) == (shown, True)

    def test_are_given_up_when_they_take_too_long(self, desk, monkeypatch):
        desk.asserts(summary="A pipeline was closed.")
        monkeypatch.setattr(site_search, "SECONDS", 0.05)
        given = "%s <> pg_sleep(1)::text AND %s > 0 AND %s <> '' AND %s > 0"
        slow = f"SELECT 0, ARRAY(SELECT id FROM standing_claim WHERE {given})"  # noqa: S608
        monkeypatch.setattr(site_search, "_BY_WORDS", slow)

        found = find("Kazakhstan pipeline")

        assert (found.too_slow, found.claims, codes(found)) == (True, (), ["KAZ"])

    def test_pass_on_other_errors_of_the_database(self, desk, monkeypatch):
        def lost(*_):
            raise OperationalError("the connection is lost")

        monkeypatch.setattr(site_search, "select", lost)

        with pytest.raises(OperationalError, match="lost"):
            find("pipeline")


class TestRecords:
    def test_sources_and_documents_are_found_by_name_and_title(self, desk):
        paper = sources.describe_source(a_source(name="The Silk Post"), at=AT, by="ann").stream
        document = a_document(paper, title="A treaty on silk")
        title = sources.describe_document(document, at=AT, by="ann").stream

        found = find("silk")

        assert [one.id for one in found.sources] == [paper]
        assert [one.id for one in found.documents] == [title]


class TestASearch:
    @pytest.mark.parametrize("text", ["", " ", "…", "'\"", "\0", "-", "::*", "a" * 201, "я" * 201])
    def test_without_words_or_too_long_is_refused(self, desk, text):
        with pytest.raises(BadSearch) as problem:
            find(text)

        assert problem.value.parameter == "q"

    @pytest.mark.parametrize(
        "text", ["a" * 200, "x:* & !y", "it's", "\\ x", "' | 'x", "%s %", "x\0y", "1", "<b>x</b>"]
    )
    def test_of_any_other_text_finds_nothing(self, desk, text):
        assert find(text).nothing

    def test_before_there_is_a_lens_finds_countries(self, db):
        actors.describe_actor(an_actor("KAZ"), at=AT, by="ann")

        found = find("kazakh")

        assert (codes(found), found.lens, found.pairs) == (["KAZ"], None, [])
