"""Reads a whole article: its sentences, and the drafts of claims that they may make."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from tracker.domain import codebooks
from tracker.domain.attribution import SaidBy
from tracker.domain.claims import Kind, Magnitude
from tracker.domain.fields import limit
from tracker.domain.reading import text
from tracker.domain.reading.attributions import (
    Attributed,
    Denying,
    attributed,
    condition_of,
    denying,
    is_condition,
    is_doubted,
)
from tracker.domain.reading.clauses import Clause, clauses, reported, statements, tells_past, within
from tracker.domain.reading.codes import (
    CodeFound,
    measured,
    ranked,
    with_accusation,
    with_neighbours,
)
from tracker.domain.reading.drafting import Content, Drafting, as_read, by_role, parties_of_roles
from tracker.domain.reading.drafts import Draft
from tracker.domain.reading.found import Context, Finder, FoundSentence
from tracker.domain.reading.reference_names import Antecedents
from tracker.domain.reading.sides import Named, Sides, sides
from tracker.domain.reading.text import Sentence
from tracker.domain.reading.words import Qualified, is_lasting, on_condition, qualified
from tracker.domain.speech_cues import saying_verbs

__all__ = ["Context", "Reading", "blank", "read"]

# Codes below this score are more often wrong than right.
_LEAST_SCORE = 0.35
# Shorter sentences say nothing by naming somebody.
_FEWEST_WORDS = 5
# "I suspect": the author is no party.
_AUTHOR = re.compile(r"\b(?:I|we)(?: \w+ly)? $")
# The rest of what is denied, in a clause without a subject.
_GOES_ON = re.compile(r"(?:and|or|nor)\b")
_ENDS_ASKING = re.compile(r"\?[\"'’”)]*$")
_WHICH = re.compile(r"which\b")
_BEGINS_SAYING = re.compile(rf"(?:(?:and|but|then|also|later) )*(?:{'|'.join(saying_verbs())})\b")
# Nobody does what a clause without names says, unless its code is as sure as this.
_SURE = 0.6
_MOST_NAMES = limit(Draft, "names").entries


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
    return Reading(text.sha256(normal), found, tuple(_Reader(normal, context).drafts(found)))


def blank(words: str, sentence: int, context: Context) -> Draft:
    """Return the draft of a sentence without a proposal, for a person to fill in. `words` are the
    sentence alone, so that its place in the text is not known.

    :raises Invalid: if the text is too long.
    """
    normal = text.normalised(words)
    one = Sentence(number=sentence, start=0, end=len(normal), text=normal, heading=False)
    draft = _Reader(normal, context).blank(one)
    citations = tuple(replace(cited, selector=None) for cited in draft.claim.citations)
    return as_read(replace(draft, claim=replace(draft.claim, citations=citations)))


class _Reader:
    """Goes through the sentences in order, since later ones refer to earlier ones."""

    def __init__(self, normal: str, context: Context) -> None:
        self._context = context
        self._finder = Finder(normal, context)
        self._drafting = Drafting(normal, context)
        self._before = Antecedents()
        # The last draft in which somebody acts.
        self._acted: dict[UUID, Draft] = {}
        self._last: Draft | None = None
        # The condition of a statement, and who acts in a clause without a subject.
        self._condition = ""
        self._carried: tuple[UUID, ...] = ()

    def drafts(self, sentences: Sequence[Sentence]) -> Iterator[Draft]:
        for sentence in sentences:
            if sentence.heading:
                continue
            found = self._finder.in_sentence(sentence)
            found = found._replace(around=self._before.offered())
            drafts = [] if sentence.overlong else list(self._of(found)) or list(self._about(found))
            drafts = [self._with_names(draft) for draft in drafts]
            self._before.add(found.names)
            yield from drafts

    def _with_names(self, draft: Draft) -> Draft:
        """The draft with the new names that it has from earlier sentences."""
        used = [
            *(party.actor for party in draft.claim.parties),
            *draft.speakers,
            *(one.actor for one in draft.actors),
        ]
        names = {name.id: name for name in (*draft.names, *self._finder.new_names(used))}
        return replace(draft, names=tuple(names.values())[:_MOST_NAMES])

    def blank(self, sentence: Sentence) -> Draft:
        found = self._finder.in_sentence(sentence)
        return self._drafting.draft(found, Content(kind="assessment"), _NOBODY, key="blank")

    def _of(self, found: FoundSentence) -> Iterator[Draft]:
        """The drafts of one sentence: of each statement a denial, or one for each clause that says
        something."""
        number = 0
        self._carried = ()
        for statement in statements(found.sentence.text):
            around = self._before.around(but=())
            said = _attributed(found, statement, around, self._before.initiators)
            content = denial.content if (denial := denying(statement.text)) else False
            if denied := None if content else self._denied(said):
                yield self._denial(found, denied, said, key=f"denies{statement.start or ''}")
                continue
            parts = [within(statement, part) for part in clauses(statement.text)]
            self._condition = next(filter(None, (condition_of(part.text) for part in parts)), "")
            denied_on = False
            for part in parts:
                number += 1
                if denial := denying(part.text):
                    denied_on = denial.content
                    yield self._denying(found, part, denial, key=str(number))
                elif not (denied_on and _GOES_ON.match(part.text)):
                    yield from self._kept(self._of_clause(found, part, said, key=str(number)))

    def _of_clause(
        self, found: FoundSentence, clause: Clause, said: Attributed, *, key: str
    ) -> Iterator[Draft]:
        """The drafts of a clause: a measure, or an act; of "A claimed that B did", two acts."""
        if amount := measured(clause.text):
            yield self._measure(found, clause, amount, said, key=key)
            return
        if not (pair := reported(clause)):
            yield from self._acts(found, clause, said, key=key)
            return
        head, content = pair
        contents = list(self._acts(found, content, said, key=key))
        self._carried = self._carried if contents else ()
        accused = self._carried or tuple(one.actor for one in _within(found.names, content))
        yield from self._acts(found, head, _NOBODY, key=f"{key}said", against=accused)
        yield from contents

    def _acts(
        self,
        found: FoundSentence,
        clause: Clause,
        said: Attributed,
        *,
        key: str,
        against: tuple[UUID, ...] = (),
    ) -> Iterator[Draft]:
        """The act of a clause, if it has one. `against`: who is acted upon if the clause does not
        say so."""
        codes = self._codes(clause)
        if not codes:
            # "Paris hesitated, and then attacked": who acts is in the clause before.
            self._carried = self._subject(found, clause, said) or self._carried
            return
        if _WHICH.match(clause.text):
            # "A announced flights, which B called a provocation"
            against = against or self._carried
        subject = clause.text[: codes[0].start].casefold()
        earlier = [one for one in found.names if one.end <= clause.start]
        self._carried = self._before.meant_by(subject, earlier) or self._carried
        parties = _parties_of(found, clause, codes, said, self._carried)
        if against and not parties.recipients:
            others = tuple(one for one in against[:2] if one not in parties.initiators)
            parties = parties._replace(recipients=others)
        if parties.initiators or parties.recipients:
            yield self._act(found, clause, codes, parties, key=key)
            self._carried = self._before.initiators = parties.initiators
        elif codes[0].score >= _SURE and found.around:
            yield self._act(found, clause, codes, parties, key=key)

    def _subject(self, found: FoundSentence, clause: Clause, said: Attributed) -> tuple[UUID, ...]:
        """Who is named first in a clause without an act, or meant by its pronoun."""
        names = [one for one in _within(found.names, clause) if not said.covers(one)]
        meant = self._before.meant_by(clause.text.casefold()[:_SUBJECT])
        return meant or tuple(one.actor for one in names[:1])

    def _codes(self, clause: Clause) -> tuple[CodeFound, ...]:
        if is_condition(clause.text):
            return ()
        codes = ranked(clause.text, self._context.counts, self._context.cues)
        by_author = codes and _AUTHOR.search(clause.text[: codes[0].start])
        is_likely = codes and codes[0].score >= _LEAST_SCORE and not by_author
        return with_neighbours(codes) if is_likely else ()

    def _about(self, found: FoundSentence) -> Iterator[Draft]:
        """An assessment of those who are named, or meant by its pronoun."""
        words = found.sentence.text
        first = found.names[0].start if found.names else _SUBJECT
        meant = self._before.meant_by(" ".join(words[:first].casefold().split()[:2]))
        actors = (*meant, *(one.actor for one in found.names))
        if not found.names or words.endswith("?") or len(words.split()) < _FEWEST_WORDS:
            return
        said = _attributed(found)
        about = parties_of_roles({"about": actors})
        codes = ranked(words, self._context.counts, self._context.cues)
        content = Content(kind="assessment", parties=about, codes=codes, words=qualified(words))
        self._before.initiators = meant or actors[:1]
        yield self._drafting.draft(found, content, said, key="about")

    def _denied(self, said: Attributed) -> Draft | None:
        """The last draft in which somebody does what they now deny."""
        if not said.denies:
            return None
        return next((self._acted[one] for one in said.speakers if one in self._acted), None)

    def _kept(self, drafts: Iterator[Draft]) -> Iterator[Draft]:
        """Drafts that may be denied later."""
        for draft in drafts:
            self._last = draft
            self._acted |= dict.fromkeys(draft.claim.actors("initiator"), draft)
            yield draft

    def _denying(self, found: FoundSentence, clause: Clause, denial: Denying, *, key: str) -> Draft:
        """The denial of an earlier draft by who is named before the verb. If there is none, an
        assessment: what somebody denies is not what they say or do."""
        before = Clause(clause.start, clause.start + denial.start, clause.text[: denial.start])
        named = [one.actor for one in _within(found.names, before)][-1:]
        meant = self._before.meant_by(before.text.casefold())
        words = f"{before.text}{clause.text[denial.start : denial.end]}"
        said = Attributed(tuple(named or meant), words, denies=True)
        denied, last = self._denied(said), self._last
        if denial.content:
            denied = denied if self._is_of(denied, clause.text[denial.end :]) else None
        elif not denied and last and last.sentence == found.sentence.number:
            # "A accused B of an attack, which B denied": B denies the attack.
            denied = None if _accuses(last) else last
        if denied and said.speakers:
            return self._denial(found, denied, said, key=key)
        about = parties_of_roles({"about": [one.actor for one in found.names] or list(meant)})
        content = Content(kind="assessment", parties=about, clause=clause)
        return self._drafting.draft(found, content, _NOBODY, key=key)

    def _is_of(self, draft: Draft | None, words: str) -> bool:
        """Whether a draft has the kind of act that some words describe."""
        codes = ranked(words, self._context.counts, self._context.cues)[:3]
        events = {codebooks.find(one.code).event for one in codes}
        offered = draft.codes[:1] if draft else ()
        return any(codebooks.find(one.code).event in events for one in offered)

    def _denial(self, found: FoundSentence, denied: Draft, said: Attributed, *, key: str) -> Draft:
        """The draft of what is denied, with this sentence as its citation."""
        content = Content(kind="assessment")
        draft = self._drafting.draft(found, content, said, key=key)
        cited = self._drafting.citation(found, said)
        denier = SaidBy(actor=said.speakers[0])
        claim = replace(denied.claim, citations=(cited,), summary="")
        return as_read(replace(draft, claim=claim, denies=denied.id, said_by=denier))

    def _measure(
        self,
        found: FoundSentence,
        clause: Clause,
        amount: Magnitude,
        said: Attributed,
        *,
        key: str,
    ) -> Draft:
        """A measured change of the first who is named, apart from who says it."""
        names = [one for one in _within(found.names, clause) or found.names if not said.covers(one)]
        initiator = parties_of_roles({"initiator": [one.actor for one in names[:1]]})
        content = Content(kind="measure", parties=initiator, clause=clause)
        draft = self._drafting.draft(found, content, said, key=key)
        return as_read(replace(draft, claim=replace(draft.claim, magnitude=amount)))

    def _act(
        self,
        found: FoundSentence,
        clause: Clause,
        codes: Sequence[CodeFound],
        parties: Sides,
        *,
        key: str,
    ) -> Draft:
        words = self._qualified(found, clause, codes[0].start)
        kind: Kind = "act"
        if words.assessment:
            kind = "assessment"
        elif is_lasting(clause.text, codes[0].start, codes[0].end):
            kind = codebooks.form_of(codes[0].code)
        content = Content(
            kind=kind, parties=by_role(parties, kind), codes=codes, clause=clause, words=words
        )
        said = self._said(found, clause, parties, codes[0])
        if said.speakers and not said.denies:
            content = replace(content, codes=with_accusation(codes, said.words))
        return self._drafting.draft(found, content, said, key=key)

    def _qualified(self, found: FoundSentence, clause: Clause, verb: int) -> Qualified:
        """What qualifies an act: also a condition in the sentence, a question, or doubts."""
        words = qualified(clause.text)
        if _ENDS_ASKING.search(found.sentence.text) or is_doubted(clause.text, verb):
            return Qualified(hedge=words.hedge, assessment=True)
        return on_condition(words, "" if tells_past(clause.text) else self._condition)

    def _said(
        self, found: FoundSentence, clause: Clause, parties: Sides, code: CodeFound
    ) -> Attributed:
        """Who says the act. The act of speech of the speaker itself is said by nobody else."""
        around = [*parties.recipients, *self._before.around(but=parties.initiators)]
        said = _attributed(found, clause, around, self._before.initiators)
        if not said.speakers and _BEGINS_SAYING.match(clause.text):
            # "A attacked B and said that …"
            said = said._replace(speakers=self._carried[:1])
        if said.end <= clause.start and _WHICH.match(clause.text):
            return said._replace(speakers=())
        own = not set(said.speakers).isdisjoint(parties.initiators)
        return said._replace(speakers=()) if own and codebooks.find(code.code).speech else said


_NOBODY = Attributed()
# The characters at the start of a clause in which its subject may be a pronoun.
_SUBJECT = 24


def _attributed(
    found: FoundSentence,
    clause: Clause | None = None,
    around: Sequence[UUID] = (),
    before: Sequence[UUID] = (),
) -> Attributed:
    """Who says the statement of which a clause is part, or the whole sentence."""
    whole = found.sentence.text
    parts = [one for one in statements(whole) if clause and one.start <= clause.start < one.end]
    part = parts[0] if parts else Clause(0, len(whole), whole)
    names, sources = _within(found.names, part), _within(found.sources, part)
    said = attributed(part.text, names, sources, around, before)
    return said._replace(start=said.start + part.start, end=said.end + part.start)


def _parties_of(
    found: FoundSentence,
    clause: Clause,
    codes: Sequence[CodeFound],
    speech: Attributed,
    carried: Sequence[UUID],
) -> Sides:
    """Who does what to whom in a clause, apart from who says it."""
    code = codebooks.find(codes[0].code)
    names = _within(found.names, clause)
    if not code.speech or speech.start > clause.start + codes[0].start:
        # "A attacked B, C said": C does not act.
        acting = [one for one in found.names if not speech.covers(one)]
        names = _within(acting, clause) or names
    parties = sides(clause.text, names, codes[0], carried)
    if (
        not parties.initiators
        and not codes[0].passive
        and speech.end <= clause.start + codes[0].start
    ):
        # "A announced flights": the speaker acts.
        spoken = [one for one in _within(found.names, clause) if one.actor in speech.speakers]
        parties = parties._replace(initiators=tuple(one.actor for one in spoken[:1]))
    return _asked(parties, speech) if code.event == "REQUEST" else parties


def _accuses(draft: Draft) -> bool:
    return any(codebooks.find(one.code).event == "ACCUSE" for one in draft.codes[:1])


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
