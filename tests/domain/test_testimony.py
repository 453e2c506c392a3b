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
from tracker.domain.evidence import EVER, is_speech
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
    "f": an_outlet("F"),
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
ARTICLE, TIMES = ("newsletter", "C"), ("times", "B")
FEED = Collection(
    name="feed", coding="machine", review=False, default_reliability="D", default_credibility=4
)


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
    @each(
        ("citation", "ends", "speech", "links"),
        [
            (a_citation(), "RUS>KAZ", False, [ARTICLE]),
            (a_citation(chain="times firm"), "RUS>KAZ", False, [ARTICLE, TIMES, ("firm", "A")]),
            # A speaker is no link of a speech act: it ends at whoever heard the speaker.
            (a_citation(chain="putin"), "putin>USA", True, [ARTICLE]),
            (a_citation(chain="times putin firm"), "putin>USA", True, [ARTICLE, TIMES]),
            # It is certain to A where the speaker published it.
            (a_citation("daily", chain="putin"), "daily>USA", True, [("daily", "A")]),
            # Whoever only hears it stays.
            (a_citation(chain="fsb"), "putin>fsb", True, [ARTICLE, ("fsb", "D")]),
            # A denial has the speaker as its root, and no A for the speaker's silence.
            (denial(chain="putin"), "putin>USA", True, [ARTICLE, ("putin", None)]),
            (denial("daily"), "daily>USA", True, [("daily", "D")]),
            # Other acts are no exception.
            (
                a_citation("daily", chain="putin"),
                "putin>USA",
                False,
                [("daily", "D"), ("putin", None)],
            ),
        ],
    )
    def test_goes_from_the_publisher_to_the_root(self, citation, ends, speech, links):
        found = only(citation, ends=ends, speech=speech)

        assert chain(found) == links
        assert found.root == an_id(links[-1][0])
        assert found.spoken is speech

    def test_knows_a_speaker_by_any_claim_that_is_the_same(self):
        head = a_claim_state("RUS>USA", citations=(a_citation(chain="putin"),))
        other = a_claim_state("putin>USA", name="other")

        found = resolved(head, other, speech=True)

        assert [chain(one) for one in found] == [[ARTICLE]] * 2

    @each(
        ("published", "grade"),
        [
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
    @pytest.mark.parametrize(
        ("citation", "links", "credibility"),
        [
            (a_citation("unknown", chain="times"), [("unknown", "D"), TIMES], 4),
            # They give way to grades that say that nothing is known.
            (a_citation("f", credibility=6), [("f", "F")], 6),
        ],
    )
    def test_stand_in_for_a_grade_that_is_missing(self, citation, links, credibility):
        world = World(sources=SOURCES, documents=DOCUMENTS, collection=FEED)

        found = only(citation, world=world)

        assert (chain(found), found.credibility) == (links, credibility)

    def test_are_those_of_each_claims_own_collection(self):
        feed = an_id("feed")
        head, other = a_claim_state(), a_claim_state(name="other", collection=feed)
        rules = {
            CURATED: Collection(name="curated", coding="curated", review=False),
            feed: Collection(name="feed", coding="machine", review=False, default_credibility=5),
        }

        found = resolved(head, other, collections=rules)

        assert [one.credibility for one in found] == [None, 5]


@pytest.mark.parametrize(
    ("code", "speaks"), [("ACCUSE", True), ("COERCE", False), ("NOTHING", False), (None, False)]
)
def test_a_claim_says_by_its_code_that_somebody_speaks(code, speaks):
    assert is_speech(a_claim_state(code=code).claim) is speaks


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
            ("except", "tass", False),
            ("except", "usia", True),
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

    STATE = "its root speaks for the state of the speaker or of a party"

    @each(
        ("chain", "ends", "reason"),
        [
            ("", "USA UKR", ""),
            ("times", "USA UKR", ""),
            ("putin", "USA UKR", "its root is the speaker"),
            # The speaker's state may pass on what another says.
            ("daily times", "USA UKR", ""),
            ("fsb", "USA>fsb", "its root is a party to it"),
            # What a party's state owns, and other voices of the speaker's state.
            ("usia", "USA UKR", STATE),
            ("tass", "USA UKR", STATE),
            ("fsb", "USA UKR", STATE),
            ("moscow", "USA UKR", STATE),
            # A private voice of the speaker's country or of a party's, or a third state's.
            ("gazette", "USA UKR", ""),
            ("post", "USA UKR", ""),
            ("daily", "USA UKR", ""),
        ],
    )
    def test_rests_on_a_root_of_its_own(self, chain, ends, reason):
        assert self.reason(a_citation(chain=chain), ends=ends) == reason

    def test_does_not_rest_on_a_party_that_is_only_affected(self):
        state = a_claim_state("USA", affected="fsb", citations=(a_citation(chain="fsb"),))
        [found] = resolved(state, speakers=(self.SPEECH,))

        assert found.set_aside == "its root is a party to it"

    def test_does_not_rest_on_what_the_state_of_a_party_s_agent_owns(self):
        speech = a_claim_state("zhao>RUS", name="speech", code="ACCUSE/allege")

        assert self.reason(a_citation(chain="tass"), ends="fsb", speakers=(speech,)) == self.STATE

    def test_does_not_rest_on_what_the_state_of_a_group_s_member_owns(self):
        world = World(actors=CAST | {"allies": a_group("USA UKR")}, sources=SOURCES)
        found = only(a_citation(chain="usia"), ends="allies", speakers=(self.SPEECH,), world=world)

        assert found.set_aside == self.STATE

    def test_is_told_from_one_that_nobody_says(self):
        assert self.reason(a_citation(chain="usia"), speakers=()) == ""

    def test_takes_a_root_that_is_no_actor_on_record_as_it_is(self):
        world = World(actors=CAST, sources={"nobody": voice_of("nobody")})
        found = only(a_citation(chain="nobody"), speakers=(self.SPEECH,), world=world)

        assert found.set_aside == ""
