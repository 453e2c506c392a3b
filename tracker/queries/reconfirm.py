"""Situations that were said to go on, and of which nobody has said so for 180 days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from tracker.domain import acts, codec
from tracker.domain import folding as f
from tracker.domain.acts import OPEN_END_DAYS
from tracker.domain.publications import Document
from tracker.models.derived import StandingClaim
from tracker.queries import claims, states

MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A situation with an open end: the last day on which a document said that it goes on, and
    the day on which it ceased to count. Without a dated document its first day stands for one."""

    claim: UUID
    title: str
    since: date
    witnessed: date
    ceased: date


def waiting(today: date) -> list[Waiting]:
    """Give the situations that ceased to count by a day for want of a witness, the first to cease
    first.

    Those that a newer claim supersedes, that were rejected or denied wait for nobody.
    """
    rows = StandingClaim.objects.filter(
        kind="situation", status="standing", latest=None, earliest__isnull=False
    ).order_by("earliest", "id")
    held = {row.id: codec.build(f.ClaimState, row.state) for row in rows[:MOST]}
    superseded = _superseded(held)
    documents = _documents(held.values())
    found = [
        one
        for key, state in held.items()
        if key not in superseded and state.review != "rejected"
        if state.claim.polarity == "asserted"
        if (one := _waiting(state, documents)) is not None and one.ceased <= today
    ]
    titles = claims.titles(one.claim for one in found)
    ordered = sorted(found, key=lambda one: (one.ceased, one.claim))
    return [
        Waiting(
            claim=one.claim,
            title=titles[one.claim],
            since=one.since,
            witnessed=one.witnessed,
            ceased=one.ceased,
        )
        for one in ordered
    ]


def _waiting(state: f.ClaimState, documents: dict[UUID, Document]) -> Waiting | None:
    cited = acts.cited_on([state], documents)
    try:
        span = acts.span(state.claim, cited=cited)
    except acts.Silent:
        return None
    witnessed = span.last - timedelta(days=OPEN_END_DAYS)
    ceased = span.last + timedelta(days=1)
    return Waiting(claim=state.id, title="", since=span.first, witnessed=witnessed, ceased=ceased)


def _superseded(held: Iterable[UUID]) -> set[UUID]:
    wanted = set(held)
    links = states.links(wanted, at=None)
    return {link.to for own in links.values() for link in own if link.type == "supersedes"} & wanted


def _documents(held: Iterable[f.ClaimState]) -> dict[UUID, Document]:
    wanted = {one.document for state in held for one in state.claim.citations}
    found = states.records(wanted, at=None)
    return {key: one.document for key, one in found.items() if isinstance(one, f.DocumentState)}
