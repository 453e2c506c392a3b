"""Who runs the site, from its settings; without settings no name is invented."""

import pytest

pytestmark = pytest.mark.django_db


def told(settings, **given):
    settings.ABOUT = {"OPERATOR": "", "CONTACT": "", "DATA_LICENCE": ""} | given


class TestAbout:
    def test_names_nobody_by_default(self, client, settings):
        told(settings)

        page = client.get("/about/").text

        assert "have not put their name here" in page
        assert "No address is given for this site." in page

    def test_names_the_operator_and_the_address(self, client, settings):
        told(settings, OPERATOR="The Example Society", CONTACT="desk@example.org")

        page = client.get("/about/").text

        assert "This site is run by The Example Society" in page
        assert '<a href="mailto:desk@example.org"' in page

    @pytest.mark.parametrize(
        ("contact", "link"),
        [
            ("https://example.org/write", 'href="https://example.org/write"'),
            ("javascript:alert(1)", "<p>javascript:alert(1)</p>"),
            ("room 3", "<p>room 3</p>"),
        ],
    )
    def test_links_only_what_is_an_address(self, client, settings, contact, link):
        told(settings, CONTACT=contact)

        assert link in client.get("/about/").text


class TestTheLicence:
    def test_of_the_code_is_that_of_its_file(self, client):
        assert "Apache License 2.0" in client.get("/about/licence/").text

    def test_of_data_is_not_made_up(self, client, settings):
        told(settings)

        assert "have not chosen a licence" in " ".join(client.get("/about/licence/").text.split())

    def test_of_data_is_that_of_the_setting(self, client, settings):
        told(settings, DATA_LICENCE="CC BY 4.0 https://creativecommons.org/licenses/by/4.0/")

        page = " ".join(client.get("/about/licence/").text.split())

        assert '<a href="https://creativecommons.org/licenses/by/4.0/"' in page
        assert ">CC BY 4.0</a>" in page


class TestTheFoot:
    def test_of_every_page_links_them(self, client, desk, scored):
        desk.asserts("RUS", "KAZ")
        scored()
        linked = ("/about/", "/corrections/", "/digest/", "/follow/", "/about/licence/")
        others = ("/", "/pairs/KAZ-RUS/", "/actors/KAZ/", "/shifts/", "/method/", "/nowhere/")

        for page in (*linked, *others):
            answer = client.get(page)
            assert answer.status_code == (404 if page == "/nowhere/" else 200)
            foot = answer.text.partition('<footer class="foot">')[2]
            assert [path for path in linked if f'href="{path}"' not in foot] == [], page
