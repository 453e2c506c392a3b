"""Pages in other languages: their addresses, their catalogues, no English text in the marked
language, and the same numbers for machines in every language."""

import json
import re
from collections.abc import Callable
from gettext import GNUTranslations
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from django.test import Client

from tests.kit import catalogues
from tests.kit.builders import AT
from tests.kit.page_texts import own_words, seed_texts, untranslated
from tests.kit.processes import CHECKOUT
from tests.kit.pseudo_language import marked
from tests.kit.seeded import put_seed_on_record

# Words that are the same in all languages: names, formats, units of programs.
STAYS = {
    *("Entente", "EDTF", "CSV", "JSON", "API", "Atom", "SHA", "UTC", "PNG", "SVG", "XLSX", "QR"),
    # What the addresses below ask for.
    *("kazakh", "lens", "day", "soon"),
    *("GDELT", "ICEWS", "PLOVER", "POLECAT", "UCDP", "Brier", "iframe"),
}
PAGES = {
    "status": "/status/",
    "editions": "/editions/",
    "method": "/method/",
    "calibration": "/method/calibration/",
    "claim": "CLAIM",
    "claim-then": "CLAIM?as_of=400",
    "document": "DOCUMENT",
    "source": "SOURCE",
    "organisation": "ORGANISATION",
    "no-page": "/nowhere/",
    "no-claim": "/claims/00000000-0000-0000-0000-000000000000/",
    "no-parameter": "/status/?lens=tone",
    "no-day": "/pairs/KAZ-RUS/?day=soon",
    "no-moment": "/pairs/KAZ-RUS/?as_of=soon",
    "overview": "/",
    "actor": "/actors/KAZ/",
    "pair": "/pairs/KAZ-RUS/",
    "pair-table": "/pairs/KAZ-RUS/?show=table",
    "pair-sources": "/pairs/KAZ-RUS/?show=sources",
    "pair-download": "/pairs/KAZ-RUS/?show=download",
    "pair-settings": "/pairs/KAZ-RUS/?show=robustness",
    "pair-mood": "/pairs/KAZ-RUS/?lens=tone",
    "actor-level": "/actors/KAZ/?show=level",
    "triad": "/triads/CHN-KAZ-RUS/",
    "shifts": "/shifts/",
    "embed": "/embed/pairs/KAZ-RUS/",
    "change": "/pairs/KAZ-RUS/what-would-change/",
    "timeline": "/actors/KAZ/timeline/",
    "compare": "/compare/?pairs=KAZ-RUS,CHN-RUS",
    "stories": "/stories/",
    "story": "/stories/china-russia-kazakhstan/",
    "search": "/search/?q=kazakh",
    "corrections": "/corrections/",
    "digests": "/digest/",
    "digest": "/digest/2022-03/",
    "about": "/about/",
    "licence": "/about/licence/",
    "follow": "/follow/",
}
# By a link on another page.
LINKS = {
    "CLAIM": ("/pairs/KAZ-RUS/", r'href="/ru(/claims/[0-9a-f-]{36}/)'),
    "DOCUMENT": ("CLAIM", r'href="/ru(/documents/[0-9a-f-]{36}/)'),
    "SOURCE": ("CLAIM", r'href="/ru(/sources/[0-9a-f-]{36}/)'),
    "ORGANISATION": ("/actors/KAZ/", r'href="/ru(/organisations/[0-9a-f-]{36}/)'),
}


@pytest.fixture
def article(db, scored) -> None:
    put_seed_on_record(AT, scored=True)


@pytest.fixture
def shown(client: Client, article) -> Callable[[str, str], str]:
    """The text of a page in a language, "" for English."""

    def page(name: str, prefix: str) -> str:
        answer = client.get(f"{prefix}{_path(client, PAGES.get(name, name))}")
        # An error page has few words of its own.
        assert (answer.status_code == 200) != name.startswith("no-"), name
        return answer.content.decode()

    return page


def _path(client: Client, path: str) -> str:
    place, _mark, query = path.partition("?")
    if place not in LINKS:
        return path
    start, pattern = LINKS[place]
    found = re.search(pattern, client.get(f"/ru{_path(client, start)}").content.decode())
    assert found, path
    return f"{found[1]}?{query}" if query else found[1]


@pytest.mark.long
def test_every_page_is_translated(shown) -> None:
    record = seed_texts()
    left = {}
    with marked("ru"):
        for name in PAGES:
            left[name] = untranslated(shown(name, "/ru"), "ru", record, STAYS)

    missed = [f"{name}: {text}" for name, texts in left.items() for text in texts]
    assert not missed, "\n".join(missed)


def test_templates_have_no_words_of_their_own() -> None:
    """Those of pages and parts that no address above shows, too."""
    same = {"Entente", "– Entente", "SHA-256"}
    # A command.
    same |= {"python3 tools/verify.py score scores.proof.json --key KEY"}
    left = [
        f"{path.name}: {words}"
        for path in sorted((CHECKOUT / "tracker" / "pages" / "templates").rglob("*.html"))
        for words in own_words(path.read_text(encoding="utf-8"))
        if words not in same
    ]
    assert not left, "\n".join(left)


# What a stylesheet writes into a page, and texts in a script, without its comments.
_WRITTEN = re.compile(r"content:\s*([^;}]*)")
_LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_STATIC = CHECKOUT / "tracker" / "pages" / "static" / "pages"


def style_words(css: str) -> list[str]:
    """Texts with words that a stylesheet writes; those of the page come by attr()."""
    texts = [text for value in _WRITTEN.findall(css) for text in _LITERAL.findall(value)]
    return [text for text in texts if re.search(r"[A-Za-z]{2}", text)]


def script_words(script: str) -> list[str]:
    """Texts of a script with a word and a space: neither selectors, nor names, nor directives."""
    code = re.sub(r"^\s*//.*$|(?<=[;{}]) //.*$", "", script, flags=re.MULTILINE)
    code = re.sub(r'querySelector(?:All)?\("[^"]*"\)', "", code)
    return [
        text
        for text in _LITERAL.findall(code)
        if re.search(r"[A-Za-z]{2,}:? | [A-Za-z]{2,}", text) and text != "use strict"
    ]


def test_styles_and_the_script_have_no_words_of_their_own() -> None:
    styles = {path.name: style_words(path.read_text("utf-8")) for path in _STATIC.glob("*.css")}
    scripts = {path.name: script_words(path.read_text("utf-8")) for path in _STATIC.glob("*.js")}

    assert styles == {name: [] for name in styles}
    assert scripts == {"site.js": []}


# What programs and pictures read: no decimal comma, no names of months.
_MACHINE = re.compile(
    r"\s((?:x|y|x1|x2|y1|y2|dx|dy|cx|cy|r|d|points|transform|width|height|viewBox|datetime|min|max"
    r'|data-(?!says|label|mark)[a-z]+)="[^"]*")'
)
_DRAWN = (
    *("pair", "pair-table", "triad", "overview", "actor", "calibration", "shifts", "embed"),
    *("timeline", "compare"),
)


def _forms(page: str) -> list[str]:
    """The attributes for machines, each number as 9: boxes are as wide as the words in them."""
    return [re.sub(r"[0-9]+(\.[0-9]+)?", "9", one) for one in _MACHINE.findall(page)]


@pytest.mark.long
def test_numbers_of_machines_have_one_form_in_every_language(shown) -> None:
    for name in _DRAWN:
        assert _forms(shown(name, "/ru")) == _forms(shown(name, "")), name

    # A file's citation alone has words.
    csv, history = "/pairs/KAZ-RUS/scores.csv", "/triads/CHN-KAZ-RUS/history.json"
    assert shown(csv, "/ru") == shown(csv, "")
    in_russian, in_english = (json.loads(shown(history, prefix)) for prefix in ("/ru", ""))
    assert in_russian.pop("citation") != in_english.pop("citation")
    assert in_russian == in_english


def _plural_forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
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
            wanted = [{*names.findall(one)} for one in _plural_forms(message.id)]
            # What only one form of the English has may be in any form of the other language.
            needed, allowed = set.intersection(*wanted), set.union(*wanted)
            for text in filter(None, _plural_forms(message.string)):
                assert needed <= {*names.findall(text)} <= allowed, message.id
