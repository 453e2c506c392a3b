"""What other sites show beside a link to a page: a title, a sentence and a picture."""

import io
import re
from datetime import date
from html import unescape
from pathlib import Path
from uuid import UUID

import pytest
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from PIL import Image

from tests.kit.builders import AT, BY
from tracker.domain import events as e
from tracker.operations import claims, editions
from tracker.pages import downloads
from tracker.queries import moment

pytestmark = pytest.mark.django_db
SITE = "http://testserver"


class TestTheTitleOfACard:
    """Fifty-two letters a line."""

    def test_has_the_sentences_that_fit(self):
        first, second = (
            "China and Japan cooled in November 2025.",
            "Eleven of twelve sources are so.",
        )

        assert downloads._card_title(f"{first} {second}", 1) == [first]
        assert len(downloads._card_title(f"{first} {second}", 2)) == 2

    def test_cuts_only_a_sentence_that_is_too_long_by_itself(self):
        [line] = downloads._card_title("Words and more words " * 9, 1)

        assert line.endswith(" …")


@pytest.fixture
def paths(desk, scored):
    """Every kind of page, by name."""
    claim = desk.asserts("RUS", "KAZ", summary="Russia closed a pipeline.").stream
    scored()
    editions.publish("standing@1", date(2024, 4, 30), at=AT, as_of=moment.now())
    return {
        "overview": "/",
        "pair": "/pairs/KAZ-RUS/",
        "silent": "/pairs/CHN-KAZ/",
        "triad": "/triads/CHN-KAZ-RUS/",
        "actor": "/actors/KAZ/",
        "claim": f"/claims/{claim}/",
        "document": f"/documents/{desk.document}/",
        "source": f"/sources/{desk.source}/",
        "shifts": "/shifts/",
        "editions": "/editions/",
        "corrections": "/corrections/",
        "digests": "/digest/",
        "digest": "/digest/2022-05/",
        "about": "/about/",
        "licence": "/about/licence/",
        "follow": "/follow/",
        "edition": "/editions/standing@1/2024-04-30/",
        "method": "/method/",
        "status": "/status/",
    }


def card(client, path):
    """The properties of a page's card, by name; each stands once."""
    text = client.get(path).text
    head = text.partition("</head>")[0]
    found = re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', head)
    assert len(found) == len(dict(found)), path
    return {name: unescape(value) for name, value in found}


class TestEveryPage:
    def test_has_a_title_a_sentence_and_a_picture_that_is_there(self, client, paths):
        for name, path in paths.items():
            shown = card(client, path)
            assert shown["og:title"], name
            assert 20 <= len(shown["og:description"]) <= 300, name
            assert shown["description"] == shown["og:description"], name
            assert shown["og:image:alt"], name
            assert shown["og:image"].startswith(f"{SITE}/"), name
            assert (shown["og:image:width"], shown["og:image:height"]) == ("1200", "630"), name

    def test_tells_pages_apart(self, client, paths):
        titles = [card(client, path)["og:title"] for path in paths.values()]

        assert len({*titles}) == len(titles)

    @pytest.mark.parametrize("name", ["pair", "triad"])
    def test_of_a_relation_has_a_picture_of_its_own(self, client, paths, name):
        image = card(client, paths[name])["og:image"]

        answer = client.get(image.removeprefix(SITE))

        assert image == f"{SITE}{paths[name]}card.png"
        assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)

    @pytest.mark.parametrize("name", ["actor", "overview", "claim", "silent", "method"])
    def test_else_has_that_of_the_site(self, client, paths, name):
        assert card(client, paths[name])["og:image"] == f"{SITE}{static('pages/card.png')}"


class TestTheSitesPicture:
    def test_is_as_large_as_it_says_and_light(self):
        path = Path(finders.find("pages/card.png"))

        with Image.open(path) as image:
            assert image.size == (1200, 630)
        assert path.stat().st_size < 40_000


class TestAClaim:
    def test_says_what_it_is_of_when_and_who_published_it(self, client, paths):
        shown = card(client, paths["claim"])

        assert shown["og:title"] == "Russia closed a pipeline."
        assert shown["og:description"] == "Act, on 11 May 2022, by The Gazette."

    def test_carries_its_verdict(self, client, desk, paths):
        claim = UUID(paths["claim"].split("/")[2])
        claims.give_verdict(claim, e.VerdictGiven(verdict="false", reason="No."), at=AT, by=BY)

        assert "judged false" in card(client, paths["claim"])["og:title"]
