"""Where the words of a claim stand, and where the same words stay when some are withheld."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tracker import log
from tracker.domain import state as f
from tracker.log import Recorded
from tracker.models.jobs import BatchRow
from tracker.models.operational import ImportRun, ImportSpan
from tracker.queries import moment
from tracker.queries.claims import listing
from tracker.queries.records import states

# Shorter texts are in too many places to be looked for.
SHORTEST = 12
MOST_TEXTS = 100
MOST_PLACES = 50
ALWAYS = (
    "Exports and downloads that somebody took before, copies that receivers of webhooks made, and"
    " backups of the database keep the words. Nothing here can recall them."
)
_DESCRIBES = {
    "ActorDescribed": "actor",
    "SourceDescribed": "source",
    "SourceRated": "source",
    "DocumentDescribed": "document",
    "CollectionDescribed": "collection",
    "LensDefined": "lens",
}
_SAYS = {
    "ClaimAsserted": "the first entry",
    "ClaimCorrected": "a correction",
    "ClaimRetracted": "the reason of a retraction",
    "ClaimReinstated": "the reason of a reinstatement",
    "CitationAdded": "an added citation",
    "VerdictGiven": "the reason of a verdict",
    "ClaimReviewed": "the note of a review",
    "ForecastResolved": "the reason of a resolution",
    "TextWithheld": "the reason of a withholding",
    "ClaimsLinked": "the note of a link",
    "ClaimsUnlinked": "the reason why a link was undone",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TextEntries:
    """What is to be withheld together. `number` confirms it: the position at which a claim was
    entered; of another record, whose `claim` is None, the position of its one entry."""

    number: int
    claim: UUID | None
    entries: tuple[Recorded, ...]

    def only(self, position: int) -> tuple[Recorded, ...]:
        """The entry at a position; nothing if it has no words."""
        return tuple(one for one in self.entries if one.position == position)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place where words stand, without the words; `noun` and `id` name the record there."""

    says: str
    noun: str = ""
    id: UUID | None = None


def text_of_claim(claim_id: UUID) -> TextEntries:
    """Every entry of a claim and of its links that has words still."""
    told = [one for one in listing.history(claim_id, as_of=moment.now()) if one.words]
    [first] = log.firsts([claim_id])
    return TextEntries(number=first.position, claim=claim_id, entries=tuple(told))


def text_at(position: int) -> TextEntries | None:
    """All words of the claim that the entry at a position is about; of another record, or of a
    link, those of that entry alone. None if there is no such entry."""
    entry = log.at(position)
    if entry is None:
        return None
    if states.claims([entry.stream], at=None):
        return text_of_claim(entry.stream)
    entries = (entry,) if entry.words else ()
    return TextEntries(number=position, claim=None, entries=entries)


def entry_label(one: Recorded) -> str:
    """What an entry of a claim is, in words. The position of the first one is the claim's number,
    which somebody is asked for: it is left out."""
    return _SAYS[one.kind] if one.kind == "ClaimAsserted" else _placed(one)


def _placed(one: Recorded) -> str:
    return f"position {one.position}: {_SAYS.get(one.kind, one.kind)}"


def remaining_copies(worded: TextEntries, going: Sequence[Recorded]) -> list[Place]:
    """Where words stay of which some entries go: other entries with the same text, the documents
    that are cited, and what was sent in files and batches."""
    gone = [one.position for one in going]
    texts = list(dict.fromkeys(_texts([one.words for one in going])))[:MOST_TEXTS]
    found = log.find_texts(texts, but=gone, most=MOST_PLACES + 1) if texts else []
    places = [_place(one, worded.claim) for one in found[:MOST_PLACES]]
    if len(found) > MOST_PLACES:
        places.append(Place(says=f"and more than {MOST_PLACES} places in all"))
    return [*places, *_cited(going), *_sent(worded.claim, going)]


def _texts(words: Any) -> Iterator[str]:
    """Each text in some words that is long enough to be looked for."""
    match words:
        case dict():
            yield from _texts(list(words.values()))
        case list():
            for one in words:
                yield from _texts(one)
        case str() if len(words) >= SHORTEST:
            yield words


def _place(one: Recorded, claim: UUID | None) -> Place:
    noun = _DESCRIBES.get(one.kind)
    if noun:
        return Place(says=f"position {one.position}: the {noun}", noun=noun, id=one.stream)
    if one.kind.startswith("ClaimsL") or one.kind.startswith("ClaimsU"):
        return Place(says=entry_label(one))
    own = one.stream == claim
    says = f"{entry_label(one)} of this claim" if own else f"{_placed(one)} of another claim"
    return Place(says=says, noun="claim", id=one.stream)


def _cited(going: Iterable[Recorded]) -> Iterator[Place]:
    """The documents that these entries cite: their titles are words of their own."""
    cited = {
        UUID(citation["document"])
        for one in going
        for citation in one.body.get("claim", {}).get("citations", [one.body.get("citation")])
        if citation
    }
    for key, state in states.records(cited, at=None).items():
        if isinstance(state, f.DocumentState) and state.document.title:
            says = "the title of a document that is cited, which may say the same"
            yield Place(says=says, noun="document", id=key)


def _sent(claim: UUID | None, going: Iterable[Recorded]) -> Iterator[Place]:
    """What was sent before it was put on record."""
    if claim and BatchRow.objects.filter(claim=claim).exists():
        yield Place(says="the batch by which it was sent keeps what was sent")
    runs = set()
    for one in going:
        spans = ImportSpan.objects.filter(first__lte=one.position, last__gte=one.position)
        runs |= set(spans.values_list("run", flat=True))
    for name in ImportRun.objects.filter(id__in=runs).values_list("name", flat=True):
        yield Place(says=f"the file {name} from which it was imported, wherever it is kept")
