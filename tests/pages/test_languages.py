"""The pages in other languages: their addresses, what is said in them, and the catalogues."""

import re
from gettext import GNUTranslations
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from django.test import Client

from tests.kit import catalogues

OTHERS = ("ru", "kk", "zh-hans")


def _forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    """A text, or each of its plural forms."""
    return text if isinstance(text, tuple) else (text,)


class TestAddresses:
    def test_name_the_language_of_all_but_english(self, client: Client, desk) -> None:
        page = client.get("/ru/pairs/KAZ-RUS/?day=2022-05-01").content.decode()

        assert '<html lang="ru">' in page
        assert re.search(r"<h1[^>]*>[^<]*Казахстан[^<]*Россия", page)
        for code, prefix in (("en-gb", ""), ("ru", "/ru"), ("kk", "/kk"), ("zh-hans", "/zh-hans")):
            link = f"{prefix}/pairs/KAZ-RUS/?day=2022-05-01"
            assert f'hreflang="{code}" href="http://testserver{link}"' in page
        # Its own links stay in the language.
        assert 'href="/ru/method/"' in page
        assert 'href="/method/"' not in page

    def test_are_cached_apart(self, client: Client, desk) -> None:
        tags = {client.get(f"{prefix}/pairs/KAZ-RUS/")["ETag"] for prefix in ("", "/ru", "/kk")}

        assert len(tags) == 3

    def test_do_not_depend_on_the_browser(self, client: Client, desk) -> None:
        page = client.get("/pairs/KAZ-RUS/", headers={"Accept-Language": "ru"}).content.decode()

        assert '<html lang="en-gb">' in page

    @pytest.mark.parametrize("path", ["/ru/admin/", "/ru/api/v1/", "/fr/"])
    def test_are_of_pages_only(self, client: Client, db, path) -> None:
        assert client.get(path).status_code == 404


class TestTheCatalogues:
    @pytest.mark.parametrize("language", catalogues.LANGUAGES)
    def test_have_the_messages_of_the_code(self, language) -> None:
        path = catalogues.catalogue(language)
        text, compiled = catalogues.written(catalogues.updated(language))

        assert path.read_bytes() == text, "run `make catalogues`"
        assert path.with_suffix(".mo").read_bytes() == compiled, "run `make catalogues`"

    def test_leave_a_message_without_a_text_in_english(self) -> None:
        # Chinese has one form, so that only the singular has a place in its catalogue.
        chinese = Catalog(locale="zh_Hans")
        chinese.add(("%(number)d event", "%(number)d events"))
        _text, compiled = catalogues.written(chinese)

        found = GNUTranslations(BytesIO(compiled))
        assert found.ngettext("%(number)d event", "%(number)d events", 2) == "%(number)d events"

    @pytest.mark.parametrize("language", catalogues.LANGUAGES)
    def test_keep_the_placeholders_of_each_message(self, language) -> None:
        names = re.compile(r"%\((\w+)\)[a-z]|\{(\w+)[^}]*\}")
        for message in catalogues.updated(language):
            wanted = [{*names.findall(one)} for one in _forms(message.id)]
            # What only one form of the English has may be in any form of the other language.
            needed, allowed = set.intersection(*wanted), set.union(*wanted)
            for text in filter(None, _forms(message.string)):
                assert needed <= {*names.findall(text)} <= allowed, message.id
