"""Reads a whole article: its sentences, and the drafts of claims that they may make."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID, uuid5

from tracker.domain import codebooks
from tracker.domain.attribution import SaidBy
from tracker.domain.claims import (
    DEEDS,
    Basis,
    Citation,
    Claim,
    Kind,
    Magnitude,
    Occurred,
    Strength,
)
from tracker.domain.codebooks.cues import CueRow
from tracker.domain.dates import edtf
from tracker.domain.events import NAMESPACE
from tracker.domain.proposed import of as as_proposed
from tracker.domain.reading import days, text
from tracker.domain.reading.amounts import measured
from tracker.domain.reading.attributions import Attributed, attributed
from tracker.domain.reading.clauses import Clause, clauses
from tracker.domain.reading.codes import CodeFound, Counts, is_close, ranked
from tracker.domain.reading.days import DayFound
from tracker.domain.reading.drafts import (
    LONGEST_QUOTE,
    READER,
    Draft,
    NewName,
    OfferedActor,
    OfferedCode,
    OfferedDate,
)
from tracker.domain.reading.names import Mention, Names
from tracker.domain.reading.sides import Named, Sides, sides
from tracker.domain.reading.text import Sentence
from tracker.domain.reading.unknown_names import unknown_names
from tracker.domain.reading.word_lists import listed
from tracker.domain.reading.words import Qualified, is_lasting, qualified
from tracker.domain.records import Party, Role
from tracker.domain.selectors import MOST_CONTEXT, Selector

# News without a date in a column happened in so many days before it.
COVERED_DAYS = 7
# The parties of the text before a sentence that may be meant by "the government".
_MOST_AROUND = 3
_LONGEST_NAME = 200
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the reader knows besides the text.

    `published` is the EDTF date of the document. `person` is who reads: two people get drafts with
    different ids. `countries` are the names of states by code. `counts` and `cues` are the desk's
    own (`codes.ranked`).
    """

    document: UUID
    collection: UUID
    person: str
    actors: Names
    sources: Names
    countries: Mapping[str, str] = field(default_factory=dict)
    published: str | None = None
    counts: Counts = field(default_factory=dict)
    cues: tuple[CueRow, ...] = ()


class Reading(NamedTuple):
    """The sentences of a text, and the drafts of each, in order."""

    text_sha256: str
    sentences: tuple[Sentence, ...]
    drafts: tuple[Draft, ...]


def read(article: str, context: Context) -> Reading:
    """Read an article.

    :raises Invalid: if the text is too long.
    """
    normal = text.normalised(article)
    found = text.sentences(normal)
    return Reading(text.sha256(normal), found, tuple(_Reader(normal, found, context).drafts()))


def blank(words: str, sentence: int, context: Context) -> Draft:
    """Return the draft of a sentence without a proposal, for a person to fill in. `words` are the
    sentence alone, so that its place in the text is not known.

    :raises Invalid: if the text is too long.
    """
    normal = text.normalised(words)
    one = Sentence(number=sentence, start=0, end=len(normal), text=normal, heading=False)
    draft = _Reader(normal, (one,), context).blank(one, "blank")
    citations = tuple(replace(cited, selector=None) for cited in draft.claim.citations)
    return replace(draft, claim=replace(draft.claim, citations=citations))


@dataclass(slots=True)
class _Known:
    """What earlier sentences named: the last initiators, and how often each actor was named."""

    initiators: tuple[UUID, ...] = ()
    named: Counter[UUID] = field(default_factory=Counter)
    drafts: list[Draft] = field(default_factory=list)

    def around(self, *, but: Sequence[UUID]) -> tuple[UUID, ...]:
        """The actors named most, who may be meant by "the government"."""
        common = [actor for actor, _ in self.named.most_common() if actor not in but]
        return tuple(common[:_MOST_AROUND])


class _Sentence(NamedTuple):
    """A sentence with what was found in it. Places are within the sentence."""

    sentence: Sentence
    names: tuple[Named, ...]
    sources: tuple[Named, ...]
    days: tuple[DayFound, ...]
    new: tuple[NewName, ...]


class _Reader:
    """Goes through the sentences in order, since later ones refer to earlier ones."""

    def __init__(self, normal: str, sentences: Sequence[Sentence], context: Context) -> None:
        self._text, self._sha256 = normal, text.sha256(normal)
        self._sentences = sentences
        self._context = context
        self._known = _Known()
        self._days = days.find_days(normal, context.published)
        self._day = edtf.bounds(context.published).latest if context.published else None

    def drafts(self) -> Iterator[Draft]:
        for sentence in self._sentences:
            if sentence.heading:
                continue
            found = self._found(sentence)
            drafts = list(self._of(found))
            if not drafts and found.names:
                drafts = [self._without_code(found)]
            self._known.named.update(one.actor for one in found.names)
            self._known.drafts += drafts
            yield from drafts

    def blank(self, sentence: Sentence, key: str) -> Draft:
        found = self._found(sentence)
        claim = self._claim(found, "assessment", ())
        return self._draft(found, claim, key=key)

    def _of(self, found: _Sentence) -> Iterator[Draft]:
        """The drafts of one sentence: one for each clause with an actor and a code or an amount."""
        number, carried = 0, self._carried(found)
        speech = attributed(found.sentence.text, found.names, found.sources, ())
        if denied := self._denied(speech):
            yield self._denial(found, denied, speech)
            return
        for clause in clauses(found.sentence.text):
            number += 1
            names = _within(found.names, clause)
            if amount := measured(clause.text):
                yield self._measure(found, clause, amount, number)
                continue
            codes = ranked(clause.text, self._context.counts, self._context.cues)
            if not codes or not (names or carried):
                continue
            code = codebooks.find(codes[0].code)
            if not code.speech or speech.start > clause.start + codes[0].start:
                # "A attacked B, C said": C does not act.
                acting = [one for one in found.names if not speech.covers(one)]
                names = _within(acting, clause) or names
            parties = sides(clause.text, names, codes[0], carried)
            if code.event == "REQUEST":
                parties = _asked(parties, speech)
            if parties.initiators or parties.recipients:
                yield self._act(found, clause, codes, parties, number)
                carried = self._known.initiators = parties.initiators

    def _measure(self, found: _Sentence, clause: Clause, amount: Magnitude, number: int) -> Draft:
        said = attributed(found.sentence.text, found.names, found.sources, ())
        names = [one for one in _within(found.names, clause) or found.names if not said.covers(one)]
        claim = self._claim(
            found, "measure", _parties({"initiator": [one.actor for one in names[:1]]})
        )
        claim = replace(claim, magnitude=amount)
        return self._draft(found, claim, key=str(number), said=said)

    def _carried(self, found: _Sentence) -> tuple[UUID, ...]:
        """The initiators before, where a sentence begins with a pronoun."""
        first = found.sentence.text.split(maxsplit=1)[:1]
        is_pronoun = bool(first) and first[0].strip("“\"'").casefold() in listed("pronoun")
        return self._known.initiators if is_pronoun else ()

    def _without_code(self, found: _Sentence) -> Draft:
        """An assessment of those who are named."""
        said = attributed(found.sentence.text, found.names, found.sources, ())
        claim = self._claim(found, "assessment", _about(found.names))
        return self._draft(found, claim, key="about", said=said)

    def _denied(self, said: Attributed) -> Draft | None:
        """The last draft in which somebody does what they now deny."""
        if not said.denies:
            return None
        return next(
            (
                draft
                for draft in reversed(self._known.drafts)
                if not set(said.speakers).isdisjoint(draft.claim.actors("initiator"))
            ),
            None,
        )

    def _denial(self, found: _Sentence, denied: Draft, said: Attributed) -> Draft:
        [cited] = self._citations(found, said)
        claim = replace(denied.claim, citations=(cited,), summary="")
        draft = self._draft(found, claim, key="denies", said=said)
        return replace(draft, denies=denied.id, said_by=SaidBy(actor=said.speakers[0]))

    def _act(
        self,
        found: _Sentence,
        clause: Clause,
        codes: Sequence[CodeFound],
        parties: Sides,
        number: int,
    ) -> Draft:
        words = qualified(clause.text)
        code = None if is_close(codes) else codes[0].code
        kind: Kind = "act"
        if is_lasting(clause.text, codes[0].start, codes[0].end):
            kind = codebooks.form_of(codes[0].code)
        roles: Mapping[Role, Sequence[UUID]] = {
            "initiator": parties.initiators,
            "recipient": parties.recipients,
            "affected": parties.affected,
        }
        claim = self._claim(found, kind, _parties(roles), clause=clause, words=words)
        said = self._said(found, parties, codes[0])
        if words.assessment:
            everyone = [*parties.initiators, *parties.recipients, *parties.affected]
            claim = self._claim(found, "assessment", _parties({"about": everyone}), words=words)
        else:
            claim = replace(claim, code=code)
        draft = self._draft(found, claim, key=str(number), said=said, codes=codes, words=words)
        is_said = claim.kind in DEEDS and said.speakers and not said.denies
        return replace(draft, said_by=SaidBy(actor=said.speakers[0])) if is_said else draft

    def _said(self, found: _Sentence, parties: Sides, code: CodeFound) -> Attributed:
        """Who says the act. The act of speech of the speaker itself is said by nobody else."""
        around = [*parties.recipients, *self._known.around(but=parties.initiators)]
        said = attributed(found.sentence.text, found.names, found.sources, around)
        speech = codebooks.find(code.code).speech
        speakers = tuple(one for one in said.speakers if not (speech and one in parties.initiators))
        own = speech and not set(said.speakers).isdisjoint(parties.initiators)
        return said._replace(speakers=() if own else speakers)

    def _claim(
        self,
        found: _Sentence,
        kind: Kind,
        parties: tuple[Party, ...],
        *,
        clause: Clause | None = None,
        words: Qualified = Qualified(),  # noqa: B008 # immutable
    ) -> Claim:
        strength = None
        if words.strength and kind in DEEDS:
            strength = Strength(grade=words.strength, reason=f"“{words.qualifier}”")
        return Claim(
            collection=self._context.collection,
            kind=kind,
            parties=parties,
            citations=(),
            occurred=self._occurred(found, kind, clause),
            strength=strength,
            hedge=words.hedge,
            likelihood=words.likelihood,
            modality=words.modality if kind in DEEDS else "actual",
        )

    def _occurred(
        self, found: _Sentence, kind: Kind, clause: Clause | None = None
    ) -> Occurred | None:
        """The date in the clause, else in the sentence, else what follows from the document."""
        near = [one for one in found.days if clause and clause.start <= one.start < clause.end]
        for one in (*near, *found.days):
            return Occurred(edtf=one.edtf, basis=one.basis, phrase=one.phrase)
        default = _default_date(self._context.published, kind)
        return Occurred(edtf=default.edtf, basis=default.basis) if default else None

    def _citations(self, found: _Sentence, said: Attributed) -> tuple[Citation, ...]:
        """The document, with the sentence as its quote."""
        sentence = found.sentence
        kept = _first_words(sentence.text)
        start, end = sentence.start, sentence.start + len(kept)
        selector = Selector(
            start=start,
            end=end,
            text_sha256=self._sha256,
            prefix=self._text[max(0, start - MOST_CONTEXT) : start],
            suffix=self._text[end : end + MOST_CONTEXT],
        )
        quote = kept if kept == sentence.text else f"{kept} …"
        document = self._context.document
        return (Citation(document=document, chain=said.sources, quote=quote, selector=selector),)

    def _draft(
        self,
        found: _Sentence,
        claim: Claim,
        *,
        key: str,
        said: Attributed = Attributed(),  # noqa: B008 # immutable
        codes: Sequence[CodeFound] = (),
        words: Qualified = Qualified(),  # noqa: B008 # immutable
    ) -> Draft:
        claim = replace(claim, citations=self._citations(found, said))
        offered = {one.id: OfferedActor(actor=one.id, text=one.name) for one in found.new}
        offered = {
            one.actor: OfferedActor(actor=one.actor, text=one.text) for one in found.names
        } | offered
        default = _default_date(self._context.published, claim.kind)
        dates = [
            OfferedDate(edtf=one.edtf, basis=one.basis, phrase=one.phrase) for one in found.days
        ]
        dates += [default] if default else []
        number = found.sentence.number
        draft = Draft(
            id=uuid5(
                NAMESPACE,
                f"{self._context.document}:{self._context.person}:{self._sha256}:{number}:{key}",
            ),
            sentence=number,
            claim=claim,
            names=found.new,
            codes=tuple(OfferedCode(code=one.code, why=one.why) for one in codes),
            actors=tuple(offered.values()),
            dates=tuple({one.edtf: one for one in dates}.values()),
            speakers=said.speakers,
            why=tuple(_why(codes, said, words)),
        )
        said_by = said.speakers[0] if said.speakers else None
        return replace(draft, proposed=as_proposed(READER, claim, said_by))

    def _found(self, sentence: Sentence) -> _Sentence:
        """Look for names and dates in a sentence."""
        new: dict[UUID, NewName] = {}
        mentions = self._context.actors.find(sentence.text, self._day)
        actors = [self._named(one, new) for one in mentions]
        for one in unknown_names(sentence, mentions):
            place = one.start - sentence.start
            actor = self._new_name(one.text, new)
            if one.kind and not _is_described(sentence.text[:place], actors):
                # What may also be a place is only offered.
                actors.append(Named(place, place + len(one.text), one.text, actor))
        actors.sort()
        sources = [
            Named(one.start, one.end, one.text, meaning.actor)
            for one in self._context.sources.find(sentence.text)
            for meaning in one.meanings[:1]
            if meaning.actor
        ]
        inside = [
            replace(one, start=one.start - sentence.start, end=one.end - sentence.start)
            for one in self._days
            if sentence.start <= one.start < sentence.end
        ]
        return _Sentence(
            sentence, tuple(actors), tuple(sources), tuple(inside), tuple(new.values())
        )

    def _named(self, one: Mention, new: dict[UUID, NewName]) -> Named:
        """The first actor on record that a name may mean, else a new name for the state."""
        on_record = next((meaning.actor for meaning in one.meanings if meaning.actor), None)
        country = one.meanings[0].country
        name = self._context.countries.get(country or "", one.text)
        actor = on_record or self._new_name(name, new)
        return Named(one.start, one.end, one.text, actor)

    def _new_name(self, name: str, new: dict[UUID, NewName]) -> UUID:
        key = uuid5(NAMESPACE, f"proposed:actor:{self._context.document}:{name}")
        new[key] = NewName(id=key, noun="actor", name=name[:_LONGEST_NAME])
        return key


def _is_described(before: str, names: Sequence[Named]) -> bool:
    """Whether a name is in brackets, or follows that of its state: "Georgian President X"."""
    return before.endswith("(") or any(before[one.end :].isspace() for one in names)


def _asked(parties: Sides, speech: Attributed) -> Sides:
    """Who asks whom, in "A said that B must act"."""
    is_reported = speech.speakers and set(speech.speakers).isdisjoint(parties.initiators)
    return Sides(speech.speakers[:1], parties.initiators, ()) if is_reported else parties


def _within(names: Sequence[Named], clause: Clause) -> list[Named]:
    """The names in a clause, with their places in it."""
    return [
        one._replace(start=one.start - clause.start, end=one.end - clause.start)
        for one in names
        if clause.start <= one.start < clause.end
    ]


def _parties(roles: Mapping[Role, Sequence[UUID]]) -> tuple[Party, ...]:
    return tuple(
        Party(actor=actor, role=role)
        for role, actors in roles.items()
        for actor in dict.fromkeys(actors)
    )


def _about(names: Sequence[Named]) -> tuple[Party, ...]:
    return _parties({"about": [one.actor for one in names]})


def _first_words(sentence: str) -> str:
    """The sentence, or as much of its beginning as is quoted."""
    words = list(_WORD.finditer(sentence))
    return sentence if len(words) <= LONGEST_QUOTE else sentence[: words[LONGEST_QUOTE - 1].end()]


def _default_date(published: str | None, kind: Kind) -> OfferedDate | None:
    """When news without a date happened: an act in the days before the document, a situation since
    some day of its month, an opinion in its month."""
    day = edtf.bounds(published).latest if published else None
    if day is None:
        return None
    month = f"{day:%Y-%m}"
    if kind == "act":
        return OfferedDate(edtf=f"[{_before(day)}..{day}]", basis="inferred")
    return OfferedDate(edtf=f"{month}/.." if kind == "situation" else month, basis=_basis(kind))


def _before(day: date) -> date:
    return day - timedelta(days=COVERED_DAYS)


def _basis(kind: Kind) -> Basis:
    return "inferred" if kind == "situation" else "publication"


def _why(codes: Sequence[CodeFound], said: Attributed, words: Qualified) -> Iterator[str]:
    """The reasons of a proposal, one line each."""
    if codes:
        yield codes[0].why
    if is_close(codes):
        yield "two codes fit equally well: choose one"
    if said.words:
        yield f"{'denied' if said.denies else 'said'}: “{said.words}”"
    if words.hedge:
        yield f"hedge: “{words.hedge}”"
    if words.qualifier:
        yield f"strength: “{words.qualifier}”"
