"""Hypothetical absence (`without=`): claims, sources and roots that a "what if" leaves out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from tracker.domain import evidence, testimonies
from tracker.domain.claims import Citation
from tracker.domain.events import VerdictGiven
from tracker.domain.problems import BadParameter
from tracker.domain.records import Document
from tracker.domain.state import ClaimState, SourceState

LIMIT = 100
_NOUNS = ("claim", "source", "root")


class BadAbsence(BadParameter):
    """The parameter does not specify what to leave out."""

    parameter = "without"


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedRecords:
    """The documents and sources that claims refer to, by id."""

    documents: Mapping[UUID, Document]
    sources: Mapping[UUID, SourceState]


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """`sources` are removed with every statement that passed through them, `roots` with every chain
    that goes back to them.
    """

    claims: frozenset[UUID] = frozenset()
    sources: frozenset[UUID] = frozenset()
    roots: frozenset[UUID] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.claims or self.sources or self.roots)

    @property
    def words(self) -> list[str]:
        """The parameter values, sorted: "claim:…", "root:…", "source:…"."""
        named = {"claim": self.claims, "source": self.sources, "root": self.roots}
        return sorted(f"{noun}:{id_}" for noun, ids in named.items() for id_ in ids)

    def applied_to(self, state: ClaimState, records: CitedRecords) -> ClaimState | None:
        """Return the claim as it would be without them; None if it would not exist.

        A citation is removed with any source in its chain, or with its root; a verdict with the
        source that gave it or published its document. A claim requires a citation, so a claim that
        loses all of them is removed too.
        """
        if state.id in self.claims:
            return None
        citations = tuple(
            citation
            for citation in state.claim.citations
            if not self._removes(citation, of=state, records=records)
        )
        if not citations and state.claim.citations:
            return None
        verdicts = [
            (verdict, position)
            for verdict, position in zip(state.verdicts, state.judged_at, strict=True)
            if not self._removes_verdict(verdict, records)
        ]
        return replace(
            state,
            claim=replace(state.claim, citations=citations),
            verdicts=tuple(verdict for verdict, _ in verdicts),
            judged_at=tuple(position for _, position in verdicts),
        )

    def _removes(self, citation: Citation, *, of: ClaimState, records: CitedRecords) -> bool:
        publisher = records.documents[citation.document].source
        if self.sources & {publisher, *citation.chain}:
            return True
        return bool(self.roots) and root_of(citation, of, records) in self.roots

    def _removes_verdict(self, verdict: VerdictGiven, records: CitedRecords) -> bool:
        if verdict.source in self.sources:
            return True
        document = records.documents.get(verdict.document) if verdict.document else None
        return document is not None and document.source in self.sources


NOTHING = Absence()


def root_of(citation: Citation, state: ClaimState, records: CitedRecords) -> UUID:
    """Return the last link of a citation's chain, as it counts for its own claim."""
    code = evidence.code_of(state.claim)
    is_speech = code is not None and code.speech and citation.stance == "supports"
    return testimonies.chain_of(
        citation,
        documents=records.documents,
        sources=records.sources,
        speakers={*state.claim.actors("initiator")} if is_speech else set(),
    )[-1]


def parse(words: Iterable[str]) -> Absence:
    """Parse "claim:<id>", "source:<id>" and "root:<id>".

    :raises BadAbsence: for a value that cannot be parsed.
    """
    named: dict[str, set[UUID]] = {noun: set() for noun in _NOUNS}
    for place, word in enumerate(words, start=1):
        noun, _, identifier = word.partition(":")
        if noun not in named:
            raise BadAbsence(f"{word[:80]!r} must be claim:<id>, source:<id> or root:<id>")
        if place > LIMIT:
            raise BadAbsence(f"at most {LIMIT} can be left out")
        try:
            named[noun].add(UUID(identifier))
        except ValueError as problem:
            raise BadAbsence(f"{word[:80]!r} must end in an id (UUID)") from problem
    return Absence(
        claims=frozenset(named["claim"]),
        sources=frozenset(named["source"]),
        roots=frozenset(named["root"]),
    )
