"""No page prints a zero with a sign, the short name of a lens, a position of the log, or our
internal words."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.kit.builders import AT
from tests.kit.seeded import put_seed_on_record
from tests.pages.test_dense import rows
from tracker.operations import editions

pytestmark = pytest.mark.django_db
# Where a position of the log belongs: a citation, and the history of a record.
DUE = re.compile(
    r'<p class="cite.*?</p>|<textarea.*?</textarea>|<ol class="history".*?</ol>|<code.*?</code>'
    r"|<pre.*?</pre>|<script.*?</script>|<id>.*?</id>",
    re.DOTALL,
)
LABELS = re.compile(r'(?:aria-label|title|content|alt|placeholder)="((?!http)[^"]*)"')
FORBIDDEN = {
    "a zero with a sign": re.compile(r"[-−+]0(?:\.0+)?(?![\d.])"),
    "a lens's short name": re.compile(
        r"\b(?:standing|tone|cooperation)(?:@\d+|-[a-z]+)|\blens (?:standing|tone|cooperation)\b"
    ),
    "a word of ours": re.compile(r"\b(?:anchor(?:s|ed)?|impacts?|knots?|pulls?)\b", re.IGNORECASE),
    "a place in the log": re.compile(r"\bposition \d+"),
}
# The method is documentation of the short names and the formulas.
LEFT_OUT = (
    *("/method/", "/api/", "/admin/", "/static/", "/sitemap", "/robots"),
    *("/ru/", "/kk/", "/zh-hans/"),
)
LENSES = ("standing", "tone", "cooperation", "standing-ru-cn", "standing-others")
STARTS = [
    *("/", "/shifts/", "/editions/", "/status/", "/method/calibration/", "/triads/CHN-KAZ-RUS/"),
    *(f"/pairs/KAZ-RUS/?lens={lens}" for lens in LENSES),
    *(f"/pairs/KAZ-RUS/?show={tab}" for tab in ("table", "sources", "download", "robustness")),
    *("/pairs/KAZ-RUS/?as_of=40", "/?as_of=40", "/triads/CHN-KAZ-RUS/?as_of=40"),
    *("/pairs/KAZ-RUS/?lens=standing@1", "/?lens=standing@1", "/pairs/CHN-KAZ/"),
    *("/claims/feed.atom", "/shifts/feed.atom", "/embed/pairs/KAZ-RUS/"),
    "/embed/triads/CHN-KAZ-RUS/",
]


def walked(client, starts, *, most):
    """Every page that the first ones lead to, with its text; of each kind only the first `most`,
    since the others are made by the same template."""
    left: list[str] = list(starts)
    kinds: dict[object, set[str]] = {}
    found: dict[str, str] = {}
    while left:
        path = left.pop(0)
        if path in found:
            continue
        answer = client.get(path)
        assert answer.status_code == 200, path
        found[path] = answer.text
        for link in map(unescape, re.findall(r'href="(/[^"#]*)"', answer.text)):
            parts = urlsplit(link)
            kind = (parts.path.split("/")[1], tuple(sorted(parse_qs(parts.query))))
            known = kinds.setdefault(kind, set())
            if link.startswith(LEFT_OUT) or "." in link.rpartition("/")[2]:
                continue
            if link in known or len(known) < most:
                known.add(link)
                left.append(link)
    return found


def words(text):
    """What readers see and hear: text, titles and labels, without the allowed parts."""
    shown = DUE.sub(" ", text)
    labels = " ".join(LABELS.findall(shown))
    return unescape(f"{re.sub(r'<[^>]+>', ' ', shown)} {labels}")


def slips(pages):
    return [
        (path, name, found[0])
        for path, text in pages.items()
        for name, pattern in FORBIDDEN.items()
        if (found := pattern.search(words(text)))
    ]


@pytest.mark.long
class TestEveryPage:
    def test_of_the_seed_is_in_plain_words(self, client):
        put_seed_on_record(AT, scored=True)
        editions.publish_due(at=AT)

        pages = walked(client, STARTS, most=1)

        assert len(pages) > 60
        assert not (found := slips(pages)), found

    def test_of_an_archive_is_in_plain_words(self, client, desk, wire, scored):
        rows(desk, wire, count=60)
        scored()

        pages = walked(
            client,
            [
                f"{path}?lens=machine-wire"
                for path in ("/", "/pairs/KAZ-RUS/", "/triads/CHN-KAZ-RUS/", "/shifts/")
            ],
            most=1,
        )

        assert len(pages) > 20
        assert not (found := slips(pages)), found
