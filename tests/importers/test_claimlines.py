"""Claims as our own API gives them: what was exported comes in again as it was.

What was recorded of a claim later is read with it.
"""

import json
from datetime import date
from uuid import UUID

import pytest

from tests.kit.archive_rows import read
from tests.kit.exported_claims import CLAIM, FIRM, ID, KAZ, NOTE, NYT, RUS, TASS, TIMES
from tracker.domain import codec
from tracker.domain import events as e
from tracker.domain.events import SourceDescribed, SourceRated
from tracker.domain.records import Source
from tracker.imports.formats import claims
from tracker.imports.formats.base import InvalidRow
from tracker.imports.formats.claims import STATUS_UNEXPLAINED
from tracker.imports.formats.drafts import DraftCitation, NamedParty, NamedSource


def lines(*claims):
    return "".join(json.dumps(one) + "\n" for one in claims).encode()


def draft(**given):
    [found] = read(claims.FORMAT, lines(CLAIM | given))
    return found


def without(name):
    return {other: one for other, one in CLAIM.items() if other != name}


class TestADraft:
    def test_has_the_fields_of_a_claim_and_no_more(self):
        assert draft().fields == {
            "kind": "act",
            "summary": "Russia shuts off Kazakh oil flows.",
            "code": "plover-2.0/SANCTION/discontinue",
            "contexts": ["economic"],
            "polarity": "asserted",
            "modality": "actual",
            "occurred": {"edtf": "2022-03", "basis": "stated", "phrase": "in March"},
            "strength": {"grade": "partial", "reason": "mostly"},
            "likelihood": "likely",
            "hedge": "apparently",
            "magnitude": {"value": "-40.5", "unit": "%", "change": False},
            "tags": ["oil"],
        }

    def test_has_all_that_a_claim_may_have(self):
        given = {
            "key": "7",
            "kind": "forecast",
            "condition": "if it rains",
            "resolves_by": "2023",
            "criterion": "it rains",
            "note": "So they say.",
        }
        fields = draft(**given, occurred=None, strength=None, magnitude=None).fields

        assert given.items() <= fields.items()
        assert not {"occurred", "strength", "magnitude"} & set(fields)

    def test_brings_along_the_records_that_it_names_each_in_the_order_of_its_events(self):
        described = {"source": {"kind": "outlet", "name": "TASS"}}
        rated = {"reliability": "D", "since": "2020-01-01", "reason": "its record"}
        brought = [
            {"stream": TASS, "kind": "SourceDescribed", "schema": 1, "body": described},
            {"stream": TASS, "kind": "SourceRated", "schema": 1, "body": rated},
        ]

        assert draft(records=brought).records == {
            UUID(TASS): (
                SourceDescribed(source=Source(kind="outlet", name="TASS")),
                SourceRated(reliability="D", since=date(2020, 1, 1), reason="its record"),
            )
        }
        assert draft().records == {}

    @pytest.mark.parametrize(
        ("given", "says"),
        [
            ({"kind": "ClaimAsserted"}, "ClaimAsserted describes no record"),
            ({"schema": 9}, "cannot read SourceDescribed, schema 9"),
            ({"body": {"source": {}}}, "is missing"),
            ({"stream": "x"}, "badly formed"),
        ],
    )
    def test_brings_along_nothing_else(self, given, says):
        brought = {"stream": TASS, "kind": "SourceDescribed", "schema": 1, "body": {}} | given

        refused = draft(records=[brought])

        assert isinstance(refused, InvalidRow)
        assert says in refused.reason

    def test_keeps_the_ids_of_what_was_exported(self):
        found = draft()

        assert (found.line, found.id, found.document_id) == (1, UUID(ID), UUID(TIMES))
        assert (found.collection, found.collection_id) == ("curated", UUID(CLAIM["collection"]))
        assert found.parties == (
            NamedParty(
                role="initiator",
                name="RUS",
                column="parties",
                actor_name="Russia",
                kind="state",
                responsibility="state-executed",
                id=UUID(RUS),
            ),
            NamedParty(
                role="recipient",
                name="Kazakhstan",
                column="parties",
                actor_name="Kazakhstan",
                kind="state",
                id=UUID(KAZ),
            ),
        )

    def test_keeps_who_published_it_and_whom_they_had_it_from(self):
        found = draft()

        assert found.document == {
            "title": "Oil",
            "date": "2022-04-01",
            "url": "https://nyt.example/oil",
        }
        assert found.citation == {
            "stance": "supports",
            "interest": "none",
            "credibility": 2,
            "language": "en",
            "quote": "shut off",
        }
        assert found.publisher == NamedSource(
            name="New York Times", column="provenance", ownership="private", id=UUID(NYT)
        )
        assert found.chain == (NamedSource(name="Check Point", column="provenance", id=UUID(FIRM)),)

    def test_keeps_further_citations(self):
        assert draft().more_citations == (
            DraftCitation(
                citation={"stance": "denies", "interest": "self-serving", "locator": "p. 3"},
                document={"url": "https://tass.example/1"},
                publisher=NamedSource(
                    name="TASS", column="provenance", ownership="state", id=UUID(TASS)
                ),
                chain=(),
                id=UUID(NOTE),
            ),
        )
        assert draft(citations=CLAIM["citations"][:1]).more_citations == ()


class TestRead:
    def test_gives_each_line(self):
        data = b"\xef\xbb\xbf" + lines(CLAIM) + b"\n" + lines(CLAIM | {"id": KAZ})

        assert [one.line for one in read(claims.FORMAT, data)] == [1, 3]

    @pytest.mark.parametrize(
        ("raw", "reason"),
        [
            (b"{", "is not a JSON object on one line: "),
            (b"\xff", "is not a JSON object on one line: "),
            (b"[" * 100_000, "is not a JSON object on one line: "),
            (b"7", "is not a JSON object on one line"),
            (b"[]", "is not a JSON object on one line"),
        ],
    )
    def test_refuses_what_is_no_object(self, raw, reason):
        refused, right = read(claims.FORMAT, raw + b"\n" + lines(CLAIM))

        assert (refused.line, refused.column, refused.value) == (1, "", "")
        assert refused.reason.startswith(reason)
        assert right.line == 2

    def test_shows_half_a_surrogate_pair_escaped(self):
        """Refused rows are written as UTF-8."""
        brought = {"stream": TASS, "kind": "\ud800", "schema": 1, "body": {}}

        unknown, unsaid = draft(records=[brought]), draft(status="\udc00")

        assert unknown.reason.endswith("ValueError \\ud800 describes no record")
        assert (unsaid.column, unsaid.value) == ("status", "\\udc00")

    @pytest.mark.parametrize(
        "name", ["id", "collection", "collection_name", "kind", "parties", "citations"]
    )
    def test_refuses_a_claim_that_lacks_what_it_needs(self, name):
        missing = InvalidRow(line=1, column=name, value="", reason="is missing")

        assert read(claims.FORMAT, lines(without(name), CLAIM | {name: None})) == [
            missing,
            InvalidRow(line=2, column=name, value="", reason="is missing"),
        ]

    def test_refuses_a_collection_that_is_no_name(self):
        refused = draft(collection_name=["curated"])

        assert (refused.column, refused.reason) == ("collection_name", "is not a name")

    def test_that_says_no_more_than_may_be_printed_is_refused(self):
        refused = draft(masked=True, parties=[], citations=[])

        assert (refused.column, refused.reason) == ("masked", claims.MASKED)

    @pytest.mark.parametrize(
        "given",
        [
            {"id": "seven"},
            {"parties": 7},
            {"parties": ["KAZ"]},
            {"parties": [{"role": "initiator", "name": "Kazakhstan"}]},
            {"parties": [{"role": "initiator", "actor": KAZ}]},
            {"citations": [{"document": TIMES, "provenance": []}]},
            {"citations": [CLAIM["citations"][0] | {"document": None}]},
            {"citations": [CLAIM["citations"][0] | {"provenance": [{"name": "TASS"}]}]},
            {"occurred": "2022-03"},
        ],
        ids=str,
    )
    def test_refuses_what_is_no_claim_as_the_api_gives_it(self, given):
        refused, right = read(claims.FORMAT, lines(CLAIM | given, CLAIM))

        assert (refused.line, refused.column, refused.value) == (1, "", "")
        assert refused.reason.startswith("is not a claim as the API returns it: ")
        assert right.line == 2


OTHER = "0197f0a0-0000-7000-8000-000000000002"
REST = "0197f0a0-0000-7000-8000-000000000003"
VERDICT = e.VerdictGiven(verdict="disputed", source=UUID(TASS), reason="Denied in Moscow.")
LINK = e.ClaimsLinked(type="causes", from_=UUID(ID), to=UUID(OTHER), note="So it says.")


def later(event: e.Event, *, stream: str = ID, **given) -> dict:
    kind, schema, body, words = e.encode(event)
    whole = codec.merge(body, words)
    return {"stream": stream, "kind": kind, "schema": schema, "body": whole} | given


def linked(link: e.ClaimsLinked) -> dict:
    return later(link, stream=str(e.link_id(link.type, link.from_, link.to)))


RETRACTED, REINSTATED = (
    later(e.ClaimRetracted(reason="A typo.")),
    later(e.ClaimReinstated(reason="It was none.")),
)


def later_draft(*events: dict, **given):
    data = json.dumps(CLAIM | {"later": list(events)} | given).encode()
    [found] = read(claims.FORMAT, data)
    return found


class TestWhatCameLater:
    def test_has_what_came_later_in_its_order(self):
        reviewed = e.ClaimReviewed(outcome="accepted")

        found = later_draft(later(VERDICT), later(reviewed), linked(LINK))

        assert found.follow_ups == (VERDICT, reviewed, LINK)

    def test_has_nothing_where_nothing_came(self):
        assert later_draft().follow_ups == ()
        assert later_draft(later=None).follow_ups == ()

    def test_may_be_of_a_claim_that_does_not_stand(self):
        retracted = later_draft(RETRACTED, status="retracted")
        assert retracted.follow_ups == (e.ClaimRetracted(reason="A typo."),)
        assert len(later_draft(RETRACTED, REINSTATED).follow_ups) == 2
        assert (
            len(later_draft(RETRACTED, REINSTATED, RETRACTED, status="retracted").follow_ups) == 3
        )

    def test_may_be_at_either_end_of_a_link(self):
        back = e.ClaimsLinked(type="says", from_=UUID(OTHER), to=UUID(ID))

        assert later_draft(linked(back)).follow_ups == (back,)


class TestRefused:
    @pytest.mark.parametrize(
        ("status", "events"),
        [("retracted", []), ("retracted", [RETRACTED, REINSTATED]), ("standing", [RETRACTED])],
    )
    def test_is_a_status_that_nothing_led_to(self, status, events):
        refused = later_draft(*events, status=status)

        assert (refused.column, refused.value, refused.reason) == (
            "status",
            status,
            STATUS_UNEXPLAINED,
        )

    @pytest.mark.parametrize(
        "event",
        [
            "VerdictGiven",
            {"kind": "VerdictGiven"},
            later(VERDICT, kind="ClaimAsserted"),
            later(VERDICT, schema=9),
            later(VERDICT, body={"verdict": "true"}),
            later(VERDICT, stream=OTHER),
            later(LINK),
            linked(e.ClaimsLinked(type="causes", from_=UUID(OTHER), to=UUID(REST))),
            later(e.SourceRated(reliability="A", since="2020-01-01"), stream=KAZ),
        ],
        ids=range(9),
    )
    def test_is_what_came_after_no_claim(self, event):
        refused = later_draft(event)

        assert (refused.column, refused.value) == ("", "")
        assert refused.reason.startswith("is not a claim as the API returns it: ")
