"""Makes drafts of claims from what was found in a sentence."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid5

from tracker.domain import codebooks
from tracker.domain.attribution import SaidBy
from tracker.domain.claims import DEEDS, Basis, Citation, Claim, Kind, Occurred, Strength
from tracker.domain.codebooks.search import gloss_of
from tracker.domain.dates import edtf
from tracker.domain.events import NAMESPACE
from tracker.domain.proposed import of as as_proposed
from tracker.domain.reading import text
from tracker.domain.reading.attributions import Attributed
from tracker.domain.reading.clauses import Clause
from tracker.domain.reading.codes import CodeFound, is_close
from tracker.domain.reading.drafts import (
    LONGEST_QUOTE,
    MOST_CODES,
    READER,
    Draft,
    OfferedActor,
    OfferedCode,
    OfferedDate,
)
from tracker.domain.reading.found import Context, FoundSentence
from tracker.domain.reading.found_days import DayFound, is_of_a_noun
from tracker.domain.reading.sides import Sides
from tracker.domain.reading.text import Sentence
from tracker.domain.reading.words import Qualified
from tracker.domain.records import Party, Role
from tracker.domain.selectors import MOST_CONTEXT, Selector

# The reason of a draft without a code.
CHOOSE = "no code fits well enough, or two fit equally well: choose one"
# News without a date in a column happened in so many days before it.
COVERED_DAYS = 7
_WORD = re.compile(r"\S+")
# Words before a date that is in a relative clause.
_RELATIVE = re.compile(r"\b(?:which|who|whose|whom)\b[^,;]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a draft claims, before its words: `codes`, the likeliest first, and what qualifies
    it. `clause` is the part of the sentence that says so; None for the whole."""

    kind: Kind
    parties: tuple[Party, ...] = ()
    codes: Sequence[CodeFound] = ()
    clause: Clause | None = None
    words: Qualified = Qualified()  # noqa: RUF009 # immutable


def by_role(found: Sides, kind: Kind) -> tuple[Party, ...]:
    """Return the parties of a deed by role; all are what an assessment is about."""
    if kind == "assessment":
        return parties_of_roles({"about": [*found.initiators, *found.recipients, *found.affected]})
    return parties_of_roles(
        {
            "initiator": found.initiators,
            "recipient": found.recipients,
            "affected": found.affected,
        }
    )


def parties_of_roles(roles: Mapping[Role, Sequence[UUID]]) -> tuple[Party, ...]:
    """Return the parties of some roles, each once in a role."""
    return tuple(
        Party(actor=actor, role=role)
        for role, actors in roles.items()
        for actor in dict.fromkeys(actors)
    )


class Drafting:
    """Makes the drafts of one text."""

    def __init__(self, normal: str, context: Context) -> None:
        self._text, self._sha256 = normal, text.sha256(normal)
        self._context = context

    def draft(self, found: FoundSentence, content: Content, said: Attributed, *, key: str) -> Draft:
        """Return a draft. `key` tells it from others of the same sentence."""
        claim = self._claim(found, content, said)
        is_said = claim.kind in DEEDS and said.speakers and not said.denies
        draft = Draft(
            id=self._id(found, key),
            sentence=found.sentence.number,
            claim=claim,
            said_by=SaidBy(actor=said.speakers[0]) if is_said else None,
            names=found.new,
            codes=_offered_codes(content.codes),
            actors=_offered_actors(found),
            dates=self._offered_dates(found, claim.kind),
            speakers=said.speakers,
            why=tuple(_why(content, said)),
        )
        return as_read(draft)

    def _id(self, found: FoundSentence, key: str) -> UUID:
        context = self._context
        place = f"{self._sha256}:{found.sentence.number}:{key}"
        return uuid5(NAMESPACE, f"{context.document}:{context.person}:{place}")

    def _claim(self, found: FoundSentence, content: Content, said: Attributed) -> Claim:
        kind, words = content.kind, content.words
        is_deed = kind in DEEDS
        strength = None
        if words.strength and is_deed:
            strength = Strength(grade=words.strength, reason=f"“{words.qualifier}”")
        codes = content.codes if is_deed and not is_close(content.codes) else ()
        return Claim(
            collection=self._context.collection,
            kind=kind,
            parties=content.parties,
            citations=(self.citation(found, said),),
            code=codes[0].code if codes else None,
            occurred=self._occurred(found, content),
            strength=strength,
            hedge=words.hedge,
            likelihood=words.likelihood,
            modality=words.modality if is_deed else "actual",
            condition=words.condition if is_deed else "",
        )

    def _occurred(self, found: FoundSentence, content: Content) -> Occurred | None:
        """The date of the clause, else what follows from the document."""
        one = _date_of(found, content.clause)
        if one:
            return Occurred(edtf=one.edtf, basis=one.basis, phrase=one.phrase)
        default = _default_date(self._context.published, content.kind)
        return Occurred(edtf=default.edtf, basis=default.basis) if default else None

    def citation(self, found: FoundSentence, said: Attributed) -> Citation:
        """Return the citation of the document, with the sentence as its quote."""
        cited = citation_of(found.sentence, self._context.document, self._text, self._sha256)
        return replace(cited, chain=said.sources)

    def _offered_dates(self, found: FoundSentence, kind: Kind) -> tuple[OfferedDate, ...]:
        """The dates of the sentence, the last ones before it, and that of undated news."""
        offered = [_offered(one, one.basis) for one in found.days]
        offered += [
            OfferedDate(edtf=edtf, basis="inferred", phrase=one.phrase)
            for one in found.days
            for edtf in one.others
        ]
        offered += [_offered(one, "inferred") for one in found.earlier]
        if default := _default_date(self._context.published, kind):
            offered.append(default)
        by_edtf: dict[str, OfferedDate] = {}
        for one in offered:
            by_edtf.setdefault(one.edtf, one)
        return tuple(by_edtf.values())[:_MOST_DATES]


_MOST_DATES = 9


def citation_of(sentence: Sentence, document: UUID, normal: str, text_sha256: str) -> Citation:
    """Return the citation of a document, with a sentence of its text as the quote."""
    kept = _first_words(sentence.text)
    start, end = sentence.start, sentence.start + len(kept)
    selector = Selector(
        start=start,
        end=end,
        text_sha256=text_sha256,
        prefix=normal[max(0, start - MOST_CONTEXT) : start],
        suffix=normal[end : end + MOST_CONTEXT],
    )
    quote = kept if kept == sentence.text else f"{kept} …"
    return Citation(document=document, quote=quote, selector=selector)


def as_read(draft: Draft) -> Draft:
    """Return the draft with its structure as what was proposed."""
    said_by = draft.said_by.actor if draft.said_by else None
    return replace(draft, proposed=as_proposed(READER, draft.claim, said_by))


def _date_of(found: FoundSentence, clause: Clause | None) -> DayFound | None:
    """The first date in a clause, else the last one before it in the sentence, else the next. That
    of "which …" belongs to nothing else, and that of "the treaty of 1975" comes last."""
    start, end = (clause.start, clause.end) if clause else (0, 0)
    words = found.sentence.text
    near = [one for one in found.days if start <= one.start < end]
    others = [one for one in found.days if not _RELATIVE.search(words[: one.start])]
    before = [one for one in others if one.start < start]
    ranked = (*near, *reversed(before), *others)
    return next(iter(sorted(ranked, key=lambda one: is_of_a_noun(words, one.start))), None)


def _offered(one: DayFound, basis: Basis) -> OfferedDate:
    return OfferedDate(edtf=one.edtf, basis=basis, phrase=one.phrase)


def _offered_codes(codes: Sequence[CodeFound]) -> tuple[OfferedCode, ...]:
    """The codes that were found, then the modes of the first one's event, since words often do not
    give away the mode."""
    offered = {one.code: OfferedCode(code=one.code, why=one.why) for one in codes}
    for mode in codebooks.modes(codes[0].code) if codes else ():
        gloss, _ = gloss_of(mode)
        offered.setdefault(mode.code, OfferedCode(code=mode.code, why=gloss))
    return tuple(offered.values())[:MOST_CODES]


def _offered_actors(found: FoundSentence) -> tuple[OfferedActor, ...]:
    """Those who are named, in the order of the sentence, then other new names, and those who may
    be meant."""
    offered: dict[UUID, OfferedActor] = {}
    for one in found.names:
        offered.setdefault(one.actor, OfferedActor(actor=one.actor, text=one.text))
    for name in found.new:
        offered.setdefault(name.id, OfferedActor(actor=name.id, text=name.name))
    for nearby in found.around:
        offered.setdefault(nearby.actor, nearby)
    return tuple(offered.values())[:_MOST_ACTORS]


_MOST_ACTORS = 20


def _first_words(sentence: str) -> str:
    """The sentence, or as much of its beginning as is quoted."""
    words = list(_WORD.finditer(sentence))
    return sentence if len(words) <= LONGEST_QUOTE else sentence[: words[LONGEST_QUOTE - 1].end()]


def _default_date(published: str | None, kind: Kind) -> OfferedDate | None:
    """When news without a date happened: an act in the days before the document or in the time that
    it may be from, a situation since some day of its month, an opinion in its month. Of a document
    whose month is not known, in its year."""
    limits = edtf.bounds(published) if published else None
    if not limits or limits.earliest is None or limits.latest is None:
        return None
    first, last = limits.earliest, limits.latest
    if kind == "act":
        before = first - timedelta(days=COVERED_DAYS)
        return OfferedDate(edtf=f"[{before}..{last}]", basis="inferred")
    if first.year != last.year:
        return None
    around = f"{first:%Y-%m}" if first.month == last.month else f"{first:%Y}"
    return OfferedDate(edtf=f"{around}/.." if kind == "situation" else around, basis=_basis(kind))


def _basis(kind: Kind) -> Basis:
    return "inferred" if kind == "situation" else "publication"


def _why(content: Content, said: Attributed) -> Iterator[str]:
    """The reasons of a proposal, one line each."""
    codes, words = content.codes, content.words
    if codes:
        yield codes[0].why
        if is_close(codes):
            yield CHOOSE
    if said.words:
        yield f"{'denied' if said.denies else 'said'}: “{said.words}”"
    if words.hedge:
        yield f"hedge: “{words.hedge}”"
    if words.qualifier:
        yield f"strength: “{words.qualifier}”"
