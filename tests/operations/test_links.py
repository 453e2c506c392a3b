import pytest

from tests.kit.builders import AT, BY, a_desk, a_lens, an_actor
from tracker.domain.disclosure import Reader
from tracker.domain.validity import Invalid
from tracker.operations import actors, claims, lenses, links
from tracker.projections import impacts, scores
from tracker.queries import moment
from tracker.queries.claims import listing as questions
from tracker.queries.scores import pairs

pytestmark = pytest.mark.django_db


def link(kind, from_, to):
    return links.link(kind, from_.stream, to.stream, at=AT, by=BY)


class TestLink:
    @pytest.mark.parametrize("kind", ["supersedes", "part_of", "says"])
    def test_refuses_to_go_round_in_a_circle(self, kind):
        desk = a_desk()
        one, two, three = desk.asserts(), desk.asserts(), desk.asserts()
        link(kind, one, two)
        link(kind, two, three)

        with pytest.raises(Invalid, match="leads back"):
            link(kind, three, one)

    def test_lets_the_same_claims_be_linked_twice_where_nothing_hangs_on_the_order(self):
        desk = a_desk()
        one, two = desk.asserts(), desk.asserts()
        link("causes", one, two)

        assert link("causes", two, one).kind == "ClaimsLinked"


class TestARetractedSpeech:
    def test_does_not_free_what_it_said(self):
        desk = a_desk()
        speech, embedded = desk.asserts("RUS", "KAZ"), desk.asserts("KAZ", "RUS")
        link("says", speech, embedded)
        claims.retract_claim(speech.stream, reason="misread", at=AT, by=BY)
        impacts.follow_all()
        scores.recompute_all(at=AT)

        title = questions.titles([embedded.stream], reader=Reader.DESK)[embedded.stream]
        assert title.startswith("RUS alleges: ")


class TestNames:
    def test_let_one_actor_only_have_a_code(self):
        a_desk()

        with pytest.raises(Invalid, match="is KAZ"):
            actors.describe_actor(an_actor("KAZ"), at=AT, by=BY)

    def test_let_one_lens_only_have_a_name(self):
        desk = a_desk()

        with pytest.raises(Invalid, match="already"):
            lenses.define_lens(a_lens("tone", view=desk.view), at=AT, by=BY)

    def test_may_be_kept_by_the_next_version(self):
        desk = a_desk()
        again = a_lens("tone", view=desk.view)

        lenses.define_lens(again, at=AT, by=BY, lens_id=desk.lenses["tone"])

        assert (
            pairs.series(
                "KAZ-RUS", direction="KAZ-RUS", lens="tone", as_of=moment.now()
            ).lens.version
            == 2
        )
