"""Whoever has no token asks every public address while an accusation is withheld, and can neither
confirm a guess of what it says nor find it by what it does not show."""

import hashlib
import re
from dataclasses import dataclass, replace
from uuid import UUID

import pytest
from rest_framework.test import APIClient

from tests.kit.accusations import blames, reviewed, second_root
from tests.kit.api_client import Api
from tests.kit.builders import AT, an_actor, withhold_text
from tests.kit.guesses import confirming, holding, leaf_of
from tests.kit.public_routes import Answer, Asking, walk
from tests.kit.seals import sign_all
from tracker import log
from tracker.domain import events as e
from tracker.domain.proofs import tiles
from tracker.domain.records import Membership
from tracker.log import Draft, Recorded, seal
from tracker.log.seal import SealedLeaf
from tracker.operations import actors, claims, links
from tracker.pages.site_pages import SECTIONS
from tracker.projections import standing

# One of them walks for all: a thousand requests.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("open_site"),
    pytest.mark.timeout(900),
]
HEX = re.compile(r"[0-9a-f]{16,}")
# By these a withheld claim may be found: itself, its collection (or the lens that has it), its kind
# and status, and where it stands in the log.
FOUND_AT = {
    "api/v1/claims/": {"", "collection", "kind", "status", "as_of", "limit", "count", "expand"},
    "api/v1/claims.<form:form>": {"", "collection", "as_of"},
    "api/v1/claims/<uuid:claim_id>/": {"", "as_of", "expand"},
    "api/v1/claims/<uuid:claim_id>/history/": {"", "as_of"},
    "api/v1/claims/<uuid:claim_id>/impacts/": {"", "as_of", "lens"},
    "api/v1/log/events/": {"", "after", "as_of", "limit", "count", "incarnation"},
    "api/v1/log/events.<form:form>": {"", "as_of"},
    "api/v1/log/events/<int:position>/": {""},
    # The page's own address in other languages, for clients that requested it by its id.
    "claims/<uuid:claim_id>/": {"*"},
    "claims/feed.atom": {"*"},
    "shifts/": {"*"},
}
# What the accusation says, and where that is read once it may be shown.
WORDS = ("Acme broke into", "It was Acme.", "Acme, p. 3")
# One walk for all tests: what was read, and of what.
_WALKED: dict[str, "Walked"] = {}


@dataclass(frozen=True)
class Scene:
    """A withheld claim, a public one that is linked with it, and all events that are masked."""

    claim: UUID
    other: UUID
    masked: list[Recorded]
    asking: Asking


@dataclass(frozen=True)
class Walked:
    scene: Scene
    log_id: str
    answers: list[Answer]
    leaves: list[SealedLeaf]


@pytest.fixture
def walked(desk, firm, catch_up):
    if "all" not in _WALKED:
        scene = a_scene(desk, firm)
        catch_up()
        answers = walk(APIClient(), scene.asking)
        leaves = [
            leaf
            for one in scene.masked
            for leaf in seal.leaves(after=one.position - 1, until=one.position).values()
        ]
        _WALKED["all"] = Walked(scene, str(log.head().log_id), answers, leaves)
    return _WALKED["all"]


def a_scene(desk, firm):
    """An accusation that was printed once and is withheld again, with everything that can be done
    to a claim."""
    other = desk.asserts("RUS", "KAZ", summary="A network was broken into.").stream
    before = log.head().position
    blaming = blames(desk, firm)
    link = links.link("same_as", other, blaming, note="as Acme is", at=AT, by="ann")
    second_root(blaming)
    reviewed(blaming, by="bob")
    act_on(blaming)
    withhold_text(link.position, reason="Acme asked", authority="a court", at=AT, by="ann")
    withhold_text(before + 1, reason="Acme asked", authority="a court", at=AT, by="ann")
    links.unlink("same_as", other, blaming, reason="not as Acme", at=AT, by="ann")
    links.link("same_as", other, blaming, note="as Acme is", at=AT, by="ann")
    run = an_import(desk)
    own = {blaming, link.stream, run.stream}
    masked = [one for one in log.read(after=before, limit=1_000) if one.stream in own]
    sign_all()
    return Scene(blaming, other, masked, asking(desk, firm, blaming, other, masked))


def act_on(blaming):
    said = claims.states.claim(blaming).claim
    correct = {"reason": "Acme", "at": AT, "by": "ann"}
    claims.correct_claim(blaming, replace(said, note="Acme!"), expected=3, **correct)
    claims.give_verdict(blaming, e.VerdictGiven(verdict="disputed", reason="so"), at=AT, by="ann")
    claims.retract_claim(blaming, reason="Acme sued", at=AT, by="ann")
    claims.reinstate_claim(blaming, reason="Acme lost", at=AT, by="ann")
    claims.review_claim(blaming, e.ClaimReviewed(outcome="rejected"), at=AT, by="cleo")
    claims.review_claim(blaming, e.ClaimReviewed(outcome="accepted"), at=AT, by="ann")


def an_import(desk):
    record = e.ImportRecorded(
        name="one.csv",
        format="table",
        collection=desk.collection,
        file_sha256=hashlib.sha256(b"Acme broke in").hexdigest(),
        counts={"rows": 1},
    )
    draft = Draft(stream=UUID(int=77), event=record, expected=0)
    return log.append([draft], at=AT, by="ann", project=standing.project)[0]


def an_organisation(desk):
    """Put an organisation on record to which Kazakhstan belongs."""
    membership = Membership(country=desk.countries["KAZ"], document=desk.document)
    body = an_actor(None, kind="organisation", memberships=(membership,))
    return actors.describe_actor(body, at=AT, by="ann").stream


def asking(desk, firm, blaming, other, masked):
    """What to ask addresses and parameters for."""
    positions = [one.position for one in masked]
    own_places = {
        "claim_id": [blaming, other],
        "api/v1/actors:record": [firm, desk.countries["KAZ"]],
        "api/v1/sources:record": [desk.source],
        "api/v1/documents:record": [desk.document],
        "api/v1/collections:record": [desk.collection],
        "documents:record": [desk.document],
        "organisations:record": [an_organisation(desk)],
        "sources:record": [desk.source],
        "position": positions,
        "path": [tiles.path(0, 0, positions[-1])],
        "log/timestamp:size": [positions[-1]],
    }
    own_query = {
        "actor": [firm, desk.countries["KAZ"], desk.countries["RUS"]],
        "after": [positions[0] - 1],
        "incarnation": [log.incarnation()],
        "as_of": [positions[3], positions[-1]],
        "collection": [desk.collection],
        "document": [desk.document],
        "known_from": [positions[0] - 1],
        "known_to": [positions[-1]],
        "new": [positions[-1]],
        "old": [positions[0]],
        "position": positions,
        "size": [positions[-1]],
        "without": [f"claim:{blaming}", f"source:{desk.source}", f"root:{desk.source}"],
    }
    return Asking(places=PLACES | own_places, query=QUERY | own_query)


DAY = "2022-05-24"
# What the parts of addresses and the parameters are, apart from ids and positions of the scene.
PLACES = {
    "actors:code": ["KAZ"],
    "stories:name": ["china-russia-kazakhstan"],
    "api/v1/problems:code": ["invalid"],
    "one": ["KAZ"],
    "other": ["RUS"],
    "two": ["CHN"],
    "first": ["KAZ"],
    "second": ["RUS"],
    "middle": ["CHN"],
    "last": ["RUS"],
    "three": ["RUS"],
    "third": ["CHN"],
    "label": ["standing"],
    "scheme": ["plover-2.0"],
    "section": list(SECTIONS),
    "month": ["2022-05"],
    "token": ["0"],
    "day": [DAY],
    **{name: [UUID(int=9)] for name in ("job_id", "link_id", "run", "webhook")},
}
QUERY = {
    "code": ["plover-2.0/COERCE/cyber"],
    "count": ["exact"],
    "countries": ["KAZ,RUS,CHN"],
    "country": ["KAZ"],
    "day": [DAY],
    "direction": ["RUS>KAZ"],
    "fresh": [7],
    "from": ["2022-05-01"],
    "happened_after": ["2022-05-01"],
    "happened_before": [DAY],
    "lens": ["tone"],
    "lenses": ["standing,standing@1"],
    "limit": [2],
    "order": ["claims"],
    "page": [1],
    "pair": ["KAZ-RUS"],
    "q": ["Acme"],
    "show": ["table", "sources", "download"],
    "since": ["2022-05-01"],
    "to": [DAY],
}


class TestWithoutAToken:
    def test_the_walk_reaches_what_it_is_about(self, walked):
        """A test of the test: the public addresses are there, and so is what is masked."""
        read = {one.route for one in walked.answers if one.status == 200}
        kinds = {one.kind for one in walked.scene.masked}

        assert {*FOUND_AT, "pairs/<country:first>-<country:second>/", "sitemap.xml"} <= read
        assert len(read) > 60
        assert kinds == {
            *("ClaimAsserted", "ClaimCorrected", "ClaimRetracted", "ClaimReinstated"),
            *("CitationAdded", "ClaimReviewed", "VerdictGiven", "TextWithheld"),
            *("ClaimsLinked", "ClaimsUnlinked", "ImportRecorded"),
        }

    def test_no_leaf_of_a_masked_event_can_be_recomputed(self, walked):
        """By somebody who knows the body, and takes every value that is public for a hash."""
        public = {found for one in walked.answers for found in HEX.findall(one.text)}
        texts = {"", *(one for one in public if len(one) == 64)}
        for event in walked.scene.masked:
            words = event.text_sha256.hex() if event.text_sha256 else ""
            true = leaf_of(walked.log_id, event, words)
            assert true == event.leaf_hash.hex()
            made = {leaf_of(walked.log_id, event, text) for text in (*texts, true)}
            assert made & public == set(), event.kind

    def test_nothing_is_public_that_confirms_a_guess(self, walked):
        for event in walked.scene.masked:
            for name, value in confirming(event).items():
                assert holding(walked.answers, value) == set(), (event.kind, name)

    def test_no_nonce_of_it_is_public(self, walked):
        """With the nonce, the public leaves of the tree would confirm a guess of its hash."""
        assert len(walked.leaves) == len(walked.scene.masked)
        for leaf in walked.leaves:
            assert holding(walked.answers, leaf.hash) != set()
            assert holding(walked.answers, leaf.nonce) == set()

    def test_no_digest_of_an_imported_file_is_public(self, walked):
        digest = hashlib.sha256(b"Acme broke in").digest()

        assert holding(walked.answers, digest) == set()

    def test_no_link_with_it_is_public(self, walked):
        """Its id follows from the two claims, which are few enough to try."""
        link = str(e.link_id("same_as", walked.scene.other, walked.scene.claim))

        assert {one.route for one in walked.answers if link in one.text} == set()

    def test_it_is_found_by_kind_status_and_collection_only(self, walked):
        claim = str(walked.scene.claim)
        found = {
            (one.route, one.query.partition("=")[0])
            for one in walked.answers
            if claim in one.text.replace(f"claim:{claim} is withheld", "")
        }
        elsewhere = {(route, name) for route, name in found if not may_be_found(route, name)}

        assert elsewhere == set()
        for name in ("collection", "kind", "status"):
            assert ("api/v1/claims/", name) in found

    def test_the_public_claim_does_not_name_the_withheld_one(self, walked):
        """Where a page of the one is, the other is not."""
        scene = walked.scene
        about = [one for one in walked.answers if one.route.endswith("claims/<uuid:claim_id>/")]
        both = [one for one in about if all(str(c) in one.text for c in (scene.claim, scene.other))]

        assert both == []

    def test_its_words_are_nowhere(self, walked):
        assert {one.route for one in walked.answers if says(one)} == set()


def says(answer):
    return any(word in answer.text for word in WORDS)


def may_be_found(route, name):
    allowed = FOUND_AT.get(route, set())
    return name in allowed or "*" in allowed


class TestWithAToken:
    def test_all_of_it_is_there(self, desk, firm, api):
        scene = a_scene(desk, firm)
        held = {one.position: one for one in scene.masked}
        lines = api.http.get("/api/v1/log/events.csv").getvalue().decode()

        for one in held.values():
            event = Api(api.http).get(f"log/events/{one.position}/")
            assert event["leaf_hash"] == one.leaf_hash.hex()
            assert event["stream"] == str(one.stream)
            assert one.leaf_hash.hex() in lines
