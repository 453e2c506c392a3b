"""The search of pages and API: countries, pairs, claims, sources and documents by typed words."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

from tracker.domain.country_search import NamedCountries
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import LensVersion, pair_of
from tracker.domain.problems import BadParameter
from tracker.domain.shifts import WINDOW
from tracker.log.messages import select_prepared
from tracker.models import search_columns
from tracker.models.derived import StandingRecord
from tracker.queries import moment
from tracker.queries.claims import disclosure, listing, words
from tracker.queries.claims.listing import ClaimEntry
from tracker.queries.records import names, reading_names
from tracker.queries.records.names import NamedRecord
from tracker.queries.records.reading_names import RecordNames
from tracker.queries.records.search import records_called
from tracker.queries.scores import knots, lenses, table
from tracker.queries.scores.table import Order, RankedPair
from tracker.queries.sql import select

# The most letters of a search, and how long a search for claims or documents may take.
LONGEST = 200
SECONDS = 1
DEFAULT_LENS = "standing"
MOST_COUNTRIES, MOST_PAIRS, MOST_CLAIMS, MOST_RECORDS = 6, 5, 10, 5
_HAS_WORDS = re.compile(r"[^\W_]")


class BadSearch(BadParameter):
    """The text is too long, or has no words."""

    parameter = "q"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCountry:
    """A country on record, the number of its pairs that have a score, and the day of the latest
    claim of all of them."""

    code: str
    name: str
    pairs: int
    latest: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPair:
    """A pair of countries on record; `row` is None where no claim moves its score."""

    pair: str
    row: RankedPair | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found, the likeliest first. `claims` are the latest ones; with `more_claims`
    there are others. `too_slow`: the search for claims or documents was stopped. `named_pair`: two
    countries were named. `near` are countries with a similar name, if nothing was found."""

    lens: LensVersion | None
    countries: Sequence[FoundCountry]
    pairs: Sequence[FoundPair]
    claims: Sequence[ClaimEntry]
    more_claims: bool
    sources: Sequence[NamedRecord]
    documents: Sequence[NamedRecord]
    too_slow: bool
    named_pair: bool
    near: Sequence[FoundCountry] = ()

    @property
    def nothing(self) -> bool:
        """Whether nothing was found."""
        return not (self.countries or self.pairs or self.claims or self.sources or self.documents)


def has_words(text: str) -> bool:
    """Whether a text has anything to search for."""
    return _HAS_WORDS.search(text) is not None


def find(text: str, *, reader: Reader) -> Found:
    """Search for typed words. Only claims that the reader may see are found.

    :raises BadSearch: if the text is too long, or has no words.
    """
    query = text.replace("\0", "").strip()
    if len(query) > LONGEST:
        raise BadSearch(f"a search has at most {LONGEST} letters; this one has {len(query):,}")
    if not has_words(query):
        raise BadSearch("a search needs letters or digits")
    known = reading_names.on_record()
    named = known.searched.find(query)
    lens = _default_lens()
    claims, slow_claims = _in_time(
        lambda: claims_matching(query, most=MOST_CLAIMS + 1, reader=reader)
    )
    documents, slow_documents = _in_time(lambda: _documents(query))
    found = Found(
        lens=lens,
        countries=_countries(named.codes[:MOST_COUNTRIES], lens, known),
        pairs=_pairs(named, lens),
        claims=claims[:MOST_CLAIMS],
        more_claims=len(claims) > MOST_CLAIMS,
        sources=_sources(query),
        documents=documents,
        too_slow=slow_claims or slow_documents,
        named_pair=bool(named.pairs(1)),
    )
    if not found.nothing:
        return found
    return replace(found, near=_countries(known.searched.near(query), lens, known))


def _default_lens() -> LensVersion | None:
    """The default lens; None before it is defined."""
    try:
        return lenses.find(DEFAULT_LENS, position=moment.now().position)
    except lenses.NoSuchLens:
        return None


def _countries(
    codes: Sequence[str], lens: LensVersion | None, known: RecordNames
) -> list[FoundCountry]:
    called = names.countries(codes)
    news = latest_news(lens, codes, among=known.codes) if lens and codes else {}
    found = []
    for code in codes:
        if code in called:
            pairs, latest = news.get(code, (0, None))
            found.append(FoundCountry(code=code, name=called[code], pairs=pairs, latest=latest))
    return found


def _pairs(named: NamedCountries, lens: LensVersion | None) -> list[FoundPair]:
    """The pairs of the named countries. If only one is named, its pairs with the latest claims."""
    pairs = [pair_of(one, other) for one, other in named.pairs(MOST_PAIRS)]
    if pairs:
        rows = of_pairs(lens, pairs) if lens else {}
        return [FoundPair(pair=pair, row=rows.get(pair)) for pair in pairs]
    if lens is None or not named.parts:
        return []
    latest = Order(column="last_claim_day", descending=True, country=named.codes[0])
    shown = table.page(lens, latest, limit=MOST_PAIRS)
    return [FoundPair(pair=row.pair, row=row) for row in shown]


def _sources(query: str) -> list[NamedRecord]:
    """The sources whose name contains the text."""
    rows = StandingRecord.objects.filter(noun="source", name__icontains=query)
    return names.named_records(rows.order_by("name", "id")[:MOST_RECORDS])


def _documents(query: str) -> list[NamedRecord]:
    """The latest documents whose title has every word."""
    rows = StandingRecord.objects.filter(records_called("document", query), noun="document")
    dated = search_columns.of_document("date").desc(nulls_last=True)
    return names.named_records(rows.order_by(dated, "-id")[:MOST_RECORDS])


def _in_time[T](read: Callable[[], Sequence[T]]) -> tuple[Sequence[T], bool]:
    """The rows of some queries, and whether they took too long; then there are none."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = '{SECONDS}s'")
            found = read()
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
            return found, False
    except OperationalError as problem:
        if not isinstance(problem.__cause__, QueryCanceled):
            raise
        return (), True


# The number of claims that are scanned first, the most that the index of words may return, and the
# number that is scanned if it would return more.
LOOKED_THROUGH = 1_500
FEW = 8_000
FURTHER = 30_000
_ORDER = "ORDER BY latest DESC NULLS LAST, id DESC"
_MATCHES = f"status = 'standing' AND {words.CONDITION}"
# The subqueries are barriers for the planner. It does not know how many claims have a beginning of
# a word, and would choose the wrong index for the whole query.
_AMONG_THE_LATEST = (
    f"SELECT id FROM (SELECT * FROM standing_claim {_ORDER} LIMIT %s) found"  # noqa: S608
    f" WHERE {_MATCHES} AND {{shown}} LIMIT %s"
)
_BY_WORDS = (
    "WITH matching AS MATERIALIZED (SELECT id, latest, state #>> '{claim,summary}' AS summary"  # noqa: S608
    f" FROM standing_claim WHERE {_MATCHES} LIMIT %s)"
    " SELECT (SELECT count(*) FROM matching), ARRAY(SELECT id FROM"
    f" (SELECT id FROM matching WHERE {{others}} {_ORDER} OFFSET 0) found WHERE {{shown}} LIMIT %s)"
)
_OF_ALL = f"SELECT id FROM standing_claim found WHERE {_MATCHES} AND {{shown}} {_ORDER} LIMIT %s"  # noqa: S608


def claims_matching(text: str, *, most: int, reader: Reader) -> Sequence[ClaimEntry]:
    """Return the latest claims in force with every word of a text, or one that begins with it,
    that the reader may see."""
    ids = _latest(text, most, reader)
    entries = {entry.state.id: entry for entry in listing.claim_entries(ids, None, reader=reader)}
    return [entries[key] for key in ids if key in entries]


def _latest(text: str, most: int, reader: Reader) -> list[UUID]:
    query = words.query_of(text)
    # As a column it keeps the order of the rows.
    shown = disclosure.column("found.id", at=None, reader=reader)
    ids = _ids(_AMONG_THE_LATEST, shown, [LOOKED_THROUGH, query, most])
    if len(ids) == most:
        return ids
    rarest, others = words.by_rarest(text)
    rest, own = (words.OF_SUMMARY, [others]) if others else ("TRUE", [])
    by_words = _BY_WORDS.replace("{others}", rest).replace("{shown}", shown)
    [(number, ids)] = select(by_words, [rarest, FEW, *own, most])
    if number < FEW:
        return list(ids)
    ids = _ids(_AMONG_THE_LATEST, shown, [FURTHER, query, most])
    return ids if len(ids) == most else _ids(_OF_ALL, shown, [query, most])


def _ids(query: str, shown: str, parameters: Sequence[Any]) -> list[UUID]:
    return [row[0] for row in select(query.replace("{shown}", shown), parameters)]


def of_pairs(lens: LensVersion, codes: Collection[str]) -> dict[str, RankedPair]:
    """Return the rows of some pairs by pair, without those that are not in the table."""
    rows = select_prepared(
        f"WITH paged AS (SELECT s.direction AS place, s.*, {table.WATCHED}"
        f" {table.PAIRS} AND s.pair = ANY(%(pairs)s)) SELECT {table.SHOWN}",
        knots.key(lens) | {"pairs": list(codes), "window": WINDOW},
        binary=True,
    )
    return {row.pair: row for row in (table.row_of(lens, columns) for columns in rows)}


def latest_news(
    lens: LensVersion, codes: Collection[str], *, among: Collection[str]
) -> dict[str, tuple[int, date | None]]:
    """Return by country the number of its pairs in the table with the countries `among` which it
    is, and the day of the latest claim of all of them; without countries that have none."""
    named = [(code, pair_of(code, other)) for code in codes for other in among if other != code]
    # OFFSET 0 keeps the planner from reading the whole table.
    rows = select_prepared(
        "SELECT code, count(*), max(last_claim_day)"
        " FROM unnest(%(codes)s::text[], %(pairs)s::text[]) AS named (code, pair)"
        " CROSS JOIN LATERAL (SELECT last_claim_day FROM current_score WHERE lens = %(lens)s"
        " AND lens_version = %(version)s AND direction = named.pair OFFSET 0) own GROUP BY code",
        knots.key(lens)
        | {"codes": [code for code, _ in named], "pairs": [pair for _, pair in named]},
    )
    return {code: (pairs, latest) for code, pairs, latest in rows}
