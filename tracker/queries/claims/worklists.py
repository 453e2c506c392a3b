"""Lists of claims to work on: to review, to approve, to reconfirm, to resolve."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet, TextField
from django.db.models.expressions import RawSQL
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Collate, Greatest

from tracker.domain import codec, evidence
from tracker.domain import state as f
from tracker.domain.dates import edtf
from tracker.domain.dates.description import describe
from tracker.domain.disclosure import APPROVAL, Reader
from tracker.domain.evidence import OPEN_END_DAYS
from tracker.domain.records import Document
from tracker.models.derived import DISCLOSURE, StandingClaim, StandingRecord
from tracker.queries.claims import accusations, listing
from tracker.queries.records import states
from tracker.queries.records.search import narrow
from tracker.queries.sql import select


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewItem:
    """A claim that waits for review, with the version that the reviewer sees."""

    id: UUID
    version: int
    title: str
    kind: str
    code: str | None
    when: str
    collection: str
    quote: str


def reviewed_collections() -> dict[UUID, str]:
    """Return the collections that ask for review, by id."""
    rows = StandingRecord.objects.filter(noun="collection", state__collection__review=True)
    return dict(rows.order_by("name", "id").values_list("id", "name"))


def to_review(*, collection: UUID | None, limit: int, reader: Reader) -> list[ReviewItem]:
    """Return up to `limit` claims that wait for review, the oldest id first."""
    names = reviewed_collections()
    rows = list(_review_rows(names, collection).order_by("id")[:limit])
    titles = listing.titles((row.id for row in rows), reader=reader)
    claims = {row.id: codec.build(f.ClaimState, row.state).claim for row in rows}
    return [
        ReviewItem(
            id=row.id,
            version=row.version,
            title=titles[row.id],
            kind=row.kind,
            code=row.code,
            when=describe(occurred.edtf) if (occurred := claims[row.id].occurred) else "unknown",
            collection=names[row.collection],
            quote=claims[row.id].citations[0].quote,
        )
        for row in rows
    ]


# Claims that wait for review are counted up to this number.
MOST_COUNTED = 1_000


def first_to_review(*, limit: int) -> tuple[list[UUID], int]:
    """Return up to `limit` claims that wait for review, the oldest id first, and the number of
    claims that wait as `count_to_review` gives it."""
    rows = _review_rows(reviewed_collections(), None)
    first = rows.order_by("id").values_list("id", flat=True)[:limit]
    return list(first), rows[: MOST_COUNTED + 1].count()


def count_to_review(*, collection: UUID | None = None) -> int:
    """Return the number of claims that wait for review; one more than `MOST_COUNTED` if there are
    more than these."""
    return _review_rows(reviewed_collections(), collection)[: MOST_COUNTED + 1].count()


def _review_rows(names: dict[UUID, str], collection: UUID | None) -> QuerySet[StandingClaim]:
    """Whoever reviews a collection leaves few of many claims: these are looked up first, since the
    search for the first by id would read all that are reviewed."""
    wanted = [key for key in names if collection in (None, key)]
    waits = Q(collection__in=wanted, status="standing", state__review__isnull=True)
    return narrow(StandingClaim.objects.all(), waits)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkList[T]:
    """What waits, and whether some claims were not looked at because there are too many (`more`):
    then older ones may wait too."""

    items: Sequence[T]
    more: bool = False


# Claims that are assessed for one list.
MOST_TO_APPROVE = 100
# Without a second citation or a verdict a claim has at most one root and no finding. The follower
# of disclosure keeps what each accusation rests on. Claims that people entered come first: machine
# coding may bring more than anybody can approve.
_WITHHELD = (
    "SELECT c.id FROM standing_claim c JOIN standing_record r ON r.id = c.collection"
    " WHERE c.status = 'standing'"
    " AND (jsonb_array_length(c.state #> '{claim,citations}') > 1 OR c.state ? 'verdicts')"
    " AND EXISTS (SELECT FROM dependency d WHERE d.view = %(view)s AND d.claim = c.id)"
    " AND NOT EXISTS (SELECT FROM disclosed s WHERE s.claim = c.id AND s.known_until IS NULL)"
    " ORDER BY r.state #>> '{collection,coding}' = 'machine', c.id DESC LIMIT %(most)s"
)


def to_approve() -> WorkList[UUID]:
    """Return the withheld accusations that lack nothing but the approval of a second editor, the
    oldest id first. The last `MOST_TO_APPROVE` are looked at, those that people entered first."""
    rows = select(_WITHHELD, {"view": DISCLOSURE, "most": MOST_TO_APPROVE + 1})
    found = sorted(row[0] for row in rows[:MOST_TO_APPROVE])
    assessed = accusations.assess(found)
    items = [claim for claim in found if assessed[claim].assessment.lacks == (APPROVAL,)]
    return WorkList(items=items, more=len(rows) > MOST_TO_APPROVE)


# Dates are compared as texts, which sorts days of one year before those of the next. Only a set of
# days begins with a sign: it is always looked at.
_A_SET = ("[", "{")


MOST_TO_RESOLVE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class DueForecast:
    """A forecast that nobody has resolved, and the last day by which it should have."""

    claim: UUID
    due: date


def to_resolve(today: date) -> WorkList[DueForecast]:
    """Return the forecasts of which the time has passed and that are not resolved, the first due
    first. The `MOST_TO_RESOLVE` that were due last are looked at."""
    kept = Q(state__review__isnull=True) | Q(state__review="accepted")
    by = Collate(KeyTextTransform("resolves_by", KeyTransform("claim", "state")), "C")
    rows = StandingClaim.objects.filter(
        kept, kind="forecast", status="standing", state__resolution__isnull=True
    ).annotate(by=by)
    passed = rows.filter(_up_to("by", today)).order_by("-by", "id")
    found = list(passed.values_list("id", "by")[: MOST_TO_RESOLVE + 1])
    due = [
        DueForecast(claim=claim, due=latest)
        for claim, text in found[:MOST_TO_RESOLVE]
        if (latest := edtf.bounds(text).latest) is not None and latest < today
    ]
    due.sort(key=lambda one: (one.due, one.claim))
    return WorkList(items=due, more=len(found) > MOST_TO_RESOLVE)


def _up_to(column: str, day: date) -> Q:
    """The condition that a date's text may mean a day up to this one."""
    sets = Q(*(Q(**{f"{column}__startswith": sign}) for sign in _A_SET), _connector=Q.OR)
    return Q(**{f"{column}__lte": day.isoformat()}) | sets


MOST_TO_RECONFIRM = 500
# The date of the last document that supports a situation, as a text.
_CONFIRMED = """(
    SELECT max(d.state #>> '{document,date}' COLLATE "C")
    FROM jsonb_array_elements(standing_claim.state #> '{claim,citations}') cited
    JOIN standing_record d ON d.id = (cited ->> 'document')::uuid
    WHERE coalesce(cited ->> 'stance', 'supports') = 'supports'
)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconfirmItem:
    """A situation with an open end: the last day on which a document confirmed it, and the day on
    which it ceased to count. Without a dated document, its first day is used."""

    claim: UUID
    title: str
    since: date
    witnessed: date
    ceased: date


def to_reconfirm(today: date, *, reader: Reader) -> WorkList[ReconfirmItem]:
    """Return the situations that ceased to count by a day for lack of confirmation, with their
    titles, the first to cease first."""
    found = ceasing(until=today)
    titles = listing.titles((item.claim for item in found.items), reader=reader)
    items = [replace(item, title=titles[item.claim]) for item in found.items]
    return replace(found, items=items)


def ceasing(*, until: date) -> WorkList[ReconfirmItem]:
    """Return the situations that cease to count by a day for lack of confirmation, the first to
    cease first, without titles. The `MOST_TO_RECONFIRM` that were confirmed last are looked at.

    Superseded, rejected and denied situations are left out.
    """
    confirmed = until - timedelta(days=OPEN_END_DAYS)
    first_day = Collate(Cast("earliest", TextField()), "C")
    last_report = RawSQL(_CONFIRMED, [], output_field=TextField())  # noqa: S611 # constant
    rows = StandingClaim.objects.filter(
        kind="situation", status="standing", latest=None, earliest__isnull=False
    ).annotate(confirmed=Greatest(first_day, Collate(last_report, "C")))
    passed = rows.filter(_up_to("confirmed", confirmed)).order_by("-confirmed", "id")
    found = list(passed[: MOST_TO_RECONFIRM + 1])
    claims = {row.id: codec.build(f.ClaimState, row.state) for row in found[:MOST_TO_RECONFIRM]}
    superseded = _superseded(claims)
    documents = _documents(claims.values())
    items = [
        item
        for key, state in claims.items()
        if key not in superseded and state.review != "rejected"
        if state.claim.polarity == "asserted"
        if (item := _to_reconfirm(state, documents)) is not None and item.ceased <= until
    ]
    items.sort(key=lambda item: (item.ceased, item.claim))
    return WorkList(items=items, more=len(found) > MOST_TO_RECONFIRM)


def _to_reconfirm(state: f.ClaimState, documents: dict[UUID, Document]) -> ReconfirmItem | None:
    document_days = evidence.cited_on([state], documents)
    try:
        span = evidence.span(state.claim, cited=document_days)
    except evidence.NoImpact:
        return None
    witnessed = span.last - timedelta(days=OPEN_END_DAYS)
    ceased = span.last + timedelta(days=1)
    return ReconfirmItem(
        claim=state.id, title="", since=span.first, witnessed=witnessed, ceased=ceased
    )


def _superseded(claims: Iterable[UUID]) -> set[UUID]:
    wanted = set(claims)
    links = states.links(wanted, at=None)
    return {link.to for own in links.values() for link in own if link.type == "supersedes"} & wanted


def _documents(claims: Iterable[f.ClaimState]) -> dict[UUID, Document]:
    wanted = {citation.document for state in claims for citation in state.claim.citations}
    records = states.records(wanted, at=None)
    return {
        key: document.document
        for key, document in records.items()
        if isinstance(document, f.DocumentState)
    }
