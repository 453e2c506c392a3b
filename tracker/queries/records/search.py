"""What may be meant by a few letters: records by name, alias or code, claims by their words."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorExact
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Length, Lower, StrIndex
from django.db.models.lookups import In

from tracker.domain import codebooks, codec, likelihood
from tracker.domain import state as f
from tracker.domain.codebooks import search
from tracker.domain.codes import PLOVER
from tracker.domain.disclosure import Reader
from tracker.models import search_columns
from tracker.models.derived import StandingClaim, StandingRecord
from tracker.queries.claims import disclosure, listing
from tracker.queries.records import names, states
from tracker.queries.records.names import AmbiguousName, NamedRecord, NoSuchName

# More words than anybody types.
MOST_WORDS = 20
# So many are soon met by going through a list in its order. That there are fewer the database
# cannot foresee, and would go through all of it.
FEW = 1_000


def claims_saying(text: str) -> Q:
    """Claims in whose summary every word stands, or one that begins so, in any order."""
    return _holding(search_columns.of_claim(), text)


def claims_coded(text: str) -> Q:
    """Claims under a code in which a text stands."""
    part = text.casefold()
    codes = [one.code for one in codebooks.choices() if part in one.code.casefold()]
    return Q(code__in=codes)


def records_called(noun: str, text: str) -> Q:
    """Records in which a text stands. Of documents, of which an archive brings too many for that,
    those in whose title every word stands, or one that begins so."""
    if noun == "document":
        return _holding(search_columns.of_record(), text)
    return Q(name__icontains=text) | Q(state__icontains=text)


def at_any(key: str, addresses: Sequence[str]) -> Q:
    """Documents whose address of a key is one of some."""
    return Q(In(search_columns.of_document(key), addresses))


def narrowed(rows: "QuerySet[Any]", wanted: Q) -> "QuerySet[Any]":
    """Narrow rows to what is wanted, so that their first are found soon, many or few."""
    found = list(rows.filter(wanted).order_by().values_list("pk", flat=True)[:FEW])
    return rows.filter(wanted if len(found) == FEW else Q(pk__in=found))


def _holding(vector: SearchVector, text: str) -> Q:
    quoted = [one.replace("\\", "\\\\").replace("'", "''") for one in text.split()[:MOST_WORDS]]
    query = SearchQuery(
        " & ".join(f"'{one}':*" for one in quoted), search_type="raw", config=search_columns.CONFIG
    )
    return Q(SearchVectorExact(vector, query))


# A shorter title stands in many a reference by chance.
SHORTEST_TITLE = 12
MOST_SHARED = 5
_ID = re.compile(r"\[?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\]?\s*$")
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
# What tells who followed a link, not where it leads.
_TRACKING = re.compile(r"utm_|fbclid$|gclid$|mc_(cid|eid)$", re.IGNORECASE)


class Documents:
    """The documents, asked for one by one: an archive brings too many to be read at once."""

    noun = "document"

    def __contains__(self, identifier: UUID) -> bool:
        return identifier in states.records([identifier], at=None)

    def label(self, identifier: UUID) -> str:
        """What `find` takes back for this document."""
        found = states.records([identifier], at=None).get(identifier)
        if not isinstance(found, f.DocumentState):
            return str(identifier)
        title = found.document.title
        shared = title and _rows().filter(name=title).exclude(id=identifier).exists()
        if not title:
            return found.document.url or str(identifier)
        return f"{title} [{identifier}]" if shared else title

    def find(self, text: str) -> NamedRecord:
        """Give the only document that has this address, title or id, or whose title stands in a
        reference.

        :raises NoSuchName: saying what to do.
        """
        said = text.strip().replace("\0", "")
        for found in self._ways(said):
            if len(found) > 1:
                several = " or ".join(f"{one.name} [{one.id}]" for one in found[:MOST_SHARED])
                raise AmbiguousName(f"{said[:200]!r} may be {len(found)}: write {several}")
            if found:
                return found[0]
        raise NoSuchName(f"no document on record has the address or title {said[:200]!r}: add it")

    def _ways(self, said: str) -> Iterator[list[NamedRecord]]:
        if identified := _ID.search(said):
            yield _documents(_rows().filter(id=identified[1]))
            return
        if address := _ADDRESS.search(said):
            yield at_address(address[0].rstrip(".,;)"))
        titled = records_called("document", said)
        yield _documents(_rows().filter(titled, name__iexact=said))
        yield _quoted(said)


def at_address(url: str) -> list[NamedRecord]:
    """The documents at an address, however it was copied."""
    for key in ("url", "archive_url"):
        if found := _documents(_rows().filter(at_any(key, spellings(url)))):
            return found
    return []


def spellings(url: str) -> tuple[str, ...]:
    """The ways in which an address may be on record: with and without www, a last slash, and
    what tells who followed the link.

    >>> spellings("http://www.ex.org/a/?utm_source=x#top")[0]
    'https://ex.org/a'
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return (url,)
    kept = [one for one in parse_qsl(parts.query, keep_blank_values=True) if not _own(one[0])]
    host = parts.netloc.casefold().removeprefix("www.")
    path = parts.path.rstrip("/")
    found = [
        urlunsplit((scheme, f"{www}{host}", f"{path}{slash}", urlencode(kept), ""))
        for scheme in ("https", "http")
        for www in ("", "www.")
        for slash in ("", "/")
    ]
    return tuple(dict.fromkeys([*found, url]))


def _own(name: str) -> bool:
    return bool(_TRACKING.match(name))


def publisher_at(url: str) -> NamedRecord | None:
    """The only source whose own address has the host of a document's."""
    host = urlsplit(url).netloc.casefold().removeprefix("www.") if _ADDRESS.match(url) else ""
    if not host:
        return None
    rows = StandingRecord.objects.filter(noun="source", state__source__url__icontains=host)
    found: dict[UUID, f.State] = {
        row.id: codec.build(f.SourceState, row.state) for row in rows.order_by("id")[:2]
    }
    if len(found) != 1:
        return None
    printed = states.names(found, at=None)
    return next(names.named_record(key, one, printed[key]) for key, one in found.items())


def _rows() -> QuerySet[StandingRecord]:
    return StandingRecord.objects.filter(noun="document")


def _quoted(said: str) -> list[NamedRecord]:
    """The documents whose title stands in a reference; of two the longer."""
    rows = (
        _rows()
        .annotate(long=Length("name"), at=StrIndex(Lower(Value(said)), Lower(F("name"))))
        .filter(long__gte=SHORTEST_TITLE, at__gt=0)
        .order_by("-long", "id")
    )
    found = _documents(rows)
    return [one for one in found if len(one.name) == len(found[0].name)]


def _documents(rows: QuerySet[StandingRecord]) -> list[NamedRecord]:
    found = {row.id: codec.build(f.DocumentState, row.state) for row in rows[: MOST_SHARED + 1]}
    return [names.named_record(key, one, "") for key, one in found.items()]


MOST_SUGGESTED = 10
# Records that hold the letters somewhere, of which the likeliest are given.
MOST_READ = 300
SHORT = 80
# Of a list of codes, those of other codebooks than the first.
FEWEST_OTHERS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """`value` is what a field takes; `label`, `gloss` and `example` say what it is; `kind` and
    `likelihood` are what it makes of the claim.

    `line` says that a line stands before it, `sure` that nothing else can be meant, `doubtful` that
    the next one fits as well and means the opposite, so that none is chosen in advance.
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


def suggestions(noun: str, text: str, *, reader: Reader) -> list[Suggestion]:
    """Give the likeliest of what some letters may mean; the first is the likeliest.

    :raises KeyError: for a noun of which nothing is on offer.
    """
    said = text.strip().replace("\0", "")
    if noun == "code":
        return _marked(_codes(said), said)
    if noun == "context":
        return _marked(list(_contexts(said))[:MOST_SUGGESTED], said.replace(" ", "_"))
    if noun == "hedge":
        return _marked(list(_hedges(said))[:MOST_SUGGESTED], said)
    if noun == "claim":
        return list(_claims(said, reader)) if said else []
    return _records(noun, said)


def _marked(found: list[Suggestion], said: str) -> list[Suggestion]:
    """Mark the one that must be meant: itself, the only one that begins so, or the only one."""
    key = said.casefold()
    same = [one for one in found if one.value.casefold() == key]
    begun = [one for one in found if one.value.casefold().startswith(key)]
    for sure in (same, begun, found):
        if key and len(sure) == 1:
            return [replace(one, sure=one is sure[0]) for one in found]
    return found


def value_of(code: str) -> str:
    """A code's value as people read it."""
    found = codebooks.find(code).value
    return "no value" if found is None else f"{found:+g}".replace("-", "−")


def _codes(said: str) -> list[Suggestion]:
    """Codes by what the words mean; those of the first codebook stand before those of others."""
    found = search.search(said)
    own = [one for one in found if one.code.scheme == PLOVER]
    others = [one for one in found if one.code.scheme != PLOVER]
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
    """Whether the first two fit alike, and one is friendly and the other is not."""
    if len(hits) < 2 or hits[0].rank != hits[1].rank:
        return False
    first, second = (hit.code.value or 0 for hit in hits[:2])
    return first * second < 0


def _contexts(said: str) -> Iterator[Suggestion]:
    """The contexts of the codebook; those that begin so come first."""
    key = said.casefold().replace(" ", "_")
    known = sorted(one for one in codebooks.CONTEXTS if key in one)
    for one in sorted(known, key=lambda one: not one.startswith(key)):
        yield Suggestion(value=one)


def _hedges(said: str) -> Iterator[Suggestion]:
    key = said.casefold()
    for hedge, rule in likelihood.HEDGES.items():
        if key in hedge:
            yield Suggestion(
                value=hedge,
                label=f"means {rule.band}" if rule.band else _MEANS[rule.means],
                kind="assessment" if rule.means == "assessment" else "",
                likelihood=rule.band,
            )


_MEANS = {"chain": "names a link of the chain: say who", "assessment": "makes an assessment"}


def _claims(said: str, reader: Reader) -> Iterator[Suggestion]:
    """Claims by their words, so of those that are withheld none is found."""
    rows = StandingClaim.objects.filter(status="standing")
    standing = disclosure.disclosed(rows, at=None, reader=reader)
    rows = narrowed(standing, claims_saying(said))
    found = list(rows.order_by("-id").values_list("id", flat=True)[:MOST_SUGGESTED])
    titles = listing.titles(found, reader=reader)
    for one in found:
        title = titles[one]
        short = title if len(title) <= SHORT else f"{title[:SHORT]}…"
        yield Suggestion(value=f"{short} [{one}]")


def _records(noun: str, said: str) -> list[Suggestion]:
    """:raises KeyError: for a noun that there is not."""
    kind = states.NOUNS[noun]
    rows = StandingRecord.objects.filter(noun=noun)
    if said:
        rows = rows.filter(records_called(noun, said))
    found: dict[UUID, f.State] = {
        row.id: codec.build(kind, row.state) for row in rows.order_by("name", "id")[:MOST_READ]
    }
    known = _suggested(found)
    times: dict[str, int] = {}
    for one in known:
        key = names.name_key(one.name)
        times[key] = times.get(key, 0) + 1
    ranked = sorted(known, key=lambda one: (_rank(one, said), len(one.name), one.name))
    ranks = [_rank(one, said) for one in ranked]
    sure = bool(said) and len(found) < MOST_READ and _is_sure(ranks)
    return [
        Suggestion(
            value=f"{one.name} [{one.id}]" if times[names.name_key(one.name)] > 1 else one.name,
            label=" · ".join(one.also[:4]),
            sure=sure and one is ranked[0],
        )
        for one, rank in zip(ranked[:MOST_SUGGESTED], ranks, strict=False)
        if rank < _NOWHERE
    ]


def _suggested(found: dict[UUID, f.State]) -> list[names.NamedRecord]:
    printed = states.names(found, at=None)
    return [names.named_record(key, one, printed[key]) for key, one in found.items()]


_BEGINS, _NOWHERE = 1, 4


def _is_sure(ranks: Sequence[int]) -> bool:
    """Whether the first of the ranked is the only one, or the only one that is called or begins
    so."""
    nearest = [rank for rank in ranks if rank == ranks[0]]
    return len(ranks) == 1 or (len(nearest) == 1 and nearest[0] <= _BEGINS)


def _rank(one: names.NamedRecord, said: str) -> int:
    """How near: a name or code itself, the beginning of one, of a word in one, or any part."""
    return min((_nearness(text, said) for text in (one.name, *one.also)), default=_NOWHERE)


def _nearness(text: str, said: str) -> int:
    key, sought = names.name_key(text), names.name_key(said)
    if key == sought:
        return 0
    if key.startswith(sought):
        return 1
    if any(word.startswith(sought) for word in _words(key)):
        return 2
    return 3 if sought in key else _NOWHERE


def _words(key: str) -> Iterable[str]:
    return key.replace("-", " ").replace("/", " ").split()
