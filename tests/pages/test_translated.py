"""No page in the marked language has English text, and machines read the same numbers in every
language."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests.kit.builders import AT
from tests.kit.page_texts import seed_texts, untranslated
from tests.kit.pseudo_language import marked
from tracker.operations import seed

# Words that are the same in all languages: names, formats, units of programs.
STAYS = {
    *("Entente", "EDTF", "CSV", "JSON", "API", "Atom", "SHA", "UTC", "PNG", "SVG", "XLSX", "QR"),
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
    "nowhere": "/nowhere/",
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
    "triad": "/triads/CHN-KAZ-RUS/",
    "shifts": "/shifts/",
    "embed": "/embed/pairs/KAZ-RUS/",
    "change": "/pairs/KAZ-RUS/what-would-change/",
    "timeline": "/actors/KAZ/timeline/",
    "compare": "/compare/?pair=KAZ-RUS&pair=CHN-RUS",
    "network": "/network/",
    "stories": "/stories/",
    "search": "/search/?q=kazakh",
    "corrections": "/corrections/",
    "digests": "/digest/",
    "about": "/about/",
    "licence": "/about/licence/",
    "follow": "/follow/",
}
# Their owners are still at work on them. Take a page out of this list once it is translated.
PENDING = {
    *("overview", "actor", "pair", "pair-table", "pair-sources", "pair-download"),
    *("triad", "shifts", "embed", "timeline", "stories", "search", "corrections"),
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
    seed.load_seed(at=AT)
    scored()


@pytest.fixture
def shown(client: Client, article) -> Callable[[str, str], str]:
    """The text of a page in a language, "" for English."""

    def page(name: str, prefix: str) -> str:
        return client.get(f"{prefix}{_path(client, PAGES.get(name, name))}").content.decode()

    return page


def _path(client: Client, path: str) -> str:
    place, _mark, query = path.partition("?")
    if place not in LINKS:
        return path
    start, pattern = LINKS[place]
    found = re.search(pattern, client.get(f"/ru{_path(client, start)}").content.decode())
    assert found, path
    return f"{found[1]}?{query}" if query else found[1]


def test_every_page_is_translated(shown) -> None:
    record = seed_texts()
    left = {}
    with marked("ru"):
        for name in PAGES:
            if name not in PENDING:
                left[name] = untranslated(shown(name, "/ru"), "ru", record, STAYS)

    missed = [f"{name}: {text}" for name, texts in left.items() for text in texts]
    assert not missed, "\n".join(missed)


def test_the_walk_sees_what_is_not_translated() -> None:
    page = (
        '<h1>⟦Status⟧</h1><p title="Last audit">24 мая, ⟦<a href="/x">⟦The⟧ record</a>⟧ waits</p>'
    )

    assert untranslated(page, "ru", set(), set()) == ["Last audit", "waits"]


# What programs and pictures read: no decimal comma, no names of months.
_MACHINE = re.compile(
    r"\s((?:x|y|x1|x2|y1|y2|dx|dy|cx|cy|r|d|points|transform|width|height|viewBox|datetime|min|max"
    r'|data-(?!says)[a-z]+)="[^"]*")'
)
_DRAWN = (
    *("pair", "pair-table", "triad", "overview", "actor", "calibration", "shifts", "embed"),
    *("timeline", "compare", "network"),
)


def _forms(page: str) -> list[str]:
    """The attributes for machines, each number as 9: boxes are as wide as the words in them."""
    return [re.sub(r"[0-9]+(\.[0-9]+)?", "9", one) for one in _MACHINE.findall(page)]


def test_numbers_of_machines_have_one_form_in_every_language(shown) -> None:
    for name in _DRAWN:
        assert _forms(shown(name, "/ru")) == _forms(shown(name, "")), name
