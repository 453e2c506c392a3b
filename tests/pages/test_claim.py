"""The page of a claim: what it says, who says so, how sure it is, what happened to it."""

import pytest

from tests.kit.builders import AT, a_citation, a_document, withhold_text
from tests.kit.placed_quotes import a_placed_citation
from tests.kit.proposals import enters_proposed
from tests.kit.texts import without_tags
from tracker import log
from tracker.domain import events as e
from tracker.operations import claims, sources
from tracker.queries.records import states

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim_id(desk):
    return desk.asserts(summary="Russia closed a pipeline.").stream


def shown(client, claim_id, **query):
    answer = client.get(f"/claims/{claim_id}/", query)
    return answer, without_tags(answer.text)


class TestThePage:
    def test_says_everything_down_to_the_root(self, client, desk, claim_id):
        far = desk.hears(name="Far Herald", grade="B")
        root = _publisher(far)
        claims.cite(claim_id, a_citation(desk.document, chain=(root,)), at=AT, by="bob")

        answer, said = shown(client, claim_id)

        assert "Initiator RUS" in said
        assert "on 11 May 2022" in said
        assert "plover-2.0/MOBILIZE/militia" in said
        assert "The Gazette (C, fairly reliable) ← Far Herald (B, usually reliable)" in said
        assert "2 independent roots" in said
        assert "RUS → KAZ" in said
        assert 'href="/pairs/RUS-KAZ/"' in answer.text
        assert "the desk added a citation" in said

    @pytest.mark.parametrize(
        ("given", "says"),
        [
            (
                {"rung": "structural-1/negative-peace"},
                "Assessed Level of KAZ and RUS at the end of 2021: +2 ± 2.5, negative peace",
            ),
            (
                {"value": "-1.25", "day": "2022-02-28"},
                "Level of KAZ and RUS at the end of February 2022: −1.25 ± 1.5",
            ),
            ({"value": "0", "day": "2022-05"}, "RUS in May 2022: 0 ± 1.5"),
            ({"day": "2022-05-11"}, "at the close of 11 May 2022: +4.5 ± 1.5"),
        ],
    )
    def test_says_which_level_a_claim_assesses(self, client, desk, given, says):
        _, said = shown(client, desk.gives_level(**given).stream)

        assert says in said

    def test_names_who_recorded_what_to_the_desk_alone(
        self, client, django_user_model, desk, claim_id
    ):
        claims.retract_claim(claim_id, reason="no", at=AT, by="bob")
        claims.reinstate_claim(claim_id, reason="yes", at=AT, by="system:seed")

        _, public = shown(client, claim_id)
        client.force_login(django_user_model.objects.create_user("reader"))
        _, reader = shown(client, claim_id)
        client.force_login(django_user_model.objects.create_user("ann", is_staff=True))
        answer, staff = shown(client, claim_id)

        for said in (public, reader):
            assert "bob" not in said
            assert "the desk retracted it" in said
            assert "system:seed reinstated it" in said
        assert "bob retracted it" in staff
        assert "Cookie" in answer["Vary"]

    def test_links_to_the_document_and_tells_robots_not_to_follow(self, client, desk):
        at = sources.describe_document(
            a_document(desk.source, url="https://example.org/a?b=1&c=2"), at=AT, by="ann"
        ).stream
        one = desk.asserts(citations=(a_citation(at),)).stream

        answer, _ = shown(client, one)

        assert 'href="https://example.org/a?b=1&amp;c=2" rel="noopener nofollow"' in answer.text

    def test_links_to_the_sentence_that_it_quotes_unless_it_is_withheld(self, client, desk):
        page = "https://example.org/a#b"
        at = sources.describe_document(a_document(desk.source, url=page), at=AT, by="ann").stream
        one = desk.asserts(citations=(a_placed_citation(at),))
        link = f"{page}:~:text=11%20May%20the%20ministry%20said%20that-,Russia%20shut%20the%20"

        answer, _ = shown(client, one.stream)
        withhold_text(one.position, reason="law", authority="court", at=AT, by="bob")
        withheld, _ = shown(client, one.stream)

        assert f'href="{link}pipeline,-%2C%20as%20it%20had%20before.%20Nobody"' in answer.text
        assert f'href="{page}" rel="noopener nofollow"' in withheld.text
        assert ":~:text" not in withheld.text

    def test_says_what_was_proposed_before_it_was_entered(self, client, desk):
        claim = enters_proposed(desk, was={"code": "plover-2.0/AID"})

        _, said = shown(client, claim)

        assert "entered it, proposed by reading-1; changed: code" in said
        assert "code: plover-2.0/AID plover-2.0/MOBILIZE/militia" in said

    def test_says_how_the_dead_of_an_assault_weigh(self, client, desk, scored):
        shooting = desk.asserts_shooting(3)
        scored()

        _, said = shown(client, shooting)

        assert "It moves RUS → KAZ" in said
        assert "An assault weighs by its dead: × 0.25, 1 to 24 dead." in said

    def test_escapes_whatever_people_wrote(self, client, desk):
        evil = '"><script>alert(1)</script>'
        one = desk.asserts(
            summary=evil,
            note=evil,
            citations=(a_citation(desk.document, quote=evil),),
        ).stream
        claims.retract_claim(one, reason=evil, at=AT, by="<b>bob</b>")

        answer, said = shown(client, one)

        assert "<script>" not in answer.text
        assert "<b>" not in answer.text
        assert said.count("alert(1)") >= 5

    def test_shows_a_claim_as_it_stood(self, client, claim_id):
        before = log.head().position
        claims.retract_claim(claim_id, reason="no", at=AT, by="ann")

        _, now = shown(client, claim_id)
        _, then = shown(client, claim_id, as_of=str(before))

        assert "[retracted]" in now
        assert "retracted" not in then

    def test_of_nothing_is_not_found(self, client, desk):
        assert shown(client, desk.document)[0].status_code == 404
        assert client.get("/claims/7/").status_code == 404


class TestSearchEngines:
    """Print the title alone, so they are kept off what nobody vouches for."""

    def test_may_list_a_claim_that_stands(self, client, claim_id):
        answer, _ = shown(client, claim_id)

        assert "X-Robots-Tag" not in answer
        assert "noindex" not in answer.text

    @pytest.mark.parametrize("verdict", ["false", "disputed"])
    def test_are_kept_off_what_is_judged_so(self, client, claim_id, verdict):
        claims.give_verdict(claim_id, e.VerdictGiven(verdict=verdict, reason="no"), at=AT, by="ann")

        answer, said = shown(client, claim_id)

        assert answer["X-Robots-Tag"] == "noindex"
        assert '<meta name="robots" content="noindex">' in answer.text
        assert f"Russia closed a pipeline. [judged {verdict} by the desk]" in said

    def test_are_kept_off_what_is_retracted(self, client, claim_id):
        claims.retract_claim(claim_id, reason="no", at=AT, by="ann")

        assert shown(client, claim_id)[0]["X-Robots-Tag"] == "noindex"


def _publisher(document):
    state = states.records([document], at=None)[document]
    return state.document.source
