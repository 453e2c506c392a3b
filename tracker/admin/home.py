"""The first page of the desk: the followed pairs, and what waits for the account."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from tracker import log
from tracker.admin import access, models, sparks
from tracker.admin.base import pair_links
from tracker.admin.daily import JUDGE, LAPSES_SOON, VIEW_JOBS, to_approve
from tracker.admin.sparks import Spark
from tracker.domain.disclosure import Reader
from tracker.imports import queries as imports
from tracker.level_wording import in_short
from tracker.operations import blind_review
from tracker.queries import moment, progress, trays
from tracker.queries.claims import listing, worklists
from tracker.queries.claims.narrowing import TooSlow, within_time
from tracker.queries.evidence import impacts, overnight
from tracker.queries.evidence.overnight import MovedPair, MovingClaim, OvernightChanges
from tracker.queries.scores import lenses, pairs
from tracker.wording import counted, day_in_words, signed

ENTER, CHANGE, PROPOSED = "desk.add_claim", "desk.change_claim", "desk.add_actor"
# Lines of a section; its page has the others.
MOST_LINES = 5
# The impacts that are compared for the followed pairs: the page is opened many times a day.
MOST_IMPACTS = 1_000
# After this time, what was not counted yet is named instead.
MOST_SECONDS = 3
# Imports that are counted.
MOST_IMPORTS = 100
MOST_TRAYS = trays.MOST_LISTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a section. The line of a claim has its id until the titles are read; that of a tray
    has the address that closes it."""

    link: str
    text: str = ""
    note: str = ""
    claim: UUID | None = None
    closes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Something that waits: how many, the first lines, and the page that has all. `more`: there are
    or may be others, which were not counted."""

    title: str
    link: str
    count: int
    lines: Sequence[Line]
    more: bool = False

    @property
    def number(self) -> str:
        return self._counted(self.count)

    @property
    def others(self) -> str:
        """How many lines are left out; empty if none is."""
        left = self.count - len(self.lines)
        return self._counted(left) if left or self.more else ""

    def _counted(self, number: int) -> str:
        return f"{number:,}{'+' if self.more else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedPair:
    """A pair that the account follows: its level today, its last year, and how far it `moved` since
    yesterday, by which claim most, and by how many others. Without `moved` it has too many claims
    to compare."""

    name: str
    title: str
    link: str
    level: str
    spark: Spark
    moved: str = ""
    by: MovingClaim | None = None
    others: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedPairs:
    """The pairs that moved most, how many are followed, and why none are shown."""

    shown: Sequence[FollowedPair] = ()
    count: int = 0
    problem: str = ""

    @property
    def others(self) -> int:
        return self.count - len(self.shown)


class Step(NamedTuple):
    """What to do first at a desk where nothing is on record."""

    text: str
    link: str


def index_context(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add what the first page shows."""
    now = timezone.now()
    followers, (sections, late) = progress.followers(), _sections(request, now)
    return context | {
        "head": log.head(),
        "behind": max((follower.lag for follower in followers), default=0),
        "stopped": [follower for follower in followers if follower.stopped_by],
        "waiting": progress.count_pending(),
        "set_aside": progress.quarantine(),
        "no_role": "" if access.has_role(request.user) else access.no_role(request.user),
        "steps": [] if models.Claim.objects.exists() else _first_steps(request),
        "followed": followed_pairs(request.user.pk, now=now),
        "sections": [section for section in sections if section.count or section.more],
        "idle": [section for section in sections if not (section.count or section.more)],
        "late": late,
    }


def followed_pairs(user_id: Any, *, now: datetime) -> FollowedPairs:
    """The pairs that an account follows, those first of which most was recorded since yesterday."""
    beat = models.Beat.objects.filter(user_id=user_id).first()
    if beat is None or not beat.pairs:
        return FollowedPairs()
    since, today = moment.reached_by(now - timedelta(days=1)), now.date()

    def read() -> list[FollowedPair]:
        return _shown_pairs(_overnight(beat.pairs, since=since, today=today), today)

    try:
        return FollowedPairs(shown=within_time(read), count=len(beat.pairs))
    except TooSlow:
        problem = "What moved them could not be worked out in time. See Overnight."
    except (impacts.CatchingUp, lenses.NoSuchLens) as reason:
        problem = str(reason)
    return FollowedPairs(count=len(beat.pairs), problem=problem)


def _overnight(followed: Sequence[str], *, since: int, today: date) -> OvernightChanges:
    """The changes of the pairs of which most was recorded."""
    return overnight.overnight_changes(
        overnight.most_changed(followed, since=since)[:MOST_LINES],
        since=since,
        yesterday=today - timedelta(days=1),
        today=today,
        reader=Reader.DESK,
        most=MOST_IMPACTS,
    )


def _shown_pairs(night: OvernightChanges, today: date) -> list[FollowedPair]:
    moved = {pair.pair: pair for pair in night.moved}
    shown = [*moved, *night.too_large]
    lens = lenses.find(overnight.LENS, position=moment.now().position)
    series = pairs.series_of_pairs(lens, shown)
    links = pair_links(shown)
    courses = sparks.courses([series[name] for name in shown], today=today)
    return [
        FollowedPair(
            name=name,
            title=links[name].title,
            link=links[name].link,
            level=in_short(series[name].score_on(today)),
            spark=spark,
            **(_what_moved(moved[name]) if name in moved else {}),
        )
        for name, spark in zip(shown, courses, strict=True)
    ]


def _what_moved(pair: MovedPair) -> dict[str, Any]:
    if pair.why:
        others = len(pair.why) - 1 + pair.others
        amount = f"{signed(pair.amount, 2)} since yesterday"
        return {"moved": amount, "by": pair.why[0], "others": others}
    if pair.by_time:
        return {"moved": f"nothing new; {signed(pair.by_time, 2)} by time alone"}
    return {"moved": "nothing new since yesterday"}


def _sections(request: HttpRequest, now: datetime) -> tuple[list[Section], list[str]]:
    """What waits for the account, by what it may do, and what could not be counted in time. The
    titles of claims are read together."""
    found, late, until = list[Section](), list[str](), monotonic() + MOST_SECONDS
    for permission, what, sections_of in _WAITING:
        if not request.user.has_perm(permission):
            continue
        if monotonic() > until:
            late.append(what)
            continue
        try:
            found += within_time(partial(_listed, sections_of, request.user, now))
        except TooSlow:
            late.append(what)
    shown = {line.claim for section in found for line in section.lines if line.claim}
    titles = listing.titles(shown, reader=Reader.DESK)
    return [_titled(section, titles) for section in found], late


def _listed(sections_of: "SectionsOf", user: Any, now: datetime) -> list[Section]:
    return list(sections_of(user, now))


def _titled(section: Section, titles: Mapping[UUID, str]) -> Section:
    """A section with the titles of its claims."""
    lines = [
        replace(line, text=titles[line.claim]) if line.claim else line for line in section.lines
    ]
    return replace(section, lines=lines)


def _claim_line(claim: UUID, note: str = "", *, view: str = "change") -> Line:
    return Line(claim=claim, note=note, link=reverse(f"admin:desk_claim_{view}", args=[claim]))


def _page(name: str) -> str:
    return reverse(f"admin:desk_claim_{name}")


def _trays(user: Any, _now: datetime) -> Iterator[Section]:
    half_read = trays.half_done(user.get_username(), limit=MOST_TRAYS + 1)
    lines = [
        Line(
            text=one.title,
            link=reverse("admin:desk_document_read", args=[one.document]),
            note=f"{counted(one.taken, 'claim')} taken, sentence {one.place} of {one.sentences}",
            closes=reverse("admin:desk_document_read_close", args=[one.document]),
        )
        for one in half_read[:MOST_LINES]
    ]
    link = reverse("admin:desk_read")
    yield Section(
        title="Articles half read",
        link=link,
        count=min(len(half_read), MOST_TRAYS),
        lines=lines,
        more=len(half_read) > MOST_TRAYS,
    )


def _to_review(user: Any, _now: datetime) -> Iterator[Section]:
    first, waiting = worklists.first_to_review(limit=MOST_LINES)
    yield Section(
        title="Claims to review",
        link=_page("inbox"),
        count=min(waiting, worklists.MOST_COUNTED),
        lines=[_claim_line(claim) for claim in first],
        more=waiting > worklists.MOST_COUNTED,
    )
    others = to_approve(user)
    yield Section(
        title="Accusations to approve",
        link=_page("approve"),
        count=len(others.items),
        lines=[_claim_line(claim, view="review") for claim in others.items[:MOST_LINES]],
        more=others.more,
    )
    drawn = blind_review.open_draws_for(user.get_username())
    yield Section(
        title="Weekly checks",
        link=_page("drawn"),
        count=len(drawn),
        lines=[
            _claim_line(one.claim, f"drawn in the week of {day_in_words(one.week)}")
            for one in drawn[:MOST_LINES]
        ],
    )


def _to_keep_up(_user: Any, now: datetime) -> Iterator[Section]:
    """Forecasts and situations whose time has passed, or soon will have."""
    today = now.date()
    due = worklists.to_resolve(today)
    yield Section(
        title="Forecasts due",
        link=f"{_page('changelist')}?kind=forecast",
        count=len(due.items),
        more=due.more,
        lines=[
            _claim_line(one.claim, f"due by {day_in_words(one.due)}", view="resolve")
            for one in due.items[:MOST_LINES]
        ],
    )
    ceasing = worklists.ceasing(until=today + LAPSES_SOON)
    lapsed = [item for item in ceasing.items if item.ceased <= today]
    for title, words, items in (
        ("Situations to reconfirm", "not counted since", lapsed),
        ("Situations about to lapse", "stops counting on", ceasing.items[len(lapsed) :]),
    ):
        yield Section(
            title=title,
            link=_page("reconfirm"),
            count=len(items),
            more=ceasing.more,
            lines=[
                _claim_line(item.claim, f"{words} {day_in_words(item.ceased)}", view="cite")
                for item in items[:MOST_LINES]
            ],
        )


def _proposed(_user: Any, _now: datetime) -> Iterator[Section]:
    proposals, link = trays.proposals(), _page("inbox")
    yield Section(
        title="Proposed actors and sources",
        link=link,
        count=trays.count_proposals(),
        lines=[Line(text=one.name, note=one.title, link=link) for one in proposals[:MOST_LINES]],
    )


def _refusing(user: Any, now: datetime) -> Iterator[Section]:
    """Imports whose refused rows can still be downloaded."""
    kept = timedelta(days=settings.SPOOL_DAYS)
    jobs = imports.refusing(by=user.get_username(), since=now - kept, limit=MOST_IMPORTS + 1)
    yield Section(
        title="Imports with refused rows",
        link=reverse("admin:desk_job_changelist"),
        count=min(len(jobs), MOST_IMPORTS),
        more=len(jobs) > MOST_IMPORTS,
        lines=[
            Line(
                text=job.file_name,
                note=f"{counted(job.counts['refused'], 'row')} refused",
                link=reverse("admin:desk_job_change", args=[job.id]),
            )
            for job in jobs[:MOST_LINES]
        ],
    )


type SectionsOf = Callable[[Any, datetime], Iterator[Section]]
# The permission that each needs, and what it lists, in the order of the page.
_WAITING: Sequence[tuple[str, str, SectionsOf]] = (
    (ENTER, "articles half read", _trays),
    (JUDGE, "claims to review, to approve and to check", _to_review),
    (PROPOSED, "proposed actors and sources", _proposed),
    (CHANGE, "forecasts due and situations to reconfirm", _to_keep_up),
    (VIEW_JOBS, "imports with refused rows", _refusing),
)
# What to do at an empty desk, in this order: the permission, the words, and the page.
_STEPS = (
    ("desk.add_lens", "Define a lens: without one no score is worked out.", "desk_lens_add"),
    ("desk.add_collection", "Add a collection for what your desk codes.", "desk_collection_add"),
    ("desk.add_source", "Add a source, such as a newspaper.", "desk_source_add"),
    ("desk.add_actor", "Add the actors that claims will name.", "desk_actor_add"),
    (ENTER, "Enter a claim.", "desk_claim_add"),
    ("desk.add_job", "Or import a file with many claims.", "desk_job_add"),
    ("auth.add_user", "Make accounts for your colleagues.", "auth_user_add"),
)


def _first_steps(request: HttpRequest) -> list[Step]:
    """What the account can do at a desk where nothing is on record."""
    return [
        Step(text, reverse(f"admin:{page}"))
        for permission, text, page in _STEPS
        if request.user.has_perm(permission)
    ]
