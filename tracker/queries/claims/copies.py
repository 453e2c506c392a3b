"""Where the words of a claim are stored, and where the same words remain when some are withheld."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from tracker import log
from tracker.domain import state as f
from tracker.log import Recorded
from tracker.models.jobs import BatchRow
from tracker.models.operational import ImportRun, ImportSpan
from tracker.queries import moment
from tracker.queries.claims import listing
from tracker.queries.records import states

# Shorter texts occur in too many places to be searched for.
SHORTEST = 12
MOST_TEXTS = 100
MOST_PLACES = 50
ALWAYS = (
    "Earlier exports and downloads, copies that receivers of webhooks made, and"
    " backups of the database keep the words. They cannot be recalled. The files of the database"
    " keep them too, until their space is used again; docs/trust.md says how to rewrite the files."
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
    "BodyErased": "the reason of an erasure",
    "ClaimsLinked": "the note of a link",
    "ClaimsUnlinked": "the reason why a link was undone",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TextEntries:
    """Entries whose words are withheld together. `number` confirms it: the position at which a
    claim was entered; for another record, whose `claim` is None, the position of its one entry."""

    number: int
    claim: UUID | None
    entries: tuple[Recorded, ...]

    def only(self, position: int) -> tuple[Recorded, ...]:
        """The entry at a position; empty if it has no words."""
        return tuple(entry for entry in self.entries if entry.position == position)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPlace:
    """A place where words are stored, without the words; `noun` and `id` name the record there."""

    says: str
    noun: str = ""
    id: UUID | None = None


def text_of_claim(claim_id: UUID) -> TextEntries:
    """Return every entry of a claim and of its links that still has words."""
    entries = [entry for entry in listing.history(claim_id, as_of=moment.now()) if entry.words]
    [first] = log.firsts([claim_id])
    return TextEntries(number=first.position, claim=claim_id, entries=tuple(entries))


def text_at(position: int) -> TextEntries | None:
    """Return all entries with words of the claim that the entry at a position is about; for another
    record or a link, that entry alone. None if there is no such entry."""
    entry = log.at(position)
    if entry is None:
        return None
    if states.claims([entry.stream], at=None):
        return text_of_claim(entry.stream)
    entries = (entry,) if entry.words else ()
    return TextEntries(number=position, claim=None, entries=entries)


def entry_label(entry: Recorded) -> str:
    """Return a description of an entry of a claim. The position of the first entry is left out,
    since the user must enter it to confirm."""
    return _SAYS[entry.kind] if entry.kind == "ClaimAsserted" else _placed(entry)


def _placed(entry: Recorded) -> str:
    return f"position {entry.position}: {_SAYS.get(entry.kind, entry.kind)}"


def remaining_copies(text: TextEntries, withheld: Sequence[Recorded]) -> list[TextPlace]:
    """Return where words remain if some entries are withheld: other entries with the same text, the
    cited documents, and files and batches."""
    positions = [entry.position for entry in withheld]
    texts = list(dict.fromkeys(_texts([entry.content_words for entry in withheld])))[:MOST_TEXTS]
    copies = log.find_texts(texts, but=positions, most=MOST_PLACES + 1) if texts else []
    places = [_place(entry, text.claim) for entry in copies[:MOST_PLACES]]
    if len(copies) > MOST_PLACES:
        places.append(TextPlace(says=f"and more than {MOST_PLACES} places in all"))
    return [*places, *_cited(withheld), *_batch(text.claim), *imported_files(positions)]


def _texts(words: Any) -> Iterator[str]:
    """Each text in some words that is long enough to be searched for."""
    match words:
        case dict():
            yield from _texts(list(words.values()))
        case list():
            for item in words:
                yield from _texts(item)
        case str() if len(words) >= SHORTEST:
            yield words


def _place(entry: Recorded, claim: UUID | None) -> TextPlace:
    noun = _DESCRIBES.get(entry.kind)
    if noun:
        return TextPlace(says=f"position {entry.position}: the {noun}", noun=noun, id=entry.stream)
    if entry.kind.startswith("ClaimsL") or entry.kind.startswith("ClaimsU"):
        return TextPlace(says=entry_label(entry))
    own = entry.stream == claim
    says = f"{entry_label(entry)} of this claim" if own else f"{_placed(entry)} of another claim"
    return TextPlace(says=says, noun="claim", id=entry.stream)


def _citations(content: dict[str, Any]) -> list[Any]:
    return content["claim"]["citations"] if "claim" in content else [content.get("citation")]


def _cited(withheld: Iterable[Recorded]) -> Iterator[TextPlace]:
    """The documents that the entries cite: their titles have words of their own."""
    cited = {
        UUID(citation["document"])
        for entry in withheld
        for citation in _citations(entry.content)
        if citation
    }
    for key, state in states.records(cited, at=None).items():
        if isinstance(state, f.DocumentState) and state.document.title:
            says = "the title of a document that is cited, which may say the same"
            yield TextPlace(says=says, noun="document", id=key)


def is_in_batch(claim: UUID) -> bool:
    """Whether a claim was sent in a batch, which keeps what was sent."""
    return BatchRow.objects.filter(claim=claim).exists()


def _batch(claim: UUID | None) -> Iterator[TextPlace]:
    if claim and is_in_batch(claim):
        yield TextPlace(says="the batch by which it was sent keeps its content")


def imports(positions: Iterable[int]) -> QuerySet[ImportRun]:
    """The imports that brought entries at some positions."""
    runs = set()
    for position in positions:
        spans = ImportSpan.objects.filter(first__lte=position, last__gte=position)
        runs |= set(spans.values_list("run", flat=True))
    return ImportRun.objects.filter(id__in=runs)


def imported_files(positions: Iterable[int]) -> Iterator[TextPlace]:
    """The files from which entries at some positions were imported."""
    for name in imports(positions).values_list("name", flat=True):
        yield TextPlace(says=f"the file {name} from which it was imported, wherever it is kept")
