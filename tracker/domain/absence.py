"""What a question takes away: claims, sources and roots that would never have been on record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from tracker.domain import certainty, evidence
from tracker.domain.claims import Citation
from tracker.domain.events import VerdictGiven
from tracker.domain.problems import BadParameter
from tracker.domain.records import Document
from tracker.domain.state import ClaimState, SourceState

MOST = 100
_NOUNS = ("claim", "source", "root")


class BadAbsence(BadParameter):
    """It does not say what is to be left out."""

    parameter = "without"


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """The documents and sources that claims refer to, by id."""

    documents: Mapping[UUID, Document]
    sources: Mapping[UUID, SourceState]


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """`sources` are those whose every word is gone, `roots` those that nothing goes back to."""

    claims: frozenset[UUID] = frozenset()
    sources: frozenset[UUID] = frozenset()
    roots: frozenset[UUID] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.claims or self.sources or self.roots)

    @property
    def words(self) -> list[str]:
        """How it is asked for, in order: "claim:…", "root:…", "source:…"."""
        named = {"claim": self.claims, "source": self.sources, "root": self.roots}
        return sorted(f"{noun}:{one}" for noun, each in named.items() for one in each)

    def left_of(self, state: ClaimState, records: Records) -> ClaimState | None:
        """A claim as it would stand; None if it would not be there.

        A citation falls away with a source anywhere in its chain, or with its root; a verdict
        with the source that gave it or published its document. Nobody can enter a claim without
        a citation, so one that is left with none falls away too.
        """
        if state.id in self.claims:
            return None
        kept = tuple(
            one for one in state.claim.citations if not self._takes(one, of=state, records=records)
        )
        if not kept and state.claim.citations:
            return None
        given = [
            (verdict, position)
            for verdict, position in zip(state.verdicts, state.judged_at, strict=True)
            if not self._takes_verdict(verdict, records)
        ]
        return replace(
            state,
            claim=replace(state.claim, citations=kept),
            verdicts=tuple(verdict for verdict, _ in given),
            judged_at=tuple(position for _, position in given),
        )

    def _takes(self, citation: Citation, *, of: ClaimState, records: Records) -> bool:
        publisher = records.documents[citation.document].source
        if self.sources & {publisher, *citation.chain}:
            return True
        return bool(self.roots) and root_of(citation, of, records) in self.roots

    def _takes_verdict(self, verdict: VerdictGiven, records: Records) -> bool:
        if verdict.source in self.sources:
            return True
        document = records.documents.get(verdict.document) if verdict.document else None
        return document is not None and document.source in self.sources


NOTHING = Absence()


def root_of(citation: Citation, state: ClaimState, records: Records) -> UUID:
    """The last link of a citation's chain, as it counts for its own claim."""
    code = evidence.code_of(state.claim)
    spoken = code is not None and code.speech and citation.stance == "supports"
    return certainty.chain_of(
        citation,
        documents=records.documents,
        sources=records.sources,
        speakers={*state.claim.actors("initiator")} if spoken else set(),
    )[-1]


def parse(words: Iterable[str]) -> Absence:
    """Read "claim:<id>", "source:<id>" and "root:<id>".

    :raises BadAbsence: naming what cannot be read.
    """
    named: dict[str, set[UUID]] = {noun: set() for noun in _NOUNS}
    for place, word in enumerate(words, start=1):
        noun, _, identifier = word.partition(":")
        if noun not in named:
            raise BadAbsence(f"{word[:80]!r} must be claim:<id>, source:<id> or root:<id>")
        if place > MOST:
            raise BadAbsence(f"at most {MOST} can be left out")
        try:
            named[noun].add(UUID(identifier))
        except ValueError as problem:
            raise BadAbsence(f"{word[:80]!r} must end in an id (UUID)") from problem
    return Absence(
        claims=frozenset(named["claim"]),
        sources=frozenset(named["source"]),
        roots=frozenset(named["root"]),
    )
