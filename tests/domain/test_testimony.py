"""Citations become testimonies: chains up to the root, the grade in force, and who is set aside."""

import pytest

from tests.kit.domain_builders import (
    CURATED,
    World,
    a_citation,
    a_claim_state,
    a_document,
    a_group,
    an_id,
    an_outlet,
    denial,
    owned_by,
    somebody,
    speaks_for,
    voice_of,
)
from tests.kit.tables import each
from tracker.domain import testimonies
from tracker.domain.evidence import EVER
from tracker.domain.lenses import Bloc, View
from tracker.domain.records import Collection

CAST = {
    "putin": somebody(speaks_for("RUS")),
    "zhao": somebody(speaks_for("CHN")),
    "daily": somebody(speaks_for("CHN", "state media"), kind="organisation"),
    "gazette": somebody(speaks_for("RUS", "private media"), kind="organisation"),
    "fsb": somebody(speaks_for("RUS", "intelligence"), kind="organisation"),
}
SOURCES = {
    "times": an_outlet("B"),
    "firm": an_outlet("A"),
    "unknown": an_outlet(),
    "putin": voice_of("putin"),
    "fsb": voice_of("fsb", "D"),
    "moscow": voice_of("RUS"),
    "daily": voice_of("daily", "D"),
    "gazette": voice_of("gazette", "C"),
    "tass": owned_by("RUS", "D"),
    "usia": owned_by("USA", "C"),
    "post": an_outlet("C", country=an_id("USA"), ownership="private"),
}
DOCUMENTS = {name: a_document(name) for name in SOURCES}
WORLD = World(actors=CAST, sources=SOURCES, documents=DOCUMENTS)


def resolved(*cluster, speech=False, world=WORLD, **given):
    around = world.around(*cluster, **given)
    return testimonies.testimonies(around, speech=speech, period=EVER)


def only(*citations, ends="RUS>KAZ", speech=False, world=WORLD, **given):
    state = a_claim_state(ends, citations=citations or (a_citation(),))
    [found] = resolved(state, speech=speech, world=world, **given)
    return found


def chain(found) -> list[tuple[str, str | None]]:
    """A testimony's links as (source, grade), by their short names."""
    names = {an_id(name): name for name in (*SOURCES, "newsletter")}
    return [(names[link.source], link.reliability) for link in found.links]


class TestAChain:
    def test_goes_from_the_publisher_to_the_root(self):
        found = only(a_citation(chain="times firm"))

        assert chain(found) == [("newsletter", "C"), ("times", "B"), ("firm", "A")]
        assert found.root == an_id("firm")

    def test_is_the_publisher_alone_where_nobody_is_cited(self):
        assert chain(only()) == [("newsletter", "C")]

    @each(
        ("published", "grade"),
        [
            ("2022-02-28", "B"),
            ("2022-03-01", "D"),
            ("2022-02", "B"),
            ("2022-03", "D"),
            ("2022", "D"),
            (None, "D"),
            ("1999", None),
        ],
    )
    def test_has_the_grade_in_force_on_the_last_day_the_document_can_be_of(self, published, grade):
        world = World(
            sources={"newsletter": an_outlet("B", "D 2022-03-01")},
            documents={"article": a_document("newsletter", published)},
        )

        assert chain(only(world=world)) == [("newsletter", grade)]

    def test_grades_each_link_for_the_document_and_not_for_the_day_of_the_claim(self):
        world = World(
            sources={
                "newsletter": an_outlet("B", "D 2022-05-20"),
                "times": an_outlet("C 2022-06-01"),
            },
        )

        assert chain(only(a_citation(chain="times"), world=world)) == [
            ("newsletter", "D"),
            ("times", None),
        ]


class TestDefaults:
    def test_stand_in_for_a_grade_that_is_missing(self):
        rules = Collection(
            name="feed",
            coding="machine",
            review=False,
            default_reliability="D",
            default_credibility=4,
        )
        world = World(sources=SOURCES, documents=DOCUMENTS, collection=rules)
        found = only(a_citation("unknown", chain="times"), world=world)

        assert chain(found) == [("unknown", "D"), ("times", "B")]
        assert found.credibility == 4

    def test_give_way_to_grades_that_say_that_nothing_is_known(self):
        rules = Collection(
            name="feed",
            coding="machine",
            review=False,
            default_reliability="D",
            default_credibility=4,
        )
        world = World(sources={"newsletter": an_outlet("F")}, collection=rules)
        found = only(a_citation(credibility=6), world=world)

        assert chain(found) == [("newsletter", "F")]
        assert found.credibility == 6

    def test_are_those_of_each_claims_own_collection(self):
        feed = an_id("feed")
        head, other = a_claim_state(), a_claim_state(name="other", collection=feed)
        rules = {
            CURATED: Collection(name="curated", coding="curated", review=False),
            feed: Collection(name="feed", coding="machine", review=False, default_credibility=5),
        }

        found = resolved(head, other, collections=rules)

        assert [one.credibility for one in found] == [None, 5]


class TestASpeechAct:
    def test_has_no_link_for_the_speaker(self):
        found = only(a_citation(chain="putin"), ends="putin>USA", speech=True)

        assert chain(found) == [("newsletter", "C")]

    def test_ends_at_whoever_heard_the_speaker(self):
        found = only(a_citation(chain="times putin firm"), ends="putin>USA", speech=True)

        assert chain(found) == [("newsletter", "C"), ("times", "B")]

    def test_is_certain_to_A_where_the_speaker_published_it(self):
        found = only(a_citation("daily", chain="putin"), ends="daily>USA", speech=True)

        assert chain(found) == [("daily", "A")]
        assert found.root == an_id("daily")

    def test_knows_the_speaker_by_any_claim_that_is_the_same(self):
        head = a_claim_state("RUS>USA", citations=(a_citation(chain="putin"),))
        other = a_claim_state("putin>USA", name="other")

        found = resolved(head, other, speech=True)

        assert [chain(one) for one in found] == [[("newsletter", "C")]] * 2

    def test_keeps_whoever_only_hears_it(self):
        found = only(a_citation(chain="fsb"), ends="putin>fsb", speech=True)

        assert chain(found) == [("newsletter", "C"), ("fsb", "D")]

    def test_keeps_the_speaker_as_the_root_of_a_denial(self):
        found = only(denial(chain="putin"), ends="putin>USA", speech=True)

        assert chain(found) == [("newsletter", "C"), ("putin", None)]

    def test_does_not_take_the_speaker_s_word_as_A_for_having_kept_silent(self):
        found = only(denial("daily"), ends="daily>USA", speech=True)

        assert chain(found) == [("daily", "D")]

    @pytest.mark.parametrize("speech", [True, False])
    def test_is_what_self_interest_does_not_touch(self, speech):
        assert only(speech=speech).spoken is speech

    def test_is_no_exception_for_other_acts(self):
        found = only(a_citation("daily", chain="putin"), ends="putin>USA", speech=False)

        assert chain(found) == [("daily", "D"), ("putin", None)]


class TestACluster:
    def test_brings_everybodys_citations_in_its_order(self):
        head = a_claim_state(citations=(a_citation(), a_citation("times")))
        other = a_claim_state(name="other", citations=(a_citation("firm"),))

        assert [chain(one)[0][0] for one in resolved(head, other)] == [
            "newsletter",
            "times",
            "firm",
        ]

    def test_counts_support_for_the_opposite_as_a_denial(self):
        head = a_claim_state()
        other = a_claim_state(
            name="other", polarity="denied", citations=(a_citation("times"), denial("firm"))
        )

        assert [one.stance for one in resolved(head, other)] == ["supports", "denies", "supports"]

    def test_supports_what_a_denied_claim_says_by_itself(self):
        assert only().stance == "supports"
        assert [one.stance for one in resolved(a_claim_state(polarity="denied"))] == ["supports"]


class TestABloc:
    @each(
        ("rule", "root", "heard"),
        [
            ("only", "tass", True),
            ("only", "usia", False),
            ("only", "times", False),
            ("except", "tass", False),
            ("except", "usia", True),
            ("except", "times", True),
        ],
    )
    def test_hears_a_citation_by_its_root(self, rule, root, heard):
        bloc = Bloc(countries=(an_id("RUS"),), rule=rule)
        world = World(sources=SOURCES, view=View(method="1", collections=(CURATED,), bloc=bloc))

        found = only(a_citation(chain=root), world=world)

        assert found.set_aside == ("" if heard else "this view excludes its root")


class TestAnEmbeddedClaim:
    SPEECH = a_claim_state("putin>USA UKR", name="speech", code="ACCUSE/allege")

    def reason(self, *citations, ends="USA UKR", speakers=(SPEECH,)):
        return only(*citations, ends=ends, speakers=speakers).set_aside

    def test_rests_on_a_root_of_its_own(self):
        assert self.reason(a_citation(chain="times")) == ""
        assert self.reason() == ""

    def test_does_not_rest_on_its_speaker(self):
        assert self.reason(a_citation(chain="putin")) == "its root is the speaker"

    def test_may_rest_on_who_only_passes_it_on(self):
        assert self.reason(a_citation(chain="daily times")) == ""

    def test_does_not_rest_on_a_party_to_it(self):
        assert self.reason(a_citation(chain="fsb"), ends="USA>fsb") == "its root is a party to it"

    def test_does_not_rest_on_a_party_that_is_only_affected(self):
        state = a_claim_state("USA", affected="fsb", citations=(a_citation(chain="fsb"),))
        [found] = resolved(state, speakers=(self.SPEECH,))

        assert found.set_aside == "its root is a party to it"

    STATE = "its root speaks for the state of the speaker or of a party"

    def test_does_not_rest_on_what_a_party_s_state_owns(self):
        assert self.reason(a_citation(chain="usia")) == self.STATE

    def test_does_not_rest_on_what_the_state_of_a_party_s_agent_owns(self):
        speech = a_claim_state("zhao>RUS", name="speech", code="ACCUSE/allege")

        assert self.reason(a_citation(chain="tass"), ends="fsb", speakers=(speech,)) == self.STATE

    def test_does_not_rest_on_what_the_state_of_a_group_s_member_owns(self):
        world = World(actors=CAST | {"allies": a_group("USA UKR")}, sources=SOURCES)
        found = only(a_citation(chain="usia"), ends="allies", speakers=(self.SPEECH,), world=world)

        assert found.set_aside == self.STATE

    @pytest.mark.parametrize("root", ["tass", "fsb", "moscow"])
    def test_does_not_rest_on_another_voice_of_the_speaker_s_state(self, root):
        assert self.reason(a_citation(chain=root)) == self.STATE

    def test_may_rest_on_a_private_voice_of_the_speaker_s_country(self):
        assert self.reason(a_citation(chain="gazette")) == ""

    def test_may_rest_on_a_private_outlet_in_a_party_s_country(self):
        assert self.reason(a_citation(chain="post")) == ""

    def test_may_rest_on_the_state_media_of_a_third_country(self):
        assert self.reason(a_citation(chain="daily")) == ""

    def test_is_told_from_one_that_nobody_says(self):
        assert self.reason(a_citation(chain="usia"), speakers=()) == ""

    def test_takes_a_root_that_is_no_actor_on_record_as_it_is(self):
        world = World(actors=CAST, sources={"nobody": voice_of("nobody")})
        found = only(a_citation(chain="nobody"), speakers=(self.SPEECH,), world=world)

        assert found.set_aside == ""
