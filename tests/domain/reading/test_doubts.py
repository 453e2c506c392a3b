"""What did not happen, or nobody believes, or somebody denies, is not proposed as an act."""

import pytest

from tests.domain.reading.test_proposals import NAMES, code, names, read
from tests.kit.tables import each
from tracker.domain.reading.attributions import (
    Denying,
    condition_of,
    denying,
    is_condition,
    is_doubted,
)


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
