"""Searches for records by name, alias or code, and for claims by their words; suggestions for typed
letters."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorExact
from django.db.models import Q, QuerySet

from tracker import log
from tracker.domain import codebooks, likelihood
from tracker.domain.codebooks import search
from tracker.domain.codes import PLOVER
from tracker.domain.disclosure import Reader
from tracker.domain.likeness import name_key
from tracker.models import search_columns
from tracker.models.derived import StandingClaim, StandingRecord
from tracker.queries.claims import disclosure, listing, words
from tracker.queries.records import desk_cues, names, states
from tracker.queries.records.names import NamedRecord

# With at least this many matches, the first are found soon in the list's order. With fewer, the
# database would read the whole list, since it cannot estimate their number.
FEW = 1_000


def claims_saying(text: str) -> Q:
    """Claims whose summary has every word, or one that begins with it, in any order."""
    return _holding(search_columns.of_claim(), text)


def claims_coded(text: str) -> Q:
    """Claims with a code that contains the text."""
    part = text.casefold()
    codes = [code.code for code in codebooks.choices() if part in code.code.casefold()]
    return Q(code__in=codes)


def records_called(noun: str, text: str) -> Q:
    """Records that contain a text. For documents, those whose title has every word, since an import
    may bring too many for a text search."""
    if noun == "document":
        return _holding(search_columns.of_record(), text)
    return Q(name__icontains=text) | Q(state__icontains=text)


def narrow(rows: "QuerySet[Any]", wanted: Q) -> "QuerySet[Any]":
    """Narrow rows to the wanted ones, so that the first are found fast, whether there are many or
    few."""
    first_ids = list(rows.filter(wanted).order_by().values_list("pk", flat=True)[:FEW])
    return rows.filter(wanted if len(first_ids) == FEW else Q(pk__in=first_ids))


def _holding(vector: SearchVector, text: str) -> Q:
    query = SearchQuery(words.query_of(text), search_type="raw", config=search_columns.CONFIG)
    return Q(SearchVectorExact(vector, query))


MOST_SUGGESTED = 10
# Matching records that are ranked.
MOST_READ = 300
SHORT = 80
# Places in a list of codes that are reserved for other codebooks than the first.
FEWEST_OTHERS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """`value` is what a field takes; `label`, `gloss` and `example` describe it; `kind` and
    `likelihood` are what it sets in the claim.

    `line`: a line is drawn before it. `sure`: nothing else can be meant. `doubtful`: the next
    suggestion fits as well and means the opposite, so none is preselected.
    """

    value: str
    label: str = ""
    gloss: str = ""
    example: str = ""
    kind: str = ""
    likelihood: str = ""
    line: bool = False
    sure: bool = False
    doubtful: bool = False


def suggestions(
    noun: str, text: str, *, reader: Reader, without: UUID | None = None
) -> list[Suggestion]:
    """Return the likeliest meanings of some letters, the likeliest first; of claims, all but one.

    :raises KeyError: for a noun without suggestions.
    """
    query = text.strip().replace("\0", "")
    if noun == "code":
        return _marked(_codes(query), query)
    if noun == "context":
        return _marked(list(_contexts(query))[:MOST_SUGGESTED], query.replace(" ", "_"))
    if noun == "hedge":
        return _marked(list(_hedges(query))[:MOST_SUGGESTED], query)
    if noun == "claim":
        return list(_claims(query, reader, without)) if query else []
    return _records(noun, query)


def _marked(suggestions_found: list[Suggestion], query: str) -> list[Suggestion]:
    """Mark the only possible suggestion: the value itself, the only one that begins with the text,
    or the only one."""
    key = query.casefold()
    equal = [suggestion for suggestion in suggestions_found if suggestion.value.casefold() == key]
    prefixed = [
        suggestion
        for suggestion in suggestions_found
        if suggestion.value.casefold().startswith(key)
    ]
    for sure in (equal, prefixed, suggestions_found):
        if key and len(sure) == 1:
            return [
                replace(suggestion, sure=suggestion is sure[0]) for suggestion in suggestions_found
            ]
    return suggestions_found


def value_of(code: str) -> str:
    """Return a code's value as a signed number, or "no value"."""
    value = codebooks.find(code).value
    return "no value" if value is None else f"{value:+g}".replace("-", "−")


def _codes(query: str) -> list[Suggestion]:
    """Codes by the meaning of the words, those of the first codebook before others."""
    hits = search.search(query, desk_cues.rows())
    own = [hit for hit in hits if hit.code.scheme == PLOVER]
    others = [hit for hit in hits if hit.code.scheme != PLOVER]
    shown = own[: MOST_SUGGESTED - min(len(others), FEWEST_OTHERS)]
    shown += others[: MOST_SUGGESTED - len(shown)]
    doubtful = _is_doubtful(shown)
    return [
        Suggestion(
            value=hit.code.code,
            label=f"{value_of(hit.code.code)} · {hit.code.label}",
            gloss=hit.gloss,
            example=hit.example,
            line=bool(own and others) and hit is others[0],
            doubtful=doubtful,
        )
        for hit in shown
    ]


def _is_doubtful(hits: Sequence[search.Hit]) -> bool:
    """Whether the first two fit equally well, and one is friendly and the other is not."""
    if len(hits) < 2 or hits[0].rank != hits[1].rank:
        return False
    first, second = (hit.code.value or 0 for hit in hits[:2])
    return first * second < 0


def _contexts(query: str) -> Iterator[Suggestion]:
    """The contexts of the codebook; those that begin with the text come first."""
    key = query.casefold().replace(" ", "_")
    known = sorted(context for context in codebooks.CONTEXTS if key in context)
    for context in sorted(known, key=lambda context: not context.startswith(key)):
        yield Suggestion(value=context)


def _hedges(query: str) -> Iterator[Suggestion]:
    key = query.casefold()
    for hedge, rule in likelihood.HEDGES.items():
        if key in hedge:
            yield Suggestion(
                value=hedge,
                label=f"means {rule.band}" if rule.band else _MEANS[rule.means],
                kind="assessment" if rule.means == "assessment" else "",
                likelihood=rule.band,
            )


_MEANS = {"chain": "names a link of the chain: say who", "assessment": "makes an assessment"}


def _claims(query: str, reader: Reader, without: UUID | None) -> Iterator[Suggestion]:
    """Claims by their words, except one, and without withheld ones."""
    rows = StandingClaim.objects.filter(status="standing")
    if without:
        rows = rows.exclude(pk=without)
    standing = disclosure.only_disclosed(rows, at=None, reader=reader)
    rows = narrow(standing, claims_saying(query))
    ids = list(rows.order_by("-id").values_list("id", flat=True)[:MOST_SUGGESTED])
    titles = listing.titles(ids, reader=reader)
    numbers = {first.stream: first.position for first in log.firsts(ids)}
    for claim in ids:
        title = titles[claim]
        short = title if len(title) <= SHORT else f"{title[:SHORT]}…"
        yield Suggestion(value=f"{short} (no. {numbers[claim]})")


def _records(noun: str, query: str) -> list[Suggestion]:
    """The records of a noun that match a query, the best match first.

    :raises KeyError: for an unknown noun.
    """
    if noun not in states.NOUNS:
        raise KeyError(noun)
    rows = StandingRecord.objects.filter(noun=noun)
    if query:
        rows = rows.filter(records_called(noun, query))
    records = names.named_records(rows.order_by("name", "id")[:MOST_READ])
    counts = Counter(name_key(record.name) for record in records)
    ranked = sorted(
        records, key=lambda record: (_rank(record, query), len(record.name), record.name)
    )
    ranks = [_rank(record, query) for record in ranked]
    sure = bool(query) and len(records) < MOST_READ and _is_sure(ranks)
    ranked_few = zip(ranked[:MOST_SUGGESTED], ranks, strict=False)
    shown = [record for record, rank in ranked_few if rank < _NOWHERE]
    shared = [record for record in shown if counts[name_key(record.name)] > 1]
    values = values_of(shared, noun)
    return [
        replace(
            _suggested(record, values.get(record.id, record.name)),
            sure=sure and record is ranked[0],
        )
        for record in shown
    ]


def _suggested(record: NamedRecord, value: str) -> Suggestion:
    """A record with its other names, also with its name if its value is an address."""
    own = () if value.startswith(record.name) else (record.name,)
    return Suggestion(value=value, label=" · ".join((*own, *record.also[:4])))


def values_of(records: Sequence[NamedRecord], noun: str) -> dict[UUID, str]:
    """What finds records that share their names: a document's address, otherwise the number."""
    by_address = noun == "document"
    addresses = {record.id: record.also[0] for record in records if by_address and record.also}
    others = names.told_apart(record for record in records if record.id not in addresses)
    return others | addresses


_BEGINS, _NOWHERE = 1, 4


def _is_sure(ranks: Sequence[int]) -> bool:
    """Whether the first record is the only one, or the only one that equals the text or begins with
    it."""
    nearest = [rank for rank in ranks if rank == ranks[0]]
    return len(ranks) == 1 or (len(nearest) == 1 and nearest[0] <= _BEGINS)


def _rank(record: names.NamedRecord, query: str) -> int:
    """How well a record matches: equal to a name or code, the beginning of one, the beginning of a
    word in one, or any part."""
    return min((_nearness(text, query) for text in (record.name, *record.also)), default=_NOWHERE)


def _nearness(text: str, query: str) -> int:
    key, wanted = name_key(text), name_key(query)
    if key == wanted:
        return 0
    if key.startswith(wanted):
        return 1
    if any(word.startswith(wanted) for word in re.split(r"[\s/-]+", key)):
        return 2
    return 3 if wanted in key else _NOWHERE
