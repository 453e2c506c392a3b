"""Claims through the API: everything that was sent comes back, in lists too, page by page."""

import dataclasses
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.client import V1, a_body
from tests.builders import AT, BY, CODE, a_citation
from tracker.api.serializers import claim_bodies, claims, codes, events, impacts, records
from tracker.api.serializers import lenses as lenses_out
from tracker.api.serializers import record_bodies as bodies
from tracker.domain import claims as c
from tracker.domain import events as e
from tracker.domain import parties, publications
from tracker.domain.codes import Code
from tracker.domain.folding import ClaimState
from tracker.domain.lenses import Bloc, Lens, View
from tracker.domain.scoring.evidence import Impact
from tracker.log import Recorded
from tracker.operations import actors, links
from tracker.operations import claims as operations

pytestmark = pytest.mark.django_db


def full_body(desk, **given):
    """A claim in which every field says something."""
    return a_body(
        desk,
        key="17",
        contexts=["economic"],
        polarity="asserted",
        modality="conditional",
        condition="if the price falls",
        occurred={"edtf": "[2022-03-21..2022-03-31]", "phrase": "late March", "basis": "inferred"},
        strength={"grade": "partial", "reason": "essentially"},
        likelihood="likely",
        hedge="apparently",
        magnitude={"value": "-40.50", "unit": "%", "change": True, "baseline": "2021"},
        resolves_by="2022-12",
        criterion="the oil flows again",
        tags=["oil"],
        note="a note",
        parties=[
            {
                "actor": str(desk.countries["RUS"]),
                "role": "initiator",
                "responsibility": "state-ordered",
            },
            {"actor": str(desk.countries["KAZ"]), "role": "recipient", "responsibility": None},
        ],
        citations=[
            {
                "document": str(desk.document),
                "chain": [],
                "stance": "supports",
                "interest": "self-serving",
                "credibility": 3,
                "language": "ru",
                "locator": "p. 4",
                "quote": "Мы закрыли",
                "translation": "We shut it",
                "note": "on page four",
            }
        ],
        **given,
    )


def same(read, sent):
    """What was read, cut down to what was sent."""
    if isinstance(sent, dict):
        return {name: same(read[name], value) for name, value in sent.items()}
    if isinstance(sent, list):
        return [same(*pair) for pair in zip(read, sent, strict=True)]
    return read


class TestEveryFieldOfTheDomain:
    """Guards the serializers: a field that is added to a record has to be added there."""

    @pytest.mark.parametrize(
        ("serializer", "shape", "elsewhere"),
        [
            (claim_bodies.ClaimBody, c.Claim, set()),
            (claim_bodies.PartyBody, parties.Party, set()),
            (claim_bodies.OccurredBody, c.Occurred, set()),
            (claim_bodies.StrengthBody, c.Strength, set()),
            (claim_bodies.MagnitudeBody, c.Magnitude, set()),
            (claim_bodies.CitationBody, c.Citation, set()),
            (claim_bodies.VerdictBody, e.VerdictGiven, set()),
            (bodies.ActorBody, parties.Actor, set()),
            (bodies.NameBody, parties.Name, set()),
            (bodies.AffiliationBody, parties.Affiliation, set()),
            (bodies.SourceBody, publications.Source, set()),
            (bodies.DocumentBody, publications.Document, set()),
            (bodies.RatingBody, e.SourceRated, set()),
            (claims.ClaimOut, c.Claim, set()),
            # `asserted.position` is when; the ids of verdicts' events are in the history
            (claims.ClaimOut, ClaimState, {"claim", "asserted_at", "judged_at"}),
            (claims.PartyOut, parties.Party, set()),
            (claims.OccurredOut, c.Occurred, set()),
            (claims.StrengthOut, c.Strength, set()),
            (claims.MagnitudeOut, c.Magnitude, set()),
            (claims.CitationOut, c.Citation, set()),
            (claims.VerdictOut, e.VerdictGiven, set()),
            (claims.ResolutionOut, e.ForecastResolved, set()),
            (codes.CodeOut, Code, {"scheme", "parts", "event", "mode"}),
            (events.FeedEvent, Recorded, set()),
            (impacts.ImpactOut, Impact, {"claim"}),
            (records.ActorOut, parties.Actor, set()),
            (records.NameOut, parties.Name, set()),
            (records.AffiliationOut, parties.Affiliation, set()),
            (records.SourceOut, publications.Source, set()),
            (records.RatingOut, publications.Rating, set()),
            (records.DocumentOut, publications.Document, set()),
            (records.CollectionOut, publications.Collection, set()),
            (lenses_out.LensOut, Lens, set()),
            (lenses_out.ViewOut, View, set()),
            (lenses_out.BlocOut, Bloc, set()),
        ],
        ids=lambda value: getattr(value, "__name__", ""),
    )
    def test_has_its_place_in_the_serializer(self, serializer, shape, elsewhere):
        wanted = {field.name for field in dataclasses.fields(shape)} - elsewhere

        assert wanted <= serializer().fields.keys()


class TestCreate:
    def test_answers_with_position_id_version_and_address(self, api, desk):
        answer = api.send("claims/", a_body(desk))
        receipt = answer.json()

        assert answer.status_code == 201
        assert answer.headers["Location"] == f"http://testserver{V1}claims/{receipt['id']}/"
        assert answer.headers["ETag"] == '"1"'
        assert receipt["version"] == 1
        assert (receipt["kind"], receipt["recorded_by"]) == ("ClaimAsserted", "ann")
        events = api.get("log/events/", after=receipt["position"] - 1)
        assert [one["stream"] for one in events["results"]] == [receipt["id"]]

    def test_gives_back_everything_that_was_sent(self, api, desk):
        body = full_body(desk)

        made = api.post("claims/", body)

        assert same(api.get(f"claims/{made['id']}/"), body) == body

    def test_takes_a_null_for_nothing(self, api, desk):
        nothing = {"code": None, "occurred": None, "note": None, "magnitude": None, "key": None}

        made = api.claims(desk, **nothing)

        event = api.get("log/events/", after=made["position"] - 1)["results"][0]
        assert not nothing.keys() & event["body"]["claim"].keys()

    def test_keeps_words_as_they_were_sent(self, api, desk):
        made = api.claims(desk, summary=" Россия: «нет» 中 ", hedge="")

        assert api.get(f"claims/{made['id']}/")["summary"] == " Россия: «нет» 中 "

    def test_refuses_a_reference_to_nothing(self, api, desk):
        body = a_body(desk, collection=str(desk.document))

        (error,) = api.post("claims/", body, expect=400)["errors"]

        assert (error["pointer"], error["code"]) == ("/collection", "unknown_reference")


class TestRead:
    def test_names_what_the_claim_refers_to(self, api, desk):
        made = api.claims(desk)

        claim = api.get(f"claims/{made['id']}/")

        assert claim["collection_name"] == "curated"
        assert [(one["name"], one["code"]) for one in claim["parties"]] == [
            ("RUS", "RUS"),
            ("KAZ", "KAZ"),
        ]
        assert claim["coded"]["value"] == -6.0
        (citation,) = claim["citations"]
        assert citation["document_title"] == "A report"
        assert [(one["name"], one["grade"]) for one in citation["provenance"]] == [
            ("The Gazette", "C")
        ]
        assert claim["occurred"]["earliest"] == claim["occurred"]["latest"] == "2022-05-11"
        assert claim["asserted"]["recorded_by"] == "ann"
        assert claim["asserted"]["position"] == made["position"]

    def test_names_a_source_that_is_an_actor_by_the_actor(self, api, desk):
        person = desk.countries["CHN"]
        document = desk.hears(kind="person", name="", actor=person)
        made = api.claims(desk, citations=[{"document": str(document)}])

        (citation,) = api.get(f"claims/{made['id']}/")["citations"]

        assert citation["provenance"][0]["name"] == "CHN"

    def test_prints_an_embedded_claim_with_its_speaker_and_its_verdict(self, api, desk):
        said, speech = api.claims(desk, summary="There were laboratories."), api.claims(desk)
        api.post(f"claims/{speech['id']}/links/", {"type": "says", "to": said["id"]})
        verdict = {"verdict": "false", "reason": "inspected"}
        api.post(f"claims/{said['id']}/verdicts/", verdict, If_Match='"1"')

        claim = api.get(f"claims/{said['id']}/")

        title = "RUS alleges: There were laboratories. [judged false by the desk]"
        assert claim["title"] == title
        assert claim["links"] == [
            {
                "id": claim["links"][0]["id"],
                "type": "says",
                "from_claim": speech["id"],
                "to_claim": said["id"],
                "title": "Something was done.",
            }
        ]
        assert same(claim["verdicts"], [verdict]) == [verdict]
        assert claim["verdicts"][0]["judge"] == "the desk"
        (listed,) = [one for one in api.get("claims/")["results"] if one["id"] == said["id"]]
        assert listed["title"] == title

    def test_is_a_404_where_there_is_none(self, api, desk):
        for path in ("", "history/", "impacts/"):
            problem = api.get(f"claims/{desk.collection}/{path}", expect=404)
            assert problem["type"].endswith("/not-found/")

    def test_of_a_past_moment_shows_what_was_known_then(self, api, desk):
        made = api.claims(desk)
        speech = api.claims(desk)
        linked = api.post(f"claims/{speech['id']}/links/", {"type": "says", "to": made["id"]})
        then = api.get(f"claims/{made['id']}/", as_of=linked["position"])
        links.unlink(
            "says",
            UUID(speech["id"]),
            UUID(made["id"]),
            reason="a mix-up",
            at=AT,
            by=BY,
        )
        api.post(f"claims/{made['id']}/retraction/", {"reason": "no"}, If_Match='"1"')
        actor = parties.Actor(kind="state", code="RUS", names=(parties.Name(text="Renamed"),))
        actors.describe_actor(actor, at=AT, by=BY, actor_id=desk.countries["RUS"], expected=1)

        now = api.get(f"claims/{made['id']}/")
        again = api.get(f"claims/{made['id']}/", as_of=linked["position"])

        assert then["title"] == "RUS alleges: Something was done."
        assert again == then
        assert (now["title"], now["status"]) == ("Something was done. [retracted]", "retracted")
        assert (now["version"], now["links"]) == (2, [])
        assert now["parties"][0]["name"] == "Renamed"

    def test_of_a_time_is_that_of_the_last_position_before_it(self, api, desk):
        made = api.claims(desk)
        api.post(f"claims/{made['id']}/retraction/", {"reason": "no"}, If_Match='"1"')

        then = api.get(f"claims/{made['id']}/", as_of=made["recorded_at"])

        assert then["status"] == "standing"
        api.get(f"claims/{made['id']}/", expect=404, as_of="2000-01-01T00:00:00Z")

    def test_carries_its_version_as_a_tag(self, api, desk):
        made = api.claims(desk)

        assert api.http.get(f"{V1}claims/{made['id']}/").headers["ETag"] == '"1"'


class TestList:
    @pytest.fixture
    def three(self, api, desk):
        return [
            api.claims(desk, kind="act"),
            api.claims(desk, kind="situation", recipient="CHN"),
            api.claims(desk, kind="act", code="plover-2.0/SUPPORT", initiator="CHN"),
        ]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({}, {0, 1, 2}),
            ({"kind": "act"}, {0, 2}),
            ({"code": CODE}, {0, 1}),
            ({"pair": "RUS-KAZ"}, {0}),
            ({"pair": "kaz-rus"}, {0}),
            ({"pair": "CHN-RUS"}, {1}),
            ({"status": "retracted"}, set()),
            ({"kind": "act", "pair": "CHN-KAZ"}, {2}),
        ],
    )
    def test_is_narrowed_to_what_was_asked_for(self, api, three, query, found):
        ids = {one["id"] for one in api.get("claims/", **query)["results"]}

        assert ids == {three[index]["id"] for index in found}

    def test_is_narrowed_by_ids(self, api, desk, three):
        asked = {
            "actor": desk.countries["CHN"],
            "collection": desk.collection,
            "document": desk.document,
        }
        found = [len(api.get("claims/", **{name: one})["results"]) for name, one in asked.items()]

        assert found == [2, 3, 3]

    def test_has_somebody_who_speaks_for_a_country_among_its_pairs(self, api, desk):
        voice = parties.Affiliation(country=desk.countries["RUS"], sector="government")
        man = parties.Actor(
            kind="person", names=(parties.Name(text="Putin"),), affiliations=(voice,)
        )
        putin = actors.describe_actor(man, at=AT, by=BY).stream
        made = api.claims(
            desk,
            parties=[
                {"actor": str(putin), "role": "initiator"},
                {"actor": str(desk.countries["KAZ"]), "role": "recipient"},
            ],
        )

        found = api.get("claims/", pair="KAZ-RUS")["results"]

        assert [one["id"] for one in found] == [made["id"]]

    def test_says_that_there_is_no_such_country(self, api, desk):
        problem = api.get("claims/", expect=404, pair="KAZ-QQQ")

        assert "QQQ" in problem["detail"]

    def test_is_counted_where_asked_for(self, api, three):
        assert api.get("claims/", count="exact", limit=1)["count"] == 3
        assert "count" not in api.get("claims/", limit=1)

    def test_gives_every_claim_once_while_more_are_entered(self, api, desk):
        before = [api.claims(desk)["id"] for _ in range(5)]
        seen, query = [], {"limit": 2}
        page = api.get("claims/", **query)
        while True:
            seen += [one["id"] for one in page["results"]]
            if page["next"] is None:
                break
            if len(seen) < 10:
                desk.asserts("RUS", "KAZ")
            page = api.get(page["next"])

        assert len(seen) == len(set(seen))
        assert set(before) <= set(seen)

    def test_says_in_a_header_where_the_next_page_is(self, api, three):
        answer = api.http.get(V1 + "claims/?limit=2&kind=act")
        last = api.http.get(V1 + "claims/?limit=2")

        assert "Link" not in answer.headers
        assert last.headers["Link"] == f'<{last.json()["next"]}>; rel="next"'
        assert "limit=2" in last.json()["next"]

    def test_asks_the_database_as_often_for_many_as_for_one(self, api, desk):
        def asked(limit):
            with CaptureQueriesContext(connection) as captured:
                found = api.get("claims/", limit=limit)["results"]
            assert len(found) == limit
            return len(captured)

        other = api.claims(desk)
        for _ in range(6):
            document = desk.hears()
            made = desk.asserts("CHN", "RUS", citations=(a_citation(document),))
            verdict = e.VerdictGiven(verdict="disputed", reason="no", source=desk.source)
            operations.give_verdict(made.stream, verdict, at=AT, by=BY)
            links.link("says", made.stream, UUID(other["id"]), at=AT, by=BY)

        assert asked(1) == asked(5)


class TestImpacts:
    def test_show_p_step_by_step_and_what_moves(self, api, desk):
        made = api.claims(desk)

        found = api.get(f"claims/{made['id']}/impacts/")

        assert found["p"] == found["p_before_verdicts"] == 0.65
        assert [step["p"] for step in found["steps"]] == [0.65, 0.65]
        assert found["lens"] == "standing@1"
        (impact,) = found["impacts"]
        assert (impact["initiator"], impact["recipient"]) == ("RUS", "KAZ")
        assert (impact["first"], impact["value"], impact["weight"]) == ("2022-05-11", -6.0, 1.0)
        assert found["silent_because"] == ""

    def test_say_why_there_are_none(self, api, desk):
        made = api.claims(desk, kind="assessment")

        found = api.get(f"claims/{made['id']}/impacts/")

        assert found["impacts"] == []
        assert found["silent_because"] == "a claim of kind assessment moves no score"

    def test_of_a_past_moment_stay_what_they_were(self, api, desk):
        made = api.claims(desk)
        api.post(
            f"claims/{made['id']}/verdicts/",
            {"verdict": "false", "reason": "no"},
            If_Match='"1"',
        )

        assert api.get(f"claims/{made['id']}/impacts/")["p"] == 0
        assert api.get(f"claims/{made['id']}/impacts/", as_of=made["position"])["p"] == 0.65
