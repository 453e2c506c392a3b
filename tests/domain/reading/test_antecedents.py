"""What a sentence means by what the text has said before it: its parties, dates and speakers."""

from uuid import UUID

from tests.domain.reading.test_proposals import NAMES, WEEK, code, names, read
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
