"""Claims that are alike are made in a mould: what differs between them is filled in, the rest was
read, checked and written once.

A mould is cast from a claim that went the long way: it is written with marks for ids and words, and
the text is cut at the marks. Into it goes only what is surely right: ids that differ where those of
the cast did, words that fit, a date that was checked. All else goes the long way, which says what
is wrong.
"""

import secrets
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import fields as fields_of
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID, uuid4, uuid5

from tracker.domain import claims, codec, fields
from tracker.domain import events as e
from tracker.domain.claims import Citation, Claim, Occurred
from tracker.domain.codec import Plain, Texts, id_text, texts, word_text
from tracker.domain.records import Party
from tracker.imports.documents import Sourced
from tracker.imports.formats.drafts import DraftClaim, NamedParty
from tracker.log import Written

# So many are remembered, so that memory does not grow with the file.
MOST_REMEMBERED = 50_000


class Parts:
    """Parties and dates as they were read first. `known`: each as it is written, by identity."""

    def __init__(self) -> None:
        self._held: dict[object, Any] = {}
        self.known: dict[int, Texts] = {}
        # The dates, by identity, of which nothing is wrong and no words are said.
        self.sound: set[int] = set()

    def refresh(self) -> None:
        """Forget them if they are many. Between chunks: until a claim is written, its parts must
        be remembered."""
        if len(self._held) > MOST_REMEMBERED:
            self._held.clear()
            self.known.clear()
            self.sound.clear()

    def party(self, actor: UUID, named: NamedParty, pointer: str) -> Party:
        """:raises BadShape:"""
        resolved = (actor.int, named.role, named.responsibility)
        found = self._held.get(resolved)
        if found is None:
            said = {"responsibility": named.responsibility} if named.responsibility else {}
            value = {"actor": actor, "role": named.role} | said
            found = self._keep(resolved, codec.build(Party, value, pointer))
        return found

    def occurred(self, value: Any) -> Any:
        """The date of a draft; as it is where it cannot be remembered.

        :raises BadShape:
        """
        try:
            resolved = tuple(value.items())
            found = self._held.get(resolved)
        except (AttributeError, TypeError):
            return value
        if found is None:
            found = self._keep(resolved, codec.build(Occurred, value, "/occurred"))
            if _is_sound(found):
                self.sound.add(id(found))
        return found

    def _keep[T](self, resolved: object, part: T) -> T:
        self._held[resolved] = part
        self.known[id(part)] = texts(part)
        return part


def _is_sound(occurred: Occurred) -> bool:
    problems = [*claims.date_problems(occurred.edtf, ""), *codec.problems(occurred)]
    return not problems and not occurred.phrase


# So many are remembered.
MOST_TEMPLATES = 5_000
# The words of a claim that differ from row to row, in this order, and what sees that they fit.
_WORDS = {name: codec.text_fits(fields.limit(Claim, name)) for name in ("key", "summary", "note")}
_KIND = "ClaimAsserted"
_SCHEMA = e.SCHEMA[_KIND]
_FILLED = frozenset({*_WORDS, "occurred"})
# Nobody can know a mark, and so none stands in a file.
_MARKS = {name: secrets.token_hex(16) for name in _FILLED}
_NAMESPACE = uuid4()


class ResolvedRow(NamedTuple):
    """A row whose names are found: its collection, the actors of its parties, its citations and
    their documents."""

    draft: DraftClaim
    collection: UUID
    actors: Sequence[UUID]
    cited: Sequence[Sourced]
    documents: Sequence[UUID]


class _Cut(NamedTuple):
    """A text that is cut at its marks, and what picks their values, in the order of the text."""

    form: str
    pick: Callable[[Sequence[str]], tuple[str, ...]]

    def fill(self, values: Sequence[str]) -> str:
        return self.form % self.pick(values)


class _Template(NamedTuple):
    """The fields that all claims of a mould have, those of their citation, and the texts: of the
    event its body and its words, and the whole of the claim."""

    fixed: Mapping[str, Any]
    citation: Mapping[str, Any]
    body: _Cut
    words: _Cut
    whole: _Cut


class Templates:
    """The moulds that were cast so far, by what their claims have in common."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._moulds: dict[Hashable, _Template] = {}

    def claim(self, resolved: ResolvedRow) -> tuple[Claim, Written] | None:
        """Give a row's claim, written, if there is a mould for it and all of it surely fits."""
        mould = self._moulds.get(_alike(resolved))
        said = _said(resolved.draft.fields, self._parts) if mould else None
        if mould is None or said is None:
            return None
        parties = zip(resolved.actors, resolved.draft.parties, strict=True)
        claim = Claim(
            collection=resolved.collection,
            parties=tuple([self._parts.party(actor, party, "") for actor, party in parties]),
            citations=(Citation(document=resolved.documents[0], **mould.citation),),
            **said,
            **mould.fixed,
        )
        return claim, _written(claim, mould, self._parts)

    def cast(self, resolved: ResolvedRow, claim: Claim) -> None:
        """Make a mould of a claim that went the long way, for those like it."""
        alike = _alike(resolved)
        if (
            alike is None
            or alike in self._moulds
            or _said(resolved.draft.fields, self._parts) is None
        ):
            return
        if len(self._moulds) >= MOST_TEMPLATES:
            self._moulds.clear()
        self._moulds[alike] = _cast(claim)


def _alike(resolved: ResolvedRow) -> Hashable:
    """What a row has in common with others of its mould; None where there can be none: with several
    citations, a chain, or an actor that stands there twice."""
    cited, actors = resolved.cited, resolved.actors
    if len(cited) != 1 or cited[0].chain or len({actor.int for actor in actors}) < len(actors):
        return None
    parties = tuple([(party.role, party.responsibility) for party in resolved.draft.parties])
    fields = [
        name if name in _FILLED else (name, _constant(value))
        for name, value in resolved.draft.fields.items()
    ]
    says = [(name, _constant(value)) for name, value in cited[0].fields.items()]
    try:
        alike = (resolved.collection.int, parties, tuple(fields), tuple(says))
        hash(alike)
    except TypeError:
        return None
    return alike


def _constant(value: Any) -> Hashable:
    """A value apart from what only equals it, as 3 and 3.0 do."""
    if type(value) is str:
        return value
    return tuple(map(_constant, value)) if type(value) is list else (type(value), value)


def _said(fields: Plain, parts: Parts) -> dict[str, Any] | None:
    """The words and the date of a row, as the codec would read them; None if one of them may not
    fit."""
    said: dict[str, Any] = {}
    try:
        for name, fits in _WORDS.items():
            if name in fields:
                said[name] = fits(fields[name])
                if said[name] is None:
                    return None
        if "occurred" in fields:
            said["occurred"] = parts.occurred(fields["occurred"])
            if id(said["occurred"]) not in parts.sound:
                return None
    except codec.BadShape:
        return None
    return said


def _written(claim: Claim, mould: _Template, parts: Parts) -> Written:
    known = parts.known
    values = [
        f'"{claim.citations[0].document}"',
        known[id(claim.occurred)][0] if claim.occurred else "",
        word_text(claim.key or ""),
        word_text(claim.summary),
        word_text(claim.note),
        *[known[id(party)][0] for party in claim.parties],
    ]
    whole = mould.whole.fill(values)
    own = {id(claim): (whole, "", whole)}
    return Written(_KIND, _SCHEMA, mould.body.fill(values), mould.words.fill(values), own)


def _cast(claim: Claim) -> _Template:
    given: dict[str, Any] = {name: _MARKS[name] for name in _WORDS if getattr(claim, name)}
    occurred = Occurred(edtf=_MARKS["occurred"])
    parties = tuple(replace(party, actor=_mark(place)) for place, party in enumerate(claim.parties))
    citation = replace(claim.citations[0], document=_mark(-1))
    marked = replace(
        claim,
        parties=parties,
        citations=(citation,),
        occurred=occurred if claim.occurred else None,
        **given,
    )
    marks = [
        id_text(citation.document),
        texts(occurred)[0],
        *[word_text(_MARKS[name]) for name in _WORDS],
        *[texts(party)[0] for party in parties],
    ]
    body, words, _ = texts(e.ClaimAsserted(claim=marked))
    return _Template(
        fixed=_values(claim, without={"collection", "parties", "citations", *_FILLED}),
        citation=_values(citation, without={"document"}),
        body=_cut(body, marks),
        words=_cut(words, marks),
        whole=_cut(texts(marked)[2], marks),
    )


def _values(record: Any, *, without: set[str]) -> dict[str, Any]:
    names = (field.name for field in fields_of(record) if field.name not in without)
    return {name: getattr(record, name) for name in names}


def _mark(place: int) -> UUID:
    return uuid5(_NAMESPACE, str(place))


def _cut(text: str, marks: Sequence[str]) -> _Cut:
    """Cut a text at the marks that are in it."""
    found = sorted((text.find(mark), place) for place, mark in enumerate(marks) if mark in text)
    form = text.replace("%", "%%")
    for _, place in found:
        form = form.replace(marks[place], "%s", 1)
    places = [place for _, place in found]
    return _Cut(form, lambda values: tuple([values[place] for place in places]))
