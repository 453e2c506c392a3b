"""An outside reader: a program that the setting `OUTSIDE_READER` names. It gets the article that is
read, and proposes drafts in the shape in which clients hand them in.

It gets one JSON object: `document` (`id`, `date`), `collection`, `text_sha256`, `sentences`
(`number`, `start`, `end`, `text`, `heading`), `names` on record (`id`, `noun`, `name`, `also`) and
our `drafts`. It answers with one: `reader`, its name, and `drafts`. Of a draft it may omit `id`,
and of its claim `collection`, `summary` and `citations`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings

from tracker.domain import codec
from tracker.domain.events import NAMESPACE
from tracker.domain.problems import Problem, invalid
from tracker.domain.proposed import LONGEST_READER, is_unchanged
from tracker.domain.proposed import of as as_proposed
from tracker.domain.reading.drafting import citation_of
from tracker.domain.reading.drafts import READER, Draft, SentDraft, problems
from tracker.domain.reading.proposals import Context, Reading
from tracker.domain.reading.text import Sentence
from tracker.operations import bounded_program, references
from tracker.operations.bounded_program import ProgramFailed
from tracker.queries.records import names, states
from tracker.wording import counted

MOST_DRAFTS = 1_000


def read(ours: Reading, normal: str, context: Context) -> Reading:
    """Add what the outside reader proposes, if there is one, to a reading of the normalised text.
    It never fails: a note says what went wrong."""
    if not settings.OUTSIDE_READER:
        return ours
    answer = _Answer(ours=ours, normal=normal, context=context)
    try:
        sent = codec.canonical(_question(ours, context)).encode()
        drafts = answer.drafts(bounded_program.run(settings.OUTSIDE_READER, sent))
    except ProgramFailed as problem:
        return ours._replace(notes=(*ours.notes, f"The outside reader {problem}."))
    together = sorted((*ours.drafts, *drafts), key=lambda one: one.sentence)
    return ours._replace(drafts=tuple(together), notes=(*ours.notes, *answer.notes()))


def _question(ours: Reading, context: Context) -> dict[str, Any]:
    return {
        "document": {"id": str(context.document), "date": context.published},
        "collection": str(context.collection),
        "text_sha256": ours.text_sha256,
        "sentences": [codec.whole(one) for one in ours.sentences],
        "names": list(_names()),
        "drafts": [codec.plain(one) for one in ours.drafts],
    }


def _names() -> Iterator[dict[str, Any]]:
    for noun in ("actor", "source"):
        for one in names.directory(noun):
            yield {"id": str(one.id), "noun": noun, "name": one.name, "also": list(one.also)}


@dataclass(slots=True, kw_only=True)
class _Answer:
    """Makes drafts of what the program wrote. `left_out` are problems of those that cannot be used,
    one for each."""

    ours: Reading
    normal: str
    context: Context
    left_out: list[str] = field(default_factory=list)
    _sentences: dict[int, Sentence] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._sentences = {one.number: one for one in self.ours.sentences}

    def drafts(self, written: bytes) -> list[Draft]:
        """The drafts that can be used and are not the same as ours.

        :raises ProgramFailed: if it is not the answer of a reader.
        """
        name, sent = _parts(written)
        read = [self._read(raw, place) for place, raw in enumerate(sent)]
        nouns = states.nouns({id_ for one, _ in read for _, id_, _ in _references(one)})
        usable = [
            draft
            for place, (draft, problems) in enumerate(read)
            if self._is_usable(place, [*problems, *_missing(draft, nouns)])
        ]
        ids = {draft.id: self._own_id(name, draft.id) for draft in usable}
        own = [_with_reader(_with_ids(draft, ids), name) for draft in usable]
        return [draft for draft in own if not self._is_ours(draft)]

    def notes(self) -> Iterator[str]:
        if self.left_out:
            count = counted(len(self.left_out), "draft")
            yield (
                f"The outside reader wrote {count} that cannot be used. The first problem:"
                f" {self.left_out[0]}."
            )

    def _read(self, raw: Any, place: int) -> tuple[Draft, list[Problem]]:
        """A draft that the program wrote, and its problems apart from references."""
        sent, unreadable = codec.read(SentDraft, self._completed(raw, place))
        draft = sent.draft
        return draft, unreadable or [*problems(draft), *self._place_problems(draft)]

    def _completed(self, raw: Any, place: int) -> Any:
        """A draft as it was written, with what may be omitted."""
        if not isinstance(raw, dict) or not isinstance(raw.get("claim"), dict):
            return raw
        claim = {
            "collection": str(self.context.collection),
            "citations": list(self._citations(raw.get("sentence"))),
            **raw["claim"],
        }
        return {"id": str(UUID(int=place)), **raw, "claim": claim}

    def _citations(self, number: Any) -> Iterator[Any]:
        """The citation of a sentence, if there is one with this number."""
        sentence = self._sentences.get(number) if isinstance(number, int) else None
        if sentence:
            document, digest = self.context.document, self.ours.text_sha256
            yield codec.plain(citation_of(sentence, document, self.normal, digest))

    def _place_problems(self, draft: Draft) -> Iterator[Problem]:
        if draft.sentence > len(self.ours.sentences):
            yield invalid("/sentence", f"the text has {len(self.ours.sentences)} sentences")
        if {cited.document for cited in draft.claim.citations} != {self.context.document}:
            yield invalid("/claim/citations", "cite the document that is read, and no other")

    def _is_usable(self, place: int, problems: Sequence[Problem]) -> bool:
        if problems:
            first = problems[0]
            self.left_out.append(f"/drafts/{place}{first.pointer} {first.detail}")
        return not problems

    def _own_id(self, name: str, draft: UUID) -> UUID:
        """The id of a draft. It is another one for each person, as with our drafts."""
        context = self.context
        place = f"{self.ours.text_sha256}:{name}:{draft}"
        return uuid5(NAMESPACE, f"{context.document}:{context.person}:{place}")

    def _is_ours(self, draft: Draft) -> bool:
        """Whether we propose the same of the sentence."""
        said_by = draft.said_by.actor if draft.said_by else None
        return any(
            one.proposed and is_unchanged(one.proposed, draft.claim, said_by)
            for one in self.ours.drafts
            if (one.sentence, one.denies) == (draft.sentence, draft.denies)
        )


def _parts(written: bytes) -> tuple[str, Sequence[Any]]:
    """The name of the reader, and its drafts as it wrote them."""
    try:
        answer = json.loads(written)
    except (ValueError, RecursionError):
        raise ProgramFailed("did not write JSON") from None
    answer = answer if isinstance(answer, dict) else {}
    name, sent = answer.get("reader"), answer.get("drafts")
    if not isinstance(name, str) or not name.strip() or len(name) > LONGEST_READER:
        raise ProgramFailed("did not write `reader`, its name, such as my-reader-1")
    if name.strip() == READER:
        raise ProgramFailed(f"calls itself {READER}: give it another name")
    if not isinstance(sent, list) or len(sent) > MOST_DRAFTS:
        raise ProgramFailed(f"did not write `drafts`, a list of at most {MOST_DRAFTS:,}")
    return name.strip(), sent


def _references(draft: Draft) -> Iterator[references.Reference]:
    """The references of a draft to records, other than documents."""
    new = {name.id for name in draft.names}
    for pointer, id_, noun in references.of_claim(draft.claim):
        if noun != "document" and id_ not in new:
            yield f"/claim{pointer}", id_, noun
    if draft.said_by and draft.said_by.actor not in new:
        yield "/said_by/actor", draft.said_by.actor, "actor"


def _missing(draft: Draft, nouns: Mapping[UUID, str]) -> Iterator[Problem]:
    return references.missing_among(_references(draft), nouns)


def _with_ids(draft: Draft, ids: Mapping[UUID, UUID]) -> Draft:
    """A draft with the ids that the drafts of the reader have here."""
    links = tuple(replace(link, to=ids.get(link.to, link.to)) for link in draft.links)
    denies = ids.get(draft.denies, draft.denies) if draft.denies else None
    return replace(draft, id=ids[draft.id], links=links, denies=denies)


def _with_reader(draft: Draft, name: str) -> Draft:
    said_by = draft.said_by.actor if draft.said_by else None
    return replace(draft, proposed=as_proposed(name, draft.claim, said_by))
