"""The link on a pair's page to its score with the proof."""

import re
from html import unescape

import pytest

from tests.kit.seals import seal_all
from tools import verify
from tracker.domain.proofs import scores
from tracker.exports import cited_scores
from tracker.operations import seal_keys

pytestmark = pytest.mark.django_db

PAGE = "/pairs/KAZ-RUS/"
LINK = re.compile(r'href="([^"]*scores\.proof\.json[^"]*)">([^<]*)<')


def link(client, address: str, **query: str) -> tuple[str, str]:
    """Where it leads, and what it says."""
    found = LINK.findall(client.get(address, query).text)
    assert len(found) == 1
    return unescape(found[0][0]), found[0][1]


@pytest.fixture
def key(desk, scored, settings, tmp_path):
    """A claim is scored and signed, and anybody may read."""
    settings.SEAL_FOLDER, settings.ANONYMOUS_READERS = tmp_path / "seal", True
    made = seal_keys.make_key("news.example").key.verifier
    desk.asserts("RUS", "KAZ")
    scored()
    seal_all()
    return made


class TestTheLink:
    @pytest.mark.parametrize("query", [{}, {"show": "download"}, {"direction": "RUS>KAZ"}])
    def test_leads_to_the_score_of_the_page(self, client, key, query):
        address, label = link(client, PAGE, **query)
        text = client.get(address).text
        verify.verify_score(text, [key])
        cited = scores.parse(text)

        assert label == "the score with its proof"
        assert cited.direction == query.get("direction", "KAZ-RUS")
        assert len(cited.claims) == 1

    def test_comes_with_key_and_command(self, client, key):
        text = client.get(PAGE).text

        assert client.get("/.well-known/entente-log-key").text == f"{key}\n"
        assert 'href="/.well-known/entente-log-key"' in text
        assert "tools/verify.py score scores.proof.json --key KEY" in text

    def test_names_day_position_and_version(self, client, key):
        address, _ = link(client, PAGE, day="2022-05-24")

        assert "day=2022-05-24" in address
        assert "lens=standing%401" in address
        assert re.search(r"as_of=\d+", address)

    def test_says_that_a_closed_api_needs_a_token(self, client, key, settings):
        settings.ANONYMOUS_READERS = False

        assert link(client, PAGE)[1] == "the score with its proof, with a token"

    def test_is_not_there_without_claims(self, client, desk, scored):
        assert LINK.findall(client.get("/pairs/CHN-RUS/").text) == []

    def test_is_not_there_before_the_first_checkpoint(self, client, desk, scored):
        desk.asserts("RUS", "KAZ")
        scored()
        seal_all()

        assert LINK.findall(client.get(PAGE).text) == []

    def test_is_not_there_with_more_claims_than_a_proof_holds(self, client, key, monkeypatch):
        monkeypatch.setattr(cited_scores, "MOST_CLAIMS", 0)

        assert LINK.findall(client.get(PAGE).text) == []
