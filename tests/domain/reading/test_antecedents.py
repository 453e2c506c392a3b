"""What a sentence means by what the text has said before it, and what did not happen, or nobody
believes, or somebody denies."""

from uuid import UUID

import pytest

from tests.domain.reading.test_proposals import NAMES, WEEK, code, names, read
from tests.kit.tables import each
from tracker.domain.reading.attributions import (
    Denying,
    condition_of,
    denying,
    is_condition,
    is_doubted,
)
from tracker.domain.reading.reference_names import Antecedents
from tracker.domain.reading.sides import Named

ONE, TWO, THREE = (UUID(int=number) for number in (1, 2, 3))


def offered(draft):
    return [NAMES[one.actor] for one in draft.actors]


class TestAntecedents:
    def before(self):
        before = Antecedents()
        before.add([Named(0, 3, "One", ONE), Named(4, 7, "Two", TWO), Named(8, 11, "One", ONE)])
        before.add([Named(0, 5, "Three", THREE)])
        before.initiators = (TWO,)
        return before

    def test_are_those_who_acted_and_those_named_last_and_most(self):
        found = self.before().offered()

        assert [(one.actor, one.text) for one in found] == [
            (TWO, "Two"),
            (THREE, "Three"),
            (ONE, "One"),
        ]

    def test_of_a_government_are_those_named_most(self):
        assert self.before().around(but=[]) == (ONE, TWO, THREE)
        assert self.before().around(but=[ONE]) == (TWO, THREE)

    def test_of_a_pronoun_are_those_who_acted(self):
        assert self.before().meant_by("then it") == (TWO,)
        assert self.before().meant_by("then paris") == ()

    def test_of_two_countries_are_the_last_two_also_of_the_sentence(self):
        assert self.before().meant_by("the two countries") == (THREE, ONE)
        two = Named(0, 3, "Two", TWO)
        assert self.before().meant_by("both", [two]) == (TWO, THREE)


class TestASentence:
    def test_is_offered_the_parties_and_dates_before_it(self):
        *_, draft = read(
            "France met Turkey on May 11. On May 12 it rained. Russia sanctioned Niger."
        )

        assert offered(draft) == ["RUS", "NER", "FRA", "TUR"]
        assert [one.edtf for one in draft.dates][:2] == ["2022-05-12", "2022-05-11"]

    def test_is_offered_what_else_a_date_may_mean(self):
        [draft] = read("France sanctioned Niger by 10 May.")

        assert [one.edtf for one in draft.dates][:2] == ["[..2022-05-10]", "2022-05-10"]

    def test_with_a_sure_code_and_no_name_is_offered_those_before(self):
        _, draft = read("France met Turkey. Two rounds of talks were held in April.")

        assert (code(draft), names(draft)) == ("CONSULT", [])
        assert offered(draft) == ["FRA", "TUR"]

    def test_with_a_faint_code_and_no_name_is_nothing(self):
        assert len(read("France met Turkey. The war of words goes on.")) == 1

    def test_about_a_pronoun_is_about_who_acted_too(self):
        _, draft = read("Russia sanctioned Turkey. It is a beautiful neighbour of Ukraine.")

        assert names(draft, "about") == ["RUS", "UKR"]

    def test_that_asks_or_is_short_is_no_assessment(self):
        assert read("And is Turkey a beautiful country?") == ()
        assert read("Then came Turkey.") == ()

    def test_of_the_author_or_of_a_condition_is_no_act(self):
        assert [one.claim.kind for one in read("I suspect Turkey of more than Russia does.")] == [
            "assessment"
        ]
        assert [code(one) for one in read("Russia met Turkey, if Ukraine attacked Niger.")] == [
            "CONSULT"
        ]


class TestTheDate:
    def test_of_a_later_clause_is_the_one_before_it(self):
        drafts = read("On 2 May Russia met Turkey; on 4 May it left, and expelled two diplomats.")

        assert drafts[-1].claim.occurred.edtf == "2022-05-04"

    def test_of_a_relative_clause_belongs_to_it_alone(self):
        _, draft = read("Russia, which sanctioned Turkey in March 2021, expelled two diplomats.")

        assert draft.claim.occurred.edtf == WEEK


class TestSomethingAlleged:
    TEXT = "Russia claimed that Turkey had attacked Ukraine."

    def test_is_an_accusation_and_what_it_says(self):
        accusation, attack = read(self.TEXT)

        assert (code(accusation), names(accusation, "initiator")) == ("ACCUSE/allege", ["RUS"])
        assert (names(accusation, "recipient"), accusation.said_by) == (["TUR"], None)
        assert (code(attack), names(attack, "initiator")) == ("ASSAULT", ["TUR"])
        assert NAMES[attack.said_by.actor] == "RUS"

    def test_without_an_act_accuses_who_is_named(self):
        [accusation] = read("Russia complained that Turkey was hot.")

        assert names(accusation, "initiator", "recipient") == ["RUS", "TUR"]

    def test_is_denied_by_an_answer(self):
        *_, denial = read(f"{self.TEXT} Turkey replied that there had been no raid.")

        assert NAMES[denial.said_by.actor] == "TUR"
        assert names(denial, "initiator") == ["TUR"]

    def test_that_does_harm_is_offered_as_an_accusation_too(self):
        [draft] = read("Niger said that France sanctioned Turkey.")

        assert [one.code for one in draft.codes[:3]][-1] == "plover-2.0/ACCUSE/allege"


class TestASpeaker:
    def test_of_their_hosts_is_another_than_who_acted(self):
        *_, draft = read("Russia met Turkey. France attacked Ukraine, said its neighbours.")

        assert NAMES[draft.said_by.actor] != "RUS"

    def test_does_not_say_what_another_calls_it(self):
        first, second = read("Russia announced flights, which Turkey called a provocation.")

        assert names(first, "initiator") == ["RUS"]
        assert (names(second, "initiator"), names(second, "recipient")) == (["TUR"], ["RUS"])
        assert second.said_by is None


@each(
    ("clause", "condition"),
    [
        ("If Russia attacks Ukraine", "Russia attacks Ukraine"),
        ("and if Russia attacks Ukraine", "Russia attacks Ukraine"),
        ("unless Russia attacks", "unless Russia attacks"),
        ("Should Russia attack", "Should Russia attack"),
        ("Had Russia attacked", "Had Russia attacked"),
        ("whether Russia attacks", ""),
        ("Russia attacks", ""),
    ],
)
def test_a_condition_is_without_its_if(clause, condition):
    assert condition_of(clause) == condition
    assert is_condition(clause) == (clause != "Russia attacks")


@each(
    "words",
    [
        "There was no evidence that Turkey attacked Russia.",
        "There was no clear sign that Turkey attacked Russia.",
        "Nobody believes that Turkey attacked Russia.",
        "Few people think that Turkey attacked Russia.",
        "It is not true that Turkey attacked Russia.",
        "It is false that Turkey attacked Russia.",
        "Reports that Turkey attacked Russia are false.",
        "Claims that Turkey attacked Russia proved to be unfounded.",
        "Turkey attacked neither Russia nor Ukraine.",
        "Turkey and Russia agreed to attack nobody.",
        "Will Turkey attack Russia?",
        "“Has Turkey attacked Russia?”",
        "France fears that Turkey will attack Russia.",
        "Many in France expected Turkey to attack Russia.",
    ],
)
def test_what_is_doubted_or_asked_is_an_assessment_without_a_code(words):
    [draft] = read(words)

    assert (draft.claim.kind, draft.claim.code) == ("assessment", None)
    assert "TUR" in names(draft, "about")


@pytest.mark.parametrize(
    ("published", "date"),
    [("2022-05-24", "2022-05"), ("2022-05", "2022-05"), ("2022", "2022"), ("2021/2022", None)],
)
def test_an_assessment_is_of_the_month_of_the_document_or_of_its_year(published, date):
    [draft] = read("Nobody believes that Turkey attacked Russia.", published=published)

    assert (draft.claim.occurred and draft.claim.occurred.edtf) == date


@pytest.mark.parametrize(
    "words",
    [
        "Turkey attacked Russia, and France fears it.",
        "Amid fears of a war Turkey attacked Russia.",
        "Turkey attacked Russia, as France had expected.",
    ],
)
def test_what_somebody_expects_elsewhere_changes_nothing(words):
    assert code(read(words)[0]) == "ASSAULT"
    assert not is_doubted("reports that Turkey attacked Russia are plentiful", 20)


class TestACondition:
    @pytest.mark.parametrize(
        ("words", "condition"),
        [
            ("If Russia attacks Ukraine, China will sanction Russia.", "Russia attacks Ukraine"),
            ("China will sanction Russia if it attacks Ukraine.", "it attacks Ukraine"),
        ],
    )
    def test_is_that_of_the_act_that_depends_on_it(self, words, condition):
        [draft] = read(words)

        assert (draft.claim.modality, draft.claim.condition) == ("conditional", condition)
        assert names(draft, "initiator") == ["CHN"]

    def test_is_no_act(self):
        for words in ("Unless Russia attacks Ukraine, France stays.", "If Russia attacks Ukraine."):
            assert [draft.claim.code for draft in read(words)] in ([None], [])

    def test_changes_nothing_in_what_happened(self):
        draft, *_ = read("France sanctioned Niger even if Russia attacks Ukraine.")

        assert (code(draft), draft.claim.modality) == ("SANCTION", "actual")

    def test_leaves_an_opinion_an_opinion(self):
        [draft] = read("If Russia attacks Ukraine, China would sanction Russia.")

        assert (draft.claim.kind, draft.claim.condition) == ("assessment", "")


class TestADenial:
    @pytest.mark.parametrize(
        "words",
        [
            "Russia attacked Ukraine, France claimed, but Russia denied it.",
            "France said Russia attacked Ukraine, which Russia denied.",
            "France said Russia attacked Ukraine; Russia denied the claim.",
        ],
    )
    def test_in_the_same_sentence_is_one_of_the_card_before(self, words):
        attack, denial = read(words)

        assert (code(attack), NAMES[attack.said_by.actor]) == ("ASSAULT", "FRA")
        assert (denial.denies, NAMES[denial.said_by.actor]) == (attack.id, "RUS")

    def test_by_somebody_else_is_one_of_the_card_before(self):
        attack, denial = read("Russia attacked Ukraine, France said, but Turkey denied it.")

        assert (denial.denies, NAMES[denial.said_by.actor]) == (attack.id, "TUR")

    @pytest.mark.parametrize(
        "words",
        [
            "France accused Russia of attacks, which Russia denied.",
            "France blamed Russia for the attack on Ukraine, but Moscow denied this.",
        ],
    )
    def test_of_what_one_is_accused_of_is_no_denial_of_the_accusation(self, words):
        accusation, denial = read(words)

        assert (code(accusation), accusation.denies) == ("ACCUSE", None)
        assert (denial.claim.kind, denial.denies, denial.said_by) == ("assessment", None, None)

    @pytest.mark.parametrize(
        "words",
        [
            "Russia rejected claims that it attacked Ukraine.",
            "Russia denied attacking Ukraine.",
            "Russia denied that it attacked Ukraine.",
            "Russia denied that it attacked Ukraine and sanctioned Turkey.",
        ],
    )
    def test_of_what_no_card_says_is_an_assessment(self, words):
        [draft] = read(words)

        assert (draft.claim.kind, draft.claim.code) == ("assessment", None)
        assert (draft.said_by, draft.denies) == (None, None)
        assert names(draft, "about")[:2] == ["RUS", "UKR"]

    def test_of_an_act_is_one_of_the_card_with_that_act(self):
        attack, denial = read("Russia attacked Ukraine. Russia denied attacking Ukraine.")

        assert denial.denies == attack.id

    def test_of_an_act_is_none_of_a_card_with_another_act(self):
        _, denial = read("Russia sanctioned Ukraine. Russia denied attacking Ukraine.")

        assert (denial.denies, denial.claim.kind) == (None, "assessment")

    def test_does_not_hide_what_the_denier_does_next(self):
        *_, draft = read(
            "France said Russia attacked Ukraine, which Russia denied, and Turkey attacked Niger."
        )

        assert (code(draft), names(draft, "initiator")) == ("ASSAULT", ["TUR"])


@each(
    ("clause", "expected"),
    [
        ("Russia denied it", Denying(7, 13, content=False)),
        ("Russia denied", Denying(7, 13, content=False)),
        ("Russia denied involvement", Denying(7, 13, content=False)),
        ("Russia denied having attacked", Denying(7, 13, content=True)),
        ("Russia rejected the reports", Denying(7, 15, content=False)),
        ("Russia rejected reports that it left", Denying(7, 15, content=True)),
        ("Russia denied France access", None),
        ("Russia dismissed its ambassador", None),
        ("Russia rejected it", None),
        ("Russia dismissed it", None),
    ],
)
def test_a_verb_of_denying_is_followed_by_what_was_said(clause, expected):
    assert denying(clause) == expected
