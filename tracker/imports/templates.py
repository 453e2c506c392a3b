"""Makes the claims of similar rows from templates: only what differs between the rows is parsed,
checked and encoded again.

A template is made from the first such claim. It is encoded with markers for ids and words, and the
text is split at the markers. A row uses the template only if its values are certainly valid: ids,
words that fit, a checked date. Any other row is parsed and checked completely, which also gives the
error messages.
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

# A limit, so that memory does not grow with the file.
MOST_REMEMBERED = 50_000


class Parts:
    """Caches parties and dates. `known`: their encoded texts, by identity."""

    def __init__(self) -> None:
        self._parts: dict[object, Any] = {}
        self.known: dict[int, Texts] = {}
        # The dates without problems and without a phrase, by identity.
        self.valid_dates: set[int] = set()

    def refresh(self) -> None:
        """Clear a full cache. Call it between chunks: the parts of a claim must be cached until the
        claim is written."""
        if len(self._parts) > MOST_REMEMBERED:
            self._parts.clear()
            self.known.clear()
            self.valid_dates.clear()

    def party(self, actor: UUID, named: NamedParty, pointer: str) -> Party:
        """:raises BadShape:"""
        key = (actor.int, named.role, named.responsibility)
        party = self._parts.get(key)
        if party is None:
            value: Plain = {"actor": actor, "role": named.role}
            if named.responsibility:
                value["responsibility"] = named.responsibility
            party = self._keep(key, codec.build(Party, value, pointer))
        return party

    def occurred(self, value: Any) -> Any:
        """The date of a draft; unchanged if it cannot be cached.

        :raises BadShape:
        """
        try:
            key = tuple(value.items())
            occurred = self._parts.get(key)
        except (AttributeError, TypeError):
            return value
        if occurred is None:
            occurred = self._keep(key, codec.build(Occurred, value, "/occurred"))
            if _is_valid(occurred):
                self.valid_dates.add(id(occurred))
        return occurred

    def _keep[T](self, key: object, part: T) -> T:
        self._parts[key] = part
        self.known[id(part)] = texts(part)
        return part


def _is_valid(occurred: Occurred) -> bool:
    problems = [*claims.date_problems(occurred.edtf, ""), *codec.problems(occurred)]
    return not problems and not occurred.phrase


MOST_TEMPLATES = 5_000
# The words of a claim that differ from row to row, in this order, and the check of each.
_WORDS = {name: codec.text_fits(fields.limit(Claim, name)) for name in ("key", "summary", "note")}
_KIND = "ClaimAsserted"
_SCHEMA = e.SCHEMA[_KIND]
_FILLED = frozenset({*_WORDS, "occurred"})
# Markers are random, so that no file contains one.
_MARKERS = {name: secrets.token_hex(16) for name in _FILLED}
_NAMESPACE = uuid4()


class ResolvedRow(NamedTuple):
    """A row whose names are looked up: its collection, the actors of its parties, its citations and
    their documents."""

    draft: DraftClaim
    collection: UUID
    actors: Sequence[UUID]
    cited: Sequence[Sourced]
    documents: Sequence[UUID]


class _SplitText(NamedTuple):
    """A text with placeholders, and a function that picks their values, in order."""

    form: str
    pick: Callable[[Sequence[str]], tuple[str, ...]]

    def fill(self, values: Sequence[str]) -> str:
        return self.form % self.pick(values)


class _Template(NamedTuple):
    """The common fields of the claims and of their citations, and the texts: body and words of the
    event, and the whole claim."""

    fixed: Mapping[str, Any]
    citation: Mapping[str, Any]
    body: _SplitText
    words: _SplitText
    whole: _SplitText


class Templates:
    """The templates so far, by what their claims have in common."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._templates: dict[Hashable, _Template] = {}

    def claim(self, row: ResolvedRow) -> tuple[Claim, Written] | None:
        """The claim of a row, encoded; None without a template, or if a value may be invalid."""
        template = self._templates.get(_template_key(row))
        values = _row_values(row.draft.fields, self._parts) if template else None
        if template is None or values is None:
            return None
        parties = zip(row.actors, row.draft.parties, strict=True)
        claim = Claim(
            collection=row.collection,
            parties=tuple([self._parts.party(actor, party, "") for actor, party in parties]),
            citations=(Citation(document=row.documents[0], **template.citation),),
            **values,
            **template.fixed,
        )
        return claim, _written(claim, template, self._parts)

    def add(self, row: ResolvedRow, claim: Claim) -> None:
        """Make a template from a claim that was checked completely, for similar rows."""
        key = _template_key(row)
        if key is None or key in self._templates:
            return
        if _row_values(row.draft.fields, self._parts) is None:
            return
        if len(self._templates) >= MOST_TEMPLATES:
            self._templates.clear()
        self._templates[key] = _template(claim)


def _template_key(row: ResolvedRow) -> Hashable:
    """What a row has in common with others of its template; None if it cannot have a template: with
    several citations, a chain, or an actor in two roles."""
    cited, actors = row.cited, row.actors
    if len(cited) != 1 or cited[0].chain or len({actor.int for actor in actors}) < len(actors):
        return None
    parties = tuple([(party.role, party.responsibility) for party in row.draft.parties])
    fields = [
        name if name in _FILLED else (name, _constant(value))
        for name, value in row.draft.fields.items()
    ]
    citation = [(name, _constant(value)) for name, value in cited[0].says.items()]
    try:
        key = (row.collection.int, parties, tuple(fields), tuple(citation))
        hash(key)
    except TypeError:
        return None
    return key


def _constant(value: Any) -> Hashable:
    """A value with its type, since 3 equals 3.0."""
    if type(value) is str:
        return value
    return tuple(map(_constant, value)) if type(value) is list else (type(value), value)


def _row_values(fields: Plain, parts: Parts) -> dict[str, Any] | None:
    """The words and the date of a row, as the codec would read them; None if one may be invalid."""
    values: dict[str, Any] = {}
    try:
        for name, fits in _WORDS.items():
            if name in fields:
                values[name] = fits(fields[name])
                if values[name] is None:
                    return None
        if "occurred" in fields:
            values["occurred"] = parts.occurred(fields["occurred"])
            if id(values["occurred"]) not in parts.valid_dates:
                return None
    except codec.BadShape:
        return None
    return values


def _written(claim: Claim, template: _Template, parts: Parts) -> Written:
    known = parts.known
    values = [
        f'"{claim.citations[0].document}"',
        known[id(claim.occurred)][0] if claim.occurred else "",
        word_text(claim.key or ""),
        word_text(claim.summary),
        word_text(claim.note),
        *[known[id(party)][0] for party in claim.parties],
    ]
    whole = template.whole.fill(values)
    own = {id(claim): (whole, "", whole)}
    return Written(_KIND, _SCHEMA, template.body.fill(values), template.words.fill(values), own)


def _template(claim: Claim) -> _Template:
    words: dict[str, Any] = {name: _MARKERS[name] for name in _WORDS if getattr(claim, name)}
    occurred = Occurred(edtf=_MARKERS["occurred"])
    parties = tuple(
        replace(party, actor=_marker_id(place)) for place, party in enumerate(claim.parties)
    )
    citation = replace(claim.citations[0], document=_marker_id(-1))
    marked = replace(
        claim,
        parties=parties,
        citations=(citation,),
        occurred=occurred if claim.occurred else None,
        **words,
    )
    markers = [
        id_text(citation.document),
        texts(occurred)[0],
        *[word_text(_MARKERS[name]) for name in _WORDS],
        *[texts(party)[0] for party in parties],
    ]
    body, body_words, _ = texts(e.ClaimAsserted(claim=marked))
    return _Template(
        fixed=_values(claim, without={"collection", "parties", "citations", *_FILLED}),
        citation=_values(citation, without={"document"}),
        body=_split(body, markers),
        words=_split(body_words, markers),
        whole=_split(texts(marked)[2], markers),
    )


def _values(record: Any, *, without: set[str]) -> dict[str, Any]:
    names = (field.name for field in fields_of(record) if field.name not in without)
    return {name: getattr(record, name) for name in names}


def _marker_id(place: int) -> UUID:
    return uuid5(_NAMESPACE, str(place))


def _split(text: str, markers: Sequence[str]) -> _SplitText:
    """Split a text at the markers that it contains."""
    offsets = sorted(
        (text.find(marker), place) for place, marker in enumerate(markers) if marker in text
    )
    places = [place for _, place in offsets]
    form = text.replace("%", "%%")
    for place in places:
        form = form.replace(markers[place], "%s", 1)
    return _SplitText(form, lambda values: tuple([values[place] for place in places]))
