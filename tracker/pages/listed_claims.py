"""A claim in a list of a pair's page."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tracker.date_wording import begun, described
from tracker.domain import evidence
from tracker.domain.movements import assessed_level
from tracker.domain.records import Document
from tracker.domain.scoring.evidence import Pull
from tracker.level_wording import level_assessed
from tracker.queries.claims.detail import NamedCitation, Sheet
from tracker.wording import day_in_words, listed

MASKED, MASKED_TITLE = lazy("[name withheld]"), lazy("[title withheld]")
# Letters of an address that stands for a title.
MOST_LETTERS = 60


def document_name(document: Document) -> str:
    """A document by its title, or without one by its address in short."""
    if document.title:
        return document.title
    address = (document.url or "").partition("://")[2].removeprefix("www.").rstrip("/")
    if not address:
        return str(MASKED_TITLE)
    return address if len(address) <= MOST_LETTERS else f"{address[: MOST_LETTERS - 2]} …"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedClaim:
    """A claim of a list, with the amount that it adds to a score or a movement, and its number on
    the page, 0 for none. `confirms`: words for an act that counts little, since other reports of
    its month count instead."""

    pull: Pull
    amount: float
    sheet: Sheet
    link: str
    number: int = 0
    confirms: str = ""

    @property
    def title(self) -> str:
        return self.sheet.filed.title

    @property
    def day(self) -> date:
        return date.fromordinal(self.pull.first)

    @property
    def when(self) -> str:
        """When it happened, as precisely as the claim states it."""
        dated = self.sheet.dated
        if dated is None:
            return _("undated")
        reported = self._reported if dated.bounds.latest is None else None
        if reported is None:
            return described(dated.occurred.edtf)
        return _("%(date)s; last reported %(day)s; no later source on file") % {
            "date": begun(dated.occurred.edtf),
            "day": day_in_words(reported),
        }

    @property
    def _reported(self) -> date | None:
        """The day of the latest document that supports the claim."""
        documents = {
            citation.document.id: citation.document.document for citation in self.sheet.citations
        }
        return max(evidence.cited_on([self.sheet.filed.state], documents), default=None)

    @property
    def level(self) -> str:
        """What it assesses, and who says so; empty for an act or a situation."""
        found = assessed_level(self.pull)
        return level_assessed(found, listed(self.roots)) if found else ""

    @property
    def roots(self) -> list[str]:
        """The names of the roots of its citations."""
        chains = (each.provenance for each in self.sheet.citations)
        return list(dict.fromkeys(chain[-1].name or str(MASKED) for chain in chains if chain))

    @property
    def other_chains(self) -> int:
        """How many chains there are besides the first."""
        return len(self.chains) - 1

    @property
    def quoted(self) -> NamedCitation | None:
        """The first citation with words of its document."""
        return next((one for one in self.sheet.citations if one.citation.quote), None)

    @property
    def documents(self) -> list[tuple[UUID, str]]:
        """The documents that it cites, with their titles."""
        cited = {one.document.id: one.document.document for one in self.sheet.citations}
        return [(key, document_name(document)) for key, document in cited.items()]

    @property
    def coded(self) -> bool:
        """Whether a program extracted it from the news."""
        return self.sheet.collection.collection.coding == "machine"

    @property
    def chains(self) -> list[str]:
        """The sources of each citation, from the publisher to the root."""
        chains = (
            " ← ".join(source.name or str(MASKED) for source in each.provenance)
            for each in self.sheet.citations
        )
        return list(dict.fromkeys(chains))
