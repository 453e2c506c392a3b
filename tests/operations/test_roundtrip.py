"""What was exported comes in again as it was: into an empty log, and into the one it came from."""

import io
import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from tests.kit.builders import AT, BY, a_citation, a_desk, a_document, a_source, an_actor
from tests.kit.exported_claims import CLAIM, FIRM, ID, KAZ, NOTE, RUS
from tests.kit.imports import archive, claims, counts, days, events, take_in
from tests.kit.placed_quotes import a_placed_citation, a_selector
from tests.kit.seeded import put_seed_on_record
from tracker import log
from tracker.domain import events as e
from tracker.domain import records
from tracker.domain.claims import Claim
from tracker.domain.disclosure import Reader
from tracker.domain.records import Affiliation, Membership, Name, Party
from tracker.exports import requests
from tracker.exports.formats import FORMATS
from tracker.exports.requests import TableRequest
from tracker.imports import writer
from tracker.imports.files import ImportOptions
from tracker.operations import actors, sources
from tracker.queries import moment
from tracker.queries.records import states

pytestmark = pytest.mark.django_db
# A state is known by its code.
WHOLE = CLAIM | {"parties": [CLAIM["parties"][0], CLAIM["parties"][1] | {"code": "KAZ"}]}


def exported() -> bytes:
    """All claims, as NDJSON."""
    out = io.BytesIO()
    FORMATS["ndjson"].write(
        requests.table(TableRequest(table="claims", as_of=moment.now()), reader=Reader.DESK), out
    )
    return out.getvalue()


def lined(*claims: dict[str, Any]) -> bytes:
    return "".join(json.dumps(one) + "\n" for one in claims).encode()


def said(data: bytes) -> dict[UUID, Claim]:
    """The claims on record of the lines of a file."""
    ids = [UUID(json.loads(line)["id"]) for line in data.splitlines()]
    return {key: one.claim for key, one in states.claims(ids, at=None).items()}


def described(data: bytes) -> dict[UUID, object]:
    """The collections, actors, sources with their grades, and documents behind the lines."""
    lines = [json.loads(line) for line in data.splitlines()]
    return dict(
        states.records({UUID(one["stream"]) for line in lines for one in line["records"]}, at=None)
    )


def a_union_at_work(desk_) -> tuple[UUID, UUID]:
    """Put on record that a union of China and Russia sanctions Kazakhstan, with the list of its
    members, which it publishes. Gives both ids."""
    union = an_actor(None, kind="organisation", names=(Name(text="Union"),))
    stream = actors.describe_actor(union, at=AT, by=BY).stream
    itself = a_source(name="Union", actor=stream)
    source = sources.describe_source(itself, at=AT, by=BY).stream
    listed = a_document(source, title="Our members")
    document = sources.describe_document(listed, at=AT, by=BY).stream
    memberships = tuple(
        Membership(country=desk_.countries[code], document=document) for code in ("CHN", "RUS")
    )
    described = replace(union, memberships=memberships)
    actors.describe_actor(described, at=AT, by=BY, actor_id=stream)
    desk_.asserts(
        parties=(
            Party(actor=stream, role="initiator"),
            Party(actor=desk_.countries["KAZ"], role="recipient"),
        )
    )
    return stream, document


def a_protest(desk_):
    """A claim that soldiers of Russia protested, as an agency of Kazakhstan says; gives both."""
    army = an_actor(
        None,
        kind="organisation",
        names=(Name(text="Army"),),
        affiliations=(Affiliation(country=desk_.countries["RUS"], sector="military"),),
    )
    soldiers = actors.describe_actor(army, at=AT, by=BY).stream
    agency = a_source(name="Agency", country=desk_.countries["KAZ"])
    source = sources.describe_source(agency, at=AT, by=BY).stream
    desk_.asserts(
        parties=(Party(actor=soldiers, role="initiator"),),
        code="plover-2.0/PROTEST/demo",
        citations=(a_citation(desk_.document, chain=(source,)),),
    )
    return soldiers, source


class TestAnExport:
    def test_comes_in_as_it_was_into_an_empty_log(self):
        with transaction.atomic():
            put_seed_on_record(AT)
            take_in(
                archive(*days(3), {"SOURCEURL": "https://other.example/1", "SQLDATE": "20160701"})
            )
            data = exported()
            before, around = said(data), described(data)
            transaction.set_rollback(True)
        assert log.head().position == 0

        taken = take_in(data, name="claims.ndjson")

        assert (taken.report.format, counts(taken)) == ("claims", {"new": len(before)})
        assert said(data) == before
        assert described(data) == around
        assert {one.collection.name: one.collection.coding for one in collections()} == {
            "curated": "curated",
            "gdelt-1": "machine",
        }
        again = take_in(exported())
        assert counts(again) == {"known": len(before)}

    def test_keeps_the_place_of_a_quote(self):
        with transaction.atomic():
            desk_ = a_desk()
            desk_.asserts(citations=(a_placed_citation(desk_.document),))
            data = exported()
            before = said(data)
            transaction.set_rollback(True)

        take_in(data)

        assert said(data) == before
        [claim] = before.values()
        assert claim.citations[0].selector == a_selector()

    def test_is_led_to_what_goes_by_the_same_names_in_another_log(self):
        with transaction.atomic():
            desk_ = a_desk()
            soldiers, source = a_protest(desk_)
            data = exported()
            transaction.set_rollback(True)
        own = a_desk()
        assert own.countries["RUS"] != desk_.countries["RUS"]

        assert counts(take_in(data)) == {"new": 1}

        found = states.records([soldiers, source, desk_.document], at=None)
        assert found[soldiers].actor.affiliations[0].country == own.countries["RUS"]
        assert found[source].source.country == own.countries["KAZ"]
        assert found[desk_.document].document.source == own.source
        [claim] = [one.claim for one in claims()]
        assert claim.collection == own.collection
        assert {actor.code for actor in (one.actor for one in events(e.ActorDescribed))} == {
            "CHN",
            "KAZ",
            "RUS",
            None,
        }

    def test_has_the_members_of_an_organisation_that_acts_for_them(self):
        """In another log they are the states of the same code, and the list that says so is there,
        which the organisation publishes itself."""
        with transaction.atomic():
            union, document = a_union_at_work(a_desk())
            data = exported()
            transaction.set_rollback(True)
        own = a_desk()

        assert counts(take_in(data)) == {"new": 1}

        [state] = states.records([union], at=None).values()
        assert {(one.country, one.document) for one in state.actor.memberships} == {
            (own.countries["CHN"], document),
            (own.countries["RUS"], document),
        }
        [listed] = states.records([document], at=None).values()
        assert listed.document.title == "Our members"

    def test_leaves_out_members_for_whom_an_organisation_does_not_act(self, monkeypatch):
        monkeypatch.setattr(records, "MOST_REPRESENTED", 1)
        with transaction.atomic():
            union, document = a_union_at_work(a_desk())
            data = exported()
            transaction.set_rollback(True)

        assert counts(take_in(data)) == {"new": 1}

        [state] = states.records([union, document], at=None).values()
        assert state.actor.memberships == ()


def collections():
    return events(e.CollectionDescribed)


class TestALine:
    def test_makes_all_that_it_names_with_its_ids(self):
        assert counts(take_in(lined(WHOLE))) == {"new": 1}

        found = {one.stream: one.decoded() for one in log.read(after=0, limit=99)}
        assert found[UUID(RUS)].actor.code == "RUS"
        assert found[UUID(NOTE)].document.url == "https://tass.example/1"
        assert found[UUID(FIRM)].source.name == "Check Point"
        [claim] = [one.claim for one in claims()]
        assert [one.actor for one in claim.parties] == [UUID(RUS), UUID(KAZ)]
        assert claim.parties[0].responsibility == "state-executed"
        assert [one.stance for one in claim.citations] == ["supports", "denies"]

    def test_of_an_actor_whose_code_is_not_said_is_refused(self):
        parties = [CLAIM["parties"][0], CLAIM["parties"][1] | {"name": "Nowhere"}]

        [refused] = take_in(lined(WHOLE | {"parties": parties})).refused

        assert (refused.column, refused.value) == ("parties", "Nowhere")
        assert (
            refused.reason
            == "as an actor: a state requires its ISO 3166-1 alpha-3 code, such as KAZ"
        )

    def test_that_brings_along_what_can_be_no_record_is_refused(self):
        nameless = {"stream": FIRM, "kind": "SourceDescribed", "schema": 1, "body": {}}
        nameless["body"] = {"source": {"kind": "outlet"}}

        [refused] = take_in(lined(WHOLE | {"records": [nameless]})).refused

        assert (refused.column, refused.value) == ("records", FIRM)
        assert "name" in refused.reason

    def test_has_what_an_earlier_one_brought_along_and_did_not_need(self, monkeypatch):
        monkeypatch.setattr(writer, "FIRST_CHUNK", 1)
        rated = {"kind": "SourceDescribed", "schema": 1, "body": {}, "stream": ID[:-1] + "9"}
        rated["body"] = {"source": {"kind": "agency", "name": "Third"}}
        link = {"source": rated["stream"], "name": "Third", "grade": None, "ownership": None}
        first = WHOLE["citations"][0]
        cited = first | {"provenance": [*first["provenance"], link]}
        second = WHOLE | {"id": ID[:-1] + "2", "citations": [cited], "records": [rated]}

        assert counts(take_in(lined(WHOLE | {"records": [rated]}, second))) == {"new": 2}

        found = {one.source.name: one.source.kind for one in events(e.SourceDescribed)}
        assert found["Third"] == "agency"

    def test_of_another_record_s_id_is_refused(self):
        take_in(lined(WHOLE))

        [refused] = take_in(lined(WHOLE | {"id": RUS})).refused

        assert (refused.column, refused.value) == ("id", RUS)
        assert refused.reason == "is the id of something else on record"

    def test_of_a_collection_that_has_no_name_is_refused(self):
        [refused] = take_in(lined(WHOLE | {"collection_name": "No Name"})).refused

        assert (refused.column, refused.value) == ("collection_name", "No Name")

    def test_of_another_collection_leaves_the_claim_where_it_is(self):
        take_in(lined(WHOLE))

        other = WHOLE | {"collection_name": "another", "collection": ID}
        taken = take_in(lined(other), ImportOptions(apply_changes=True))

        assert (counts(taken), taken.report.corrections) == ({"changed": 1}, 0)
