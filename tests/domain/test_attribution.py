"""A claim that a party says becomes two: what is said, and the statement."""

from hashlib import sha1
from uuid import RFC_4122, UUID

import pytest

from tests.kit.builders import DOCUMENT, ONE, OTHER, SOURCE, a_citation, a_claim, an_actor, an_id
from tests.kit.tables import each
from tracker.domain import attribution, disclosure
from tracker.domain.attribution import ACCUSES, SaidBy, Submission
from tracker.domain.claims import Occurred
from tracker.domain.events import NAMESPACE
from tracker.domain.records import Affiliation, Name, Party

SPEAKER, VOICE = an_id(21), an_id(22)
ASSAULT = "plover-2.0/ASSAULT"
HAPPENED = {"occurred": Occurred(edtf="2022-05-11")}
BY_THE_DOCUMENT = Occurred(edtf="[..2022-05-24]", basis="publication")


def spoken(claim, *, published="2022-05-24", own=(), kinds=None, **said_by):
    return attribution.attribute(
        claim,
        SaidBy(actor=SPEAKER, **said_by),
        attribution.SpeakerContext(
            name="The junta",
            source=VOICE,
            own={VOICE, *own},
            published={DOCUMENT: published},
            kinds=kinds or {},
        ),
    )


def statement(claim, **given):
    return spoken(claim, **given).statement


class TestWhatIsSaid:
    def test_leads_its_chains_back_to_the_speaker(self):
        (one,) = spoken(a_claim(citations=(a_citation(chain=(SOURCE,)),))).content.citations

        assert one.chain == (SOURCE, VOICE)

    def test_keeps_a_chain_that_the_speaker_is_in(self):
        claim = a_claim(citations=(a_citation(chain=(VOICE, SOURCE)),))

        assert spoken(claim).content == claim

    def test_keeps_the_chain_of_what_the_speaker_published(self):
        assert spoken(a_claim(), own=[DOCUMENT]).content == a_claim()

    def test_leaves_denials_to_those_who_deny(self):
        claim = a_claim(citations=(a_citation(), a_citation(stance="denies")))

        assert [one.chain for one in spoken(claim).content.citations] == [(VOICE,), ()]


class TestTheStatement:
    def test_has_an_id_with_the_time_of_its_claim_and_a_hash_of_the_claims_id(self):
        claim = UUID("018f3406-9e00-7079-860e-5aeb0b56ca75")
        hashed = sha1(NAMESPACE.bytes + f"statement:{claim}".encode(), usedforsecurity=False)

        found = attribution.statement_id(claim)

        assert found.bytes[:8] == claim.bytes[:8]
        assert (found.version, found.variant) == (7, RFC_4122)
        assert found.bytes[9:] == hashed.digest()[9:16]

    def test_accuses_those_who_acted_with_hostility(self):
        found = statement(a_claim(code=ASSAULT))

        assert found.code == ACCUSES
        assert found.kind == "act"
        assert found.summary == "The junta said: Something was done."
        assert found.parties == (
            Party(actor=SPEAKER, role="initiator"),
            Party(actor=ONE, role="recipient"),
        )

    @each(
        "given",
        [
            {"code": "plover-2.0/AID"},
            {"code": None},
            {"code": "plover-2.0/NOTHING"},
            {"code": ASSAULT, "polarity": "denied"},
            {"code": ASSAULT, "modality": "announced"},
            {"code": ASSAULT, "kind": "assessment"},
            {"code": ASSAULT, "initiator": SPEAKER},
        ],
    )
    def test_of_anything_else_has_no_code(self, given):
        found = statement(a_claim(**given))

        assert found.code is None
        assert {one.role for one in found.parties[1:]} == {"about"}

    @each(
        ("given", "about"),
        [
            # Those to whom the speaker did it, or whom a judgement is about, or nobody else.
            ({"initiator": SPEAKER}, (OTHER,)),
            ({"kind": "assessment", "parties": (Party(actor=ONE, role="about"),)}, (ONE,)),
            ({"parties": (Party(actor=SPEAKER, role="about"),)}, ()),
        ],
    )
    def test_is_about_others_than_the_speaker(self, given, about):
        assert statement(a_claim(**given)).parties == (
            Party(actor=SPEAKER, role="initiator"),
            *(Party(actor=one, role="about") for one in about),
        )

    def test_is_cited_for_the_fact_of_speaking(self):
        claim = a_claim(
            citations=(
                a_citation(credibility=4, interest="self-serving", quote="they came"),
                a_citation(stance="denies"),
            )
        )

        assert statement(claim).citations == (a_citation(quote="they came"),)

    @pytest.mark.parametrize("kind", ["person", "company"])
    def test_is_as_grave_as_what_it_says_of_a_person_or_firm(self, kind):
        found = statement(a_claim(code="plover-2.0/COERCE/cyber"), kinds={ONE: kind})

        assert found.contexts == ("crime",)
        assert disclosure.blamed(found, {ONE: kind}) == [ONE]
        # Of a state it is no graver.
        assert statement(a_claim(code=ASSAULT), kinds={ONE: "state"}).contexts == ()

    def test_blames_whom_it_rejects(self):
        claim = a_claim(code="plover-2.0/COERCE/cyber")

        found = statement(claim, kinds={ONE: "company"}, code="plover-2.0/REJECT")

        assert disclosure.blamed(found, {ONE: "company"}) == [ONE]

    def test_blames_no_speaker_for_what_a_state_did(self):
        claim = a_claim(code="plover-2.0/COERCE/cyber", contexts=("cyber", "economy"))
        kinds = {ONE: "state", SPEAKER: "person"}

        found = statement(claim, kinds=kinds, code="plover-2.0/REJECT")

        assert found.contexts == ("economy",)
        assert disclosure.blamed(found, kinds) == []

    def test_keeps_a_context_that_is_grave_already(self):
        claim = a_claim(code=ASSAULT, contexts=("cyber",))

        assert statement(claim, kinds={ONE: "company"}).contexts == ("cyber",)

    def test_says_no_more_than_fits(self):
        found = statement(a_claim(summary="x" * 500))

        assert len(found.summary) == 500
        assert found.summary.endswith("x…")

    @each(
        ("given", "published", "occurred"),
        [
            (HAPPENED, "2022-05-24", Occurred(edtf="[2022-05-11..2022-05-24]", basis="inferred")),
            (
                {"occurred": Occurred(edtf="2022-05-24")},
                "2022-05-24",
                Occurred(edtf="2022-05-24", basis="inferred"),
            ),
            *(
                ({"occurred": Occurred(edtf=edtf)}, "2022-05-24", BY_THE_DOCUMENT)
                # The last would be refused: the statement does not make up a date for it.
                for edtf in ("../2022-05-11", "nonsense", "2022-06-01")
            ),
            # What is to come was said by the document, and nobody knows when without its date.
            ({"occurred": None}, "2022-05-24", BY_THE_DOCUMENT),
            ({"modality": "announced"}, "2022-05-24", BY_THE_DOCUMENT),
            (HAPPENED, None, None),
            (HAPPENED, "nonsense", None),
        ],
    )
    def test_was_made_between_what_it_tells_of_and_the_document(self, given, published, occurred):
        assert statement(a_claim(**given), published=published).occurred == occurred

    def test_says_what_a_person_says_of_it(self):
        when = Occurred(edtf="2022-05-12")

        found = statement(
            a_claim(), code="plover-2.0/REJECT", summary="It protested.", occurred=when
        )

        assert found.code == "plover-2.0/REJECT"
        assert found.summary == "It protested."
        assert found.occurred == when


class TestProblems:
    def of(self, claim, **given):
        said_by = SaidBy(actor=SPEAKER, **given)
        made = spoken(claim, **given).statement
        return [one.pointer for one in attribution.problems(claim, said_by, made)]

    def test_are_none_of_a_statement_that_fits(self):
        assert self.of(a_claim()) == []

    def test_of_what_is_said_are_not_named_again(self):
        assert self.of(a_claim(summary=" ", occurred=Occurred(edtf="never"), contexts=("x",))) == []

    @pytest.mark.parametrize(
        ("given", "pointer"),
        [
            ({"code": "plover-2.0/NOTHING"}, "/said_by/code"),
            ({"summary": "x" * 501}, "/said_by/summary"),
            ({"occurred": Occurred(edtf="never")}, "/said_by/occurred/edtf"),
        ],
    )
    def test_of_the_statement_stand_at_its_field(self, given, pointer):
        assert self.of(a_claim(), **given) == [pointer]

    def test_name_a_code_that_needs_somebody(self):
        claim = a_claim(parties=(Party(actor=SPEAKER, role="about"),), kind="assessment")

        assert self.of(claim, code="plover-2.0/SANCTION") == ["/said_by/code"]


SENT = {
    "collection": str(an_id(1)),
    "kind": "act",
    "parties": [],
    "citations": [],
    "summary": "It was done.",
}


class TestReading:
    def test_gives_the_claim_and_who_says_it(self):
        found, wrong = attribution.read({**SENT, "said_by": {"actor": str(SPEAKER)}})

        assert found.said_by == SaidBy(actor=SPEAKER)
        assert found.claim.summary == "It was done."
        assert wrong == []

    @pytest.mark.parametrize("more", [{}, {"said_by": None}])
    def test_gives_a_claim_that_nobody_says(self, more):
        found, wrong = attribution.read({**SENT, **more})

        assert isinstance(found, Submission)
        assert (found.said_by, wrong) == (None, [])

    def test_names_what_does_not_fit(self):
        _, wrong = attribution.read({**SENT, "kind": 7, "said_by": {"actor": "x", "y": 1}})

        assert {one.pointer for one in wrong} == {"/kind", "/said_by/actor", "/said_by/y"}

    def test_takes_nothing_that_is_no_object(self):
        _, wrong = attribution.read([])

        assert [one.pointer for one in wrong] == [""]


class TestASpeakerAsASource:
    def of(self, **given):
        return attribution.as_source(SPEAKER, an_actor(None, names=(Name(text="X"),), **given))

    @pytest.mark.parametrize(
        ("kind", "source"),
        [("person", "person"), ("company", "firm"), ("organisation", "organisation")],
    )
    def test_is_of_a_like_kind(self, kind, source):
        found = self.of(kind=kind)

        assert (found.kind, found.name, found.actor) == (source, "X", SPEAKER)
        assert (found.country, found.ownership) == (None, None)

    def test_speaks_for_the_state_that_it_is(self):
        found = attribution.as_source(SPEAKER, an_actor("KAZ"))

        assert (found.kind, found.country, found.ownership) == ("agency", SPEAKER, "state")

    @pytest.mark.parametrize(("sector", "owned"), [("military", "state"), ("party", None)])
    def test_speaks_for_the_state_of_its_sector(self, sector, owned):
        speaks = Affiliation(country=ONE, sector=sector)

        found = self.of(kind="organisation", affiliations=(speaks,))

        assert (found.country, found.ownership) == (ONE, owned)
