"""Drafts: which new names they use, what keeps them out of a tray, and records for their names."""

from dataclasses import replace
from uuid import UUID

from tests.kit.builders import COLLECTION, DOCUMENT, a_citation, a_claim
from tracker.domain import codec, proposed
from tracker.domain.attribution import SaidBy
from tracker.domain.reading import drafts
from tracker.domain.reading.drafts import (
    LONGEST_DRAFT,
    Draft,
    DraftLink,
    NewName,
    OfferedActor,
    SentDraft,
    with_name,
    with_record,
)
from tracker.domain.records import Party

ACTOR, SOURCE, SPEAKER, UNUSED, KNOWN, RECORD = (UUID(int=number) for number in range(21, 27))


def a_name(id_: UUID, noun: str = "actor") -> NewName:
    return NewName(id=id_, noun=noun, name=f"Number {id_.int}")  # type: ignore[arg-type]


def a_draft(**given):
    parties = (Party(actor=ACTOR, role="initiator"), Party(actor=KNOWN, role="recipient"))
    claim = a_claim(parties=parties, citations=(a_citation(chain=(KNOWN, SOURCE)),))
    return Draft(
        **{
            "id": UUID(int=1),
            "sentence": 1,
            "claim": claim,
            "said_by": SaidBy(actor=SPEAKER),
            "names": (a_name(ACTOR), a_name(SOURCE, "source"), a_name(SPEAKER), a_name(UNUSED)),
            "actors": (OfferedActor(actor=ACTOR), OfferedActor(actor=KNOWN)),
            "speakers": (SPEAKER, ACTOR),
            **given,
        }
    )


class TestADraft:
    def test_uses_the_new_names_of_its_parties_chains_and_speaker(self):
        assert [name.id for name in a_draft().unresolved] == [ACTOR, SOURCE, SPEAKER]
        assert [name.id for name in a_draft(said_by=None).unresolved] == [ACTOR, SOURCE]

    def test_has_targets_in_what_it_denies_and_links_to(self):
        links = (DraftLink(type="causes", to=KNOWN), DraftLink(type="part_of", to=RECORD))

        assert a_draft().targets == frozenset()
        assert a_draft(links=links, denies=ACTOR).targets == {KNOWN, RECORD, ACTOR}

    def test_is_submitted_with_its_speaker(self):
        assert a_draft().submission.said_by == SaidBy(actor=SPEAKER)

    def test_is_the_same_after_it_was_kept_as_json(self):
        draft = a_draft(links=(DraftLink(type="same_as", to=KNOWN),), denies=RECORD)

        assert codec.build(Draft, codec.plain(draft)) == draft


class TestARecord:
    def test_takes_the_place_of_a_name_everywhere(self):
        draft = with_record(a_draft(), ACTOR, RECORD)

        assert [party.actor for party in draft.claim.parties] == [RECORD, KNOWN]
        assert [one.actor for one in draft.actors] == [RECORD, KNOWN]
        assert draft.speakers == (SPEAKER, RECORD)
        assert [name.id for name in draft.names] == [SOURCE, SPEAKER, UNUSED]

    def test_may_be_a_source_or_the_speaker(self):
        draft = with_record(with_record(a_draft(), SOURCE, RECORD), SPEAKER, KNOWN)

        assert draft.claim.citations[0].chain == (KNOWN, RECORD)
        assert draft.said_by == SaidBy(actor=KNOWN)
        assert with_record(a_draft(said_by=None), SPEAKER, KNOWN).said_by is None

    def test_is_in_the_proposal_too_so_that_the_draft_counts_as_unchanged(self):
        draft = a_draft()
        made = proposed.of("reading-1", draft.claim, SPEAKER)
        draft = replace(draft, proposed=made)

        for name, record in ((ACTOR, RECORD), (SPEAKER, KNOWN)):
            draft = with_record(draft, name, record)

        assert draft.proposed.said_by == KNOWN
        assert draft.proposed == proposed.of(made.by, draft.claim, draft.said_by.actor)
        silent = replace(draft, proposed=proposed.of("reading-1", draft.claim))
        assert with_record(silent, ACTOR, RECORD).proposed == silent.proposed

    def test_leaves_the_rest_as_it_is(self):
        assert with_record(a_draft(), RECORD, KNOWN) == a_draft()


class TestANewName:
    def test_has_one_key_in_all_spellings_and_another_as_a_source(self):
        name = NewName(id=ACTOR, noun="actor", name="Zhào  Lìjiān")

        assert name.key == NewName(id=KNOWN, noun="actor", name="zhao lijian").key
        assert name.key != NewName(id=ACTOR, noun="source", name="Zhào Lìjiān").key
        assert name.key != NewName(id=ACTOR, noun="actor", name="Zhao").key


class TestANameOfAnotherId:
    def test_keeps_its_words(self):
        draft = with_name(a_draft(), ACTOR, RECORD)

        assert draft.names[0] == replace(a_name(ACTOR), id=RECORD)
        assert [name.id for name in draft.unresolved] == [RECORD, SOURCE, SPEAKER]

    def test_of_another_name_is_one_name(self):
        draft = with_name(a_draft(), ACTOR, SPEAKER)

        assert [name.id for name in draft.names] == [SPEAKER, SOURCE, UNUSED]


class TestADraftThatIsSent:
    def test_is_a_draft_and_may_lack_a_summary(self):
        kept = codec.plain(a_draft())
        del kept["claim"]["summary"]

        sent, problems = codec.read(SentDraft, kept)

        assert problems == []
        assert sent.draft == a_draft(claim=replace(a_draft().claim, summary=""))

    def test_may_have_null_for_a_missing_word(self):
        offered = {
            "actors": [{"actor": str(ACTOR), "text": None}],
            "codes": [{"code": "plover-2.0/AID", "why": None}],
            "dates": [{"edtf": "2022", "phrase": None}],
        }

        _, problems = codec.read(SentDraft, codec.plain(a_draft()) | offered)

        assert problems == []


class TestProblems:
    def test_are_none_of_an_incomplete_claim(self):
        claim = a_claim(summary="", code=None, occurred=None)

        assert list(drafts.problems(a_draft(claim=claim))) == []

    def test_are_values_over_their_limits(self):
        claim = a_claim(summary="x" * 501, collection=COLLECTION)
        names = (replace(a_name(ACTOR), name=" "),)

        found = drafts.problems(a_draft(claim=claim, sentence=0, names=names))

        assert {problem.pointer for problem in found} == {
            "/claim/summary",
            "/sentence",
            "/names/0/name",
        }

    def test_are_more_characters_than_a_card_holds(self):
        quotes = tuple(a_citation(DOCUMENT, quote=f"{n}" * 5_000) for n in range(1, 10))
        nearly = a_draft(claim=a_claim(citations=quotes))
        more = a_draft(claim=a_claim(citations=(*quotes, a_citation(quote="y" * 5_000))))

        assert list(drafts.problems(nearly)) == []
        [problem] = drafts.problems(more)
        assert (problem.pointer, problem.code) == ("", "too_long")
        assert f"a draft may have {LONGEST_DRAFT:,}" in problem.detail
