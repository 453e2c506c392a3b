"""No page in the marked language has English text, and machines read the same numbers in every
language."""

import json
import re
from collections.abc import Callable

import pytest
from django.test import Client

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
