"""What a text may claim: drafts with their parties, codes, dates, speakers and reasons."""

from uuid import UUID, uuid5

import pytest

from tests.kit.tables import each
from tracker.domain.claims import Occurred
from tracker.domain.events import NAMESPACE
from tracker.domain.reading import proposals, reference_names
from tracker.domain.reading.drafts import LONGEST_QUOTE, MOST_CODES
from tracker.domain.reading.names import Meaning, NameEntry, Names
from tracker.domain.reading.proposals import Context
from tracker.domain.reading.text import normalised, sha256

PUBLISHED = "2022-05-24"
# News without a date happened in the week before the document.
WEEK = "[2022-05-17..2022-05-24]"


def an_id(name):
    return uuid5(NAMESPACE, name)


STATES = {code: an_id(code) for code in ("RUS", "KAZ", "CHN", "FRA", "NER", "TUR", "UKR", "USA")}
JUNTA, PAPER, AGENCY = an_id("junta"), an_id("paper"), an_id("agency")
ACTORS = Names(
    [
        *reference_names.entries(STATES, {}),
        NameEntry("Tahoua Council", Meaning(JUNTA, None, "name")),
    ]
)
SOURCES = Names(
    [
        NameEntry("Morning Post", Meaning(PAPER, None, "name")),
        NameEntry("Check Point", Meaning(AGENCY, None, "name")),
    ]
)
NAMES = {actor: code for code, actor in STATES.items()} | {JUNTA: "junta"}


def context(**given):
    return Context(
        **{
            "document": UUID(int=1),
            "collection": UUID(int=2),
            "person": "ana",
            "actors": ACTORS,
            "sources": SOURCES,
            "published": PUBLISHED,
        }
        | given
    )


def read(text, **given):
    return proposals.read(text, context(**given)).drafts


def names(draft, *roles):
    new = {name.id: name.name for name in draft.names}
    return [NAMES.get(one) or new[one] for one in draft.claim.actors(*roles)]


def code(draft):
    return (draft.claim.code or "").removeprefix("plover-2.0/")


EXPELS = "Niger expelled the ambassador of France and attacked Turkey."
THEY_SAY = "Russia attacked Turkey. Niger attacked Ukraine, it said."


@each(
    ("text", "place", "initiator", "recipient"),
    [
        # Each clause has a card of its own.
        (EXPELS, 0, "NER", "FRA"),
        (EXPELS, 1, "NER", "TUR"),
        ("Militants attacked Niger.", 0, "", "NER"),
        ("The attack by Ukraine on Russia failed.", 0, "UKR", "RUS"),
        ("Russia announced flights over Turkey.", 0, "RUS", "TUR"),
        # A pronoun, or a clause without an act between.
        ("Russia met Turkey. It attacked Ukraine.", 1, "RUS", "UKR"),
        ("Russia hesitated, and then expelled two diplomats of Turkey.", -1, "RUS", "TUR"),
        # A person acts for the state, and a body is also called by its last word.
        ("The Turkish president, Ali Kaya, spoke. Kaya attacked Russia.", 1, "TUR", "RUS"),
        ("France met the Tahoua Council. The Council attacked Russia.", 1, "junta", "RUS"),
    ],
)
def test_an_act_has_its_parties(text, place, initiator, recipient):
    draft = read(text)[place]

    assert names(draft, "initiator") == initiator.split()
    assert names(draft, "recipient") == recipient.split()


@each(
    ("text", "place", "initiator", "speaker"),
    [
        ("The Tahoua Council said France attacked Niger.", 0, "FRA", "junta"),
        # A pronoun is whom the sentence names, and its officials are of who acted last.
        (THEY_SAY, 0, "RUS", None),
        (THEY_SAY, 1, "NER", "NER"),
        ("Russia met Turkey. A camp was attacked, its officials said.", -1, "", "RUS"),
        # The speaker of a clause that begins with saying is in the clause before.
        ("Russia sanctioned Turkey and said that Ukraine attacked Niger.", -1, "UKR", "RUS"),
        # Whose minister said something is no speaker.
        ("Russia, whose minister said little, attacked Turkey.", -1, "RUS", None),
    ],
)
def test_a_statement_has_its_speaker(text, place, initiator, speaker):
    draft = read(text)[place]

    assert names(draft, "initiator") == initiator.split()
    assert (draft.said_by and NAMES[draft.said_by.actor]) == speaker


class TestAnAct:
    def test_has_its_parties_code_date_and_strength(self):
        [draft] = read("Russia essentially sanctioned Kazakh-Chinese oil flows in late March.")

        assert code(draft) == "SANCTION"
        assert names(draft, "initiator") == ["RUS"]
        assert names(draft, "recipient") == ["KAZ"]
        assert names(draft, "affected") == ["CHN"]
        assert draft.claim.occurred == Occurred(
            edtf="[2022-03-21..2022-03-31]", basis="inferred", phrase="in late March"
        )
        assert draft.claim.strength.grade == "partial"
        assert draft.claim.strength.reason == "“essentially”"
        assert "strength: “essentially”" in draft.why

    def test_without_a_date_happened_in_the_week_before_the_document(self):
        [draft] = read("France sanctioned Niger.")

        assert (draft.claim.occurred.edtf, draft.claim.occurred.basis) == (WEEK, "inferred")

    @pytest.mark.parametrize(
        ("published", "date"),
        [
            ("2022-05", "[2022-04-24..2022-05-31]"),
            ("2022", "[2021-12-25..2022-12-31]"),
            ("2022/..", None),
        ],
    )
    def test_without_a_date_is_as_uncertain_as_the_document(self, published, date):
        [draft] = read("France sanctioned Niger.", published=published)

        assert (draft.claim.occurred and draft.claim.occurred.edtf) == date

    def test_without_any_date_has_none(self):
        [draft] = read("France sanctioned Niger.", published=None)

        assert draft.claim.occurred is None
        assert draft.dates == ()

    def test_is_offered_the_date_before_it(self):
        _, draft = read("France met Turkey on May 11. Russia sanctioned Turkey.")

        assert [one.edtf for one in draft.dates] == ["2022-05-11", WEEK]

    def test_that_goes_on_is_a_situation_since_some_day_of_the_month(self):
        [draft] = read("Russia is sanctioning Turkey.")

        assert draft.claim.kind == "situation"
        assert draft.claim.occurred.edtf == "2022-05/.."

    def test_of_somebody_without_a_record_proposes_a_name(self):
        [draft] = read("The Alliance of Sahel States attacked Niger.")

        assert names(draft, "initiator") == ["Alliance of Sahel States"]
        assert [name.name for name in draft.unresolved] == ["Alliance of Sahel States"]

    def test_of_a_state_without_a_record_proposes_its_name(self):
        [draft] = read("Malian forces attacked Niger.", countries={"MLI": "Mali"})

        assert names(draft, "initiator") == ["Mali"]

    def test_that_is_asked_for_is_asked_by_who_says_so(self):
        [draft] = read("France said that Niger must release the ambassador.")

        assert code(draft).startswith("REQUEST")
        assert (names(draft, "initiator"), names(draft, "recipient")) == (["FRA"], ["NER"])

    def test_has_no_code_where_two_fit_equally_well(self):
        drafts = read("Russia cut and praised Turkey.")
        close = [draft for draft in drafts if not draft.claim.code and draft.codes]

        assert all("choose one" in draft.why[1] for draft in close)


class TestAStatement:
    def test_of_a_junta_is_said_by_the_party_that_it_may_be(self):
        [draft] = read("French forces attacked a camp in Niger, the junta said.")

        assert (code(draft), names(draft, "initiator")) == ("ASSAULT", ["FRA"])
        assert NAMES[draft.said_by.actor] == "NER"
        assert "said: “the junta said”" in draft.why

    def test_that_is_itself_speech_is_the_act_of_the_speaker(self):
        [draft] = read("Niger accused France.")

        assert (code(draft)[:6], names(draft, "initiator")) == ("ACCUSE", ["NER"])
        assert draft.said_by is None

    def test_of_a_newspaper_is_a_chain(self):
        [draft] = read("Citing Check Point, the Morning Post reported that Russia attacked Turkey.")

        assert draft.claim.citations[0].chain == (PAPER, AGENCY)
        assert draft.said_by is None

    def test_of_the_future_after_it_was_reported_is_no_deed_of_the_reporter(self):
        [draft] = read("Russia attacked Ukraine, the Morning Post reported.")

        assert (names(draft, "initiator"), draft.claim.citations[0].chain) == (["RUS"], (PAPER,))


class TestADenial:
    def test_is_one_of_what_the_denier_did(self):
        attack, denial = read("France attacked Niger, the junta said. France denied it.")

        assert denial.denies == attack.id
        assert NAMES[denial.said_by.actor] == "FRA"
        assert denial.claim.parties == attack.claim.parties
        assert denial.claim.citations[0].quote == "France denied it."

    def test_of_what_nobody_said_before_is_none(self):
        [draft] = read("France denied a role in Niger.")

        assert draft.denies is None


class TestTheCodes:
    def test_are_those_found_then_the_modes_of_the_first_ones_event(self):
        [draft] = read("Russia sanctioned Turkey.")

        offered = [one.code.removeprefix("plover-2.0/") for one in draft.codes]
        assert offered[0] == "SANCTION"
        assert {f"SANCTION/{mode}" for mode in ("convict", "expel", "withdraw", "discontinue")} <= {
            *offered
        }
        assert len(offered) == len({*offered}) <= MOST_CODES


class TestAnAssessment:
    def test_is_about_its_parties_where_the_words_are_only_likely(self):
        [draft] = read("Russia may sanction Turkey.")

        assert (draft.claim.kind, draft.claim.code) == ("assessment", None)
        assert names(draft, "about") == ["RUS", "TUR"]
        assert draft.claim.hedge == "may"
        assert (draft.claim.occurred.edtf, draft.claim.occurred.basis) == ("2022-05", "publication")
        assert "plover-2.0/SANCTION" in [one.code for one in draft.codes]

    def test_is_proposed_where_a_sentence_names_parties_and_nothing_else(self):
        [draft] = read("Turkey is a beautiful country.")

        assert (draft.claim.kind, names(draft, "about")) == ("assessment", ["TUR"])

    def test_is_not_proposed_where_nobody_is_named(self):
        assert read("It rained. Nobody came.") == ()

    def test_is_not_proposed_of_a_heading(self):
        assert read("Russia and Turkey\n\nIt rained all day.") == ()


def test_a_measure_has_its_amount_and_no_code():
    [draft] = read("Chinese exports to Russia fell 40 %, according to Turkey.")

    assert (draft.claim.kind, draft.claim.code) == ("measure", None)
    assert (draft.claim.magnitude.value, draft.claim.magnitude.unit) == (-40, "%")
    assert names(draft, "initiator") == ["CHN"]


class TestTheQuote:
    def test_is_the_sentence_with_its_place_in_the_text(self):
        text = "It rained.  France sanctioned Niger. Nobody came."
        [draft] = read(text)
        [cited] = draft.claim.citations
        place = cited.selector

        assert cited.quote == "France sanctioned Niger."
        assert normalised(text)[place.start : place.end] == cited.quote
        assert place.text_sha256 == sha256(normalised(text))
        assert place.prefix.endswith("It rained.  ")
        assert place.suffix == " Nobody came."

    def test_has_at_most_25_words(self):
        rest = " ".join(["very"] * 40)
        [draft] = read(f"France sanctioned Niger {rest} hard.")
        [cited] = draft.claim.citations

        assert cited.quote == f"France sanctioned Niger {' '.join(['very'] * 22)} …"
        assert len(cited.quote.split()) == LONGEST_QUOTE + 1


class TestTheDraft:
    def test_keeps_what_was_proposed(self):
        [draft] = read("France attacked a camp in Niger, the junta said.")

        assert draft.proposed.by == "reading-1"
        assert draft.proposed.code == draft.claim.code
        assert draft.proposed.said_by == draft.said_by.actor

    def test_has_another_id_for_another_person_or_text(self):
        text = "France sanctioned Niger."
        [ana], [ben], [again] = read(text), read(text, person="ben"), read(text)
        [longer] = read(f"{text} It rained.")

        assert ana.id == again.id
        assert len({ana.id, ben.id, longer.id}) == 3


class TestABlankDraft:
    def test_has_a_quote_and_what_is_named_but_no_claim(self):
        draft = proposals.blank("France sanctioned Niger.", 7, context())

        assert (draft.sentence, draft.claim.kind, draft.claim.parties) == (7, "assessment", ())
        assert draft.claim.citations[0].quote == "France sanctioned Niger."
        assert draft.claim.citations[0].selector is None
        assert [one.text for one in draft.actors] == ["France", "Niger"]


@pytest.mark.parametrize("text", ["", "\n\n", "...", "“”"])
def test_a_text_without_sentences_has_no_drafts(text):
    assert read(text) == ()


def test_a_measure_needs_a_verb_near_its_number():
    assert read("France owns 40 % of Niger.")[0].claim.kind == "assessment"
