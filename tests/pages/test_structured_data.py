"""What programs read from pages, by schema.org and the rules of Zotero, and what other sites show
beside a link to one: a title, a sentence and a picture."""

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

from tests.kit.accusations import a_firm, blames
from tests.kit.builders import AT, BY
from tests.kit.schema_org import Page, problems
from tracker import log
from tracker.domain import events as e
from tracker.operations import claims, editions
from tracker.pages import downloads
from tracker.queries import moment

pytestmark = pytest.mark.django_db


def read(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return Page(answer.text)


def verdict(which):
    return e.VerdictGiven(verdict=which, reason="A court found so.")


class TestAPair:
    def test_is_a_data_set_with_its_tables(self, client, desk, scored):
        desk.asserts()
        scored()

        schema = read(client, "/pairs/KAZ-RUS/").schema

        assert [*problems(schema)] == []
        assert (schema["@type"], schema["name"]) == ("Dataset", "Relations of KAZ and RUS")
        assert 50 <= len(schema["description"]) <= 5_000
        assert schema["temporalCoverage"].startswith("2022-05-11/")
        for one in schema["distribution"]:
            answer = client.get(one["contentUrl"].removeprefix("http://testserver"))
            assert answer["Content-Type"].startswith(one["encodingFormat"])

    def test_is_cited_by_an_address_of_what_is_known_now(self, client, desk, scored):
        desk.asserts()
        scored()
        fixed = read(client, "/pairs/KAZ-RUS/").tags["citation_public_url"]
        page = read(client, fixed.removeprefix("http://testserver"))

        assert page.tags["citation_public_url"] == page.schema["url"] == fixed
        assert f"as_of={log.head().position}" in fixed

    def test_is_a_report_in_zotero(self, client, desk, scored, settings):
        settings.ABOUT = {"OPERATOR": "The Society", "CONTACT": "", "DATA_LICENCE": ""}
        desk.asserts()
        scored()

        head = log.head().position

        tags = read(client, f"/pairs/KAZ-RUS/?day=2022-06-01&as_of={head}").tags

        # By this tag its translator "Embedded Metadata" takes a page for a report, unless there is
        # one of a journal, a conference, a book or a dissertation.
        assert tags["citation_technical_report_institution"] == "The Society"
        assert [one for one in tags if re.search("journal|conference|book|dissertation", one)] == []
        assert tags["citation_title"] == "Relations of KAZ and RUS"
        assert tags["citation_publication_date"] == f"{moment.known_at(head).day():%Y/%m/%d}"
        assert tags["citation_author"] == "Entente"
        assert "day=2022-06-01" in tags["citation_public_url"]

    def test_has_the_licence_of_the_setting(self, client, desk, scored, settings):
        link = "https://creativecommons.org/licenses/by/4.0/"
        settings.ABOUT = {"OPERATOR": "", "CONTACT": "", "DATA_LICENCE": f"CC BY 4.0 {link}"}
        scored()

        schema = read(client, "/pairs/KAZ-RUS/").schema

        assert schema["license"] == link
        assert [*problems(schema)] == []


class TestATriangle:
    PATH = "/triads/CHN-KAZ-RUS/"

    def test_is_a_data_set_with_its_tables(self, client, desk, scored):
        desk.asserts()
        scored()

        schema = read(client, self.PATH).schema

        assert [*problems(schema)] == []
        assert schema["@type"] == "Dataset"
        assert schema["name"] == "Relations within the triangle of CHN, KAZ and RUS"
        table, _document = (
            client.get(one["contentUrl"].removeprefix("http://testserver"))
            for one in schema["distribution"]
        )
        assert table["Content-Type"].startswith(schema["distribution"][0]["encodingFormat"])
        days = [line.partition(",")[0] for line in table.text.splitlines()[1:]]
        assert schema["temporalCoverage"] == f"{days[0]}/{days[-1]}"


class TestAClaim:
    def test_is_a_claim_with_the_documents_that_report_it(self, client, desk, scored):
        claim = desk.asserts(summary="Russia closed a pipeline.").stream
        scored()

        schema = read(client, f"/claims/{claim}/").schema

        assert [*problems(schema)] == []
        assert (schema["@type"], schema["name"]) == ("Claim", "Russia closed a pipeline.")
        [report] = schema["appearance"]
        assert (report["name"], report["datePublished"]) == ("A report", "2022-05-24")
        assert report["publisher"] == {"@type": "Organization", "name": "The Gazette"}

    @pytest.mark.parametrize(
        ("which", "rating"),
        [
            ("confirmed", {"ratingValue": 5, "bestRating": 5, "worstRating": 1}),
            ("disputed", {"ratingValue": 3, "bestRating": 5, "worstRating": 1}),
            ("false", {"ratingValue": 1, "bestRating": 5, "worstRating": 1}),
            ("unverifiable", {}),
        ],
    )
    def test_with_a_verdict_is_a_review(self, client, desk, scored, which, rating):
        claim = desk.asserts(summary="Russia closed a pipeline.").stream
        claims.give_verdict(claim, verdict(which), at=AT, by="ann")
        scored()

        schema = read(client, f"/claims/{claim}/").schema

        assert [*problems(schema)] == []
        assert schema["@type"] == "ClaimReview"
        assert "Russia closed a pipeline." in schema["claimReviewed"]
        assert schema["datePublished"] == "2024-05-01"
        assert schema["author"]["name"] == "Entente"
        assert schema["reviewRating"] == {"@type": "Rating", "alternateName": which} | rating

    def test_that_is_withheld_has_none(self, client, desk, scored):
        firm = a_firm(desk)
        blaming = blames(desk, firm)
        scored()

        page = read(client, f"/claims/{blaming}/")

        assert page.scripts == []
        assert "citation_title" not in page.tags

    def test_cannot_end_its_script(self, client, desk, scored):
        claim = desk.asserts(summary="It said </script><script>alert(1)</script> & more.").stream
        scored()

        text = client.get(f"/claims/{claim}/").text

        assert "<script>alert" not in text
        assert "alert(1)</script> & more." in Page(text).schema["name"]


class TestAnEdition:
    def test_is_a_data_set(self, client, desk, scored):
        desk.asserts()
        scored()
        path = published()

        page = read(client, path)

        assert [*problems(page.schema)] == []
        assert page.schema["temporalCoverage"] == "2022-05-24"
        assert page.tags["citation_title"].startswith("Scores of 24 May 2022: Overall relationship")


class TestTheEmbed:
    def test_is_offered_live_and_as_of_today(self, client, desk, scored):
        desk.asserts()
        scored()
        page = client.get("/pairs/KAZ-RUS/?show=download").text
        live, frozen = (
            re.search(r'src="http://testserver([^"]*)"', unescape(text))[1].replace("&amp;", "&")
            for text in re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
        )
        before = client.get(frozen).text
        assert client.get(live).status_code == 200

        desk.asserts("KAZ", "RUS", code="plover-2.0/AID", summary="It gave.")
        scored()

        assert client.get(frozen).text == before
        assert client.get(live).text != before


def published():
    """Keep the edition of 24 May 2022. Returns its address."""
    kept = editions.publish("standing", date(2022, 5, 24), at=AT, as_of=moment.now())
    return f"/editions/{kept.lens.label}/{kept.day}/"


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


class TestTheCardOfEveryPage:
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


class TestTheCardOfAClaim:
    def test_says_what_it_is_of_when_and_who_published_it(self, client, paths):
        shown = card(client, paths["claim"])

        assert shown["og:title"] == "Russia closed a pipeline."
        assert shown["og:description"] == "Act, on 11 May 2022, by The Gazette."

    def test_carries_its_verdict(self, client, desk, paths):
        claim = UUID(paths["claim"].split("/")[2])
        claims.give_verdict(claim, e.VerdictGiven(verdict="false", reason="No."), at=AT, by=BY)

        assert "judged false" in card(client, paths["claim"])["og:title"]
