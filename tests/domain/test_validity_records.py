"""What is refused of actors, sources, documents and collections."""

from dataclasses import replace

import pytest

from tests.kit.claim_checks import found, told
from tests.kit.domain_builders import (
    a_country,
    a_document,
    a_membership,
    an_id,
    an_organisation,
    somebody,
    speaks_for,
)
from tests.kit.tables import each
from tracker.domain import validity
from tracker.domain.records import Actor, Collection, Name, Source


class TestActors:
    def wrong(self, actor: Actor) -> list[tuple[str, str]]:
        return found(validity.actor_problems(actor))

    @pytest.mark.parametrize(
        "actor",
        [
            a_country("KAZ"),
            somebody(speaks_for("KAZ", since="2019-03-20", until="2029-01-01")),
            somebody(kind="group", members="KAZ KGZ"),
            Actor(kind="organisation", names=(Name(text="NATO"),), code="NATO", wikidata="Q7184"),
        ],
    )
    def test_may_be_of_any_kind(self, actor):
        assert self.wrong(actor) == []

    @pytest.mark.parametrize("names", [(), (Name(text=" "),)])
    def test_have_a_name(self, names):
        assert self.wrong(Actor(kind="group", names=names)) == [("/names", "required")]

    @each("code", [None, "KZ", "kaz", "KAZA", "K4Z", "КАЗ"])
    def test_that_are_states_have_their_code(self, code):
        assert ("/code", "invalid") in self.wrong(replace(a_country("KAZ"), code=code))

    def test_that_are_states_speak_for_themselves(self):
        state = replace(a_country("BLR"), affiliations=(speaks_for("RUS"),))

        assert self.wrong(state) == [("/affiliations", "invalid")]

    def test_list_members_only_as_a_group(self):
        assert self.wrong(somebody(members="KAZ")) == [("/members", "invalid")]

    def test_are_affiliated_until_after_since(self):
        for until in ("2022-01-01", "2021-01-01"):
            actor = somebody(speaks_for("RUS"), speaks_for("KAZ", since="2022-01-01", until=until))
            assert self.wrong(actor) == [("/affiliations/1/until", "invalid")]

    def test_list_memberships_only_as_an_organisation(self):
        body = an_organisation(a_membership("KAZ"))

        assert self.wrong(body) == []
        assert self.wrong(replace(body, kind="group")) == [("/memberships", "invalid")]

    def test_have_members_until_after_since(self):
        for until in ("2022-01-01", "2021-01-01"):
            body = an_organisation(a_membership("RUS"), a_membership("KAZ", "2022-01-01", until))
            assert self.wrong(body) == [("/memberships/1/until", "invalid")]
        assert self.wrong(an_organisation(a_membership("RUS", "1977", "1976-12"))) != []
        assert self.wrong(an_organisation(a_membership("RUS", "1977", "1977"))) == []

    def test_have_members_with_plain_dates(self):
        for since, code in ("1977-13", "bad_date"), ("197X", "invalid"), ("1200", "out_of_range"):
            body = an_organisation(a_membership("RUS", since))
            assert self.wrong(body) == [("/memberships/0/since", code)]

    def test_have_members_with_documents(self):
        body = an_organisation(a_membership("RUS", document=None))

        assert self.wrong(body) == [("/memberships/0/document", "required")]

    def test_list_no_membership_twice(self):
        body = an_organisation(
            a_membership("KAZ", "1992-01-01", "2001-01-01"),
            a_membership("KAZ", "2002-01-01"),
            a_membership("KAZ", "2002-01-01"),
        )

        assert self.wrong(body) == [("/memberships/2", "repeated")]

    def test_say_nothing_twice(self):
        actor = replace(
            somebody(speaks_for("RUS"), speaks_for("RUS"), kind="group", members="KAZ KAZ"),
            aliases=("a", "b", "a"),
            names=(Name(text="a"), Name(text="a")),
        )

        assert self.wrong(actor) == [
            ("/names/1", "repeated"),
            ("/aliases/2", "repeated"),
            ("/affiliations/1", "repeated"),
            ("/members/1", "repeated"),
        ]


class TestAddresses:
    @pytest.mark.parametrize(
        "url",
        [
            "https://example.org",
            "http://example.org:8080/a?b=c#d",
            "https://сайт.рф/новости",
            "https://[2001:db8::1]/a",
        ],
    )
    def test_are_of_the_web(self, url):
        assert list(validity.source_problems(Source(kind="outlet", name="A", url=url))) == []

    @each(
        "url",
        [
            "",
            "example.org",
            "ftp://example.org",
            "javascript:alert(1)",
            "https://",
            "https://[",
            "https://example.org:99999/",
            "https://example.org:0/",
            "https://example.org/a b",
            "https://example.org/\n",
        ],
    )
    def test_of_another_kind_are_refused(self, url):
        source = Source(kind="outlet", name="A", url=url)

        assert ("/url", "invalid") in found(validity.source_problems(source))

    @pytest.mark.parametrize("user", ["ann", "ann:secret", ":secret"])
    def test_hold_no_password(self, user):
        source = Source(kind="outlet", name="A", url=f"https://{user}@example.org/")

        assert "permanently" in told(validity.source_problems(source))


class TestSources:
    def test_have_a_name_or_are_an_actor(self):
        assert list(validity.source_problems(Source(kind="person", actor=an_id("putin")))) == []
        assert found(validity.source_problems(Source(kind="outlet"))) == [("/name", "required")]


class TestDocuments:
    def wrong(self, **given) -> list[tuple[str, str]]:
        return found(validity.document_problems(replace(a_document("newsletter"), **given)))

    def test_have_a_title_or_an_address(self):
        assert self.wrong() == []
        assert self.wrong(title="", url="https://example.org/a") == []
        assert self.wrong(title=" ") == [("/title", "required")]

    @pytest.mark.parametrize(
        "day", ["2022-05-24", "2022-05", "2022~", "[2022-05-20..2022-05-24]", None]
    )
    def test_may_be_of_any_date_or_of_none(self, day):
        assert self.wrong(date=day) == []

    @pytest.mark.parametrize("day", ["2022-05-24/..", "../2022-05-24", "[..2022]", "May 2022"])
    def test_are_not_published_for_ever(self, day):
        assert self.wrong(date=day) == [("/date", "bad_date")]

    def test_are_of_a_year_that_can_be_meant(self):
        assert self.wrong(date="0222-05-24") == [("/date", "out_of_range")]

    def test_have_addresses_of_the_web(self):
        assert self.wrong(url="example.org", archive_url="archive.org") == [
            ("/url", "invalid"),
            ("/archive_url", "invalid"),
        ]


class TestCollections:
    def wrong(self, **given) -> list[tuple[str, str]]:
        collection = Collection(**{"name": "feed", "coding": "machine", "review": True, **given})
        return found(validity.collection_problems(collection))

    def test_have_a_name_that_stands_in_addresses(self):
        assert self.wrong() == []
        assert self.wrong(name="") == [("/name", "required")]
        assert self.wrong(name="A feed") == [("/name", "invalid")]

    @pytest.mark.parametrize("credibility", [1, 7])
    def test_default_to_a_credibility_of_2_to_6(self, credibility):
        assert self.wrong(default_credibility=credibility) == [
            ("/default_credibility", "out_of_range")
        ]
        assert self.wrong(default_credibility=6, default_reliability="F") == []
