"""Explanations of scores and of their changes sum to them, on events from a table and anchored to
an expert's series, as in a validity run.

By default the table is a small one of the same form. `EVENTS=… EXPERT=… make test-long` uses the
files of a validity run.
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import pytest

from benchmarks import expert, validity
from tests.kit.background_work import work_off
from tests.kit.builders import AT, BY, a_lens, rate
from tests.kit.databases import a_clone, working_in
from tests.kit.fresh_record import replay
from tests.kit.histories import undone
from tests.kit.seeded import put_seed_on_record
from tracker import log
from tracker.domain import events as e
from tracker.domain.absence import NOTHING, Absence
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import View, directions
from tracker.imports.formats import mappings
from tracker.operations import claims, lenses
from tracker.queries import moment
from tracker.queries.evidence import changes, what_if
from tracker.queries.records import names
from tracker.queries.scores import pairs

pytestmark = pytest.mark.django_db
MAPPING = mappings.read(Path(validity.__file__).with_suffix(".toml").read_text("utf-8"))
HEADER = (
    "country_en,country_cn,event_date,event_name,event_type_original,event_category,"
    "event_category_en,impact,visit_level,visit_direction,visitor,host,location,source"
)
# country, month, category, type, direction, host of the address
ROWS = (
    ("Kazakhstan", "2012-01", "High-level visit", "leader_visit", "partner_to_china", "mfa.gov.kz"),
    ("Kazakhstan", "2012-01", "Economic win-win cooperation", "economic", "", "example.org"),
    ("Kazakhstan", "2012-03", "Sovereignty dispute", "diplomatic", "", "reuters.com"),
    ("Kazakhstan", "2012-07", "Pandemic / disaster shock", "economic", "", "example.org"),
    ("Kazakhstan", "2013-02", "Security threat", "military", "", "www.xinhuanet.com"),
    ("Kazakhstan", "2013-02", "Remote talk / virtual meeting", "economic", "", "mfa.gov.kz"),
    ("Mongolia", "2012-02", "Economic sanction / tariff barrier", "economic", "", "reuters.com"),
    ("Mongolia", "2012-12", "High-level visit", "leader_visit", "china_to_partner", "gov.mn"),
    ("Mongolia", "2013-05", "Pandemic / crisis aid", "economic", "", "www.xinhuanet.com"),
)
LEVELS = {"Kazakhstan": (5, 5, 4, 2, 3, 1), "Mongolia": (1, 1, -1, 0, 2, 3)}
MONTHS = ("2011-12", "2012-01", "2012-03", "2012-12", "2013-02", "2013-06")


class Record(NamedTuple):
    """The days to check for each pair, and the log's end after the import."""

    days: dict[str, list[date]]
    position: int


class Imported(NamedTuple):
    """A record, and the name of its database."""

    database: str
    record: Record


def small(folder: Path) -> tuple[Path, Path]:
    events, series = folder / "events.csv", folder / "expert.csv"
    lines = [
        f"{who},,{month},Event {number},{kind},,{category},negative,,{way},,,,https://{host}/{number}"
        for number, (who, month, category, kind, way, host) in enumerate(ROWS)
    ]
    events.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    months = [
        f"{who},{month},{level}"
        for who, levels in LEVELS.items()
        for month, level in zip(MONTHS, levels, strict=True)
    ]
    series.write_text("\n".join(["Country,YearMonth,Score", *months]), encoding="utf-8")
    return events, series


def given(folder: Path) -> tuple[Path, Path]:
    if "EVENTS" in os.environ:
        return Path(os.environ["EVENTS"]), Path(os.environ["EXPERT"])
    return small(folder)


@pytest.fixture(scope="module", params=[small, pytest.param(given, marks=pytest.mark.long)])
def imported(request, template, tmp_path_factory, django_db_blocker) -> Iterator[Imported]:
    """The record as the import leaves it. Each test works in a copy."""
    files = request.param(tmp_path_factory.mktemp("tables"))
    with a_clone(template) as name:
        with django_db_blocker.unblock(), working_in(name):
            record = import_events(files)
        yield Imported(name, record)


@contextmanager
def working_in_a_copy(imported: Imported) -> Iterator[Record]:
    with a_clone(imported.database) as name, working_in(name):
        yield imported.record


def import_events(files: tuple[Path, Path]) -> Record:
    """The events under the anchored lens, and under the models that have no anchors."""
    put_seed_on_record()
    result = validity.compare(files[0], MAPPING, expert.read(files[1]), at=AT)
    collection = names.directory("collection").find(MAPPING.collection.name).id
    view = View(method="1", collections=(collection,))
    for model in ("tone", "cooperation"):
        lens = a_lens(model, view=view, name=f"validity-{model}")
        lenses.define_lens(lens, at=AT, by=BY)
    work_off()
    days = {pair: list(_days(pair)) for pair in result.events}
    assert len(days) >= 2
    return Record(days=days, position=log.head().position)


def _days(pair: str) -> Iterator[date]:
    """Some thirty days from before the first knot to after the last."""
    knots = pairs.series(pair, direction=pair, lens="validity", as_of=moment.now()).knots
    first, last = knots[0].day.toordinal() - 40, knots[-1].day.toordinal() + 400
    for day in range(first, last, max(1, (last - first) // 30)):
        yield date.fromordinal(day)


def every_series(record: Record) -> Iterator[tuple[str, str, str]]:
    for lens in ("validity", "validity-tone", "validity-cooperation"):
        for pair in record.days:
            for direction in directions(pair):
                yield lens, pair, direction


def assert_sums(found: changes.Changes) -> None:
    parts = sum(one.amount for one in found.changes)
    assert found.start + parts == pytest.approx(found.amount, abs=1e-9)
    assert found.amount == found.after.value - found.before.value


def explain(lens: str, pair: str, direction: str, days: list[date]) -> int:
    series = pairs.series(pair, direction=direction, lens=lens, as_of=moment.now())
    parts = 0
    for day in days:
        explanation = what_if.explanation(series, day)
        parts += len(explanation.parts)
        total = explanation.start + sum(one.amount for one in explanation.parts)
        assert total == pytest.approx(series.on(day).score.value, abs=1e-9)
    for two in pairwise(days):
        assert_sums(
            changes.between_days(pair, direction=direction, lens=lens, days=two, as_of=moment.now())
        )
    return parts


SEED_CLAIMS = 52


def imported_claims() -> list[UUID]:
    """The claims that follow those of the seed."""
    events = log.read(after=0, limit=100_000)
    return [one.stream for one in events if one.kind == "ClaimAsserted"][SEED_CLAIMS:]


def busiest() -> UUID:
    """The source whose documents most of the claims after those of the seed cite."""
    events = [(one.stream, one.decoded()) for one in log.read(after=0, limit=100_000)]
    source_of = {
        stream: one.document.source
        for stream, one in events
        if isinstance(one, e.DocumentDescribed)
    }
    asserted = [one.claim for _, one in events if isinstance(one, e.ClaimAsserted)][SEED_CLAIMS:]
    cited = (source_of[citation.document] for claim in asserted for citation in claim.citations)
    return Counter(cited).most_common(1)[0][0]


def change_judgements() -> None:
    """Change the grade of a source, and retract every fourth claim of the table."""
    rate(busiest(), "D")
    for claim in imported_claims()[::4]:
        claims.retract_claim(claim, reason="no", at=AT, by=BY)
    work_off()


def changes_since(record: Record) -> Iterator[changes.Changes]:
    """What moved each series between the import and now, for every fifth day."""
    known = (moment.at(record.position), moment.now())
    for lens, pair, direction in every_series(record):
        for day in record.days[pair][::5]:
            yield changes.between_positions(
                pair, direction=direction, lens=lens, day=day, known=known, reader=Reader.DESK
            )


def read(record: Record, absence: Absence = NOTHING):
    return [
        list(
            what_if.series(
                pair,
                direction=way,
                lens=lens,
                as_of=moment.now(),
                absence=absence,
                reader=Reader.DESK,
            ).knots
        )
        for lens, pair, way in every_series(record)
    ]


class TestExplanations:
    def test_sum_to_scores_and_changes(self, imported):
        with working_in_a_copy(imported) as record:
            parts = [explain(*one, record.days[one[1]]) for one in every_series(record)]

        assert sum(parts) > 300

    def test_sum_after_changed_judgements(self, imported):
        with working_in_a_copy(imported) as record:
            change_judgements()
            moved: list[changes.Change] = []
            for found in changes_since(record):
                assert_sums(found)
                moved += found.changes
            caused = sum(bool(one.causes) for one in moved)

        assert len(moved) > caused > 20

    @pytest.mark.parametrize("apart", [False, pytest.param(True, marks=pytest.mark.long)])
    def test_without_claims_equal_a_record_that_never_had_them(self, imported, apart):
        """Without single claims and a source, at once or apart: that is two replays."""
        with working_in_a_copy(imported) as record:
            recorded = log.read(after=0, limit=100_000)
            # In the small table none of these claims is from that source.
            gone, source = frozenset(imported_claims()[1::5]), frozenset([busiest()])
            absences = [Absence(claims=gone, sources=source)]
            if apart:
                absences = [Absence(claims=gone), Absence(sources=source)]
            whole, thinned = read(record), [read(record, one) for one in absences]
        for absence, answers in zip(absences, thinned, strict=True):
            with undone():
                replay(recorded, absence)
                assert answers == read(record)
            assert answers != whole
