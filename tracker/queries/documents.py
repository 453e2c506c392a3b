"""Finds a document by what people paste: its address, its title, or a whole reference."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from uuid import UUID

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Length, Lower, StrIndex

from tracker.domain import codec
from tracker.domain import folding as f
from tracker.models.derived import StandingRecord
from tracker.queries import names, searching, states
from tracker.queries.names import Known, NoSuchName, Several

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

    def find(self, text: str) -> Known:
        """Give the only document that has this address, title or id, or whose title stands in a
        reference.

        :raises NoSuchName: saying what to do.
        """
        said = text.strip().replace("\0", "")
        for found in self._ways(said):
            if len(found) > 1:
                several = " or ".join(f"{one.name} [{one.id}]" for one in found[:MOST_SHARED])
                raise Several(f"{said[:200]!r} may be {len(found)}: write {several}")
            if found:
                return found[0]
        raise NoSuchName(f"no document on record has the address or title {said[:200]!r}: add it")

    def _ways(self, said: str) -> Iterator[list[Known]]:
        if identified := _ID.search(said):
            yield _known(_rows().filter(id=identified[1]))
            return
        if address := _ADDRESS.search(said):
            yield at_address(address[0].rstrip(".,;)"))
        titled = searching.records_called("document", said)
        yield _known(_rows().filter(titled, name__iexact=said))
        yield _quoted(said)


def at_address(url: str) -> list[Known]:
    """The documents at an address, however it was copied."""
    for key in ("url", "archive_url"):
        if found := _known(_rows().filter(searching.at_any(key, spellings(url)))):
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


def publisher_at(url: str) -> Known | None:
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
    return next(names.known(key, one, printed[key]) for key, one in found.items())


def _rows() -> QuerySet[StandingRecord]:
    return StandingRecord.objects.filter(noun="document")


def _quoted(said: str) -> list[Known]:
    """The documents whose title stands in a reference; of two the longer."""
    rows = (
        _rows()
        .annotate(long=Length("name"), at=StrIndex(Lower(Value(said)), Lower(F("name"))))
        .filter(long__gte=SHORTEST_TITLE, at__gt=0)
        .order_by("-long", "id")
    )
    found = _known(rows)
    return [one for one in found if len(one.name) == len(found[0].name)]


def _known(rows: QuerySet[StandingRecord]) -> list[Known]:
    found = {row.id: codec.build(f.DocumentState, row.state) for row in rows[: MOST_SHARED + 1]}
    return [names.known(key, one, "") for key, one in found.items()]
