"""Plain claims by parts: the same impacts as `evaluate` gives, to the last bit."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.tables import each
from tracker.domain import codec, plain
from tracker.domain.claims import Citation, Claim, Occurred
from tracker.domain.codebooks import UnknownCode
from tracker.domain.evidence import Surroundings
from tracker.domain.impacts import evaluate
from tracker.domain.lenses import Bloc, View
from tracker.domain.parts import Parts, Records
from tracker.domain.plain import PlainCitation, PlainClaim, PlainWords, plain_citation, plain_claim
from tracker.domain.records import (
    Actor,
    Affiliation,
    Collection,
    Document,
    Membership,
    Name,
    Party,
    Rating,
    Source,
)
from tracker.domain.state import ClaimState, SourceState

DAYS = ("2019-12-31", "2020-01-01", "2020-06-30", "2021-01-01")
CODES = (
    "cameo-1.1b3/042",
    "cameo-1.1b3/112",
    "cameo-1.1b3/190",
    "plover-2.0/ACCUSE/disapprove",
    "plover-2.0/COERCE/cyber",
    "plover-2.0/SANCTION/discontinue",
)
STATES, OTHERS, SOURCES, DOCUMENTS = (
    [UUID(int=base + n) for n in range(number)]
    for base, number in ((100, 4), (200, 4), (300, 3), (400, 3))
)
COLLECTION = UUID(int=500)
CONTEXTS = [(), ("diplomatic",), ("diplomatic", "military")]
plain_dates = st.sampled_from([None, "2020", "2021-03", *DAYS])
dates = st.sampled_from([None, *map(date.fromisoformat, DAYS)])
affiliations = st.builds(
    Affiliation,
    country=st.sampled_from(STATES),
    sector=st.sampled_from(["government", "military", "business", "private media"]),
    since=dates,
    until=dates,
)
memberships = st.builds(
    Membership,
    country=st.sampled_from(STATES),
    since=plain_dates,
    until=plain_dates,
    status=st.sampled_from([None, None, "suspended"]),
)
groups = st.lists(st.sampled_from([*STATES, *OTHERS]), max_size=3, unique=True)
others = st.builds(
    Actor,
    kind=st.sampled_from(["organisation", "group"]),
    names=st.just((Name(text="Somebody"),)),
    affiliations=st.lists(affiliations, max_size=2).map(tuple),
    members=groups.map(tuple),
    memberships=st.lists(memberships, max_size=3).map(tuple),
)
ratings = st.builds(
    Rating,
    reliability=st.sampled_from("ABCDEF"),
    since=st.sampled_from([date.fromisoformat(day) for day in DAYS]),
)
sources = st.builds(
    Source,
    kind=st.just("outlet"),
    name=st.just("The Gazette"),
    actor=st.sampled_from([None, *STATES, *OTHERS]),
    country=st.sampled_from([None, *STATES]),
    ownership=st.sampled_from([None, "state", "private"]),
)
collections = st.builds(
    Collection,
    name=st.just("feed"),
    coding=st.sampled_from(["machine", "curated"]),
    review=st.sampled_from([False, False, True]),
    default_reliability=st.sampled_from([None, "C"]),
    default_credibility=st.sampled_from([None, 4]),
)
blocs = st.none() | st.builds(
    Bloc,
    countries=st.just((STATES[0],)),
    ownerships=st.just(("state",)),
    rule=st.sampled_from(["only", "except"]),
)
views = st.builds(
    View,
    method=st.sampled_from(["1", "2"]),
    collections=st.sampled_from([(), (COLLECTION,)]),
    bloc=blocs,
)


citations = st.builds(
    Citation,
    document=st.sampled_from(DOCUMENTS),
    chain=st.lists(st.sampled_from(SOURCES), max_size=2, unique=True).map(tuple),
    credibility=st.sampled_from([None, 2, 5]),
    interest=st.sampled_from(["none", "self-serving", "against interest"]),
)


@st.composite
def claims(draw) -> Claim:
    actors = draw(
        st.lists(st.sampled_from([*STATES, *OTHERS]), min_size=1, max_size=4, unique=True)
    )
    roles = draw(st.lists(st.sampled_from(["initiator", "recipient"]), min_size=4, max_size=4))
    return Claim(
        collection=COLLECTION,
        kind="act",
        parties=tuple(
            Party(actor=one, role=role) for one, role in zip(actors, roles, strict=False)
        ),
        citations=(draw(citations),),
        code=draw(st.sampled_from(CODES)),
        occurred=Occurred(edtf=draw(st.sampled_from(DAYS)), basis="inferred"),
        summary=draw(st.text('aé"\\漢 ', max_size=5)),
        key="7",
        note=draw(st.text('aé"\\漢 ', max_size=5)),
    )


@st.composite
def records(draw) -> Records:
    states = {
        one: Actor(kind="state", names=(Name(text="X"),), code=f"A{n}")
        for n, one in enumerate(STATES)
    }
    return Records(
        actors=states | {one: draw(others) for one in OTHERS},
        sources={
            one: SourceState(
                id=one, source=draw(sources), ratings=tuple(draw(st.lists(ratings, max_size=2)))
            )
            for one in SOURCES
        },
        collections={COLLECTION: draw(collections)},
        documents={
            str(one): Document(
                source=draw(st.sampled_from(SOURCES)),
                url="https://example.org/a",
                date=draw(st.sampled_from([None, *DAYS])),
            )
            for one in DOCUMENTS
        },
    )


def evaluated(claim: Claim, view: View, known: Records):
    state = ClaimState(id=UUID(int=9), claim=claim, asserted_at=1)
    around = Surroundings(
        view=view,
        cluster=(state,),
        actors=known.actors,
        sources=known.sources,
        documents={UUID(one): document for one, document in known.documents.items()},
        collections=known.collections,
    )
    return list(evaluate(state, around).impacts)


def as_plain(claim: Claim):
    return plain_claim(codec.split(claim)[0])


def bits(impacts):
    return [
        (*impact, impact.value.hex(), impact.weight.hex(), impact.p.hex()) for impact in impacts
    ]


class TestParts:
    @given(known=records(), view=views, some=st.lists(claims(), min_size=1, max_size=6))
    def test_give_what_evaluate_gives(self, known, view, some):
        parts = Parts(view, known)
        for claim in some * 2:
            expected = evaluated(claim, view, known)
            assert bits(parts.impacts(UUID(int=9), as_plain(claim))) == bits(expected)

    @given(
        known=records(),
        view=views,
        claim=claims(),
        reports=st.lists(citations, min_size=1, max_size=4),
    )
    def test_give_what_evaluate_gives_after_reports(self, known, view, claim, reports):
        parts = Parts(view, known)
        reported, plain_one = claim, as_plain(claim)
        for report in reports:
            reported = replace(reported, citations=(*reported.citations, report))
            added = plain_citation(codec.split(report)[0])
            plain_one = plain_one.with_report(added)
            expected = evaluated(reported, view, known)
            assert bits(parts.impacts(UUID(int=9), plain_one)) == bits(expected)

    def test_need_a_code_that_exists(self):
        claim = PlainClaim(
            str(COLLECTION),
            "cameo-1.1b3/9999",
            "2020-01-01",
            (str(STATES[0]),),
            (),
            PlainCitation(str(DOCUMENTS[0])),
        )

        with pytest.raises(UnknownCode):
            Parts(View(method="1"), Records()).impacts(UUID(int=9), claim)


class TestAPlainClaim:
    @given(claims(), st.sampled_from(("", "sentence 2", 'é "\\')), st.sampled_from(CONTEXTS))
    def test_is_written_as_any_other(self, claim, locator, contexts):
        cited = claim.citations[0].document
        bare = replace(
            claim,
            citations=(Citation(document=cited, locator=locator or None),),
            contexts=contexts,
            parties=tuple(sorted(claim.parties, key=lambda party: party.role)),
            note=claim.note or "n",
            summary=claim.summary or "s",
        )
        words = PlainWords("inferred", "7", bare.note, bare.summary, locator)
        assert plain.texts(as_plain(bare), words) == codec.texts(bare)

    @pytest.mark.parametrize("date", ["", "2020-01-01"])
    @pytest.mark.parametrize("title", ["", 'Une "visite" e\u0301crite'])
    @pytest.mark.parametrize("url", ["", "https://a.example/1?b=\u00e9"])
    def test_has_a_document_that_is_written_as_any_other(self, date, title, url):
        whole = Document(source=SOURCES[0], date=date or None, title=title, url=url or None)
        texts = plain.document_texts(str(SOURCES[0]), date=date, title=title, url=url)
        assert texts == codec.texts(whole)

    @each(
        "change",
        [
            {"kind": "situation"},
            {"polarity": "denied"},
            {"modality": "announced"},
            {"code": None},
            {"occurred": None},
            {"occurred": {"basis": "stated", "edtf": "2020-01"}},
            {"occurred": {"basis": "stated", "edtf": "2020-01-01/2020-01-02"}},
            {"occurred": {"basis": "stated", "edtf": "2020-01-01?"}},
            {"likelihood": "likely"},
            {"strength": {"grade": "weak"}},
            {"magnitude": {"change": False, "unit": "t", "value": "1"}},
            {"parties": [{"actor": "a", "role": "about"}]},
            {"parties": [{"actor": "a", "role": "initiator", "responsibility": "direct"}]},
            {"citations": []},
            {"citations": [{"document": "d", "interest": "none", "stance": "denies"}]},
            {"citations": [{"document": "d", "stance": "supports"}]},
            {"citations": [{"document": "d", "interest": "none", "stance": "supports"}] * 2},
        ],
    )
    def test_is_one_act_on_one_day_with_one_citation(self, change):
        body = {
            "citations": [{"document": "d", "interest": "none", "stance": "supports"}],
            "code": "cameo-1.1b3/042",
            "collection": "c",
            "key": "1",
            "kind": "act",
            "modality": "actual",
            "occurred": {"basis": "stated", "edtf": "2020-01-01"},
            "parties": [{"actor": "a", "role": "initiator"}],
            "polarity": "asserted",
        }
        citation = PlainCitation("d")
        expected = ("c", "cameo-1.1b3/042", "2020-01-01", ("a",), (), citation, (), ())
        assert plain_claim(body) == expected
        changed = {name: value for name, value in (body | change).items() if value is not None}
        assert plain_claim(changed) is None

    def test_has_at_most_a_hundred_citations(self):
        claim = PlainClaim("c", "d", "2020-01-01", ("a",), (), PlainCitation("1"))
        for n in range(2, 101):
            claim = claim.with_report(PlainCitation(str(n))) or claim
        assert len(claim.citations) == 100
        assert claim.with_report(PlainCitation("101")) is None
