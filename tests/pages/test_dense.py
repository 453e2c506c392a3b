"""Pages of an archive with hundreds of rows do not grow with them. No page prints a zero with a
sign, the short name of a lens, a position of the log, or our internal words."""

import re
from datetime import date, timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.kit.builders import AT
from tests.kit.seeded import put_seed_on_record
from tracker.domain.claims import Occurred
from tracker.operations import editions
from tracker.pages import pair_list

pytestmark = pytest.mark.django_db
FIRST = date(2018, 9, 1)
CODES = ("CONSULT/visit", "ACCUSE/disapprove", "AGREE", "ASSAULT/heavy-weapons", "SUPPORT")
PAGES = (
    "/",
    "/pairs/KAZ-RUS/",
    "/pairs/KAZ-RUS/?show=table",
    "/pairs/KAZ-RUS/?show=sources",
    "/pairs/KAZ-RUS/?show=download",
    "/triads/CHN-KAZ-RUS/",
    "/actors/RUS/",
    "/actors/RUS/timeline/",
    "/compare/?pairs=KAZ-RUS,CHN-RUS",
    "/shifts/",
    "/embed/pairs/KAZ-RUS/",
)


def rows(desk, wire, *, count, begin=0):
    for number in range(begin, begin + count):
        day = FIRST + timedelta(days=number % 120)
        ends = (("RUS", "KAZ"), ("KAZ", "RUS"), ("CHN", "RUS"))[number % 3]
        code = CODES[number % len(CODES)]
        desk.asserts(
            *ends,
            collection=wire,
            summary=f"{ends[0]} to {ends[1]}: row {number}",
            code=f"plover-2.0/{code}",
            occurred=Occurred(edtf=day.isoformat()),
        )


def shown(client, path):
    caches["answers"].clear()
    answer = client.get(f"{path}{'&' if '?' in path else '?'}lens=machine-wire")
    assert answer.status_code == 200, answer.text
    return answer


def asked(client, path):
    with CaptureQueriesContext(connection) as queries:
        shown(client, path)
    return len(queries)


class TestTheFirstPageOfVeryMany:
    """The table is not read as a whole, and says the same."""

    @pytest.mark.parametrize("order", ["strongest", "claims", "latest", "name"])
    def test_has_the_same_lines(self, client, desk, wire, scored, monkeypatch, order):
        rows(desk, wire, count=30)
        scored()
        path = f"/?order={order}&country=KAZ"
        whole = shown(client, path).text
        monkeypatch.setattr(pair_list, "MOST_WHOLE", 0)

        part = shown(client, path).text

        assert _table(part) == _table(whole)
        assert _headline(part) == _headline(whole)
        assert "2 pairs of countries with a score." in part


def _table(text):
    return re.search(r'<table class="pairs.*?</table>', text, re.DOTALL)[0]


def _headline(text):
    return re.search(r'class="headline">(.*?)<', text)[1]


class TestPages:
    def test_ask_as_much_of_many_rows_as_of_few(self, client, desk, wire, scored):
        rows(desk, wire, count=6)
        scored()
        few = {path: asked(client, path) for path in PAGES}
        rows(desk, wire, count=114, begin=6)
        scored()
        many = {path: asked(client, path) for path in PAGES}

        assert [path for path in PAGES if many[path] > few[path]] == []
        assert max(many.values()) <= 60

    @pytest.mark.parametrize("path", PAGES)
    @pytest.mark.long
    def test_stay_light(self, client, desk, wire, scored, path):
        rows(desk, wire, count=120)
        scored()

        assert len(shown(client, path).content) < 80_000

    @pytest.mark.long
    def test_call_rows_what_they_are(self, client, desk, wire, scored):
        rows(desk, wire, count=60)
        scored()

        text = shown(client, "/pairs/KAZ-RUS/").text

        assert text.partition("What moved it")[2].count("machine-coded row") == 25
        assert "15 further claims: " in text
        assert "incident" not in text.lower()
        assert "Only twelve events are marked" in text

    @pytest.mark.long
    def test_say_that_events_have_no_mark_only_if_so(self, client, desk, wire, scored):
        """Two of three rows are of Kazakhstan and Russia."""
        rows(desk, wire, count=18)
        scored()
        twelve = shown(client, "/pairs/KAZ-RUS/").text
        rows(desk, wire, count=1, begin=18)
        scored()
        thirteen = shown(client, "/pairs/KAZ-RUS/").text

        assert "Events are marked below" in twelve
        assert "Only twelve events are marked" not in twelve
        assert "Only twelve events are marked" in thirteen


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
    # As a verb, of the steps of reports beside the movement of the level, "pull" is the pages' own.
    "a word of ours": re.compile(
        r"\b(?:anchor(?:s|ed)?|impacts?|knots?|pulls?(?! it by))\b", re.IGNORECASE
    ),
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
