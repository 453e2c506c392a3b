"""Documents, sources, claims and countries as of a past moment: the same after more is written."""

import pytest

from tests.kit.builders import AT, BY, a_document, a_source, rate
from tests.kit.texts import text_of
from tracker import log
from tracker.operations import claims, sources

pytestmark = pytest.mark.django_db


@pytest.fixture
def then(desk, scored):
    """A record of one claim, by the claim's id, and where the log ended."""
    claim = desk.asserts("RUS", "KAZ", summary="Russia closed a pipeline.").stream
    scored()
    return claim, log.head().position


@pytest.fixture
def later(desk, then, scored):
    """What is written after that, to everything that there was."""

    def write():
        claims.retract_claim(then[0], reason="a slip", at=AT, by=BY)
        desk.asserts("CHN", "RUS", summary="China built a bridge.")
        desk.asserts("KAZ", "CHN", summary="Kazakhstan opened a road.")
        rate(desk.source, "A")
        sources.describe_document(
            a_document(desk.source, title="Another title"),
            at=AT,
            by=BY,
            document_id=desk.document,
        )
        sources.describe_source(a_source(name="The Herald"), at=AT, by=BY, source_id=desk.source)
        scored()

    return write


def main_part(answer):
    assert answer.status_code == 200
    return answer.text.partition("<main")[2].partition("</main>")[0]


class TestEveryPage:
    @pytest.mark.parametrize("which", ["actor", "document", "source", "claim"])
    def test_is_the_same_and_says_of_when(self, client, desk, then, later, which):
        claim, position = then
        path = {
            "actor": "/actors/KAZ/",
            "document": f"/documents/{desk.document}/",
            "source": f"/sources/{desk.source}/",
            "claim": f"/claims/{claim}/",
        }[which]
        before = main_part(client.get(path, {"as_of": position}))
        later()

        assert main_part(client.get(path, {"as_of": position})) == before
        assert "As known on 1 May 2024, not as known now." in before
        assert f'<a href="{path}">What is known now</a>' in before
        now = main_part(client.get(path))
        assert now != before
        assert "not as known now" not in now

    @pytest.mark.parametrize("path", ["/pairs/KAZ-RUS/", "/triads/CHN-KAZ-RUS/", "/"])
    def test_of_now_is_not_called_one_of_the_past(self, client, then, path):
        text = "not as known now"

        assert text not in main_part(client.get(path))
        if path != "/":
            assert text in main_part(client.get(path, {"as_of": then[1]}))

    @pytest.mark.parametrize(
        "path",
        [
            "/",
            "/actors/KAZ/",
            "/documents/{document}/",
            "/sources/{source}/",
            "/claims/{claim}/",
            "/shifts/",
        ],
    )
    def test_of_what_has_not_been_yet_is_refused_in_words(self, client, desk, then, path):
        named = path.format(document=desk.document, source=desk.source, claim=then[0])

        answer = client.get(named, {"as_of": log.head().position + 1})

        assert "The log ends at position" in text_of(answer, status=400)


class TestADocument:
    def test_leads_to_claims_as_of_the_same(self, client, desk, then):
        claim, position = then

        text = client.get(f"/documents/{desk.document}/", {"as_of": position}).text

        assert f'href="/claims/{claim}/?as_of={position}"' in text

    def test_that_was_not_on_record_yet_is_not_found(self, client, desk):
        assert client.get(f"/documents/{desk.document}/", {"as_of": 1}).status_code == 404


class TestACountry:
    def test_keeps_the_moment_in_its_links(self, client, desk, then):
        _, position = then

        text = client.get("/actors/KAZ/", {"as_of": position}).text

        assert f'href="/?as_of={position}&amp;country=KAZ"' in text
        assert f"/pairs/KAZ-RUS/?as_of={position}" in text
        assert "Recent claims" not in text


class TestShifts:
    def test_of_the_past_lead_to_a_pair(self, client, desk, then):
        answer = client.get("/shifts/", {"as_of": then[1]})

        assert "past shifts are not kept" in text_of(answer, status=400)
