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

MEMBER = a_membership("KAZ", "2022-01-01")


def until(day):
    """Somebody and an organisation, the second of whose stays ends on a day."""
    actor = somebody(speaks_for("RUS"), speaks_for("KAZ", since="2022-01-01", until=day))
    return actor, an_organisation(a_membership("RUS"), replace(MEMBER, until=day))


class TestActors:
    @each(
        ("actor", "problems"),
        [
            (a_country("KAZ"), []),
            (somebody(speaks_for("KAZ", since="2019-03-20", until="2029-01-01")), []),
            (somebody(kind="group", members="KAZ KGZ"), []),
            (
                Actor(
                    kind="organisation", names=(Name(text="NATO"),), code="NATO", wikidata="Q7184"
                ),
                [],
            ),
            (an_organisation(MEMBER), []),
            *(
                (Actor(kind="group", names=names), [("/names", "required")])
                for names in ((), (Name(text=" "),))
            ),
            # States speak for themselves; groups have members, and organisations memberships.
            (
                replace(a_country("BLR"), affiliations=(speaks_for("RUS"),)),
                [("/affiliations", "invalid")],
            ),
            (somebody(members="KAZ"), [("/members", "invalid")]),
            (replace(an_organisation(MEMBER), kind="group"), [("/memberships", "invalid")]),
            # A stay ends after it begins.
            *(
                (until(day)[0], [("/affiliations/1/until", "invalid")])
                for day in ("2022-01-01", "2021-01-01")
            ),
            *(
                (until(day)[1], [("/memberships/1/until", "invalid")])
                for day in ("2022-01-01", "2021-01-01")
            ),
            (
                an_organisation(a_membership("RUS", "1977", "1976-12")),
                [("/memberships/0/until", "invalid")],
            ),
            (an_organisation(a_membership("RUS", "1977", "1977")), []),
            *(
                (an_organisation(a_membership("RUS", since)), [("/memberships/0/since", code)])
                for since, code in (
                    ("1977-13", "bad_date"),
                    ("197X", "invalid"),
                    ("1200", "out_of_range"),
                )
            ),
            (
                an_organisation(a_membership("RUS", document=None)),
                [("/memberships/0/document", "required")],
            ),
            # Nothing is said twice.
            (
                an_organisation(a_membership("KAZ", "1992-01-01", "2001-01-01"), MEMBER, MEMBER),
                [("/memberships/2", "repeated")],
            ),
            (
                replace(
                    somebody(speaks_for("RUS"), speaks_for("RUS"), kind="group", members="KAZ KAZ"),
                    aliases=("a", "b", "a"),
                    names=(Name(text="a"), Name(text="a")),
                ),
                [
                    ("/names/1", "repeated"),
                    ("/aliases/2", "repeated"),
                    ("/affiliations/1", "repeated"),
                    ("/members/1", "repeated"),
                ],
            ),
        ],
    )
    def test_are_refused_at_the_field_that_is_wrong(self, actor, problems):
        assert found(validity.actor_problems(actor)) == problems

    @each("code", [None, "KZ", "kaz", "KAZA", "K4Z", "КАЗ"])
    def test_that_are_states_have_their_code(self, code):
        wrong = validity.actor_problems(replace(a_country("KAZ"), code=code))

        assert ("/code", "invalid") in found(wrong)


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
    @each(
        ("given", "problems"),
        [
            ({}, []),
            ({"title": "", "url": "https://example.org/a"}, []),
            ({"title": " "}, [("/title", "required")]),
            *(
                ({"date": day}, [])
                for day in ("2022-05", "2022~", "[2022-05-20..2022-05-24]", None)
            ),
            *(
                ({"date": day}, [("/date", "bad_date")])
                for day in ("2022-05-24/..", "../2022-05-24", "[..2022]", "May 2022")
            ),
            ({"date": "0222-05-24"}, [("/date", "out_of_range")]),
            (
                {"url": "example.org", "archive_url": "archive.org"},
                [("/url", "invalid"), ("/archive_url", "invalid")],
            ),
        ],
    )
    def test_are_refused_at_the_field_that_is_wrong(self, given, problems):
        document = replace(a_document("newsletter"), **given)

        assert found(validity.document_problems(document)) == problems


class TestCollections:
    @each(
        ("given", "problems"),
        [
            ({}, []),
            ({"default_credibility": 6, "default_reliability": "F"}, []),
            ({"name": ""}, [("/name", "required")]),
            ({"name": "A feed"}, [("/name", "invalid")]),
            *(
                ({"default_credibility": known}, [("/default_credibility", "out_of_range")])
                for known in (1, 7)
            ),
        ],
    )
    def test_are_refused_at_the_field_that_is_wrong(self, given, problems):
        collection = Collection(**{"name": "feed", "coding": "machine", "review": True, **given})

        assert found(validity.collection_problems(collection)) == problems
