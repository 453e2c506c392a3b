"""What a mapping says: which columns of a table make a claim, and what its categories mean."""

from collections.abc import Mapping as Names
from dataclasses import dataclass
from fnmatch import fnmatchcase

from tracker.domain.claims import Basis, Kind
from tracker.domain.claims import Grade as Strength
from tracker.domain.records import Collection, Ownership, Role
from tracker.domain.sizes import NAME
from tracker.importers.drafts import Grade, SourceKind
from tracker.importers.lines import Layout
from tracker.importers.values import Value, When


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyOf:
    """A party of every claim, by a label for the rules. Only an optional one may be absent."""

    label: str
    role: Role
    name: Value
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What rows of a category are, and the reason. `when`: the values that a column may have.

    `roles` gives parties, by their labels, another role than their own.
    """

    reason: str
    when: Names[str, tuple[str, ...]]
    code: str | None = None
    kind: Kind | None = None
    strength: Strength | None = None
    contexts: tuple[str, ...] = ()
    roles: Names[str, Role]


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """What to say of new sources whose name is like one of some patterns, as `*.gov.??`."""

    like: tuple[str, ...]
    kind: SourceKind = "outlet"
    country: str = ""
    ownership: Ownership | None = None
    grade: Grade | None = None

    def fits(self, name: str) -> bool:
        """Whether a name is like one of the patterns. What is too long for a name is like none."""
        if len(name) > NAME.longest:
            return False
        return any(fnmatchcase(name.casefold(), one.casefold()) for one in self.like)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """How the rows of a table become claims of a collection.

    `key`: the columns that name a row; none: all that stands in it does.
    """

    collection: Collection
    layout: Layout
    key: tuple[str, ...]
    claim: Names[str, Value]
    occurred: When | None
    basis: Basis
    parties: tuple[PartyOf, ...]
    rules: tuple[Rule, ...]
    citation: Names[str, Value]
    chain: tuple[Value, ...]
    document: Names[str, Value]
    published: When | None
    publisher: Value
    publishers: tuple[Publisher, ...]
    said_by: Value | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is asked for."""
        sources: list[Value | When] = [
            *self.claim.values(),
            *(one for one in (self.occurred, self.published, self.said_by) if one),
            *(party.name for party in self.parties),
            *self.citation.values(),
            *self.document.values(),
            self.publisher,
            *self.chain,
        ]
        coded = (column for rule in self.rules for column in rule.when)
        named = (column for one in sources for column in one.columns)
        return tuple(dict.fromkeys([*self.key, *named, *coded]))
