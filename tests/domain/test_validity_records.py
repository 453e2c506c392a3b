"""What is refused of actors, sources, documents and collections, and of events."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given

from tests.domain.test_folding import EVERY, IMPORT, ONE, OTHER
from tests.kit.claim_checks import found, some_positions, told
from tests.kit.domain_builders import (
    a_citation,
    a_claim,
    a_country,
    a_document,
    a_membership,
    a_verdict,
    an_id,
    an_organisation,
    somebody,
    speaks_for,
)
from tests.kit.laws import WIDE
from tests.kit.sample_shape import EVENTS
from tests.kit.tables import each
from tracker.domain import events as e
from tracker.domain import validity
from tracker.domain.records import Actor, Collection, Name, Source
from tracker.domain.validity import event_problems

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


class TestEvents:
    @each("event", EVERY)
    def test_may_be_as_plain_as_this(self, event):
        assert found(event_problems(event)) == []

    @each(
        ("event", "problems"),
        [
            (e.ClaimAsserted(claim=a_claim(summary="")), [("/summary", "required")]),
            (
                e.ClaimCorrected(claim=a_claim(summary=""), reason=" "),
                [("/summary", "required"), ("/reason", "required")],
            ),
            (e.ClaimCorrected(claim=a_claim(), reason="r" * 2_001), [("/reason", "too_long")]),
            (e.ClaimRetracted(), [("/reason", "required")]),
            (e.ClaimReinstated(reason="\n"), [("/reason", "required")]),
            (e.ClaimRetracted(reason="r" * 2_001), [("/reason", "too_long")]),
            (
                e.CitationAdded(citation=a_citation(credibility=1)),
                [("/credibility", "out_of_range")],
            ),
            (e.VerdictGiven(verdict="false"), [("/reason", "required")]),
            (a_verdict("false", "RUS RUS"), [("/parties/1", "repeated")]),
            (a_verdict("false", " ".join(f"A{n}" for n in range(101))), [("/parties", "too_many")]),
            (e.ClaimReviewed(outcome="accepted", note="n" * 2_001), [("/note", "too_long")]),
            (
                e.ForecastResolved(outcome="void", resolved_on=date(22, 4, 4), reason="r" * 2_001),
                [("/resolved_on", "out_of_range"), ("/reason", "too_long")],
            ),
            (e.ClaimsLinked(type="says", from_=ONE, to=ONE), [("/to", "same")]),
            (
                e.ClaimsLinked(type="says", from_=ONE, to=OTHER, note="n" * 2_001),
                [("/note", "too_long")],
            ),
            (
                e.ClaimsUnlinked(type="says", from_=ONE, to=ONE),
                [("/reason", "required")],
            ),
            (e.ActorDescribed(actor=Actor(kind="group")), [("/names", "required")]),
            (e.SourceDescribed(source=Source(kind="outlet")), [("/name", "required")]),
            (
                e.SourceRated(reliability="C", since=date(1, 1, 1), reason="r" * 2_001),
                [("/since", "out_of_range"), ("/reason", "too_long")],
            ),
            (
                e.SourceRated(reliability="G", since=date(2022, 1, 1), reason="its record"),
                [("/reliability", "invalid")],
            ),
            (e.SourceRated(reliability="C", since=date(2022, 1, 1)), [("/reason", "required")]),
            (
                e.ForecastResolved(outcome="happened", resolved_on=date(2023, 4, 4), reason=" "),
                [("/reason", "required")],
            ),
            (
                replace(IMPORT, name="", format="A B", file_sha256="abc", counts={"added": -1}),
                [
                    ("/name", "required"),
                    ("/counts/added", "invalid"),
                    ("/format", "invalid"),
                    ("/file_sha256", "invalid"),
                ],
            ),
            (replace(IMPORT, counts={"added": True}), [("/counts/added", "invalid")]),
            (replace(IMPORT, counts={"added": 0}), []),
            (replace(IMPORT, positions=some_positions((1, 1), (2, 9), (11, 12))), []),
            (replace(IMPORT, positions=some_positions((0, 4))), [("/positions/0", "invalid")]),
            (
                replace(IMPORT, positions=some_positions((3, 5), (9, 8), (9, 9))),
                [("/positions/1", "invalid")],
            ),
            (
                replace(IMPORT, positions=some_positions((3, 5), (5, 6))),
                [("/positions/1", "invalid")],
            ),
            (
                e.TextWithheld(position=0, reason="", authority=" "),
                [
                    ("/reason", "required"),
                    ("/authority", "required"),
                    ("/position", "invalid"),
                ],
            ),
            (
                e.BodyErased(position=0, leaf_hash="x", reason="", authority=" "),
                [
                    ("/leaf_hash", "invalid"),
                    ("/reason", "required"),
                    ("/authority", "required"),
                    ("/position", "invalid"),
                ],
            ),
            (
                e.LogReopened(incarnation=UUID(int=1), lost_from=0, reason="", authority=" "),
                [("/reason", "required"), ("/authority", "required"), ("/lost_from", "invalid")],
            ),
            (
                e.TextWithheld(position=1, reason="r" * 2_001, authority="a" * 501),
                [("/reason", "too_long"), ("/authority", "too_long")],
            ),
        ],
    )
    def test_tell_everything_that_is_wrong_at_once(self, event, problems):
        assert sorted(found(event_problems(event))) == sorted(problems)

    @WIDE
    @given(EVENTS)
    def test_of_any_content_are_answered_with_problems_alone(self, event):
        for one in event_problems(event):
            assert one.pointer.startswith("/")
            assert one.detail
